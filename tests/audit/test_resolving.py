"""A protocol's row comes to the same in dose, check, chart and audit.

What it comes to is worked out a second time in ``tests/audit/reckoner.py``, from the rule alone.
``python -m tests.release.protocols_agree`` does so for many thousand rows, on three engines.
"""

import json
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from ketaref.audit.columns import ADDED, LOCAL_ADDED
from ketaref.model.names import Drug, Route
from ketaref.reference import Reference
from tests.audit.agreement import Case, case_of, in_answers, in_audit, random_cases, table
from tests.audit.audits import audited, read_rows, write_csv
from tests.audit.doses import SEED, Line
from tests.audit.engines import Row as FoundRow
from tests.audit.random_protocols import ROUTES_AND_DRUGS, BodyWeight, LocalRow, random_rows, toml
from tests.audit.reckoner import Ends, Row, reckon
from tests.conftest import TODAY, Run

SEEDS = (SEED, SEED + 1, SEED + 2)  # of random protocols
WEIGHTS = 10  # for each row of these


class ByHand(NamedTuple):
    """What a row comes to, worked out by hand in mg: what is accepted, and what is shown."""

    row: Row
    kg: str
    accepted: tuple[str, str]
    rounded: tuple[str, str] | None


def per_kg(low: str, high: str, maximum: str | None = None, step: str | None = None) -> Row:
    return _row(low, high, maximum, step, is_per_kg=True)


def fixed(low: str, high: str, step: str | None = None) -> Row:
    return _row(low, high, None, step, is_per_kg=False)


def _row(low: str, high: str, maximum: str | None, step: str | None, *, is_per_kg: bool) -> Row:
    limits = [None if each is None else Fraction(each) for each in (maximum, step)]
    return Row(is_per_kg, Fraction(low), Fraction(high), *limits)


BY_HAND = {
    # 0.5 x 70.5 = 35.25, to the nearest mg 35
    "one value": ByHand(per_kg("0.5", "0.5"), "70.5", ("35", "35.25"), ("35", "35")),
    # 0.5 x 71 = 35.5, halfway: 36
    "one value, halfway": ByHand(per_kg("0.5", "0.5"), "71", ("35.5", "36"), ("36", "36")),
    # 36 is above 35.5: 35
    "one value, halfway, at the maximum": ByHand(
        per_kg("0.5", "0.5", "35.5"), "71", ("35", "35.5"), ("35", "35")
    ),
    # 0.1 x 70.5 = 7.05, halfway to 7.1
    "one value below 10 mg": ByHand(per_kg("0.1", "0.1"), "70.5", ("7.05", "7.1"), ("7.1", "7.1")),
    # 0.001 x 40 = 0.04, which would be rounded to nothing
    "one value too small to round": ByHand(
        per_kg("0.001", "0.001"), "40", ("0.04", "0.04"), ("0.04", "0.04")
    ),
    # 60 to 90, at most 50.5: one value; 51 is above the maximum
    "a maximum below the range": ByHand(
        per_kg("0.5", "0.75", "50.5"), "120", ("50", "50.5"), ("50", "50")
    ),
    # 60 to 90, at most 50; of 45 and 60, 60 is above the maximum
    "a maximum between two steps": ByHand(
        per_kg("0.5", "0.75", "50", "15"), "120", ("45", "50"), ("45", "45")
    ),
    # 0.8 x 60 = 48; of 45 and 50, 50 is nearer, and is the maximum
    "the nearest step is the maximum": ByHand(
        per_kg("0.8", "0.8", "50", "5"), "60", ("48", "50"), ("50", "50")
    ),
    # 35.25 to 70.5: the first multiple of 5 inside is 40, the last 70
    "steps inside the range": ByHand(
        per_kg("0.5", "1", None, "5"), "70.5", ("40", "70"), ("40", "70")
    ),
    # 35 to 70: both ends are multiples of 5
    "steps at the ends": ByHand(per_kg("0.5", "1", None, "5"), "70", ("35", "70"), ("35", "70")),
    # 32 to 38.4, with no multiple of 10 inside; the middle, 35.2, is nearer to 40, though 32 is not
    "no step inside the range": ByHand(
        per_kg("0.4", "0.48", None, "10"), "80", ("32", "40"), ("40", "40")
    ),
    # the same, but 40 is above the maximum
    "no step inside the range, at the maximum": ByHand(
        per_kg("0.4", "0.48", "39", "10"), "80", ("30", "38.4"), ("30", "30")
    ),
    # 5 to 10: the nearest multiple of 100 is nothing, so the row is not rounded to it
    "a step above the range": ByHand(per_kg("0.1", "0.2", None, "100"), "50", ("5", "10"), None),
    # as the row says, at any weight
    "a fixed dose": ByHand(fixed("28.3", "28.3"), "70", ("28.3", "28.3"), ("28.3", "28.3")),
    # 30 to 33, with no multiple of 20 inside; the middle, 31.5, is nearer to 40
    "a fixed dose in steps": ByHand(fixed("30", "33", "20"), "70", ("30", "40"), ("40", "40")),
}


@pytest.mark.parametrize("case", BY_HAND.values(), ids=BY_HAND)
def test_the_reckoner_says_what_was_worked_out_by_hand(case: ByHand) -> None:
    reckoned = reckon(case.row, Fraction(case.kg))
    assert reckoned.accepted == _ends(case.accepted)
    assert reckoned.rounded == (case.rounded and _ends(case.rounded))


def _ends(ends: tuple[str, str]) -> Ends:
    return Ends(*map(Fraction, ends))


# ------------------------------------------------------------ the program beside the reckoner


class Sample(NamedTuple):
    """A protocol's file, and its rows at some weights."""

    file: Path
    cases: list[Case]


def _by_hand(first: int, last: int) -> list[Case]:
    slots = zip(ROUTES_AND_DRUGS, list(BY_HAND.values())[first:last], strict=False)
    return [
        case_of(Random(SEED), LocalRow(*slot, case.row), BodyWeight(Decimal(case.kg), "kg"))
        for slot, case in slots
    ]


def _random(seed: int) -> list[Case]:
    random = Random(seed)
    return random_cases(random, random_rows(random), WEIGHTS)


_CASES: dict[str, Callable[[], list[Case]]] = {
    "by hand": lambda: _by_hand(0, len(ROUTES_AND_DRUGS)),
    "by hand, more": lambda: _by_hand(len(ROUTES_AND_DRUGS), len(BY_HAND)),
    **{f"random {seed}": partial(_random, seed) for seed in SEEDS},
}


@pytest.fixture(scope="module", params=list(_CASES))
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    cases = _CASES[request.param]()
    file = tmp_path_factory.mktemp("protocol") / "ours.toml"
    file.write_text(toml(dict.fromkeys(case.row for case in cases)), encoding="utf-8")
    return Sample(file, cases)


def test_dose_check_and_chart_say_what_the_reckoner_says(sample: Sample) -> None:
    reference = Reference.open(sample.file, today=TODAY)
    assert [each for case in sample.cases for each in in_answers(reference, case)] == []


def test_an_audit_says_what_the_reckoner_says(run: Run, sample: Sample, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    lines = [Line(*line) for _, *line in table(sample.cases)]
    file = write_csv(tmp_path / "doses.csv", lines)
    audited(run, str(file), "--protocol", str(sample.file), "--rows", str(rows))
    assert list(in_audit(sample.cases, [_found(row) for row in read_rows(rows)])) == []


def _found(row: dict[str, str]) -> FoundRow:
    """Return a row of the file that an audit writes as the engines return it."""
    cells: list[object] = [int(row["id"])]
    for added in (ADDED, LOCAL_ADDED):
        cells += [row[name] or None for name in added[:3]]
        cells += [row[name] and Fraction(row[name]) for name in added[3:5]]
    return tuple(cells)


def test_the_random_cases_try_each_way_of_rounding_and_each_position() -> None:
    kinds: Counter[str] = Counter()
    for case in (case for seed in SEEDS for case in _random(seed)):
        calculated, limited, accepted, rounded = case.reckoned
        kinds["limited by the maximum"] += limited != calculated
        kinds["as calculated"] += rounded is None
        kinds["inward to steps"] += bool(case.row.terms.step) and limited.low < accepted.low
        kinds["down to one value"] += accepted.low < limited.low
        kinds["up to one value"] += accepted.high > limited.high
        kinds["down to the maximum"] += accepted.low < limited.low == case.row.terms.maximum
        for dose in case.doses:
            kinds[accepted.position(dose.mg)] += 1
    assert len(kinds) == 9
    assert min(kinds.values()) >= 10, kinds


# ------------------------------------------------------------ what dose shows is inside

# A row from above, and by hand too, where each dose lies in what it comes to.
SHOWN_IS_INSIDE = {
    "one value": {"34.999": "below", "35": "inside", "35.25": "inside", "35.251": "above"},
    "a maximum between two steps": {
        "44.999": "below", "45": "inside", "49.9": "inside", "50": "inside", "50.001": "above",
    },
    "a maximum below the range": {
        "49.999": "below", "50": "inside", "50.2": "inside", "50.5": "inside", "51": "above",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SHOWN_IS_INSIDE)
def test_the_dose_that_is_shown_is_inside_for_check_and_for_an_audit(
    run: Run, tmp_path: Path, name: str
) -> None:
    """H: boundary-by-float. Once, 35 mg of 35.25 mg was inside for one and below for the other."""
    case, expected = BY_HAND[name], SHOWN_IS_INSIDE[name]
    protocol, rows = tmp_path / "ours.toml", tmp_path / "rows.csv"
    protocol.write_text(toml([LocalRow(Route.IV, Drug.KETAMINE, case.row)]), encoding="utf-8")
    with_protocol = ("--protocol", str(protocol))
    shown = json.loads(run("dose", f"{case.kg}kg", "-r", "iv", *with_protocol, "-f", "json").stdout)
    assert str(shown["local"][0]["dose"]["low"]["value"]) in expected
    checked = {}
    for dose in expected:
        line = ("check", f"{dose}mg", "-r", "iv", "-w", f"{case.kg}kg", "--over", "40min")
        answer = json.loads(run(*line, *with_protocol, "-f", "json").stdout)
        checked[dose] = answer["local"][0]["position"]
    assert checked == expected
    lines = [Line("iv", "ketamine", dose, "mg", case.kg, "kg") for dose in expected]
    file = write_csv(tmp_path / "doses.csv", lines)
    audited(run, str(file), *with_protocol, "--rows", str(rows))
    found = read_rows(rows)
    assert [row["ketaref_local_class"] for row in found] == list(expected.values())
    limits = {(row["ketaref_local_low_mg"], row["ketaref_local_high_mg"]) for row in found}
    assert limits == {case.accepted}
