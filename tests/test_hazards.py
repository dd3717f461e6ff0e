"""The hazard log: every control names tests, and every test that is named is there."""

import ast
from pathlib import Path

import pytest

from ketaref import store
from ketaref.errors import DataError
from tests.conftest import Run
from tests.shown import named, not_shown
from tests.take_away import patches

ROOT = Path(__file__).parents[1]
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


def test_a_hazard_without_a_test_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "hazards.toml").write_text(
        '[[hazard]]\nid = "x"\nhazard = "h"\ncause = "c"\neffect = "e"\n'
        'control = "c"\nresidual = "r"\ntests = []\n'
    )
    monkeypatch.setattr(store, "data_root", lambda: tmp_path)
    with pytest.raises(DataError, match=r"hazards\.toml: hazard 0: tests"):
        store.load_hazards.__wrapped__()


def test_each_problem_of_the_log_is_told_with_its_hazard_and_field(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    good = '[[hazard]]\nid = "x"\nhazard = "h"\ncause = "c"\neffect = "e"\n'
    good += 'control = "c"\nresidual = "r"\ntests = ["t", "u"]\n'
    bad = good.replace('"u"', "5").replace('cause = "c"\n', "")
    (tmp_path / "hazards.toml").write_text(f"{good}{bad}")
    monkeypatch.setattr(store, "data_root", lambda: tmp_path)
    with pytest.raises(DataError) as error:
        store.load_hazards.__wrapped__()
    beginnings = [problem.rpartition(": ")[0] for problem in error.value.problems]
    assert beginnings[0] == "hazards.toml: hazard 1: cause"
    assert beginnings[1].startswith("hazards.toml: hazard 1: tests.1")


def test_the_log_is_read_once() -> None:
    assert store.load_hazards() is store.load_hazards()


def test_a_log_that_is_no_tables_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "hazards.toml").write_text("hazard = 5\n")
    monkeypatch.setattr(store, "data_root", lambda: tmp_path)
    with pytest.raises(DataError, match=r"tables \[\[hazard\]\] are needed"):
        store.load_hazards.__wrapped__()


def test_each_control_can_be_taken_away() -> None:
    """``python -m tests.take_away`` does it, and each test that a hazard names must then fail."""
    assert {patch.hazard for patch in patches()} == {hazard.id for hazard in HAZARDS}
    for patch in patches():
        assert patch.control in (ROOT / patch.file).read_text(), patch
        assert patch.without != patch.control
