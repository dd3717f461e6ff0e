"""The closed registry: the few units that exist here, in which two kinds of mass cannot be mixed.

In an ordinary registry mg/kg is a plain number, so that 0.5 silently becomes 500,000 mg/kg and mg
can be added to kg. Here an amount of drug and a body weight are different dimensions; anything
mixed up raises ``pint.DimensionalityError``. Magnitudes are ``Fraction``: nothing is rounded here.
This is the only module that imports pint, and it does so at the first conversion.
"""

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pint

    PintQuantity: TypeAlias = pint.Quantity[Any]

# The international avoirdupois pound is 0.45359237 kg exactly (1959 agreement); a stone is 14 lb.
KG_PER_LB = Fraction("0.45359237")
LB_PER_STONE = 14

_DEFINITIONS = f"""\
gram = [drug] = g
milligram = 1/1000 gram = mg
microgram = 1/1000000 gram = mcg
kilogram = [body] = kg
pound = {KG_PER_LB} kilogram = lb
stone = {LB_PER_STONE} pound = st
milliliter = [volume] = mL
minute = [time] = min
hour = 60 minute = h
"""


@cache
def _registry() -> "pint.UnitRegistry[Any]":
    import pint

    # None: not one of pint's own units. Not cache_folder: it writes pickles to save 5 ms.
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(
        None, non_int_type=Fraction, on_redefinition="raise"
    )
    registry.load_definitions(_DEFINITIONS.splitlines())
    return registry


def quantity(value: Fraction, unit: str) -> "PintQuantity":
    """Return a quantity in a unit of the closed registry."""
    return _registry().Quantity(value, unit)


def magnitude(value: "PintQuantity", unit: str) -> Fraction:
    """Return the exact number of ``unit`` in a quantity of that dimension.

    >>> magnitude(quantity(Fraction(154), "lb"), "kg")
    Fraction(3492661249, 50000000)
    """
    return Fraction(value.to(unit).magnitude)
