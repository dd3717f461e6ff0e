"""Reviews of a clinic's protocol, recorded in its file."""

from pathlib import Path

import pytest

from ketaref.errors import ExitCode
from tests.conftest import Run
from tests.protocol.clinics import Edited


def add_review(file: Path, reviewed: str) -> None:
    """Add a review of an older version: one of other contents, and so of another hash."""
    with file.open("a", encoding="utf-8") as opened:
        opened.write(
            '\n[[review]]\nrole = "pharmacist"\norganisation = "A hospital"\n'
            f'reviewed = {reviewed}\nversion = "2"\ncovered = "all"\n'
            f'sha256 = "{"1" * 64}"\n'
        )


def test_a_review_of_an_older_version_does_not_stop_the_protocol(
    run: Run, protocol: Edited
) -> None:
    file = protocol()
    add_review(file, "2026-10-01")
    assert run("protocol", "check", str(file)).exit_code == ExitCode.DONE


# narrow.toml was approved on 2026-01-15; the tests' day is 2026-11-23
@pytest.mark.parametrize(
    ("reviewed", "status"),
    [
        ("2026-01-14", ExitCode.BAD_DATA),
        ("2026-01-15", ExitCode.DONE),
        ("2026-11-23", ExitCode.DONE),
        ("2026-11-24", ExitCode.BAD_DATA),
    ],
)
def test_a_review_is_from_the_day_of_approval_to_today(
    run: Run, protocol: Edited, reviewed: str, status: ExitCode
) -> None:
    file = protocol()
    add_review(file, reviewed)
    assert run("protocol", "check", str(file)).exit_code == status


def test_a_wrong_day_of_review_is_reported_with_all_other_problems(
    run: Run, protocol: Edited
) -> None:
    file = protocol(("high = 0.75", "high = 50"), ('unit = "mg/kg"', 'unit = "mg"'))
    add_review(file, "2025-10-01")
    problems = run("protocol", "check", str(file)).stderr
    assert "unit: a per_kg row is in mg/kg, not in mg" in problems
    assert "0.5 to 50 mg/kg is far outside what is published" in problems
    assert "2025-10-01 is not from the approval" in problems
