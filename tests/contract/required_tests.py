"""The tests that the hazards and the acceptance table name: which of them did not pass?"""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from ketaref.store import load_hazards

ACCEPTANCE = Path(__file__).with_name("acceptance.toml")


def required_tests() -> dict[str, tuple[str, ...]]:
    """Return the tests of each hazard's control and of each criterion."""
    tests = {f"hazard {hazard.id}": hazard.tests for hazard in load_hazards()}
    for row in tomllib.loads(ACCEPTANCE.read_text(encoding="utf-8"))["criterion"]:
        tests[f"criterion {row['id']}"] = tuple(row["tests"])
    return tests


def not_passed(passed: Iterable[str]) -> list[str]:
    """Return the required tests that are not among those that passed in a run of the suite."""
    names = {node.partition("[")[0] for node in passed}
    return [
        f"{what}: {test} did not pass, or did not run"
        for what, tests in required_tests().items()
        for test in tests
        if test not in names
    ]
