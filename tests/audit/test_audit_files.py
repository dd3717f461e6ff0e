"""The tables that an audit reads: no row lost on the way, and none read wrongly in silence."""

import csv
import io
import json
import os
import random
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ketaref.audit import rows as audit_rows
from ketaref.audit.csv_records import count_records, reconciled
from ketaref.cli import audit as cli_audit
from ketaref.cli import reference
from ketaref.errors import InputError
from ketaref.label import LABEL
from tests.audit.audits import GOOD, HEADER, audited, count, put, read_rows
from tests.audit.doses import COLUMNS, SEED
from tests.conftest import TODAY, Run
from tests.cpu_time import processor_seconds
from tests.samples import EXPIRED


def test_other_names_are_mapped_and_a_missing_column_lists_those_found(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "doses.csv"
    file.write_text("Weg,drug,amount,uom,weight,weight_unit\niv,ketamine,35,mg,70,kg\n")
    refused = run("audit", str(file))
    assert refused.exit_code == 2
    assert "no column for route, dose, dose_unit; found: Weg, drug, amount, uom" in refused.stderr
    names = "route=Weg,dose=amount,dose_unit=uom"
    assert count(audited(run, str(file), "--columns", names), "class", "inside") == 1
    assert run("audit", str(file), "--columns", "doze=amount").exit_code == 2


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_a_byte_order_mark_and_capitals_in_the_header_are_read(
    run: Run, tmp_path: Path, end: str, mark: str
) -> None:
    file, rows = tmp_path / "doses.csv", tmp_path / "rows.csv"
    file.write_text(mark + end.join((HEADER.upper(), GOOD, "", GOOD)), newline="")
    report = audited(run, str(file), "--rows", str(rows))
    assert count(report, "class", "inside") == 2
    assert list(read_rows(rows)[0])[:2] == ["ID", "ROUTE"]


def test_columns_pass_through_as_they_are_and_none_is_printed(run: Run, tmp_path: Path) -> None:
    file, rows = tmp_path / "doses.csv", tmp_path / "rows.csv"
    note = 'a "quoted", multi\nline note'
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([*COLUMNS, "mrn", "Select * From", "note"])
        writer.writerow([*GOOD.split(","), "MRN-4711", "x'; DROP TABLE doses; --", note])
    result = run("audit", str(file), "--rows", str(rows))
    assert "4711" not in result.stdout + result.stderr
    (row,) = read_rows(rows)
    assert (row["mrn"], row["Select * From"], row["note"]) == (
        "MRN-4711",
        "x'; DROP TABLE doses; --",
        note,
    )


def test_cells_that_a_spreadsheet_would_run_are_neutralised_and_counted(
    run: Run, tmp_path: Path
) -> None:
    file, rows = tmp_path / "doses.csv", tmp_path / "rows.csv"
    risky = ["=1+1", "+1", "-1", "@x", "\tx", "\rx"]
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([*COLUMNS, "note"])
        writer.writerows([*GOOD.split(","), note] for note in [*risky, "plain", "a=b"])
    report = audited(run, str(file), "--rows", str(rows))
    assert [row["note"] for row in read_rows(rows)] == [*(f"'{n}" for n in risky), "plain", "a=b"]
    assert count(report, "input", "cells neutralised in the CSV") == len(risky)
    as_parquet = audited(run, str(file), "--rows", str(tmp_path / "rows.parquet"))
    assert "neutralised" not in json.dumps(as_parquet["results"])


def test_malformed_lines_are_counted_and_named_by_their_lines(run: Run, tmp_path: Path) -> None:
    file = put(
        tmp_path,
        '1,iv,ketamine,35,mg,70,"k\ng"',  # lines 2 and 3
        "2,iv,ketamine,35,mg,70",  # line 4: too few
        "",
        GOOD,
        "3,iv,ketamine,35,mg,70,kg,more",  # line 7: too many
    )
    report = audited(run, file)
    assert report["inputs"]["malformed_lines"] == [4, 7]
    assert count(report, "input", "malformed lines") == 2
    assert count(report, "input", "rows read") == 2


def test_a_quote_that_is_never_closed_is_an_error_not_a_swallowed_row(
    run: Run, tmp_path: Path
) -> None:
    lines = [GOOD] * 50_000
    lines[1_000] = '1,iv,"ketamine,35,mg,70,kg'
    result = run("audit", put(tmp_path, *lines))
    assert result.exit_code == 2
    assert "a quote that is never closed, from line 1,002 on" in result.stderr
    lines[40_000] = '1,iv,ketamine",35,mg,70,kg'
    assert run("audit", put(tmp_path, *lines)).exit_code == 2


@pytest.mark.parametrize(
    ("content", "says"),
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
    run: Run, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "doses.csv"
    file.write_bytes(content)
    result = run("audit", str(file))
    assert result.exit_code == 2, result.stdout
    assert says in result.stderr


@pytest.mark.parametrize(
    ("header", "says"),
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
)
def test_a_header_that_is_none_is_refused(run: Run, tmp_path: Path, header: str, says: str) -> None:
    file = tmp_path / "doses.csv"
    file.write_text(f"{header}\n{GOOD}\n")
    result = run("audit", str(file))
    assert result.exit_code == 2, result.stdout
    assert says in result.stderr


def test_a_first_line_that_is_somebodys_data_is_not_printed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    file.write_text("Jane Example,iv,ketamine,35,mg,70,kg\n")
    assert "Jane" not in run("audit", str(file)).stderr


def test_one_column_is_not_two_things(run: Run, tmp_path: Path) -> None:
    refused = run("audit", put(tmp_path, GOOD), "--columns", "dose=weight")
    assert refused.exit_code == 2
    assert "one column, weight, is named for dose and weight" in refused.stderr


def test_rows_are_whole_where_cells_of_many_lines_lie_across_the_parts_of_a_large_file(
    run: Run, tmp_path: Path
) -> None:
    """A reader in parallel began inside quoted cells: it lost rows, and made others of the text."""
    note = '"' + "\n".join(["seen", "2,iv,ketamine,999,mg,70,kg,x", "left"] * 30) + '"'
    file, rows = tmp_path / "doses.csv", tmp_path / "rows.csv"
    number = 30_000
    with file.open("w", newline="") as opened:
        opened.write(f"{HEADER},note\n")
        opened.writelines(f"{n},iv,ketamine,35,mg,70,kg,{note}\n" for n in range(number))
    assert file.stat().st_size > 2 * 16_000_000, "more than one part of an engine's"
    report = audited(run, str(file), "--rows", str(rows))
    assert count(report, "class", "inside") == number
    assert [row["id"] for row in read_rows(rows)] == [str(n) for n in range(number)]


def test_a_reader_that_began_inside_a_quoted_cell_is_found_out(tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    file.write_text(f'{HEADER}\n{GOOD}\n1,iv,"a\nb",35\n')
    inside = file.read_bytes().index(b"b")
    with pytest.raises(InputError, match="from inside a quoted cell, on line 4"):
        reconciled(file, "doses.csv", 1, [inside])
    assert reconciled(file, "doses.csv", 1, [inside - 9]).lines == (3,)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_malformed_line_after_blank_ones_is_named_by_its_own_line(
    run: Run, tmp_path: Path, end: str
) -> None:
    file = tmp_path / "doses.csv"
    file.write_text(end.join((HEADER, GOOD, "", "", "1,iv", "", GOOD, "2,iv")), newline="")
    assert audited(run, str(file))["inputs"]["malformed_lines"] == [5, 8]


def test_the_report_names_the_first_malformed_lines_and_says_that_there_are_more(
    run: Run, tmp_path: Path
) -> None:
    shown = run("audit", put(tmp_path, GOOD, *["1,iv"] * 21), "-f", "plain").stdout
    words = " ".join(shown.split())
    assert "malformed, on lines: 3, 4, 5, 6," in words
    assert "21, 22 and after" in words


def test_a_quoted_cell_of_very_many_lines_is_taken_for_two_stray_quotes(
    run: Run, tmp_path: Path
) -> None:
    lines = ['1,iv,"ketamine,35,mg,70,kg', *[GOOD] * 1_001, '1,iv,ketamine",35,mg,70,kg']
    result = run("audit", put(tmp_path, *lines))
    assert result.exit_code == 2
    assert "a quoted cell of 1,003 lines, from line 2 on" in result.stderr


def test_lines_that_are_no_rows_are_not_passed_over_by_fail_on(run: Run, tmp_path: Path) -> None:
    file = put(tmp_path, "1,iv", GOOD)
    assert run("audit", file, "--fail-on", "outside").exit_code == 0
    assert run("audit", file, "--fail-on", "not-assessable").exit_code == 3


# ------------------------------------------------------------ Parquet, and folders of it

VALUES = "SELECT 'iv' AS route, 'ketamine' AS drug, 35 AS dose, 'mg' AS dose_unit"


def write_parquet(file: Path, select: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    duckdb.execute(f"COPY ({select}) TO '{file}' (FORMAT parquet)")


def weighed(weight: str) -> str:
    return f"{VALUES}, {weight} AS weight, 'kg' AS weight_unit"


@pytest.mark.parametrize("more", ["{'dose': 1} AS given", "1 AS duckdb_schema"])
def test_a_name_inside_a_column_or_of_the_file_itself_is_no_second_column(
    run: Run, tmp_path: Path, more: str
) -> None:
    file = tmp_path / "doses.parquet"
    write_parquet(file, f"{weighed('70')}, {more}")
    assert count(audited(run, str(file)), "class", "inside") == 1


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (weighed("70.4"), "differ in weight (INTEGER, DECIMAL(3,1))"),
        (f"{weighed('70')}, 'x' AS ward", "differ in ward (not there, VARCHAR)"),
        (f"SELECT weight_unit, * EXCLUDE (weight_unit) FROM ({weighed('70')})", "their order"),
    ],
)
def test_files_of_different_columns_are_not_read_as_one_table(
    run: Run, tmp_path: Path, other: str, says: str
) -> None:
    """By the first file's type, 34.9 mg at 70.4 kg would be 34.9 mg at 70 kg: below, or inside."""
    folder = tmp_path / "doses"
    write_parquet(folder / "1.parquet", weighed("70"))
    write_parquet(folder / "2.parquet", other)
    result = run("audit", str(folder))
    assert result.exit_code == 2, result.stdout
    assert "1.parquet and 2.parquet" in result.stderr
    assert says in result.stderr


def test_every_parquet_file_of_a_folder_is_read_and_the_others_are_counted(
    run: Run, tmp_path: Path
) -> None:
    folder, elsewhere = tmp_path / "doses", tmp_path / "elsewhere"
    for name in ("1.PARQUET", "a/2.parquet", "_temporary/3.parquet", ".4.parquet"):
        write_parquet(folder / name, weighed("70"))
    (folder / "_SUCCESS").touch()
    write_parquet(elsewhere / "5.parquet", weighed("70"))
    (folder / "linked").symlink_to(elsewhere)
    report = audited(run, str(folder))
    assert count(report, "class", "inside") == 3
    assert count(report, "input", "files read") == 3
    assert count(report, "input", "other files in the folder, not read") == 3


def test_a_file_that_a_folder_leads_to_twice_is_not_counted_twice(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "doses"
    write_parquet(folder / "1.parquet", weighed("70"))
    (folder / "2.parquet").hardlink_to(folder / "1.parquet")
    assert 'leads to "2.parquet" twice' in run("audit", str(folder)).stderr
    (folder / "2.parquet").unlink()
    (folder / "round").symlink_to(folder)
    assert 'leads to "round" twice' in run("audit", str(folder)).stderr


def test_a_folder_that_cannot_be_opened_is_not_left_out_in_silence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "doses"
    write_parquet(folder / "1.parquet", weighed("70"))
    write_parquet(folder / "closed" / "2.parquet", weighed("70"))
    opened = os.scandir

    def scandir(path: str) -> object:  # root may open any folder, so that a mode would not do
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path)

    monkeypatch.setattr(os, "scandir", scandir)
    result = run("audit", str(folder))
    assert result.exit_code == 2
    assert "Permission denied (closed)" in result.stderr


def test_parquet_has_no_line_breaks_to_be_counted(run: Run, tmp_path: Path) -> None:
    write_parquet(tmp_path / "doses.parquet", weighed("70"))
    report = audited(run, str(tmp_path / "doses.parquet"))
    names = [c["name"] for c in report["results"] if c["section"] == "input"]
    assert names == ["rows read", "malformed lines"]


def test_two_columns_that_differ_by_case_are_refused_in_parquet_too(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "doses.parquet"
    write_parquet(file, f"{weighed('70')}, {{'a': 1, 'b': [2]}} AS nested, 7000 AS dosf")
    file.write_bytes(file.read_bytes().replace(b"dosf", b"DOSE"))
    result = run("audit", str(file))
    assert 'more than one column "dose"' in result.stderr


def test_decimals_that_are_zeros_are_not_too_many_digits(run: Run, tmp_path: Path) -> None:
    """Spark writes numbers with 18 decimals where nobody says otherwise."""
    file = tmp_path / "doses.parquet"
    wide = "CAST({} AS DECIMAL(38, 18))"
    write_parquet(
        file,
        f"SELECT * REPLACE ({wide.format('dose')} AS dose, {wide.format('weight')} AS weight) "
        f"FROM ({weighed('70')})",
    )
    assert count(audited(run, str(file)), "class", "inside") == 1


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_a_table_of_very_many_columns_passes_through(
    run: Run, tmp_path: Path, format_: str
) -> None:
    file, rows = tmp_path / "doses.csv", tmp_path / f"rows.{format_}"
    more = [f"c{n}" for n in range(900)]
    file.write_text(f"{HEADER},{','.join(more)}\n{GOOD},{','.join(['=1'] * len(more))}\n")
    report = audited(run, str(file), "--rows", str(rows))
    (row,) = duckdb.execute(f"SELECT * FROM '{rows}'").fetchall()
    assert len(row) == len(HEADER.split(",")) + len(more) + 8
    if format_ == "csv":
        assert count(report, "input", "cells neutralised in the CSV") == len(more)


def test_names_of_columns_and_cells_of_bytes_are_neutralised_too(run: Run, tmp_path: Path) -> None:
    file, rows = tmp_path / "doses.parquet", tmp_path / "rows.csv"
    write_parquet(file, f"""{weighed("70")}, '=2'::BLOB AS raw, -5 AS "+less", 'x' AS "=1+1" """)
    report = audited(run, str(file), "--rows", str(rows))
    (row,) = read_rows(rows)
    assert (row["raw"], row["'+less"], row["'=1+1"]) == ("'=2", "-5", "x")
    assert count(report, "input", "cells neutralised in the CSV") == 3


# ------------------------------------------------------------ what is no file


def test_a_table_without_a_single_text_is_not_assessed(run: Run, tmp_path: Path) -> None:
    file, rows = tmp_path / "doses.parquet", tmp_path / "rows.csv"
    numbers = ", ".join(f"1 AS {name}" for name in HEADER.split(","))
    write_parquet(file, f"SELECT {numbers}")
    report = audited(run, str(file), "--rows", str(rows))
    assert count(report, "reason", "route not in the table") == 1
    assert count(report, "input", "cells neutralised in the CSV") == 0


def test_a_pipe_with_a_name_is_refused_and_does_not_hang(run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "doses.csv"
    os.mkfifo(pipe)
    result = run("audit", str(pipe))
    assert result.exit_code == 2
    assert "is not an ordinary file" in result.stderr


def test_line_ends_of_two_kinds_are_read_or_refused_not_swallowed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    file.write_text(f"{HEADER}\r\n{GOOD}\n{GOOD}\n", newline="")
    result = run("audit", str(file))
    assert result.exit_code == 2
    assert "line ends of two kinds" in result.stderr


def test_no_file_at_all_is_not_the_folder_that_one_is_in(run: Run) -> None:
    assert run("audit", "").exit_code == 2


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


def test_a_header_alone_is_no_rows(run: Run, tmp_path: Path) -> None:
    assert count(audited(run, put(tmp_path)), "input", "rows read") == 0


@pytest.mark.parametrize(
    "name", ["missing.csv", "no\x00name.csv", "doses.xlsx", "empty-folder", "not.parquet"]
)
def test_what_cannot_be_read_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty-folder").mkdir()
    (tmp_path / "doses.xlsx").write_text("x")
    (tmp_path / "not.parquet").write_text("x")
    result = run("audit", str(tmp_path / name))
    assert result.exit_code == 2
    assert name.replace("\x00", "") in result.stderr


@pytest.mark.parametrize("name", ["a [1]*?.csv", "it's.csv", "t\u00e9st \U0001f600.csv"])
def test_any_name_of_a_file_is_read(run: Run, tmp_path: Path, name: str) -> None:
    assert count(audited(run, put(tmp_path, GOOD, name=name)), "class", "inside") == 1


def test_lines_are_counted_by_bytes_as_another_reader_counts_them(tmp_path: Path) -> None:
    random_ = random.Random(SEED)
    for _ in range(300):
        cells = ("a", '"b"', '"c\nd"', '"e""f"', '""', "", '"\n\n"', '"g\r\nh, i"')
        ends = ("\n", "\r\n", "\n\n", "\n\r\n")
        text = "".join(
            ",".join(random_.choice(cells) for _ in range(random_.randrange(2, 4)))
            + random_.choice(ends)
            for _ in range(random_.randrange(12))
        ).removesuffix("\n" if random_.random() < 0.3 else "no such end")
        file = tmp_path / "x.csv"
        file.write_text(text, newline="")
        records = sum(bool(row) for row in csv.reader(io.StringIO(text, newline="")))
        assert count_records(file)[:2] == (records, None), text


# ------------------------------------------------------------ tables that are more than their files


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("_delta_log/00000000000000000000.json", "a Delta table"),
        (".hoodie/hoodie.properties", "a Hudi table"),
        ("metadata/v1.metadata.json", "an Iceberg table"),
        ("metadata/00000-5f1c.metadata.json", "an Iceberg table"),
    ],
)
@pytest.mark.parametrize("input_", [".", "data", "data/route=iv", "data/1.parquet", "above"])
def test_a_folder_of_a_table_format_is_not_read_as_bare_files(
    run: Run, tmp_path: Path, mark: str, says: str, input_: str
) -> None:
    """H: rows-swallowed-in-silence. Its files also hold the rows that were deleted."""
    top = tmp_path / "above" / "doses"
    for name in ("data/1.parquet", "data/route=iv/2.parquet"):
        write_parquet(top / name, weighed("70"))
    (top / mark).parent.mkdir(parents=True)
    (top / mark).touch()
    path = tmp_path / "above" if input_ == "above" else top / input_
    result = run("audit", str(path))
    assert result.exit_code == 2, result.stdout
    assert says in result.stderr
    assert "export it as it stands" in result.stderr


def test_a_folder_called_metadata_alone_is_no_table_format(run: Run, tmp_path: Path) -> None:
    write_parquet(tmp_path / "doses" / "1.parquet", weighed("70"))
    (tmp_path / "doses" / "metadata").mkdir()
    (tmp_path / "doses" / "metadata" / "columns.json").touch()
    assert count(audited(run, str(tmp_path / "doses")), "class", "inside") == 1


@pytest.mark.parametrize("type_", ["FLOAT", "DOUBLE"])
def test_a_floating_column_of_any_width_is_read_by_the_stated_rule_and_counted(
    run: Run, tmp_path: Path, type_: str
) -> None:
    """H: number-cut-by-a-type. 70.3 in 32 bits is 70.30000305: 0.5 mg/kg is 35.150001525."""
    file, rows = tmp_path / "doses.parquet", tmp_path / "rows.csv"
    write_parquet(file, weighed(f"70.3::{type_}").replace("35 AS dose", "'35.15' AS dose"))
    report = audited(run, str(file), "--rows", str(rows))
    assert report["inputs"]["floating"] == ["weight"]
    assert count(report, "input", "floating values in weight") == 1
    (row,) = read_rows(rows)
    assert row["ketaref_class"] == ("below" if type_ == "FLOAT" else "inside")
    assert row["ketaref_low_mg"] == ("35.1500015260" if type_ == "FLOAT" else "35.15").rstrip("0")


def test_floats_of_16_bits_are_floating_too(run: Run, tmp_path: Path) -> None:
    """The file is of pyarrow: DuckDB writes none. 70.3 in 16 bits is 70.3125: 35.15625 mg."""
    rows = tmp_path / "rows.csv"
    report = audited(run, str(Path(__file__).with_name("float16.parquet")), "--rows", str(rows))
    assert report["inputs"]["floating"] == ["dose", "weight"]
    (row,) = read_rows(rows)
    assert (row["ketaref_class"], row["ketaref_low_mg"]) == ("below", "35.15625")


# ------------------------------------------------------------ the file of rows


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_a_private_file_of_rows_stays_private_and_a_new_one_is_as_the_umask_says(
    run: Run, tmp_path: Path, format_: str
) -> None:
    """The rows are a clinic's records."""
    rows = tmp_path / f"rows.{format_}"
    before = os.umask(0o027)
    try:
        audited(run, put(tmp_path, GOOD), "--rows", str(rows))
        assert rows.stat().st_mode & 0o777 == 0o640
        rows.chmod(0o600)
        audited(run, put(tmp_path, GOOD), "--rows", str(rows), "--force")
        assert rows.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_what_is_being_written_is_as_private_and_is_not_seen_beside_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    rows = tmp_path / "out" / f"rows.{format_}"
    rows.parent.mkdir()
    rows.touch(mode=0o600)
    seen: dict[str, int] = {}
    real = audit_rows.copy

    def copy(*args: Any) -> int:
        written = real(*args)
        seen.update({p.name: p.stat().st_mode & 0o777 for p in rows.parent.iterdir()})
        return written

    monkeypatch.setattr("ketaref.audit.run.copy", copy)
    audited(run, put(tmp_path, GOOD), "--rows", str(rows), "--force")
    assert len(seen) == 2
    assert set(seen.values()) == {0o600}
    assert [name for name in seen if not name.startswith(".")] == [rows.name]


def test_rows_are_written_from_csv_to_csv_in_constant_memory(tmp_path: Path) -> None:
    """It held the whole file once: 1.3 million rows of 60 bytes did not fit into 600 MB."""
    file, rows = tmp_path / "doses.csv", tmp_path / "rows.csv"
    duckdb.execute(
        "COPY (SELECT i AS id, 'iv' AS route, 'ketamine' AS drug, 35 AS dose, 'mg' AS dose_unit, "
        "70 AS weight, 'kg' AS weight_unit, repeat(md5(i::text), 4) AS note "
        f"FROM range(1500000) t(i)) TO '{file}'"
    )
    command = [sys.executable, "-m", "ketaref", "audit", str(file), "--rows", str(rows)]
    child = os.spawnv(os.P_NOWAIT, sys.executable, [*command, "-o", str(tmp_path / "a.json")])
    _, status, usage = os.wait4(child, 0)
    assert status == 0
    assert usage.ru_maxrss < 700_000  # kB
    assert rows.read_bytes().count(b"\n") == 1_500_001


def test_a_file_of_rows_carries_the_label_where_there_is_no_row(run: Run, tmp_path: Path) -> None:
    """H: label-lost-downstream."""
    rows = tmp_path / "rows.parquet"
    audited(run, put(tmp_path, "1,iv"), "--rows", str(rows))
    found = duckdb.execute(f"SELECT key, value FROM parquet_kv_metadata('{rows}')").fetchall()
    assert dict(found)[b"ketaref_notice"].decode() == LABEL
    refused = run("audit", put(tmp_path), "--rows", str(tmp_path / "rows.csv"))
    assert refused.exit_code == 2
    assert "has no rows: a CSV file of them could not carry the label" in refused.stderr
    assert not (tmp_path / "rows.csv").exists()


@pytest.mark.parametrize("first", ["\n=1+1", "\0=1+1"])
def test_a_cell_that_hides_a_formula_behind_its_first_character_is_neutralised(
    run: Run, tmp_path: Path, first: str
) -> None:
    """H: text-that-acts."""
    file, rows = tmp_path / "doses.parquet", tmp_path / "rows.csv"
    code = ord(first[0])
    write_parquet(file, f"{weighed('70')}, chr({code}) || '=1+1' AS note")
    report = audited(run, str(file), "--rows", str(rows))
    assert count(report, "input", "cells neutralised in the CSV") == 1
    assert b"'" + first.encode() in rows.read_bytes()


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_an_expired_protocol_and_overdue_data_are_said_on_every_row(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    """H: stale data."""
    rows = tmp_path / f"rows.{format_}"
    line = [put(tmp_path, GOOD), "--protocol", EXPIRED, "--rows", str(rows), "--force"]
    audited(run, *line)

    def cautions() -> tuple[str, str]:
        names = "ketaref_cautions, ketaref_local_cautions"
        ((published, local),) = duckdb.execute(f"SELECT {names} FROM '{rows}'").fetchall()
        return published or "", local or ""

    published, local = cautions()
    assert published == ""
    assert "expired on 2026-11-22; today is 2026-11-23" in local
    for module in (cli_audit, reference):
        monkeypatch.setattr(module, "today", lambda: TODAY.replace(year=2027, month=5, day=24))
    audited(run, *line)
    assert "was to be read again by 2027-05-23; today is 2027-05-24" in cautions()[0]


def test_a_query_says_until_when_it_holds(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    line = ["audit", "--sql", "postgres", "--table", "doses", "--protocol", EXPIRED]
    printed = run(*line).stdout
    assert "-- Printed 2026-11-23; the data is to be read again by 2027-05-23." in printed
    assert "expired on 2026-11-22; today is 2026-11-23" in printed
    for module in (cli_audit, reference):
        monkeypatch.setattr(module, "today", lambda: TODAY.replace(year=2027, month=5, day=24))
    assert "was to be read again by 2027-05-23; today is 2027-05-24" in run(*line).stdout


# ------------------------------------------------------------ what is damaged


@pytest.mark.parametrize("before", [0, 60_000])
def test_text_that_is_not_utf_8_is_refused_wherever_it_stands(
    run: Run, tmp_path: Path, before: int
) -> None:
    """Within the first MB the file was refused; after it, the line was called malformed."""
    lines = [GOOD] * before
    file = tmp_path / "doses.csv"
    start = "\n".join((HEADER, *lines, "1,iv,k")).encode()
    file.write_bytes(start + b"\xe9tamine,35,mg,70,kg\n" + GOOD.encode() + b"\n")
    result = run("audit", str(file))
    assert result.exit_code == 2
    assert f"is not UTF-8 text, from byte {len(start):,} on" in result.stderr
    assert "iconv -f latin1" in result.stderr


def test_a_character_that_lies_across_two_parts_of_a_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ketaref.audit import recount

    monkeypatch.setattr(recount, "CHUNK", 7)
    file = tmp_path / "doses.csv"
    text = "a\n" + "\u00e9\u8840\U0001f600" * 9 + "\n"
    file.write_text(text, encoding="utf-8")
    assert recount.count_records(file).not_utf8 is None
    file.write_bytes(text.encode() + "\u8840".encode()[:2])
    assert recount.count_records(file).not_utf8 == len(text.encode())


def test_a_damaged_column_that_is_only_passed_through_is_a_fault_of_the_input(
    run: Run, tmp_path: Path
) -> None:
    file, rows = tmp_path / "doses.parquet", tmp_path / "rows.csv"
    duckdb.execute(
        f"COPY (SELECT v.*, md5(i::text) AS note FROM range(5000) t(i), ({weighed('70')}) v) "
        f"TO '{file}' (FORMAT parquet, COMPRESSION uncompressed)"
    )
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


def test_very_many_columns_are_looked_at_once_each(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    more = ",".join(f"c{n}" for n in range(30_000))
    file.write_text(f"{HEADER},{more}\n{GOOD}{',x' * 30_000}\n")
    with processor_seconds(at_most=6):  # 12 s, where each name was looked for among all
        assert count(audited(run, str(file)), "class", "inside") == 1


def test_a_folder_without_a_name_is_named_all_the_same(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_parquet(tmp_path / "ward" / "1.parquet", weighed("70"))
    monkeypatch.chdir(tmp_path / "ward")
    assert audited(run, ".")["inputs"]["file"] == "ward"
    (tmp_path / "none").mkdir()
    monkeypatch.chdir(tmp_path / "none")
    assert '"none" is a folder without a file' in run("audit", ".").stderr
