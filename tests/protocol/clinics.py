"""A clinic's own protocol as the tests use it: the worked ones, and what is said beside them."""

import json
from pathlib import Path
from typing import Any

from ketaref.errors import ExitCode
from tests.conftest import Run
from tests.places import NARROW


def answer(run: Run, *line: str, protocol: Path = NARROW) -> dict[str, Any]:
    result = run(*line, "--protocol", str(protocol), "-f", "json")
    assert result.exit_code in (ExitCode.DONE, ExitCode.OUTSIDE), result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def ends(span: dict[str, Any]) -> tuple[float, float]:
    return span["low"]["value"], span["high"]["value"]
