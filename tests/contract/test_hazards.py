"""The hazard log: every control names tests, and every test that is named is there."""

import ast
from pathlib import Path

import pytest

from ketaref import store
from ketaref.errors import DataError
from tests.conftest import Run
from tests.contract.required_tests import named, not_shown
from tests.places import ROOT
from tests.release.ablation import patches

HAZARDS = store.load_hazards()


@pytest.mark.parametrize(("what", "tests"), named().items(), ids=list(named()))
def test_the_tests_that_show_a_control_or_a_criterion_are_there(
    what: str, tests: tuple[str, ...]
) -> None:
    assert tests, what
    for test in tests:
        file, _, name = test.partition("::")
        tree = ast.parse((ROOT / file).read_text())
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, test


def test_a_named_test_that_did_not_run_is_said() -> None:
    """After a run of all tests, ``.ci/run`` fails on what this returns."""
    passed = [f"{test}[one]" for tests in named().values() for test in tests]
    assert not_shown(passed) == []
    left_out = "tests/test_refusals.py::test_a_bare_number_is_not_a_weight"
    said = not_shown(test for test in passed if not test.startswith(left_out))
    assert f"hazard lb-read-as-kg: {left_out} did not pass, or did not run" in said


def test_the_hazards_seen_elsewhere_are_in_the_log(run: Run) -> None:
    assert len(HAZARDS) >= 14
    assert len({hazard.id for hazard in HAZARDS}) == len(HAZARDS)
    text = " ".join(run("about").stdout.split())
    for hazard in HAZARDS:
        assert f"- {hazard.id}: {hazard.hazard}: {hazard.control}" in text


GOOD = """[[hazard]]
id = "x"
hazard = "h"
cause = "c"
effect = "e"
control = "c"
residual = "r"
tests = ["t", "u"]
"""


def problems(folder: Path, text: str) -> list[str]:
    (folder / "hazards.toml").write_text(text)
    with pytest.raises(DataError) as error:
        store.read_hazards(folder)
    return list(error.value.problems)


def test_a_hazard_without_a_test_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, GOOD.replace('"t", "u"', ""))
    assert problem.startswith("hazards.toml: hazard 0: tests: ")


def test_each_problem_of_the_log_is_told_with_its_hazard_and_field(tmp_path: Path) -> None:
    bad = GOOD.replace('"u"', "5").replace('cause = "c"\n', "")
    cause, tests = problems(tmp_path, f"{GOOD}{bad}")
    assert cause.startswith("hazards.toml: hazard 1: cause: ")
    assert tests.startswith("hazards.toml: hazard 1: tests.1: ")


def test_a_log_that_is_no_tables_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "hazard = 5\n")
    assert problem == "hazards.toml: hazard: tables [[hazard]] are needed"


def test_the_log_is_read_once() -> None:
    assert store.load_hazards() is store.load_hazards()


def test_each_control_can_be_taken_away() -> None:
    """``python -m tests.release.ablation`` does it, and each test that a hazard names must then fail."""
    assert {patch.hazard for patch in patches()} == {hazard.id for hazard in HAZARDS}
    for patch in patches():
        assert patch.control in (ROOT / patch.file).read_text(), patch
        assert patch.without != patch.control
