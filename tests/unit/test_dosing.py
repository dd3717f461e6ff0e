"""What a row resolves to for a weight: as calculated, and not above its maximum. By hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from pydantic import ValidationError

from ketaref.dosing import Position, Rounding, resolve
from ketaref.model.dose_row import Amount, Basis
from tests.unit.rows import Ends, at_100_kg, kg, row, span

# ------------------------------------------------------------ as calculated


@pytest.mark.parametrize(
    ("weight", "calculated"),
    [
        ("70", ("35", "70")),
        ("70.5", ("35.25", "70.5")),
        ("69.85322498", ("34.92661249", "69.85322498")),  # 154 lb
    ],
)
def test_a_range_per_kg_is_multiplied_by_the_weight_and_stays_exact(
    weight: str, calculated: Ends
) -> None:
    resolved = resolve(row(("0.5", "1")), kg(weight))
    exactly = span(calculated)
    assert resolved == (exactly, exactly, exactly, exactly, Rounding.INWARD)
    assert not resolved.is_limited


def test_a_fixed_range_is_what_it_states_whatever_the_weight() -> None:
    stated = span(("30", "60"))
    for weight in (None, kg("30"), kg("200")):
        resolved = resolve(row(("30", "60"), basis=Basis.FIXED), weight)
        assert resolved == (stated, stated, stated, stated, Rounding.NONE)


def test_a_range_per_kg_needs_a_body_weight() -> None:
    with pytest.raises(ValueError, match="needs a body weight"):
        resolve(row(("0.5", "1")), None)


# ------------------------------------------------------------ a maximum


@pytest.mark.parametrize(
    ("maximum", "limited", "is_limited"),
    [
        ("100", ("40", "80"), False),
        ("80", ("40", "80"), False),  # at the high end it changes nothing
        ("79.999", ("40", "79.999"), True),
        ("50", ("40", "50"), True),
    ],
)
def test_a_maximum_lowers_the_high_end(maximum: str, limited: Ends, *, is_limited: bool) -> None:
    resolved = at_100_kg(("40", "80"), maximum)
    assert resolved.calculated == span(("40", "80"))
    assert resolved.limited == resolved.shown == resolved.accepted == span(limited)
    assert resolved.rounding is Rounding.INWARD
    assert resolved.is_limited is is_limited


@pytest.mark.parametrize("maximum", ["40", "35"])
def test_a_maximum_at_or_below_the_low_end_leaves_one_value(maximum: str) -> None:
    resolved = at_100_kg(("40", "80"), maximum)
    only = span((maximum, maximum))
    assert resolved[1:] == (only, only, only, Rounding.NEAREST)
    assert resolved.is_limited


# ------------------------------------------------------------ a fixed range


@pytest.mark.parametrize(
    ("ends", "step", "shown", "accepted", "rounding"),
    [
        (("28", "84"), None, ("28", "84"), ("28", "84"), Rounding.NONE),
        (("30.5", "30.5"), None, ("30.5", "30.5"), ("30.5", "30.5"), Rounding.NONE),
        (("28", "84"), "10", ("30", "80"), ("30", "80"), Rounding.STEPS),
        (("31", "38"), "10", ("30", "30"), ("30", "38"), Rounding.NEAREST_STEP),  # 34.5
        (("33", "33"), "5", ("35", "35"), ("33", "35"), Rounding.NEAREST_STEP),
        (("1", "2"), "10", ("1", "2"), ("1", "2"), Rounding.NONE),
    ],
)
def test_a_fixed_range_is_rounded_only_to_its_step(
    ends: Ends, step: str | None, shown: Ends, accepted: Ends, rounding: Rounding
) -> None:
    resolved = resolve(row(ends, step=step, basis=Basis.FIXED), None)
    assert resolved[2:] == (span(shown), span(accepted), rounding)


# ------------------------------------------------------------ where a dose lies


@pytest.mark.parametrize(
    ("mg", "position"),
    [
        ("34.999", Position.BELOW),
        ("35", Position.INSIDE),
        ("48", Position.INSIDE),
        ("70", Position.INSIDE),
        ("70.001", Position.ABOVE),
    ],
)
def test_both_ends_belong_to_a_range(mg: str, position: Position) -> None:
    assert span(("35", "70")).position(Fraction(mg)) is position


@pytest.mark.parametrize("unit", ["mcg", "g", "mg/kg", ""])
def test_a_maximum_or_a_step_is_in_mg(unit: str) -> None:
    with pytest.raises(ValidationError, match="unit"):
        Amount.model_validate({"value": Decimal(10), "unit": unit})
