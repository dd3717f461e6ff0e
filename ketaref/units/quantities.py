"""What a typed quantity becomes: a weight, a dose, a strength or a duration, each its own type."""

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ketaref import notation
from ketaref.units.registry import magnitude, quantity

if TYPE_CHECKING:
    from ketaref.units.registry import Quantity


class Weight(NamedTuple):
    """A body weight: as it was entered, and as a quantity of dimension [body]."""

    entered: str
    unit: str
    quantity: "Quantity"

    @property
    def kg(self) -> Fraction:
        """The exact number of kg."""
        return magnitude(self.quantity, "kg")

    @property
    def lb(self) -> Fraction:
        """The exact number of lb."""
        return magnitude(self.quantity, "lb")


class Measured(NamedTuple):
    """A number and a unit as they were typed, which together are a quantity."""

    number: Decimal
    unit: str

    @property
    def entered(self) -> str:
        """What was typed, in the accepted spelling: "70.50 MIN" is "70.5 min"."""
        return f"{notation.plain(self.number)} {self.unit}"

    @property
    def quantity(self) -> "Quantity":
        """The quantity, exactly."""
        return quantity(Fraction(self.number), self.unit.replace(" per ", "/"))


class Dose(Measured):
    """An amount of drug, of dimension [drug]."""


class Strength(Measured):
    """An amount of drug in a volume, of dimension [drug]/[volume]."""


class Duration(Measured):
    """A length of time, of dimension [time]."""
