"""Where an audit reads, and where it may write: never to what it reads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ketaref.audit.paths import Found, files_of, refuse_overlap
from ketaref.errors import KetarefError
from tests.audit.audits import GOOD, audited, count, put, read_rows, select_good, write_parquet
from tests.conftest import Run

# ------------------------------------------------------------ what is read


def test_one_file_is_all_that_is_found_of_it(tmp_path: Path) -> None:
    file = Path(put(tmp_path, GOOD))
    assert files_of(file) == Found((file,), 0)


@pytest.mark.parametrize(
    "name", ["missing.csv", "no\x00name.csv", "doses.xlsx", "empty-folder", "not.parquet"]
)
def test_a_path_that_cannot_be_read_is_refused_by_its_name(
    run: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty-folder").mkdir()
    (tmp_path / "doses.xlsx").write_text("x")
    (tmp_path / "not.parquet").write_text("x")
    result = run("audit", str(tmp_path / name))
    assert result.exit_code == 2
    assert name.replace("\x00", "") in result.stderr


def test_an_empty_name_is_not_the_current_folder(run: Run) -> None:
    assert run("audit", "").exit_code == 2


def test_a_pipe_with_a_name_is_refused_and_does_not_hang(run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "doses.csv"
    os.mkfifo(pipe)
    result = run("audit", str(pipe))
    assert result.exit_code == 2
    assert "is not an ordinary file" in result.stderr


def test_a_name_that_sorts_before_a_dash_is_a_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, GOOD, name="(1).csv")
    assert run("audit", "(1).csv").exit_code == 0


# ------------------------------------------------------------ folders


def test_a_folder_of_parquet_is_read_in_the_order_of_its_names(run: Run, tmp_path: Path) -> None:
    folder, rows = tmp_path / "folder", tmp_path / "rows.csv"
    for number in (2, 1):
        write_parquet(folder / f"part-{number}.parquet", select_good(id=str(number)))
    audited(run, str(folder), "--rows", str(rows))
    found = [(row["id"], row["ketaref_class"]) for row in read_rows(rows)]
    assert found == [("1", "inside"), ("2", "inside")]


def test_every_parquet_file_of_a_folder_is_read_and_the_others_are_counted(
    run: Run, tmp_path: Path
) -> None:
    folder, elsewhere = tmp_path / "doses", tmp_path / "elsewhere"
    for name in ("1.PARQUET", "a/2.parquet", "_temporary/3.parquet", ".4.parquet"):
        write_parquet(folder / name, select_good())
    (folder / "_SUCCESS").touch()
    write_parquet(elsewhere / "5.parquet", select_good())
    (folder / "linked").symlink_to(elsewhere)
    report = audited(run, str(folder))
    assert count(report, "class", "inside") == 3
    assert count(report, "input", "files read") == 3
    assert count(report, "input", "other files in the folder, not read") == 3


def test_a_file_that_a_folder_leads_to_twice_is_not_counted_twice(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "doses"
    write_parquet(folder / "1.parquet", select_good())
    (folder / "2.parquet").hardlink_to(folder / "1.parquet")
    assert 'leads to "2.parquet" twice' in run("audit", str(folder)).stderr
    (folder / "2.parquet").unlink()
    (folder / "round").symlink_to(folder)
    assert 'leads to "round" twice' in run("audit", str(folder)).stderr


def test_a_folder_that_cannot_be_opened_is_not_left_out_in_silence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "doses"
    write_parquet(folder / "1.parquet", select_good())
    write_parquet(folder / "closed" / "2.parquet", select_good())
    opened = os.scandir

    def scandir(path: str) -> object:  # root may open any folder, so that a mode would not do
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path)

    monkeypatch.setattr(os, "scandir", scandir)
    result = run("audit", str(folder))
    assert result.exit_code == 2
    assert "Permission denied (closed)" in result.stderr


def test_a_folder_is_called_by_its_name_also_where_it_was_given_as_a_dot(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_parquet(tmp_path / "ward" / "1.parquet", select_good())
    monkeypatch.chdir(tmp_path / "ward")
    assert audited(run, ".")["inputs"]["file"] == "ward"
    (tmp_path / "none").mkdir()
    monkeypatch.chdir(tmp_path / "none")
    assert '"none" is a folder without a file' in run("audit", ".").stderr


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        ("_delta_log/00000000000000000000.json", "a Delta table"),
        (".hoodie/hoodie.properties", "a Hudi table"),
        ("metadata/v1.metadata.json", "an Iceberg table"),
        ("metadata/00000-5f1c.metadata.json", "an Iceberg table"),
    ],
)
@pytest.mark.parametrize("input_", [".", "data", "data/route=iv", "data/1.parquet", "above"])
def test_a_folder_of_a_table_format_is_not_read_as_bare_files(
    run: Run, tmp_path: Path, mark: str, kind: str, input_: str
) -> None:
    """H: rows-swallowed-in-silence. Its files also hold the rows that were deleted."""
    top = tmp_path / "above" / "doses"
    for name in ("data/1.parquet", "data/route=iv/2.parquet"):
        write_parquet(top / name, select_good())
    (top / mark).parent.mkdir(parents=True)
    (top / mark).touch()
    path = tmp_path / "above" if input_ == "above" else top / input_
    result = run("audit", str(path))
    assert result.exit_code == 2, result.stdout
    assert kind in result.stderr
    assert "export it as it stands" in result.stderr


def test_a_folder_called_metadata_alone_is_no_table_format(run: Run, tmp_path: Path) -> None:
    write_parquet(tmp_path / "doses" / "1.parquet", select_good())
    (tmp_path / "doses" / "metadata").mkdir()
    (tmp_path / "doses" / "metadata" / "columns.json").touch()
    assert count(audited(run, str(tmp_path / "doses")), "class", "inside") == 1


# ------------------------------------------------------------ where it may write


def test_the_rows_never_replace_the_input(run: Run, tmp_path: Path) -> None:
    file = put(tmp_path, GOOD)
    before = Path(file).read_bytes()
    link = tmp_path / "link.csv"
    link.symlink_to(file)
    for rows in (file, str(link)):
        result = run("audit", file, "--rows", rows, "--force")
        assert result.exit_code == 2
        assert "it is never written to" in result.stderr
    assert run("audit", file, "--rows", file).exit_code == 2
    assert run("audit", file, "--rows", str(tmp_path / "rows.xlsx")).exit_code == 2
    assert Path(file).read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["doses.csv", "link.csv"]


@pytest.mark.parametrize("option", ["-o", "--rows"])
def test_neither_report_nor_rows_replace_the_input(run: Run, tmp_path: Path, option: str) -> None:
    file = put(tmp_path, GOOD)
    before = Path(file).read_bytes()
    for name in ("hard.csv", "soft.csv"):
        link = tmp_path / name
        link.hardlink_to(file) if name == "hard.csv" else link.symlink_to(file)
        result = run("audit", file, option, str(link), "--force")
        assert result.exit_code == 2
        assert "it is never written to" in result.stderr
    assert Path(file).read_bytes() == before


@pytest.mark.parametrize("option", ["-o", "--rows"])
def test_a_file_that_is_standard_input_is_not_replaced_either(tmp_path: Path, option: str) -> None:
    file = Path(put(tmp_path, GOOD))
    before = file.read_bytes()
    command = [sys.executable, "-m", "ketaref", "audit", "-", option, str(file), "--force"]
    with file.open("rb") as stdin:
        result = subprocess.run(command, stdin=stdin, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "it is never written to" in result.stderr
    assert file.read_bytes() == before


def test_nothing_is_written_into_a_folder_that_is_read_or_to_what_it_leads_to(
    run: Run, tmp_path: Path
) -> None:
    folder, elsewhere = tmp_path / "doses", tmp_path / "elsewhere.parquet"
    folder.mkdir()
    write_parquet(elsewhere, select_good())
    (folder / "1.parquet").symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    for place in (folder / "rows.parquet", folder / "1.parquet", elsewhere):
        result = run("audit", str(folder), "--rows", str(place), "--force")
        assert result.exit_code == 2
        assert "it is never written to" in result.stderr
    assert elsewhere.read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["1.parquet"]


def test_the_report_and_the_rows_are_two_files(run: Run, tmp_path: Path) -> None:
    place = str(tmp_path / "both.csv")
    result = run("audit", put(tmp_path, GOOD), "--rows", place, "-o", place)
    assert result.exit_code == 2
    assert "for the report and for the rows" in result.stderr


@pytest.mark.parametrize(
    ("read", "written", "refusal"),
    [
        (
            "doses.csv",
            ["both.csv", "folder/../both.csv"],
            ('"both.csv" is named for the report', "another name for one of them"),
        ),
        ("doses.csv", ["doses.csv"], ('"doses.csv" is what is audited', "another name")),
        ("(1).csv", ["(1).csv"], ('"(1).csv" is what is audited', "another name")),
        ("folder", ["folder/new.csv"], ('"folder/new.csv" is in what is', "another place")),
    ],
)
def test_a_refusal_to_write_names_the_place_as_it_was_typed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    read: str,
    written: list[str],
    refusal: tuple[str, str],
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, GOOD)
    put(tmp_path, GOOD, name="(1).csv")  # comes before standard input, -, in an alphabet
    write_parquet(Path("folder/a.parquet"), select_good())
    problem, hint = refusal
    with pytest.raises(KetarefError) as refused:
        refuse_overlap(read, None, map(Path, written))
    assert problem in str(refused.value)
    assert refused.value.hint == hint
