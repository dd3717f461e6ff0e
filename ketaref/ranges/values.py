"""Quantities as answers carry them: as shown, and exactly."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import WithJsonSchema

from ketaref import notation
from ketaref.dosing import Span
from ketaref.model.base import Frozen
from ketaref.units import Dose, Duration, Strength

# A JSON number, written out: pydantic would make a text of it.
JsonNumber = Annotated[Decimal, WithJsonSchema({"type": "number"})]


class Quantity(Frozen):
    """A quantity as shown, and exactly: a decimal, or a fraction where the decimal does not end."""

    value: JsonNumber
    unit: str
    ucum: str
    exact: str

    @property
    def text(self) -> str:
        """The quantity for people."""
        return notation.amount(self.value, self.unit)

    @property
    def fraction(self) -> Fraction:
        """The exact value."""
        return Fraction(self.exact)


class Range(Frozen):
    """A whole range."""

    low: Quantity
    high: Quantity

    @property
    def text(self) -> str:
        """The range for people."""
        return notation.amount_range(self.low.value, self.high.value, self.low.unit)


def rounded(value: Decimal, exact: Fraction, unit: str) -> Quantity:
    """Return a quantity whose shown value was rounded from an exact one."""
    value = Decimal(notation.plain(value))
    return Quantity(value=value, unit=unit, ucum=notation.UCUM[unit], exact=notation.exact(exact))


def unrounded(value: Decimal | Fraction, unit: str) -> Quantity:
    """Return a quantity that is shown exactly; its decimal must end."""
    shown = notation.terminating(value) if isinstance(value, Fraction) else value
    return rounded(shown, Fraction(value), unit)


def inward_range(ends: Span, unit: str) -> Range:
    """Return a range rounded inward, with its exact ends."""
    low, high = notation.round_inward(*ends, unit)
    return Range(low=rounded(low, ends.low, unit), high=rounded(high, ends.high, unit))


def unrounded_range(ends: Span, unit: str) -> Range:
    """Return a range whose ends are shown exactly."""
    return Range(low=unrounded(ends.low, unit), high=unrounded(ends.high, unit))


def as_typed(value: Dose | Duration | Strength) -> Quantity:
    """Return what was typed, as data."""
    return unrounded(value.number, value.unit.replace(" per ", "/"))
