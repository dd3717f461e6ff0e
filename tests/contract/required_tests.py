"""The tests that the hazards and the acceptance table name: have they run, and passed?"""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from ketaref.store import load_hazards

ACCEPTANCE = Path(__file__).parent / "acceptance.toml"


def named() -> dict[str, tuple[str, ...]]:
    """Return the tests by what they show: each hazard's control, each criterion."""
    tests = {f"hazard {hazard.id}": hazard.tests for hazard in load_hazards()}
    for row in tomllib.loads(ACCEPTANCE.read_text(encoding="utf-8"))["criterion"]:
        tests[f"criterion {row['id']}"] = tuple(row["tests"])
    return tests


def not_shown(passed: Iterable[str]) -> list[str]:
    """Return what is named and did not pass in a run of all tests."""
    names = {node.partition("[")[0] for node in passed}
    return [
        f"{what}: {test} did not pass, or did not run"
        for what, tests in named().items()
        for test in tests
        if test not in names
    ]
