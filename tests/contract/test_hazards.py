"""The hazard log: it is complete, and every test that it names exists."""

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest

from ketaref import store
from ketaref.errors import DataError
from tests.conftest import Run
from tests.contract.required_tests import ACCEPTANCE, not_passed, required_tests
from tests.places import DATA, ROOT

HAZARDS = store.load_hazards()


@cache
def collected(file: str) -> set[str]:
    """Return the tests that pytest collects from a file."""
    path = ROOT / file
    if not path.is_file() or not path.match("tests/*/test_*.py"):
        return set()
    body = ast.parse(path.read_text(encoding="utf-8")).body
    functions = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    return {name for name in functions if name.startswith("test_")}


@pytest.mark.parametrize(("what", "tests"), required_tests().items(), ids=list(required_tests()))
def test_the_tests_that_a_hazard_or_a_criterion_names_exist(
    what: str, tests: tuple[str, ...]
) -> None:
    assert tests, what
    for test in tests:
        file, _, name = test.partition("::")
        assert name in collected(file), test


def test_a_required_test_that_did_not_run_is_reported() -> None:
    """After a run of the whole suite, ``.ci/run`` fails on what this returns."""
    passed = [f"{test}[one]" for tests in required_tests().values() for test in tests]
    assert not_passed(passed) == []
    left_out = next(hazard for hazard in HAZARDS if hazard.id == "lb-read-as-kg").tests[0]
    missing = not_passed(test for test in passed if not test.startswith(left_out))
    assert f"hazard lb-read-as-kg: {left_out} did not pass, or did not run" in missing


def test_every_hazard_of_the_log_is_shown_with_its_control(run: Run) -> None:
    log = tomllib.loads((DATA / "hazards.toml").read_text(encoding="utf-8"))["hazard"]
    assert log
    assert [hazard.id for hazard in HAZARDS] == [each["id"] for each in log]
    assert len({each["id"] for each in log}) == len(log)
    brief = " ".join(run("about").stdout.split())
    whole = " ".join(run("about", "--hazards").stdout.split())
    for each in log:
        assert f"- {each['id']}: {each['hazard']}: {each['control']}" in brief
        for field in ("hazard", "cause", "effect", "control", "residual"):
            assert each[field] in whole, (each["id"], field)


def test_every_criterion_of_the_acceptance_table_is_complete() -> None:
    criteria = tomllib.loads(ACCEPTANCE.read_text(encoding="utf-8"))["criterion"]
    assert len({each["id"] for each in criteria}) == len(criteria)
    for each in criteria:
        assert each.keys() == {"id", "asks", "failed", "does", "tests"}
        assert all(each.values()), each["id"]


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


@pytest.mark.parametrize(
    "line", GOOD.splitlines()[1:], ids=lambda line: str(line).partition(" ")[0]
)
def test_a_hazard_without_one_of_its_fields_is_refused(tmp_path: Path, line: str) -> None:
    (problem,) = problems(tmp_path, GOOD.replace(f"{line}\n", ""))
    assert problem.startswith(f"hazards.toml: hazard 1: {line.partition(' ')[0]}: ")


def test_a_hazard_without_a_test_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, GOOD.replace('"t", "u"', ""))
    assert problem.startswith("hazards.toml: hazard 1: tests: ")


def test_each_problem_of_the_log_is_named_with_its_hazard_and_field(tmp_path: Path) -> None:
    bad = GOOD.replace('"u"', "5").replace('cause = "c"\n', "")
    cause, tests = problems(tmp_path, f"{GOOD}{bad}")
    assert cause.startswith("hazards.toml: hazard 2: cause: ")
    assert tests.startswith("hazards.toml: hazard 2: tests.1: ")


def test_a_log_that_holds_no_tables_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "hazard = 5\n")
    assert problem == "hazards.toml: hazard: tables [[hazard]] are needed"


def test_the_log_is_read_once() -> None:
    assert store.load_hazards() is store.load_hazards()
