"""The arithmetic, exact and without side effects: a range for a weight, and a dose in a range."""

from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from ketaref.model.doses import Basis, DoseRow, PublishedDuration, RangeRow
from ketaref.model.protocol import LocalDuration
from ketaref.units import Dose, Duration, Strength, Weight, magnitude, quantity

if TYPE_CHECKING:
    from ketaref.units.registry import Quantity


class Place(StrEnum):
    """Where a value lies in a range; both ends belong to it."""

    BELOW = "below"
    INSIDE = "inside"
    ABOVE = "above"


class Span(NamedTuple):
    """A range of quantities, low to high."""

    low: "Quantity"
    high: "Quantity"

    def within(self, unit: str) -> tuple[Fraction, Fraction]:
        """Return the exact ends in a unit."""
        return magnitude(self.low, unit), magnitude(self.high, unit)

    def place(self, value: "Quantity") -> Place:
        """Return where a quantity of the same dimension lies, exactly."""
        if value < self.low:
            return Place.BELOW
        return Place.ABOVE if value > self.high else Place.INSIDE


def published_range(row: RangeRow) -> Span:
    """Return the range as published: in mg per kg of body weight, or in mg."""
    return Span(quantity(Fraction(row.low), row.unit), quantity(Fraction(row.high), row.unit))


def dose_range(row: RangeRow, weight: Weight | None) -> Span:
    """Return the range for a weight, in mg per dose; a fixed row does not use the weight."""
    span = published_range(row)
    if row.basis is Basis.FIXED:
        return span
    if weight is None:
        raise ValueError("a per-kg range needs a body weight")
    return Span(span.low * weight.quantity, span.high * weight.quantity)


def dose_per_kg(dose: Dose, weight: Weight) -> "Quantity":
    """Return a dose per kg of body weight."""
    per_kg: Quantity = dose.quantity / weight.quantity
    return per_kg


def place_in_range(row: DoseRow, dose: Dose, weight: Weight | None) -> Place:
    """Return where a dose lies in a row's range; a per-kg row needs the weight.

    >>> from ketaref.store import load_dataset
    >>> from ketaref.model.names import Route
    >>> from ketaref.units import parse_dose, parse_weight
    >>> row = load_dataset().row(Route.SUBLINGUAL)
    >>> place_in_range(row, parse_dose("6.02 mg"), parse_weight("30.1 kg")).value
    'inside'
    """
    if row.basis is Basis.FIXED:
        return published_range(row).place(dose.quantity)
    if weight is None:
        raise ValueError("a per-kg range needs a body weight")
    return published_range(row).place(dose_per_kg(dose, weight))


def capped(doses: Span, maximum: "Quantity | None") -> Span:
    """Return a range of doses with neither end above an absolute maximum."""
    if maximum is None:
        return doses
    return Span(min(doses.low, maximum), min(doses.high, maximum))


def in_steps(doses: Span, step: "Quantity") -> Span | None:
    """Return the least and the greatest multiple of a step in a range, or None if there is none."""
    low = ceil((doses.low / step).to("").magnitude)
    high = floor((doses.high / step).to("").magnitude)
    return Span(low * step, high * step) if low <= high else None


def volume_range(doses: Span, strength: Strength) -> Span:
    """Return the volumes, in mL, that hold a range of doses at a strength."""
    return Span(doses.low / strength.quantity, doses.high / strength.quantity)


def rate_range(doses: Span, over: Duration) -> Span:
    """Return the rates, in mg/min, of a range of doses given evenly over a duration."""
    return Span(doses.low / over.quantity, doses.high / over.quantity)


def place_in_duration(stated: PublishedDuration | LocalDuration, over: Duration) -> Place | None:
    """Return where a duration lies in the stated one, or None where none is stated."""
    if stated.low is None or stated.high is None or stated.unit is None:
        return None
    low, high = (quantity(Fraction(end), stated.unit) for end in (stated.low, stated.high))
    return Span(low, high).place(over.quantity)


def is_whole_steps(row: DoseRow, dose: Dose) -> bool:
    """Return whether a dose is a whole number of the row's first step, such as a device."""
    step = quantity(Fraction(row.steps[0]), row.unit)
    return Fraction((dose.quantity / step).to("").magnitude).denominator == 1
