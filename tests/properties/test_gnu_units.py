"""Every conversion and every shown end of a range, against the program GNU units."""

import random
import subprocess
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

import pytest

from ketaref.dosing import Span, rates, resolve, volumes
from ketaref.model.names import Route
from ketaref.notation import round_inward
from ketaref.store import load_dataset
from ketaref.units import (
    Dose,
    Duration,
    magnitude,
    parse_dose,
    parse_duration,
    parse_strength,
    parse_weight,
)

pytestmark = pytest.mark.system_package("units")

Question = tuple[str, str]  # an expression, and the unit to give it in

# What GNU units prints is a double with 15 digits, of which 14 are relied on.
FOURTEEN = Context(prec=14)
BOUNDS = [(Route.IV, "0.5", "1"), (Route.SUBLINGUAL, "0.2", "0.4")]
TABLE = ["70 kg", "154 lb", "11 st 4 lb", "20 kg", "350 kg", "44.093 lb", "771.617 lb", "30.1 kg"]
STRENGTHS, DURATIONS = ["1", "2", "10", "30", "50", "100", "0.7"], ["40", "60", "45.5", "7"]


def gnu_units(questions: list[Question]) -> list[Decimal]:
    """Put many questions to one process, and return its answers."""
    done = subprocess.run(
        # terse; no history file; the program's own definitions and not a user's
        ["units", "--terse", "--digits", "15", "--history", "", "--file", ""],
        input="".join(f"{expression}\n{unit}\n" for expression, unit in questions),
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answers = done.stdout.split("\n")[:-1]
    assert len(answers) == len(questions), done.stdout[:500] + done.stderr[:500]
    return [Decimal(answer) for answer in answers]


def random_weights(count: int) -> list[str]:
    """Return the same weights at each run, a third of them in each unit, all accepted."""
    some = random.Random(154)
    weights = []
    for _ in range(count // 3):
        decimals = some.randint(0, 3)
        weights.append(f"{some.uniform(20, 350):.{decimals}f} kg")
        weights.append(f"{some.uniform(44.6, 771.1):.{decimals}f} lb")
        weights.append("{} st {} lb".format(*divmod(some.randint(45, 771), 14)))
    return weights


WEIGHTS = TABLE + random_weights(300)
MANY_WEIGHTS = TABLE + random_weights(10_002)  # for the question that comes most often: the dose


def expression(weight: str) -> str:
    return f"({weight.replace(' st ', ' stone + ')})"


def last_place(value: Decimal, unit: str) -> Decimal:
    """Return what is shown of a value of this size: the rules of the manual, written again."""
    if unit == "mg/min":
        return Decimal(1).scaleb(value.adjusted() - 2)
    small, large = ("0.1", "1") if unit == "mg" else ("0.01", "0.1")
    return Decimal(small if value < 10 else large)


def agree(ours: Fraction, theirs: Decimal) -> bool:
    """Return whether two values are the same to 14 significant digits."""
    half = Fraction(1, 2) / Fraction(10) ** (13 - theirs.adjusted())
    return abs(ours - Fraction(theirs)) <= half


def disagreements(
    unit: str,
    questions: list[tuple[Question, Question]],
    ours: list[Span],
) -> list[str]:
    """Compare each range with what GNU units makes of it: exactly, and as it is shown."""
    answers = gnu_units([question for pair in questions for question in pair])
    found = []
    for pair, ends, answer_low, answer_high in zip(
        questions, ours, answers[::2], answers[1::2], strict=True
    ):
        low, high = FOURTEEN.plus(answer_low), FOURTEEN.plus(answer_high)
        shown = (
            low.quantize(last_place(low, unit), ROUND_CEILING),
            high.quantize(last_place(high, unit), ROUND_FLOOR),
        )
        exactly = agree(ends[0], answer_low) and agree(ends[1], answer_high)
        ours_shown = round_inward(*ends, unit)
        if not exactly or ours_shown != shown:
            found.append(f"{pair}: {ends}, {ours_shown}; theirs {low}, {high}, {shown}")
    return found


def test_weights_in_kg_agree() -> None:
    answers = gnu_units([(expression(weight), "kg") for weight in WEIGHTS])
    assert len(answers) == 308
    for weight, answer in zip(WEIGHTS, answers, strict=True):
        assert agree(parse_weight(weight, confirmed=True).kg, answer), weight


def doses(route: Route, weight: str) -> Span:
    """Return what a published row comes to for a weight, in mg."""
    row = load_dataset().row(route)
    assert row is not None
    return resolve(row, parse_weight(weight, confirmed=True)).shown


def disagreements_in_mg(route: Route, low: str, high: str) -> list[str]:
    """Return where the limits of a row for many weights differ from those of the other program."""
    questions = [
        (
            (f"{expression(weight)} * {low} mg / kg", "mg"),
            (f"{expression(weight)} * {high} mg / kg", "mg"),
        )
        for weight in MANY_WEIGHTS
    ]
    ours = [doses(route, weight) for weight in MANY_WEIGHTS]
    return disagreements("mg", questions, ours)


@pytest.mark.parametrize(("route", "low", "high"), BOUNDS, ids=["iv", "sublingual"])
def test_doses_in_mg_agree(route: Route, low: str, high: str) -> None:
    assert len(MANY_WEIGHTS) > 10_000
    assert disagreements_in_mg(route, low, high) == []


@pytest.mark.parametrize(
    ("unit", "divisors", "per"),
    [("mL", STRENGTHS, "mg/mL"), ("mg/min", DURATIONS, "min")],
    ids=["volumes", "rates"],
)
def test_volumes_and_rates_agree(unit: str, divisors: list[str], per: str) -> None:
    questions, ours = [], []
    for weight in WEIGHTS:
        milligrams = doses(Route.IV, weight)
        for divisor in divisors:
            low, high = (
                (f"({expression(weight)} * {bound} mg / kg) / ({divisor} {per})", unit)
                for bound in ("0.5", "1")
            )
            questions.append((low, high))
            if unit == "mL":
                ours.append(volumes(milligrams, parse_strength(f"{divisor} mg/mL")))
            else:
                ours.append(rates(milligrams, parse_duration(f"{divisor} min")))
    assert disagreements(unit, questions, ours) == []


@pytest.mark.parametrize(
    ("read", "text", "unit", "theirs"),
    [
        (parse_dose, "9.999999 g", "mg", "9.999999 gram"),
        (parse_dose, "45359.237 mcg", "mg", "45359.237 microgram"),
        (parse_duration, "99.99 h", "min", "99.99 hour"),
    ],
    ids=["g", "mcg", "h"],
)
def test_what_is_typed_in_another_unit_agrees(
    read: Callable[[str], Dose | Duration], text: str, unit: str, theirs: str
) -> None:
    [answer] = gnu_units([(theirs, unit)])
    assert magnitude(read(text).quantity, unit) == Fraction(answer)


def test_another_pound_would_be_noticed() -> None:
    ours = [doses(Route.IV, "154 lb")]
    for pound, expected in (("lb", 0), ("troypound", 1)):
        questions = [((f"154 {pound} * 0.5 mg / kg", "mg"), (f"154 {pound} * 1 mg / kg", "mg"))]
        assert len(disagreements("mg", questions, ours)) == expected
