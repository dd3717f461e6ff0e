"""The file of rows: what a spreadsheet would run is made text, and a private file stays private."""

import csv
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ketaref.audit import run as audit_run
from ketaref.audit.export import copy, neutralised
from ketaref.cli import environment
from ketaref.label import LABEL
from ketaref.store import load_dataset
from tests.audit.audits import (
    GOOD,
    HEADER,
    audited,
    count,
    counts,
    put,
    read_rows,
    select_good,
    write_parquet,
)
from tests.conftest import TODAY, Run
from tests.samples import EXPIRED

NEUTRALISED = "cells neutralised in the CSV"

# ------------------------------------------------------------ what a spreadsheet would run


def test_cells_that_a_spreadsheet_would_run_are_neutralised_and_counted(
    run: Run, tmp_path: Path
) -> None:
    """H: text-that-acts."""
    file, rows = tmp_path / "doses.csv", tmp_path / "rows.csv"
    risky = ["=1+1", "+1", "-1", "@x", "\tx", "\rx"]
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([*HEADER.split(","), "note"])
        writer.writerows([*GOOD.split(","), note] for note in [*risky, "plain", "a=b"])
    report = audited(run, str(file), "--rows", str(rows))
    assert [row["note"] for row in read_rows(rows)] == [*(f"'{n}" for n in risky), "plain", "a=b"]
    assert count(report, "input", NEUTRALISED) == len(risky)
    as_parquet = audited(run, str(file), "--rows", str(tmp_path / "rows.parquet"))
    assert NEUTRALISED not in counts(as_parquet, "input")


def test_names_of_columns_and_cells_of_bytes_are_neutralised_too(run: Run, tmp_path: Path) -> None:
    """H: text-that-acts."""
    rows = tmp_path / "rows.csv"
    columns = {"raw": "'=2'::BLOB", '"+less"': "-5", '"=1+1"': "'x'"}
    file = write_parquet(tmp_path / "doses.parquet", select_good(**columns))
    report = audited(run, file, "--rows", str(rows))
    (row,) = read_rows(rows)
    assert (row["raw"], row["'+less"], row["'=1+1"]) == ("'=2", "-5", "x")
    assert count(report, "input", NEUTRALISED) == 3


@pytest.mark.parametrize("first", ["\n", "\0"])
def test_a_cell_that_hides_a_formula_behind_its_first_character_is_neutralised(
    run: Run, tmp_path: Path, first: str
) -> None:
    """H: text-that-acts."""
    rows = tmp_path / "rows.csv"
    select = select_good(note=f"chr({ord(first)}) || '=1+1'")
    file = write_parquet(tmp_path / "doses.parquet", select)
    report = audited(run, file, "--rows", str(rows))
    assert count(report, "input", NEUTRALISED) == 1
    assert b"'" + first.encode() + b"=1+1" in rows.read_bytes()


# ------------------------------------------------------------ who may read it


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_a_private_file_of_rows_stays_private_and_a_new_one_follows_the_umask(
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
def test_an_unfinished_file_of_rows_is_as_private_and_hidden(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    rows = tmp_path / "out" / f"rows.{format_}"
    rows.parent.mkdir()
    rows.touch(mode=0o600)
    seen: dict[str, int] = {}

    def watched(*args: Any) -> int:
        written = copy(*args)
        seen.update({p.name: p.stat().st_mode & 0o777 for p in rows.parent.iterdir()})
        return written

    monkeypatch.setattr(audit_run, "copy", watched)
    audited(run, put(tmp_path, GOOD), "--rows", str(rows), "--force")
    assert len(seen) == 2
    assert set(seen.values()) == {0o600}
    assert [name for name in seen if not name.startswith(".")] == [rows.name]


# ------------------------------------------------------------ what it says besides


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


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_every_row_says_that_a_protocol_has_expired_and_that_the_data_is_overdue(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    rows = tmp_path / f"rows.{format_}"

    def cautions() -> tuple[str, str]:
        line = [put(tmp_path, GOOD), "--protocol", EXPIRED, "--rows", str(rows), "--force"]
        audited(run, *line)
        names = "ketaref_cautions, ketaref_local_cautions"
        ((published, local),) = duckdb.execute(f"SELECT {names} FROM '{rows}'").fetchall()
        return published or "", local or ""

    published, local = cautions()
    assert published == ""
    assert f"expired on 2026-11-22; today is {TODAY}" in local
    due = load_dataset().edition.review_due
    late = due + timedelta(days=1)
    monkeypatch.setattr(environment, "today", lambda: late)
    published, _ = cautions()
    assert f"was due for review by {due}; today is {late}" in published


# ------------------------------------------------------------ how it is written


@pytest.mark.parametrize("more", [-1, 1])
def test_an_audit_that_writes_another_number_of_rows_than_it_counted_is_an_error(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    monkeypatch.setattr(audit_run, "copy", lambda *given: copy(*given) + more)
    rows = tmp_path / "rows.csv"
    result = run("audit", put(tmp_path, GOOD), "--rows", str(rows))
    assert result.exit_code == 2
    assert "changed while it was read" in result.stderr
    assert not rows.exists()


def test_an_input_that_changes_meanwhile_is_an_error(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path(put(tmp_path, GOOD))

    def changing(*given: Any) -> int:
        with file.open("a") as opened:
            opened.write(f"{GOOD}\n")
        return neutralised(*given)

    monkeypatch.setattr(audit_run, "neutralised", changing)
    rows = tmp_path / "rows.csv"
    result = run("audit", str(file), "--rows", str(rows))
    assert result.exit_code == 2
    assert "changed while it was read" in result.stderr
    assert not rows.exists()


def test_rows_are_written_from_csv_to_csv_in_constant_memory(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It held the whole file once: 1.3 million rows of 60 bytes did not fit into 600 MB."""
    monkeypatch.setattr(audit_run, "_MEMORY", "150MB")
    file, rows = tmp_path / "doses.csv", tmp_path / "rows.csv"
    number = 250_000  # of 500 bytes
    select = select_good(f"range({number}) t(i)", id="i", note="repeat(md5(i::text), 8)")
    duckdb.execute(f"COPY ({select}) TO '{file}'")
    assert count(audited(run, str(file), "--rows", str(rows)), "class", "inside") == number
    assert rows.read_bytes().count(b"\n") == number + 1
