"""The query: the arithmetic of ``check`` over a whole table, row by row."""

import csv
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import duckdb
import pytest
from typer.testing import CliRunner

from ketaref.audit.rules import Classification
from ketaref.cli import app, environment
from ketaref.label import LABEL
from tests.audit.audits import (
    GOOD,
    HEADER,
    audited,
    audited_rows,
    count,
    counts,
    put,
    read_rows,
    write_csv,
    write_parquet,
)
from tests.audit.doses import KG, SEED, at_limits, by_check, odd, published_per_kg
from tests.conftest import TODAY, Run
from tests.places import PROTOCOLS
from tests.samples import NARROW

AT_LIMITS = list(at_limits(Random(SEED), 3_000))
LINES = [*AT_LIMITS, *odd(Random(SEED), 3_000)]
CHECKLIST_ONLY = str(PROTOCOLS / "checklist_only.toml")


class Audit(NamedTuple):
    """An audit of all lines: its file, its report, its rows, and what is expected of each."""

    file: Path
    report: dict[str, Any]
    rows: list[dict[str, str]]
    expected: list[tuple[str, str | None]]


@pytest.fixture(scope="module")
def audit_all_lines(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Audit]:
    """Return what audits all lines, once: in a test, which fails where the audit does."""
    folder = tmp_path_factory.mktemp("audit")

    @cache
    def once() -> Audit:
        file, rows = write_csv(folder / "doses.csv", LINES), folder / "rows.csv"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(environment, "today", lambda: TODAY)
            run = CliRunner().invoke
            report = audited(lambda *line: run(app, line), str(file), "--rows", str(rows))
        return Audit(file, report, read_rows(rows), [by_check(line) for line in LINES])

    return once


def test_each_line_has_the_class_that_check_gives_it_in_the_order_of_the_file(
    audit_all_lines: Callable[[], Audit],
) -> None:
    """H: boundary-by-float. A third of these doses lie exactly on a limit."""
    audit = audit_all_lines()
    assert [row["id"] for row in audit.rows] == [str(number) for number in range(len(LINES))]
    for line, row, (klass, name) in zip(LINES, audit.rows, audit.expected, strict=True):
        assert row["ketaref_class"] == klass, (line, row["ketaref_reason"])
        assert bool(row["ketaref_reason"]) == (klass == "not_assessable")
        assert row["ketaref_row"] == (name or "")
        assert row["ketaref_notice"] == LABEL
    classes = Counter(row["ketaref_class"] for row in audit.rows)
    assert classes.keys() == set(Classification)
    for klass, number in classes.items():
        assert count(audit.report, "class", klass) == number
    assert classes.pop("between"), "of one row alone"
    assert min(classes.values()) > 500, "each class is tried"
    assert count(audit.report, "input", "rows read") == len(LINES)


def test_the_limits_shown_are_the_exact_ones(audit_all_lines: Callable[[], Audit]) -> None:
    audit, ranges = audit_all_lines(), published_per_kg()
    for line, row in zip(AT_LIMITS, audit.rows, strict=False):
        for end, per_kg in zip(("low", "high"), ranges[str(line.route)], strict=True):
            exact = per_kg * Fraction(str(line.weight)) * KG[str(line.weight_unit)]
            assert Fraction(row[f"ketaref_{end}_mg"]) == exact


def test_parquet_in_and_out_says_the_same_as_csv(
    run: Run, audit_all_lines: Callable[[], Audit], tmp_path: Path
) -> None:
    audit, rows = audit_all_lines(), tmp_path / "rows.parquet"
    select = f"SELECT * FROM read_csv('{audit.file}', all_varchar=true)"
    report = audited(run, write_parquet(tmp_path / "doses.parquet", select), "--rows", str(rows))
    ours, theirs = (
        [line for line in each["results"] if line["section"] != "input"]
        for each in (report, audit.report)
    )
    assert ours == theirs
    found = duckdb.execute(f"SELECT id, ketaref_class FROM '{rows}'").fetchall()
    assert found == [(str(n), klass) for n, (klass, _) in enumerate(audit.expected)]


# ------------------------------------------------------------ what cannot be assessed

REASONS = [
    ("1,,ketamine,35,mg,70,kg", "route missing"),
    ("1,sc,ketamine,35,mg,70,kg", "route not in the table"),
    ("1,iv,,35,mg,70,kg", "drug missing"),
    ("1,iv,propofol,35,mg,70,kg", "drug not in the table"),
    ("1,iv,esketamine,35,mg,70,kg", "drug does not fit the row"),
    ("1,iv,ketamine,,mg,70,kg", "dose missing"),
    ("1,iv,ketamine,many,mg,70,kg", "dose not a number or not positive"),
    ("1,iv,ketamine,0.000,mg,70,kg", "dose not a number or not positive"),
    ("1,iv,ketamine,-35,mg,70,kg", "dose not a number or not positive"),
    ("1,iv,ketamine,1.0000000005,mg,70,kg", "dose has too many digits or a leading zero"),
    ("1,iv,ketamine,035,mg,70,kg", "dose has too many digits or a leading zero"),
    ("1,iv,ketamine,12345678901,mg,70,kg", "dose has too many digits or a leading zero"),
    ("1,iv,ketamine,35,,70,kg", "dose unit missing"),
    ("1,iv,ketamine,1,VIAL,70,kg", "dose unit not a mass"),
    ("1,iv,ketamine,1,mL,70,kg", "dose unit not a mass"),
    ("1,iv,ketamine,35,mg,,kg", "weight missing"),
    ("1,iv,ketamine,35,mg,heavy,kg", "weight not a number or not positive"),
    ("1,iv,ketamine,35,mg,70,", "weight unit missing"),
    ("1,iv,ketamine,35,mg,70,kilo", "weight unit unknown"),
    ("1,iv,ketamine,35,mg,11.5,st", "weight in stone not whole"),
    ("1,iv,ketamine,35,mg,19.9,kg", "weight implausible"),
    ("1,iv,ketamine,35,mg,351,kg", "weight implausible"),
    ("1,iv,ketamine,35,mg,9999999999,kg", "weight implausible"),
    ("1,iv,ketamine,9999999999,g,70,kg", ""),
    ("1,nasal,esketamine,56,mg,,", ""),
]


def test_what_cannot_be_assessed_says_why(run: Run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    report = audited(run, put(tmp_path, *(line for line, _ in REASONS)), "--rows", str(rows))
    found = [row["ketaref_reason"] for row in read_rows(rows)]
    assert list(zip([line for line, _ in REASONS], found, strict=True)) == REASONS
    for reason, times in Counter(found).items():
        assert count(report, "reason", reason) == (times if reason else 0)


def test_a_dose_for_somebody_under_18_is_not_assessed_and_an_unread_age_is_reported(
    run: Run, tmp_path: Path
) -> None:
    lines = (f"{GOOD},{age}" for age in ("0", "17", "17.9", "18", "", "old"))
    report = audited(run, put(tmp_path, *lines, more=",age_years"))
    assert count(report, "reason", "under 18 years") == 3
    assert count(report, "reason", "age not a number") == 1
    assert count(report, "class", "inside") == 2


# ------------------------------------------------------------ a protocol


def test_a_protocol_is_audited_in_columns_of_its_own(run: Run, tmp_path: Path) -> None:
    # by hand: at 120 kg the protocol's 60 to 90 mg end at 50; sc is 0.25 to 0.5 mg/kg
    lines = ("1,iv,ketamine,60,mg,120,kg", "2,sc,ketamine,30,mg,120,kg", GOOD)
    found = audited_rows(run, put(tmp_path, *lines), "--protocol", NARROW)
    assert [row["ketaref_class"] for row in found] == ["inside", "not_assessable", "inside"]
    assert [row["ketaref_local_class"] for row in found] == ["above", "inside", "inside"]
    assert [row["ketaref_local_high_mg"] for row in found] == ["50", "60", "50"]
    assert {row["ketaref_local_protocol"] for row in found} == {
        "local protocol: Anxiety infusions 3"
    }


def test_a_protocol_without_rows_adds_no_columns(run: Run, tmp_path: Path) -> None:
    (row,) = audited_rows(run, put(tmp_path, GOOD), "--protocol", CHECKLIST_ONLY)
    assert row["ketaref_class"] == "inside"
    assert not [name for name in row if name.startswith("ketaref_local")]


def test_a_maximum_ends_the_range_also_where_every_row_has_one(
    run: Run, tmp_path: Path, protocol: Callable[..., Path]
) -> None:
    file = _without(protocol(), "sc-row", until="[[check]]")
    # by hand: at 120 kg 0.5 mg/kg are 60 mg, and the protocol ends at 50 mg
    table = put(tmp_path, "1,iv,ketamine,50,mg,120,kg", "2,iv,ketamine,50.1,mg,120,kg")
    found = audited_rows(run, table, "--protocol", str(file))
    assert [row["ketaref_local_class"] for row in found] == ["inside", "above"]


def test_a_protocol_without_a_duration_has_none_that_a_dose_could_be_inside(
    run: Run, tmp_path: Path, protocol: Callable[..., Path]
) -> None:
    file = _without(protocol(), "iv-capped", until='[[row]]\nid = "sc-row"')
    table = put(tmp_path, "1,subcutaneous,ketamine,35,mg,70,kg")  # by hand: 0.5 x 70 = 35
    report = audited(run, table, "--protocol", str(file))
    counted = [line for line in report["results"] if line["count"]]
    assert counts(report, "class", "sc-row", "local")["inside"] == (1, 1)
    assert not [line for line in counted if line["section"] == "duration"]


def _without(file: Path, row: str, until: str) -> Path:
    """Take a row out of a protocol's file."""
    text = file.read_text(encoding="utf-8")
    start = text.index(f'[[row]]\nid = "{row}"')
    file.write_text(text[:start] + text[text.index(until, start + 1) :], encoding="utf-8")
    return file


# ------------------------------------------------------------ the columns of the table


def test_columns_pass_through_unchanged_and_none_of_them_is_printed(
    run: Run, tmp_path: Path
) -> None:
    file, rows = tmp_path / "doses.csv", tmp_path / "rows.csv"
    kept = {
        "mrn": "MRN-4711",
        "Select * From": "x'; DROP TABLE doses; --",
        "note": 'a "quoted", multi\nline note',
        "select": "w",
        'a "b"': "x",
        "Gr\u00f6\u00dfe (m)": "y",
        "1": "z",
    }
    with file.open("w", newline="", encoding="utf-8") as opened:
        lines = [[*HEADER.split(","), *kept], [*GOOD.split(","), *kept.values()]]
        csv.writer(opened).writerows(lines)
    result = run("audit", str(file), "--rows", str(rows))
    assert "4711" not in result.stdout + result.stderr
    (row,) = read_rows(rows)
    assert {name: row[name] for name in kept} == kept


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_a_table_of_very_many_columns_passes_through(
    run: Run, tmp_path: Path, format_: str
) -> None:
    rows = tmp_path / f"rows.{format_}"
    more = [f"c{n}" for n in range(900)]
    file = put(tmp_path, f"{GOOD},{','.join(['=1'] * len(more))}", more=f",{','.join(more)}")
    report = audited(run, file, "--rows", str(rows))
    (row,) = duckdb.execute(f"SELECT * FROM '{rows}'").fetchall()
    assert len(row) == len(HEADER.split(",")) + len(more) + 8
    if format_ == "csv":
        assert count(report, "input", "cells neutralised in the CSV") == len(more)
