"""The tables that an audit reads: no row lost on the way, and none read wrongly in silence."""

import csv
import io
import json
import os
import random
from pathlib import Path

import duckdb
import pytest

from ketaref.audit.recount import count_records, reconciled
from ketaref.errors import InputError
from tests.audits import GOOD, HEADER, audited, count, put, read_rows
from tests.conftest import Run
from tests.doses import COLUMNS, SEED


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
    assert len(row) == len(HEADER.split(",")) + len(more) + 7
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
