"""What a typed quantity becomes: a weight, a dose, a strength or a duration, each its own type.

None of them can be built from a number that is not positive, whoever builds it.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, ClassVar

from ketaref import notation
from ketaref.errors import ErrorCode, InputError
from ketaref.units import refusals
from ketaref.units.registry import magnitude, quantity
from ketaref.units.spellings import DOSE, DURATION, STRENGTH, WEIGHT, Kind

if TYPE_CHECKING:
    from ketaref.units.registry import PintQuantity


def _symbols(kind: Kind) -> set[str]:
    return {unit.symbol for unit in kind.units}


def _not_exact(number: object, kind: Kind, needed: str) -> InputError:
    """Return the refusal of a number of another type than the exact one, or of no finite one."""
    hint = None
    if isinstance(number, int | float) and not isinstance(number, bool) and isfinite(number):
        hint = f'{needed}("{number}")'
    message = f"{kind.name} {number!r} is not a finite {needed}"
    return InputError(ErrorCode.NOT_A_QUANTITY, message, hint)


@dataclass(frozen=True)
class Weight:
    """A body weight: as it was entered, and as a quantity of dimension [body]."""

    entered: str
    unit: str
    quantity: "PintQuantity"

    def __post_init__(self) -> None:
        number = self.quantity.magnitude
        if not isinstance(number, Fraction):
            raise _not_exact(number, WEIGHT, "Fraction")
        if self.unit not in _symbols(WEIGHT):
            shown = f"{notation.half_up(number, 3):f}"
            raise refusals.unknown_unit(shown, self.unit, WEIGHT, WEIGHT.name)
        if not self.kg > 0:
            raise refusals.not_positive(self.entered, WEIGHT.name)

    @cached_property
    def kg(self) -> Fraction:
        """The exact number of kg."""
        return magnitude(self.quantity, "kg")

    @property
    def lb(self) -> Fraction:
        """The exact number of lb."""
        return magnitude(self.quantity, "lb")


@dataclass(frozen=True)
class _Measured:
    """A number and a unit as they were typed, which together are a quantity."""

    number: Decimal
    unit: str

    kind: ClassVar[Kind]

    def __post_init__(self) -> None:
        if not isinstance(self.number, Decimal) or not self.number.is_finite():
            raise _not_exact(self.number, self.kind, "Decimal")
        if self.unit not in _symbols(self.kind):
            raise refusals.unknown_unit(f"{self.number:f}", self.unit, self.kind, self.kind.name)
        if not self.number > 0:
            raise refusals.not_positive(self.entered, self.kind.name)

    @property
    def entered(self) -> str:
        """What was typed, in the accepted spelling: "70.50 MIN" is "70.5 min"."""
        return f"{notation.plain(self.number)} {self.unit}"

    @cached_property
    def quantity(self) -> "PintQuantity":
        """The quantity, exactly."""
        return quantity(Fraction(self.number), self.unit.replace(" per ", "/"))


class Dose(_Measured):
    """An amount of drug, of dimension [drug]."""

    kind = DOSE

    @property
    def mg(self) -> Fraction:
        """The exact number of mg."""
        return magnitude(self.quantity, "mg")


class Strength(_Measured):
    """An amount of drug in a volume, of dimension [drug]/[volume]."""

    kind = STRENGTH


class Duration(_Measured):
    """A length of time, of dimension [time]."""

    kind = DURATION

    @property
    def minutes(self) -> Fraction:
        """The exact number of minutes."""
        return magnitude(self.quantity, "min")
