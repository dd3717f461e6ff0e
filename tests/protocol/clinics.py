"""A clinic's protocol in the tests: parts of the narrow one to edit, and answers that have it."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ketaref.errors import ExitCode
from tests.conftest import Run
from tests.places import NARROW

LABEL = "local protocol: Anxiety infusions 3"

# Parts of narrow.toml, in the order in which it has them, and what tests put in their place.
INTRAVENOUS = 'route = "intravenous"\ndrug = "ketamine"\n'
INTRANASAL = 'route = "intranasal"\ndrug = "esketamine"\n'
PER_KG = 'basis = "per_kg"\nlow = 0.5\nhigh = 0.75\nunit = "mg/kg"\n'
FIXED = 'basis = "fixed"\nlow = 30\nhigh = 60\nunit = "mg"\n'
OVER = 'duration = { low = 40, high = 60, unit = "min" }\n'
MAXIMUM = 'maximum = { value = 50, unit = "mg" }\n'
BODY = f'body_weight = "ideal"\n{MAXIMUM}'
REASON = 'outside_published_range_reason = "Agreed for the trial"\n'
SUBCUTANEOUS_PER_KG = (
    'basis = "per_kg"\nlow = 0.25\nhigh = 0.5\nunit = "mg/kg"\nbody_weight = "actual"\n'
)

Edited = Callable[..., Path]


def answer(run: Run, *line: str, protocol: Path = NARROW) -> dict[str, Any]:
    """Return what a command answers with a protocol, as JSON."""
    result = run(*line, "--protocol", str(protocol), "-f", "json")
    assert result.exit_code in (ExitCode.DONE, ExitCode.OUTSIDE), result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def checked(run: Run, file: Path) -> dict[str, Any]:
    """Return what ``protocol check`` answers of a valid file, as JSON."""
    result = run("protocol", "check", str(file), "-f", "json")
    assert result.exit_code == ExitCode.DONE, result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def printed(run: Run, *line: str, protocol: Path = NARROW) -> str:
    """Return what a command prints with a protocol, as one line of words."""
    return words(run(*line, "--protocol", str(protocol)).stdout)


def words(text: str) -> str:
    """Return a text on one line, without the marks at the beginning of a clinic's lines."""
    return " ".join(re.sub(r"^[|>] ", "", text, flags=re.MULTILINE).split())


def ends(span: dict[str, Any]) -> tuple[float, float]:
    """Return the two ends of a range as they are shown."""
    return span["low"]["value"], span["high"]["value"]


def exact_ends(span: dict[str, Any]) -> tuple[str, str]:
    """Return the two exact ends of a range."""
    return span["low"]["exact"], span["high"]["exact"]


def codes(row: dict[str, Any]) -> list[str]:
    """Return the codes of the cautions on a row, or on an answer."""
    return [caution["code"] for caution in row["cautions"]]
