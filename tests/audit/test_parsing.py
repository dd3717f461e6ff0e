"""How a cell of a table is read: floating numbers by a stated rule, words without spaces around."""

import csv
from pathlib import Path

import pytest

from tests.audit.audits import (
    HEADER,
    audited,
    audited_rows,
    count,
    counts,
    put,
    read_rows,
    select_good,
    write_parquet,
)
from tests.conftest import Run

UNREAD = "not a number or not positive"
LONG = "has too many digits or a leading zero"


def reasons(run: Run, file: str) -> list[str]:
    return [row["ketaref_reason"] for row in audited_rows(run, file)]


# ------------------------------------------------------------ floating numbers


def test_floating_columns_are_read_by_a_stated_rule_and_counted(run: Run, tmp_path: Path) -> None:
    """H: number-cut-by-a-type. 6.02 at 30.1 kg is exactly 0.2 mg/kg; in floats it is below.

    So is 16.005 at 80.025 kg; 16.005 times 10^9 comes out below 16,005,000,000.
    """
    expected = [
        ("6.02", "30.1", "inside"),
        ("16.005", "80.025", "inside"),
        ("6.019999999", "30.1", "below"),
        ("0.30000000000000004", "30", "below"),
        ("nan", "70", "not_assessable"),
        ("inf", "70", "not_assessable"),
        ("-1", "70", "not_assessable"),
    ]
    values = ", ".join(f"('{dose}'::DOUBLE, {weight}::DOUBLE)" for dose, weight, _ in expected)
    source = f"(VALUES {values}) AS t(d, w)"
    select = select_good(source, route="'sublingual'", dose="d", weight="w")
    rows = tmp_path / "rows.csv"
    file = write_parquet(tmp_path / "doses.parquet", select)
    report = audited(run, file, "--rows", str(rows))
    assert [row["ketaref_class"] for row in read_rows(rows)] == [klass for *_, klass in expected]
    assert report["inputs"]["floating"] == ["dose", "weight"]
    assert count(report, "input", "floating values in dose") == len(expected)


@pytest.mark.parametrize("type_", ["FLOAT", "DOUBLE"])
def test_a_floating_column_of_any_width_is_read_by_the_stated_rule_and_counted(
    run: Run, tmp_path: Path, type_: str
) -> None:
    """H: number-cut-by-a-type. 70.3 in 32 bits is 70.30000305: 0.5 mg/kg is 35.150001525."""
    rows = tmp_path / "rows.csv"
    select = select_good(dose="'35.15'", weight=f"70.3::{type_}")
    file = write_parquet(tmp_path / "doses.parquet", select)
    report = audited(run, file, "--rows", str(rows))
    assert report["inputs"]["floating"] == ["weight"]
    assert count(report, "input", "floating values in weight") == 1
    (row,) = read_rows(rows)
    assert row["ketaref_class"] == ("below" if type_ == "FLOAT" else "inside")
    assert row["ketaref_low_mg"] == ("35.150001526" if type_ == "FLOAT" else "35.15")


def test_floats_of_16_bits_are_floating_too(run: Run, tmp_path: Path) -> None:
    """The file is of pyarrow: DuckDB writes none. 70.3 in 16 bits is 70.3125: 35.15625 mg."""
    rows = tmp_path / "rows.csv"
    report = audited(run, str(Path(__file__).with_name("float16.parquet")), "--rows", str(rows))
    assert report["inputs"]["floating"] == ["dose", "weight"]
    (row,) = read_rows(rows)
    assert (row["ketaref_class"], row["ketaref_low_mg"]) == ("below", "35.15625")


def test_two_floating_columns_of_32_bits_are_compared_as_they_are(run: Run, tmp_path: Path) -> None:
    select = select_good(dose="46.8::FLOAT", weight="46.8::FLOAT")
    file = write_parquet(tmp_path / "doses.parquet", select)
    assert count(audited(run, file), "class", "inside") == 1


def test_a_report_names_the_floating_columns_to_its_reader(run: Run, tmp_path: Path) -> None:
    select = select_good(dose="35.5::DOUBLE", weight="70.4::DOUBLE")
    file = write_parquet(tmp_path / "doses.parquet", select)
    words = " ".join(run("audit", file).stdout.split())
    assert "dose, weight: each value as the nearest number with 9 decimals" in words


FLOATING_DOSES = {
    # 9 decimals of what is below 9 million are whole numbers that a double holds.
    "8999999.5": "",
    "8999999.999999999": "",
    "9000000": f"dose {LONG}",
    "9000001.5": f"dose {LONG}",
    "1e299": f"dose {LONG}",
    "1e300": f"dose {UNREAD}",
    "1e301": f"dose {UNREAD}",
    "inf": f"dose {UNREAD}",
    # The nearest number with 9 decimals of half the last place is the last place itself.
    "0.5e-9": "",
    "0.49e-9": f"dose {UNREAD}",
    "0": f"dose {UNREAD}",
    "-1": f"dose {UNREAD}",
    "nan": f"dose {UNREAD}",
}
FLOATING_AGES = {
    "0": "under 18 years",
    "17.99": "under 18 years",
    "18": "",
    "-1": "age not a number",
    "nan": "age not a number",
    "9000000": "age not a number",
}


def floating(folder: Path, column: str, values: list[str]) -> str:
    """Write a table with a line for each value of one column, which is floating."""
    select = select_good(**{column: f"CAST(unnest({values}) AS DOUBLE)"})
    return write_parquet(folder / "doses.parquet", select)


@pytest.mark.parametrize(
    ("column", "expected"), [("dose", FLOATING_DOSES), ("age_years", FLOATING_AGES)]
)
def test_a_floating_number_is_read_within_its_bounds_and_an_age_may_be_zero(
    run: Run, tmp_path: Path, column: str, expected: dict[str, str]
) -> None:
    found = reasons(run, floating(tmp_path, column, list(expected)))
    assert dict(zip(expected, found, strict=True)) == expected


def test_a_floating_duration_may_be_zero_and_is_then_outside(run: Run, tmp_path: Path) -> None:
    report = audited(run, floating(tmp_path, "duration_min", ["0"]))
    assert counts(report, "duration", "iv")["outside it"] == (1, 1)


# ------------------------------------------------------------ decimals, words and other types


def test_zeros_after_the_last_decimal_are_not_too_many_digits(run: Run, tmp_path: Path) -> None:
    """Spark writes numbers with 18 decimals where nobody says otherwise."""
    wide = "CAST({} AS DECIMAL(38, 18))"
    select = select_good(dose=wide.format(35), weight=wide.format(70))
    file = write_parquet(tmp_path / "doses.parquet", select)
    assert count(audited(run, file), "class", "inside") == 1


def test_a_table_without_a_single_text_is_not_assessed(run: Run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    numbers = ", ".join(f"1 AS {name}" for name in HEADER.split(","))
    file = write_parquet(tmp_path / "doses.parquet", f"SELECT {numbers}")
    report = audited(run, file, "--rows", str(rows))
    assert count(report, "reason", "route not in the table") == 1
    assert count(report, "input", "cells neutralised in the CSV") == 0


SPACES = [" ", "\t", "\r", "\n", "\u00a0", "\u2009", "\u202f"]
OTHERS = ["\x08", "\x0b", "\u009f", "\u00a1", "\u200b", "\u3000"]


def test_white_space_around_a_cell_is_ignored(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, quoting=csv.QUOTE_ALL)
        writer.writerow(HEADER.split(","))
        cells = ["1", "iv", "ketamine", "35", "mg", "70", "kg"]
        writer.writerows([f"{space}{cell}{space}" for cell in cells] for space in SPACES)
    found = reasons(run, str(file))
    assert dict(zip(SPACES, found, strict=True)) == dict.fromkeys(SPACES, "")


def test_a_character_that_is_not_white_space_belongs_to_the_cell(run: Run, tmp_path: Path) -> None:
    lines = [f"1,iv{other},ketamine,35,mg,70,kg" for other in OTHERS]
    found = reasons(run, put(tmp_path, *lines))
    expected = dict.fromkeys(OTHERS, "route not in the table")
    assert dict(zip(OTHERS, found, strict=True)) == expected
