"""An audit as the tests run it: tables written, reports and rows read back."""

import csv
import json
from pathlib import Path
from typing import Any

from tests.audit.doses import COLUMNS, Line
from tests.conftest import Run

HEADER = ",".join(COLUMNS)
GOOD = "1,iv,ketamine,35,mg,70,kg"


def write_csv(file: Path, lines: list[Line]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        writer.writerows((number, *line) for number, line in enumerate(lines))
    return file


def read_rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def audited(run: Run, *line: str) -> dict[str, Any]:
    result = run("audit", *line, "-f", "json")
    assert result.exit_code in (0, 3), result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def count(report: dict[str, Any], section: str, name: str, row: str = "all") -> int:
    return sum(
        c["count"]
        for c in report["results"]
        if (c["section"], c["name"], c["row"], c["origin"]) == (section, name, row, "published")
    )


def put(folder: Path, *lines: str, name: str = "doses.csv") -> str:
    file = folder / name
    file.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return str(file)
