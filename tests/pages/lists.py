"""The lists of the data, as their files have them, and as the program answers."""

import json
import tomllib
from typing import Any

from tests.conftest import Run
from tests.places import DATA

# Each list by the name of its tables: effect, boxed, counted, contraindication, check.
LISTS: dict[str, list[dict[str, Any]]] = {
    table: rows
    for file in ("effects", "contraindications", "checks")
    for table, rows in tomllib.loads((DATA / f"{file}.toml").read_text()).items()
}
STATEMENTS: list[dict[str, Any]] = tomllib.loads((DATA / "evidence.toml").read_text())["statement"]


def results(run: Run, *line: str) -> list[dict[str, Any]]:
    """Return the results of a command line in JSON."""
    answer: list[dict[str, Any]] = json.loads(run(*line, "-f", "json").stdout)["results"]
    return answer


def said_in(check: dict[str, Any]) -> list[str]:
    """Return the text of a check in JSON, and what is said of it for each drug."""
    fields = (
        f"{drug}_{field}" for drug in ("ketamine", "esketamine") for field in ("note", "stops")
    )
    return [check["text"], *(check[field] for field in fields if check[field])]
