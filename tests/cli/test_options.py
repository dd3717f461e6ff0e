"""Options as they may be typed: joined, short or long; and never twice."""

import json

import pytest

from ketaref.errors import ExitCode
from tests.conftest import Run


@pytest.mark.parametrize(
    "line",
    [
        ["checklist", "--clinic", "A", "--clinic", "B"],
        ["dose", "70 kg", "-f", "json", "-f=csv"],
        ["dose", "70 kg", "-s", "1mg/mL", "--strength=2mg/mL"],
        ["audit", "x.csv", "--rows", "a.csv", "--rows", "b.csv"],
    ],
    ids=" ".join,
)
def test_an_option_given_twice_is_refused_however_it_was_typed(run: Run, line: list[str]) -> None:
    result = run(*line)
    assert result.exit_code == ExitCode.REFUSED
    assert "more than once" in result.stderr


@pytest.mark.parametrize(
    ("typed", "code"),
    [("-f=json", "usage"), ("-fjson", "unit_missing"), ("--format=json", "unit_missing")],
)
def test_an_error_is_in_json_however_the_format_was_typed(run: Run, typed: str, code: str) -> None:
    result = run("dose", "70", typed)
    assert json.loads(result.stdout)["errors"][0]["code"] == code
