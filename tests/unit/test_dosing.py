"""A range capped and in steps, by hand."""

from fractions import Fraction

import pytest

from ketaref.dosing import Span, capped, in_steps
from ketaref.units import quantity


def span(low: int, high: int, unit: str = "mg") -> Span:
    return Span(quantity(Fraction(low), unit), quantity(Fraction(high), unit))


@pytest.mark.parametrize(
    ("low", "high", "step", "multiples"),
    [
        (35, 70, 10, (40, 70)),
        (30, 70, 10, (30, 70)),
        (31, 79, 10, (40, 70)),
        (9, 100, 5, (10, 100)),
        (35, 39, 5, (35, 35)),
        (36, 44, 10, (40, 40)),
        (41, 49, 10, None),
        (1, 9, 10, None),
        (1, 1, 1, (1, 1)),
    ],
)
def test_only_whole_steps_within_a_range_are_given(
    low: int, high: int, step: int, multiples: tuple[int, int] | None
) -> None:
    stepped = in_steps(span(low, high), quantity(Fraction(step), "mg"))
    assert stepped == (None if multiples is None else span(*multiples))


def test_a_step_in_another_unit_is_the_same_step() -> None:
    assert in_steps(span(36, 44), quantity(Fraction(10_000), "mcg")) == span(40, 40)


@pytest.mark.parametrize(
    ("low", "high", "cap", "left"),
    [
        (35, 70, 80, (35, 70)),
        (35, 70, 70, (35, 70)),
        (35, 70, 50, (35, 50)),
        (60, 120, 50, (50, 50)),
    ],
)
def test_a_cap_lowers_each_end_that_is_above_it(
    low: int, high: int, cap: int, left: tuple[int, int]
) -> None:
    assert capped(span(low, high), quantity(Fraction(cap), "mg")) == span(*left)
    assert capped(span(low, high), None) == span(low, high)
