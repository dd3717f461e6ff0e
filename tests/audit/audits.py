"""An audit as the tests run it: tables are written, reports and rows are read back."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from tests.audit.doses import COLUMNS, Line
from tests.conftest import Run

HEADER = ",".join(COLUMNS)
GOOD = "1,iv,ketamine,35,mg,70,kg"
_GOOD_VALUES = {  # in SQL
    "route": "'iv'",
    "drug": "'ketamine'",
    "dose": "35",
    "dose_unit": "'mg'",
    "weight": "70",
    "weight_unit": "'kg'",
}


def write_csv(file: Path, lines: Iterable[Line]) -> Path:
    """Write lines, each with its number as id."""
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        writer.writerows((number, *line) for number, line in enumerate(lines))
    return file


def put(folder: Path, *lines: str, name: str = "doses.csv", more: str = "") -> str:
    """Write lines as they are under a header, which may have more columns; return the file."""
    file = folder / name
    file.write_text("\n".join((HEADER + more, *lines)) + "\n", encoding="utf-8")
    return str(file)


def write_parquet(file: Path, select: str) -> str:
    """Write what a SELECT of DuckDB returns; return the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    duckdb.execute(f"COPY ({select}) TO '{file}' (FORMAT parquet)")
    return str(file)


def select_good(source: str = "", **values: str) -> str:
    """Return a SELECT of a dose that is inside, with other values or more columns, in SQL."""
    columns = ", ".join(f"{value} AS {name}" for name, value in (_GOOD_VALUES | values).items())
    return f"SELECT {columns} FROM {source}" if source else f"SELECT {columns}"


def audited(run: Run, *line: str) -> dict[str, Any]:
    """Return the report of an audit."""
    result = run("audit", *line, "-f", "json")
    assert result.exit_code in (0, 3), result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def audited_rows(run: Run, file: str, *line: str) -> list[dict[str, str]]:
    """Return the rows of an audit, each with its class."""
    rows = Path(file).with_name("rows.csv")
    audited(run, file, "--rows", str(rows), "--force", *line)
    return read_rows(rows)


def read_rows(file: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by the names of its columns."""
    with file.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def count(
    report: dict[str, Any], section: str, name: str, row: str = "all", origin: str = "published"
) -> int:
    """Return how many rows a line of the report counts; 0 where there is no such line."""
    return counts(report, section, row, origin).get(name, (0, 0))[0]


def counts(
    report: dict[str, Any], section: str, row: str = "all", origin: str = "published"
) -> dict[str, tuple[int, int]]:
    """Return the lines of a section by their names: how many rows, of how many."""
    lines = [
        line
        for line in report["results"]
        if (line["section"], line["row"], line["origin"]) == (section, row, origin)
    ]
    found = {line["name"]: (line["count"], line["of"]) for line in lines}
    assert len(found) == len(lines), "a name is there once"
    return found
