"""How a row's range is rounded: to multiples of its step, or to one value. By hand.

Inward to multiples of the step; where the ends are equal, or no multiple lies between them, to one
value, never above the maximum, and the range that is accepted then reaches to it.
"""

from fractions import Fraction

import pytest

from ketaref.dosing import Rounding, resolve
from tests.unit.rows import Ends, at_100_kg, kg, row, span

# ------------------------------------------------------------ a step


@pytest.mark.parametrize(
    ("ends", "step", "multiples"),
    [
        (("35", "70"), "10", ("40", "70")),
        (("30", "70"), "10", ("30", "70")),  # the ends are multiples themselves
        (("31", "79"), "10", ("40", "70")),
        (("9", "100"), "5", ("10", "100")),
        (("35", "39"), "5", ("35", "35")),  # one multiple: the low end
        (("36", "40"), "5", ("40", "40")),  # the high end
        (("36", "44"), "10", ("40", "40")),  # between them
        (("17.5", "35"), "2.5", ("17.5", "35")),
        (("17.4", "35.1"), "2.5", ("17.5", "35")),
        (("0.31", "0.64"), "0.1", ("0.4", "0.6")),
    ],
)
def test_a_step_narrows_the_range_to_the_multiples_inside_it(
    ends: Ends, step: str, multiples: Ends
) -> None:
    resolved = at_100_kg(ends, step=step)
    assert resolved.calculated == resolved.limited == span(ends)
    assert resolved.shown == resolved.accepted == span(multiples)
    assert resolved.rounding is Rounding.STEPS


@pytest.mark.parametrize(
    ("ends", "step", "value"),
    [
        (("41", "48"), "10", "40"),  # their middle, 44.5, is nearer to 40
        (("42", "49"), "10", "50"),  # 45.5
        (("41", "49"), "10", "50"),  # 45, halfway: the upper
        (("11", "14"), "5", "15"),  # 12.5, halfway: the upper
        (("10.25", "12.3"), "5", "10"),  # 11.275
        (("1", "9"), "10", "10"),  # 5, halfway: the upper
    ],
)
def test_where_no_multiple_lies_inside_it_is_the_nearest_and_the_range_reaches_to_it(
    ends: Ends, step: str, value: str
) -> None:
    resolved = at_100_kg(ends, step=step)
    exact, rounded = span(ends), Fraction(value)
    assert resolved.limited == exact
    assert resolved.shown == (rounded, rounded)
    assert resolved.accepted == (min(exact.low, rounded), max(exact.high, rounded))
    assert resolved.rounding is Rounding.NEAREST_STEP


@pytest.mark.parametrize(
    ("exact", "step", "value"),
    [
        ("37.4", "5", "35"),
        ("37.5", "5", "40"),  # halfway: the upper
        ("37.6", "5", "40"),
        ("3", "5", "5"),
        ("2.5", "5", "5"),
    ],
)
def test_equal_ends_with_a_step_are_the_nearest_multiple(exact: str, step: str, value: str) -> None:
    resolved = at_100_kg((exact, exact), step=step)
    assert resolved.shown == span((value, value))
    between = sorted([exact, value], key=Fraction)
    assert resolved.accepted == span((between[0], between[1]))
    assert resolved.rounding is Rounding.NEAREST_STEP


def test_equal_ends_on_a_multiple_are_that_multiple() -> None:
    resolved = at_100_kg(("40", "40"), step="5")
    assert resolved.shown == resolved.accepted == span(("40", "40"))
    assert resolved.rounding is Rounding.STEPS


@pytest.mark.parametrize(
    ("ends", "step"),
    [
        (("1", "2"), "10"),  # the nearest multiple of 10 to 1.5 is 0
        (("2", "4"), "10"),
        (("4.9", "5"), "10"),  # 4.95
    ],
)
def test_a_step_that_would_leave_nothing_is_not_used(ends: Ends, step: str) -> None:
    resolved = at_100_kg(ends, step=step)
    exact = span(ends)
    assert resolved == (exact, exact, exact, exact, Rounding.INWARD)


def test_a_step_that_would_leave_nothing_of_one_value_is_not_used() -> None:
    resolved = at_100_kg(("2.34", "2.34"), step="5")
    assert resolved.shown == span(("2.3", "2.3"))
    assert resolved.accepted == span(("2.3", "2.34"))
    assert resolved.rounding is Rounding.NEAREST


# ------------------------------------------------------------ a maximum and a step


@pytest.mark.parametrize(
    ("ends", "maximum", "step", "result"),
    [
        # 60 to 90 are 60 to 72; the multiples of 5 inside are 60 to 70
        (("60", "90"), "72", "5", (("60", "70"), ("60", "70"), Rounding.STEPS)),
        # both ends are 48: 50 is nearer, but above the maximum; 45 it is
        (("60", "90"), "48", "5", (("45", "45"), ("45", "48"), Rounding.NEAREST_STEP)),
        (("60", "90"), "47", "5", (("45", "45"), ("45", "47"), Rounding.NEAREST_STEP)),
        (("60", "90"), "50", "5", (("50", "50"), ("50", "50"), Rounding.STEPS)),
        # 46 to 48: no multiple of 5; 47 is nearer to 45
        (("46", "90"), "48", "5", (("45", "45"), ("45", "48"), Rounding.NEAREST_STEP)),
        # 48 to 49: 50 is nearer, but above the maximum
        (("48", "90"), "49", "5", (("45", "45"), ("45", "49"), Rounding.NEAREST_STEP)),
        # a maximum below half a step, and one below the first step: nothing left of either
        (("60", "90"), "48", "100", (("48", "48"), ("48", "48"), Rounding.NEAREST)),
        (("60", "90"), "60", "100", (("60", "60"), ("60", "60"), Rounding.NEAREST)),
        (("60", "90"), "80", "100", (("60", "80"), ("60", "80"), Rounding.INWARD)),
    ],
)
def test_a_multiple_of_the_step_is_never_above_the_maximum(
    ends: Ends, maximum: str, step: str, result: tuple[Ends, Ends, Rounding]
) -> None:
    shown, accepted, rounding = result
    resolved = at_100_kg(ends, maximum, step)
    assert resolved.calculated == span(ends)
    assert resolved[2:] == (span(shown), span(accepted), rounding)


# ------------------------------------------------------------ one value, without a step


@pytest.mark.parametrize(
    ("exact", "value"),
    [
        ("35", "35"),
        ("35.4", "35"),
        ("35.5", "36"),  # halfway: the upper
        ("36.5", "37"),
        ("10", "10"),
        ("10.4", "10"),  # whole mg from 10 mg
        ("9.99", "10"),  # 0.1 mg below it: 10.0 is nearer than 9.9
        ("9.94", "9.9"),
        ("9.95", "10"),
        ("0.349", "0.3"),
        ("0.35", "0.4"),
        ("0.05", "0.1"),
        ("0.049", "0.049"),  # 0 mg would be no dose
    ],
)
def test_equal_ends_are_rounded_to_1_mg_from_10_mg_and_to_a_tenth_below(
    exact: str, value: str
) -> None:
    resolved = at_100_kg((exact, exact))
    assert resolved.limited == span((exact, exact))
    assert resolved.shown == span((value, value))
    between = sorted([exact, value], key=Fraction)
    assert resolved.accepted == span((between[0], between[1]))
    assert resolved.rounding is Rounding.NEAREST


@pytest.mark.parametrize(
    ("maximum", "value"),
    [
        ("48.2", "48"),
        ("48.6", "48"),  # 49 is nearer, but above the maximum
        ("9.97", "9.9"),  # 10 likewise
        ("0.26", "0.2"),  # 0.3 likewise
        ("0.06", "0.06"),  # 0.1 likewise, and below it nothing is left
    ],
)
def test_one_value_is_never_rounded_above_the_maximum(maximum: str, value: str) -> None:
    resolved = at_100_kg(("60", "90"), maximum)
    assert resolved[1:] == (
        span((maximum, maximum)),
        span((value, value)),
        span((value, maximum)),
        Rounding.NEAREST,
    )


def test_equal_ends_may_be_rounded_above_themselves_but_not_above_a_maximum() -> None:
    free = resolve(row(("0.5", "0.5")), kg("71.2"))  # 35.6 mg
    assert (free.shown, free.accepted) == (span(("36", "36")), span(("35.6", "36")))
    capped = resolve(row(("0.5", "0.5"), "35.8"), kg("71.2"))
    assert (capped.shown, capped.accepted) == (span(("35", "35")), span(("35", "35.6")))
    assert not capped.is_limited
