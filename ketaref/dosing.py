"""The arithmetic, exact and without side effects: what a row comes to, and where a dose lies.

A row, published or a clinic's, resolves once for a weight, and every answer uses that one result:
as calculated; not above its maximum; in multiples of its rounding step.
"""

from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from ketaref.model.dose_row import Basis, RangeRow
from ketaref.notation import nearest
from ketaref.units import Dose, Duration, Strength, Weight, magnitude, quantity

if TYPE_CHECKING:
    from ketaref.units.registry import PintQuantity

# What one value is rounded to where the row has no step: whole mg from 10 mg, else 0.1 mg, as the
# ends of a range are. An engineering choice.
_WHOLE_FROM_MG = 10
_WHOLE, _TENTH = Fraction(1), Fraction(1, 10)


class Position(StrEnum):
    """Where a dose lies in a range; both ends belong to it.

    Between is a dose that is none of the fixed doses of a row, such as 50 mg of devices of 28 mg.
    """

    BELOW = "below"
    INSIDE = "inside"
    BETWEEN = "between"
    ABOVE = "above"


class Span(NamedTuple):
    """The exact ends of a range, in one unit that is known where it is used."""

    low: Fraction
    high: Fraction

    def position(self, value: Fraction) -> Position:
        """Return where a value in the same unit lies, exactly."""
        if value < self.low:
            return Position.BELOW
        return Position.ABOVE if value > self.high else Position.INSIDE

    def times(self, factor: Fraction) -> "Span":
        """Return the range with both ends multiplied."""
        return Span(self.low * factor, self.high * factor)

    def at_most(self, maximum: Fraction) -> "Span":
        """Return the range with neither end above a maximum."""
        return Span(min(self.low, maximum), min(self.high, maximum))

    def with_value(self, value: Fraction) -> "Span":
        """Return the range extended to hold a value."""
        return Span(min(self.low, value), max(self.high, value))


class Rounding(StrEnum):
    """How the ends that are shown came from the exact ones."""

    INWARD = "inward"  # for people, when they are written
    STEPS = "steps"  # inward to multiples of the row's step
    NEAREST_STEP = "nearest_step"  # to one multiple of the step
    NEAREST = "nearest"  # to one value, without a step
    NONE = "none"  # as the row states them


class Resolved(NamedTuple):
    """What a row comes to for a weight, in mg: the one result that every answer uses.

    ``shown`` is what is written for people, before the digits are cut where ``rounding`` is inward;
    ``accepted`` is what a dose is compared with. What is shown is always inside what is accepted.
    """

    calculated: Span
    limited: Span
    shown: Span
    accepted: Span
    rounding: Rounding

    @property
    def is_limited(self) -> bool:
        """Whether the maximum changes the range."""
        return self.limited != self.calculated


def resolve(row: RangeRow, weight: Weight | None) -> Resolved:
    """Return what a row comes to for a weight, in mg per dose; a fixed row needs no weight.

    >>> from ketaref.store import load_dataset
    >>> from ketaref.model.names import Route
    >>> from ketaref.units import parse_weight
    >>> resolve(load_dataset().row(Route.IV), parse_weight("70.5 kg")).accepted
    Span(low=Fraction(141, 4), high=Fraction(141, 2))
    """
    calculated = _calculated(row, weight)
    maximum = Fraction(row.maximum.value) if row.maximum else None
    limited = calculated if maximum is None else calculated.at_most(maximum)
    if row.rounding_step:
        stepped = _in_steps(limited, Fraction(row.rounding_step.value), maximum)
        if stepped:
            shown, accepted = stepped
            rounding = Rounding.STEPS if shown == accepted else Rounding.NEAREST_STEP
            return Resolved(calculated, limited, shown, accepted, rounding)
    if row.basis is Basis.FIXED:
        return Resolved(calculated, limited, limited, limited, Rounding.NONE)
    if limited.low < limited.high:
        return Resolved(calculated, limited, limited, limited, Rounding.INWARD)
    value = one_value(limited.low, maximum)
    return Resolved(
        calculated, limited, Span(value, value), limited.with_value(value), Rounding.NEAREST
    )


def _calculated(row: RangeRow, weight: Weight | None) -> Span:
    stated = Span(Fraction(row.low), Fraction(row.high))
    if row.basis is Basis.FIXED:
        return stated
    if weight is None:
        raise ValueError("a range per kg needs a body weight")
    return stated.times(weight.kg)


def _in_steps(doses: Span, step: Fraction, maximum: Fraction | None) -> tuple[Span, Span] | None:
    """Return what is shown and what is accepted, in multiples of a step; None where none fits.

    Where no multiple lies between the ends, it is the one nearest to them that is not above the
    maximum; the accepted range then reaches from the exact ends to it.
    """
    low, high = ceil(doses.low / step) * step, floor(doses.high / step) * step
    if low <= high:
        return Span(low, high), Span(low, high)
    value = nearest((doses.low + doses.high) / 2, step)
    if maximum is not None and value > maximum:
        value -= step
    if value <= 0:
        return None
    return Span(value, value), doses.with_value(value)


def one_value(exact: Fraction, maximum: Fraction | None = None) -> Fraction:
    """Return one value of mg, to the nearest; not above the maximum, never rounded to nothing.

    >>> one_value(Fraction("35.25"))
    Fraction(35, 1)
    """
    step = _WHOLE if exact >= _WHOLE_FROM_MG else _TENTH
    value = nearest(exact, step)
    if maximum is not None and value > maximum:
        value -= step
    return value if value > 0 else exact


def position_of(row: RangeRow, resolved: Resolved, dose: Dose) -> Position:
    """Return where a dose lies in what a row resolves to."""
    position = resolved.accepted.position(dose.mg)
    if position is Position.INSIDE and row.steps and dose.mg not in map(Fraction, row.steps):
        return Position.BETWEEN
    return position


def dose_per_kg(dose: Dose, weight: Weight) -> Fraction:
    """Return a dose in mg per kg of body weight."""
    per_kg: PintQuantity = dose.quantity / weight.quantity
    return magnitude(per_kg, "mg/kg")


def volumes(doses: Span, strength: Strength) -> Span:
    """Return the volumes, in mL, that hold a range of doses in mg at a strength."""
    return _quotient(doses, "mg", strength.quantity, "mL")


def rates(doses: Span, over: Duration) -> Span:
    """Return the rates, in mg/min, of a range of doses in mg given evenly over a duration."""
    return _quotient(doses, "mg", over.quantity, "mg/min")


def pump_rates(volumes: Span, over: Duration) -> Span:
    """Return the rates, in mL/h, of a range of volumes in mL run in evenly over a duration."""
    return _quotient(volumes, "mL", over.quantity, "mL/h")


def _quotient(amounts: Span, amount_unit: str, divisor: "PintQuantity", unit: str) -> Span:
    low, high = (magnitude(quantity(end, amount_unit) / divisor, unit) for end in amounts)
    return Span(low, high)


def position_of_duration(row: RangeRow, over: Duration) -> Position | None:
    """Return where a duration lies in the row's own, or None where it states none in figures."""
    return None if row.minutes is None else Span(*row.minutes).position(over.minutes)


def is_whole_steps(row: RangeRow, dose: Dose) -> bool:
    """Return whether a dose is a whole number of the row's first step, such as a device."""
    return (dose.mg / Fraction(row.steps[0])).denominator == 1
