"""Where a report goes: whole into a file or not at all, and never over something else unasked."""

import csv
import errno
import io
import json
import os
import re
from pathlib import Path

import pytest

from ketaref.cli import output
from ketaref.errors import OutputError
from ketaref.writers.csv import flatten
from ketaref.writers.json import dumps
from ketaref.writers.markdown import escaped
from tests.conftest import Run
from tests.places import NARROW


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "begins"),
    [
        ("a.json", '{\n  "schema_version": 1'),
        ("a.csv", "kind,weight,"),
        ("a.md", "# Published ranges"),
        ("a.txt", "heading: Published ranges"),
        ("A.JSON", '{\n  "schema_version": 1'),
    ],
)
def test_the_ending_names_the_format_and_stdout_stays_empty(
    run: Run, folder: Path, file: str, begins: str
) -> None:
    result = run("dose", "70 kg", "-o", file)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert (folder / file).read_text().startswith(begins)
    assert [path.name for path in folder.iterdir()] == [file]


@pytest.mark.parametrize("format_", ["table", "plain", "note"])
def test_a_text_file_takes_any_format_of_text(run: Run, folder: Path, format_: str) -> None:
    assert run("dose", "70 kg", "-f", format_, "-o", "a.txt").exit_code == 0
    assert (folder / "a.txt").read_text() == run("dose", "70 kg", "-f", format_).stdout


@pytest.mark.parametrize("file", ["a", "a.doc", "a.json.bak", ".json", "folder", "json"])
def test_an_ending_that_names_no_format_is_refused(run: Run, folder: Path, file: str) -> None:
    (folder / "folder").mkdir()
    result = run("dose", "70 kg", "-o", file, "--force")
    assert result.exit_code == 2
    assert not (folder / file).is_file()


def test_a_format_that_disagrees_with_the_ending_is_refused(run: Run, folder: Path) -> None:
    result = run("dose", "70 kg", "-f", "csv", "-o", "a.json")
    assert result.exit_code == 2
    assert "disagree" in result.stderr
    assert not list(folder.iterdir())


def test_an_existing_file_is_left_as_it_is_without_force(run: Run, folder: Path) -> None:
    (folder / "a.json").write_text("mine")
    assert run("dose", "70 kg", "-o", "a.json").exit_code == 2
    assert (folder / "a.json").read_text() == "mine"
    assert run("dose", "70 kg", "-o", "a.json", "--force").exit_code == 0
    assert json.loads((folder / "a.json").read_text())["kind"] == "dose"


def test_a_file_that_comes_meanwhile_is_not_replaced(folder: Path) -> None:
    (folder / "a.json").write_text("mine")
    with pytest.raises(OutputError):
        output.write_file(folder / "a.json", "new", force=False)
    assert (folder / "a.json").read_text() == "mine"
    assert [path.name for path in folder.iterdir()] == ["a.json"]


def test_a_folder_and_a_missing_folder_are_refused(run: Run, folder: Path) -> None:
    (folder / "a.json").mkdir()
    for file, says in (("a.json", "is a folder"), ("nowhere/a.json", "there is no folder")):
        result = run("dose", "70 kg", "-o", file, "--force")
        assert (result.exit_code, result.stdout) == (2, "")
        assert says in result.stderr


def test_a_device_behind_a_link_is_not_written_to(run: Run, folder: Path) -> None:
    (folder / "a.json").symlink_to("/dev/full")
    result = run("dose", "70 kg", "-o", "a.json", "--force")
    assert result.exit_code == 2
    assert "not an ordinary file" in result.stderr
    assert (folder / "a.json").is_symlink()


def test_force_follows_a_link_to_an_ordinary_file(run: Run, folder: Path) -> None:
    (folder / "real.json").write_text("old")
    (folder / "a.json").symlink_to("real.json")
    assert run("dose", "70 kg", "-o", "a.json", "--force").exit_code == 0
    assert (folder / "a.json").is_symlink()
    assert json.loads((folder / "real.json").read_text())["kind"] == "dose"


def no_space(_: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("force", [False, True])
def test_a_full_device_leaves_nothing_behind(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, *, force: bool
) -> None:
    monkeypatch.setattr(os, "fsync", no_space)
    result = run("dose", "70 kg", "-o", "a.json", *(["--force"] if force else []))
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert not list(folder.iterdir())


def test_a_file_that_is_to_be_replaced_is_left_whole_where_that_fails(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.json").write_text("mine")
    monkeypatch.setattr(os, "fsync", no_space)
    assert run("dose", "70 kg", "-o", "a.json", "--force").exit_code == 2
    assert [path.name for path in folder.iterdir()] == ["a.json"]
    assert (folder / "a.json").read_text() == "mine"


def test_a_protocol_that_is_read_is_not_written_to(run: Run, folder: Path) -> None:
    ours = folder / "ours.toml"
    ours.write_text(NARROW.read_text())
    (folder / "a.json").symlink_to(ours)
    for line in (
        ["dose", "70 kg", "--protocol", "ours.toml"],
        ["protocol", "check", "ours.toml"],
        ["checklist", "--protocol", "ours.toml"],
        ["review", "--protocol", "ours.toml"],
    ):
        result = run(*line, "-o", "a.json", "--force")
        assert (result.exit_code, result.stdout) == (2, "")
        assert '"a.json" is the protocol that is read: it is never written to' in result.stderr
    assert ours.read_text() == NARROW.read_text()


def test_a_file_system_without_links_is_written_to_all_the_same(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", no_links)
    assert run("dose", "70 kg", "-o", "a.json").exit_code == 0
    assert [path.name for path in folder.iterdir()] == ["a.json"]
    with pytest.raises(OutputError):
        output.write_file(folder / "a.json", "new", force=False)


def test_a_name_that_no_system_takes_is_refused(run: Run) -> None:
    for file in ("\0.json", "a" * 5000 + ".json"):
        result = run("dose", "70 kg", "-o", file)
        assert result.exit_code == 2
        assert "Traceback" not in result.stderr


def test_csv_has_one_line_for_each_result_and_the_same_columns_for_every_answer(run: Run) -> None:
    plain = list(csv.reader(io.StringIO(run("dose", "70 kg", "-f", "csv").stdout)))
    full = run("dose", "154 lb", "-s", "50mg/mL", "--over", "40min", "-f", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(full)))
    assert [len(line) for line in plain] == [len(plain[0])] * 4
    assert plain[0] == list(rows[0])
    assert [row["dose_low_exact"] for row in rows] == ["34.92661249", "28", "13.970644996"]
    assert [row["volume_high_value"] for row in rows] == ["1.39", "", ""]
    assert [row["weight"] for row in rows] == ["154 lb"] * 3


def test_a_cell_that_a_spreadsheet_would_run_is_defused() -> None:
    from ketaref.writers import csv as writer

    for cell in ("=1+1", "+1", "-1", "@x", "\tx", "\rx"):
        assert writer._cell(cell) == f"'{cell}"
    assert writer._cell("35 mg") == "35 mg"


def test_csv_columns_do_not_depend_on_the_values() -> None:
    from ketaref.reports.dose import DoseResult

    assert "volume_strength_exact" in flatten(DoseResult, None)


def test_json_has_no_exponent_and_nothing_that_is_not_json() -> None:
    from decimal import Decimal

    assert dumps(Decimal("1E+2")) == "100"
    assert dumps(Decimal("0.00000012")) == "0.00000012"
    assert dumps({}) == "{}"
    assert dumps([]) == "[]"
    assert dumps({"a": [Decimal("0.50"), None, True]}) == (
        '{\n  "a": [\n    0.5,\n    null,\n    true\n  ]\n}'
    )
    with pytest.raises(ValueError, match="JSON"):
        dumps(float("nan"))


def test_markdown_shows_markup_as_it_is() -> None:
    assert escaped("[mg/kg] <b> *x* a|b") == r"\[mg/kg\] \<b\> \*x\* a\|b"


def test_a_note_is_two_lines_for_each_row(run: Run) -> None:
    lines = run("dose", "70 kg", "-r", "iv", "-f", "note").stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(
        "racemic ketamine, intravenous; published range 0.5 to 1 mg/kg per dose over 40 to 60 "
        "minutes; for this weight 35 to 70 mg per dose; weight 70 kg = 154.3 lb; "
    )
    for part in (
        "Read as racemic ketamine; not for esketamine",
        "0.5 mg/kg x 70 kg = 35 mg",
        "standing partly-corrob",
    ):
        assert part in lines[0]
    assert lines[1].startswith("Source: article (consumer article), ")
    assert lines[1].endswith("Reference information, not prescribing guidance.")
    assert len(run("dose", "70 kg", "-f", "note").stdout.splitlines()) == 6
    assert len(run("check", "60 mg", "-r", "nasal", "-f", "note").stdout.splitlines()) == 2


def test_a_note_carries_what_was_called_up_by_the_question(run: Run) -> None:
    note = run("check", "70 mg", "-r", "iv", "-w", "154kg", "-f", "note").stdout
    assert "Duration not given" in note
    assert "154 lb is 69.9 kg" in note
    note = run("dose", "70 kg", "-r", "iv", "-s", "100mg/mL", "-f", "note").stdout
    assert "dilute before intravenous use" in note


@pytest.mark.parametrize(
    ("line", "but"),
    [
        (["42 mg", "-r", "nasal"], "but none of its doses"),
        (["35 mg", "-r", "iv", "-w", "70 kg", "--over", "1min"], "but not over its duration"),
        (["56 mg", "-r", "nasal"], None),
        (["35 mg", "-r", "iv", "-w", "70 kg", "--over", "40min"], None),
        (["20 mg", "-r", "nasal"], None),  # below: it is no matter how it was given
    ],
)
def test_inside_is_not_said_alone_of_a_dose_that_is_not_given_as_the_range_was(
    run: Run, line: list[str], but: str | None
) -> None:
    for format_ in ("table", "plain", "note", "markdown"):
        text = " ".join(run("check", *line, "-f", format_).stdout.split())
        found = re.findall(r"but (?:none of its doses|not over its duration)", text)
        assert found == ([but] if but else []), format_


def test_an_exact_fraction_is_no_date_in_a_spreadsheet(run: Run) -> None:
    text = run("dose", "70kg", "-r", "iv", "--over", "1h", "-f", "csv").stdout
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["rate_low_exact"], row["rate_low_value"]) == ("'7/12", "0.584")


def test_a_file_that_is_replaced_stays_as_private_as_it_was(run: Run, folder: Path) -> None:
    (folder / "a.json").touch(mode=0o600)
    assert run("dose", "70 kg", "-o", "a.json", "--force").exit_code == 0
    assert (folder / "a.json").stat().st_mode & 0o777 == 0o600


def test_the_longest_name_that_the_system_takes_is_taken(run: Run, folder: Path) -> None:
    file = "a" * 250 + ".json"
    assert run("dose", "70 kg", "-o", file).exit_code == 0
    assert [path.name for path in folder.iterdir()] == [file]
