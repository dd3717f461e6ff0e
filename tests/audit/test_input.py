"""Tables as they come: no row is lost on the way, and none is read wrongly in silence."""

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest

from ketaref.audit import input as audit_input
from ketaref.audit.input import Source, reason_of, spool
from ketaref.audit.paths import Found
from ketaref.errors import OutputError
from tests.audit.audits import (
    GOOD,
    HEADER,
    audited,
    count,
    put,
    read_rows,
    select_good,
    write_parquet,
)
from tests.conftest import Run
from tests.cpu_time import processor_seconds

# ------------------------------------------------------------ CSV


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_a_byte_order_mark_and_capitals_in_the_header_are_read(
    run: Run, tmp_path: Path, end: str, mark: str
) -> None:
    file, rows = tmp_path / "doses.csv", tmp_path / "rows.csv"
    text = mark + end.join((HEADER.upper(), GOOD, "", GOOD))
    file.write_text(text, newline="", encoding="utf-8")
    report = audited(run, str(file), "--rows", str(rows))
    assert count(report, "class", "inside") == 2
    assert list(read_rows(rows)[0])[:2] == ["ID", "ROUTE"]


def test_a_quote_that_is_never_closed_is_an_error_not_a_swallowed_row(
    run: Run, tmp_path: Path
) -> None:
    """H: rows-swallowed-in-silence."""
    lines = [GOOD] * 50_000
    lines[1_000] = '1,iv,"ketamine,35,mg,70,kg'
    result = run("audit", put(tmp_path, *lines))
    assert result.exit_code == 2
    assert "a quote that is never closed, from line 1,002 on" in result.stderr
    lines[40_000] = '1,iv,ketamine",35,mg,70,kg'
    assert run("audit", put(tmp_path, *lines)).exit_code == 2


def test_a_quoted_cell_of_very_many_lines_is_taken_for_two_stray_quotes(
    run: Run, tmp_path: Path
) -> None:
    lines = ['1,iv,"ketamine,35,mg,70,kg', *[GOOD] * 1_001, '1,iv,ketamine",35,mg,70,kg']
    result = run("audit", put(tmp_path, *lines))
    assert result.exit_code == 2
    assert "a quoted cell of 1,003 lines, from line 2 on" in result.stderr


def test_rows_are_whole_where_cells_of_many_lines_lie_across_the_parts_of_a_large_file(
    run: Run, tmp_path: Path
) -> None:
    """A reader in parallel began inside quoted cells: it lost rows, and made others of the text."""
    note = '"' + "\n".join(["seen", "2,iv,ketamine,999,mg,70,kg,x", "left"] * 30) + '"'
    rows, number = tmp_path / "rows.csv", 30_000
    lines = (f"{n},iv,ketamine,35,mg,70,kg,{note}" for n in range(number))
    file = Path(put(tmp_path, *lines, more=",note"))
    assert file.stat().st_size > 2 * 16_000_000, "more than one part of an engine's"
    report = audited(run, str(file), "--rows", str(rows))
    assert count(report, "class", "inside") == number
    assert [row["id"] for row in read_rows(rows)] == [str(n) for n in range(number)]


def test_line_ends_of_two_kinds_are_read_or_refused_not_swallowed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    file.write_text(f"{HEADER}\r\n{GOOD}\n{GOOD}\n", newline="")
    result = run("audit", str(file))
    assert result.exit_code == 2
    assert "line ends of two kinds" in result.stderr


@pytest.mark.parametrize("before", [0, 60_000])
def test_text_that_is_not_utf_8_is_refused_wherever_it_stands(
    run: Run, tmp_path: Path, before: int
) -> None:
    """Within the first MB the file was refused; after it, the line was called malformed."""
    file = tmp_path / "doses.csv"
    start = "\n".join((HEADER, *[GOOD] * before, "1,iv,k")).encode()
    file.write_bytes(start + b"\xe9tamine,35,mg,70,kg\n" + GOOD.encode() + b"\n")
    result = run("audit", str(file))
    assert result.exit_code == 2
    assert f"is not UTF-8 text, from byte {len(start):,} on" in result.stderr
    assert "iconv -f latin1" in result.stderr


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "is not UTF-8"),
        (
            HEADER.encode() + b"\n" + GOOD.encode() + b"\n1,iv,k\xe9tamine,35,mg,70,kg\n",
            "doses.csv",
        ),
        (HEADER.replace("id", "dose").encode() + b"\n", 'more than one column "dose"'),
        (HEADER.replace(",", ";").encode() + b"\n", "no column for route"),
        ((HEADER + ",ketaref_class\n").encode(), "columns that an audit adds"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    run: Run, tmp_path: Path, content: bytes, problem: str
) -> None:
    file = tmp_path / "doses.csv"
    file.write_bytes(content)
    result = run("audit", str(file))
    assert result.exit_code == 2, result.stdout
    assert problem in result.stderr


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (f"\n{HEADER}", "begins with a blank line"),
        (f"{HEADER},", "a column without a name: number 8 of its header"),
        (f'{HEADER},"note\r\nof it"', "a line break in the name of column 8"),
        (f'{HEADER},"no"te', "a header that cannot be read"),
        (f"{HEADER}, ,", "a column without a name: number 8 of its header"),
        (f"{HEADER},note{'e' * (1 << 20)}", "a header that cannot be read"),
        (
            f"{HEADER},{','.join(f'n{n}' for n in range(200_000))}",
            "a header of more than 1,048,576",
        ),
        (GOOD, "is the line with the names of the columns missing?"),
        (",".join(f"c{n}" for n in range(99)), "c29 and 69 more"),
    ],
    ids=range(9),
)
def test_a_header_that_is_none_is_refused(
    run: Run, tmp_path: Path, header: str, problem: str
) -> None:
    file = tmp_path / "doses.csv"
    file.write_text(f"{header}\n{GOOD}\n")
    result = run("audit", str(file))
    assert result.exit_code == 2, result.stdout
    assert problem in result.stderr


def test_each_of_very_many_columns_is_looked_at_once(tmp_path: Path) -> None:
    names = (*HEADER.split(","), *(f"c{n}" for n in range(100_000)))
    file = tmp_path / "doses.csv"
    file.write_text(",".join(names))
    source = Source("doses.csv", (file,), is_csv=True, found=Found((file,)))
    with processor_seconds(at_most=3):  # two minutes, where each name was looked for among all
        assert audit_input._header(source) == names


def test_a_first_line_that_is_somebodys_data_is_not_printed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    file.write_text("Jane Example,iv,ketamine,35,mg,70,kg\n")
    assert "Jane" not in run("audit", str(file)).stderr


def test_a_header_alone_is_a_table_without_rows(run: Run, tmp_path: Path) -> None:
    assert count(audited(run, put(tmp_path)), "input", "rows read") == 0


def test_names_cannot_forge_lines_of_the_report(run: Run, tmp_path: Path) -> None:
    odd = "dose\x1b[31m"
    file = tmp_path / "a\nrows read: 998.csv"
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerow([*HEADER.replace("dose,", "", 1).split(","), odd])
        opened.write("1,iv,ketamine,mg,70,kg,35\r\n")
    shown = run("audit", str(file), "--columns", f"dose={odd}", "-f", "plain").stdout
    assert "inside" in shown
    assert "\x1b" not in shown
    assert not [line for line in shown.splitlines() if line.startswith("rows read: 99")]


@pytest.mark.parametrize("name", ["a [1]*?.csv", "it's.csv", "t\u00e9st \U0001f600.csv"])
def test_a_file_may_have_any_name(run: Run, tmp_path: Path, name: str) -> None:
    assert count(audited(run, put(tmp_path, GOOD, name=name)), "class", "inside") == 1


def test_standard_input_that_does_not_fit_the_temporary_folder_is_an_error(tmp_path: Path) -> None:
    class Full(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left on device"):
        spool(Full(), tmp_path)


def test_an_error_of_the_engine_names_the_file_that_was_given_and_is_short(tmp_path: Path) -> None:
    link, file = tmp_path / "input-000000.csv", tmp_path / "doses.csv"
    source = Source("doses.csv", (link,), is_csv=True, found=Found((file,)))
    error = RuntimeError(f"cannot open {link}\nand more")
    assert reason_of(error, source) == "cannot open doses.csv"
    assert reason_of(RuntimeError("x" * 300), source) == "x" * 200


# ------------------------------------------------------------ Parquet


@pytest.mark.parametrize("more", [{"given": "{'dose': 1}"}, {"duckdb_schema": "1"}])
def test_a_name_inside_a_column_or_of_the_file_itself_is_no_second_column(
    run: Run, tmp_path: Path, more: dict[str, str]
) -> None:
    file = write_parquet(tmp_path / "doses.parquet", select_good(**more))
    assert count(audited(run, file), "class", "inside") == 1


def test_two_columns_that_differ_by_case_are_refused_in_parquet_too(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "doses.parquet"
    write_parquet(file, select_good(nested="{'a': 1, 'b': [2]}", dosf="7000"))
    file.write_bytes(file.read_bytes().replace(b"dosf", b"DOSE"))
    assert 'more than one column "dose"' in run("audit", str(file)).stderr


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        (select_good(weight="70.4"), "differ in weight (INTEGER, DECIMAL(3,1))"),
        (select_good(ward="'x'"), "differ in ward (not there, VARCHAR)"),
        (f"SELECT weight_unit, * EXCLUDE (weight_unit) FROM ({select_good()})", "their order"),
    ],
    ids=["type", "name", "order"],
)
def test_files_of_different_columns_are_not_read_as_one_table(
    run: Run, tmp_path: Path, other: str, difference: str
) -> None:
    """H: number-cut-by-a-type. By the type of the first file, 70.4 kg would be 70 kg."""
    folder = tmp_path / "doses"
    write_parquet(folder / "1.parquet", select_good())
    write_parquet(folder / "2.parquet", other)
    result = run("audit", str(folder))
    assert result.exit_code == 2, result.stdout
    assert "1.parquet and 2.parquet" in result.stderr
    assert difference in result.stderr


def test_the_word_interrupted_in_a_table_is_not_an_interruption(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "interrupted.parquet"
    file.write_bytes(b"interrupted")
    assert run("audit", str(file)).exit_code == 2


def test_a_damaged_column_that_only_passes_through_is_a_fault_of_the_input(
    run: Run, tmp_path: Path
) -> None:
    file, rows = tmp_path / "doses.parquet", tmp_path / "rows.csv"
    select = select_good("range(5000) t(i)", note="md5(i::text)")
    duckdb.execute(f"COPY ({select}) TO '{file}' (FORMAT parquet, COMPRESSION uncompressed)")
    data = file.read_bytes()
    ((start,),) = duckdb.execute(
        f"SELECT data_page_offset FROM parquet_metadata('{file}') WHERE path_in_schema = 'note'"
    ).fetchall()
    file.write_bytes(data[:start] + b"\xff" * 400 + data[start + 400 :])
    assert count(audited(run, str(file)), "class", "inside") == 5000
    result = run("audit", str(file), "--rows", str(rows), "-f", "json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["errors"][0]["code"] == "audit_input"
    assert not rows.exists()
