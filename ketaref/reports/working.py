"""The working of a result, in lines that can be redone by hand."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from ketaref import notation
from ketaref.reports.base import Quantity
from ketaref.units import KG_PER_LB, LB_PER_STONE, Weight

_LONGEST = 12  # digits that still fit on a line of 20 characters with a unit behind them
_SMALL = 1000  # a fraction of larger numbers is no help to a hand


def weight_lines(weight: Weight) -> Iterator[str]:
    """Yield how a weight in lb or stone becomes kg."""
    if weight.unit == "kg":
        return
    pounds = by_hand(weight.lb)
    if weight.unit == "st":
        stone, *rest = weight.entered.split(" st", 1)
        more = f" +{rest[0]}" if rest[0] else ""
        yield f"{stone} st x {LB_PER_STONE} lb per st{more} = {pounds} lb"
    kg = by_hand(weight.kg)
    yield f"{pounds} lb x {notation.exact(KG_PER_LB)} kg per lb = {about(weight.kg)}{kg} kg"


def scaled_line(per_kg: Decimal, weight: Weight, dose: Quantity) -> str:
    """Return ``0.5 mg/kg x 70 kg = 35 mg``."""
    factors = f"{notation.plain(per_kg)} mg/kg x {by_hand(weight.kg)} kg"
    return f"{factors} = {result_in_words(dose, exactly=not about(weight.kg))}"


def quotient_line(dose: Quantity, divisor: Quantity, quotient: Quantity) -> str:
    """Return ``35 mg / 50 mg per mL = 0.7 mL``, or the same over a duration in minutes."""
    by = notation.amount(divisor.value, divisor.unit)
    if divisor.unit == "h":
        by = notation.amount(divisor.value * 60, "min")
    exact = Fraction(dose.exact)
    result = result_in_words(quotient, exactly=not about(exact))
    return f"{by_hand(exact)} mg / {by} = {result}"


def result_in_words(quantity: Quantity, *, exactly: bool = True) -> str:
    """Return the exact value, and the shown one where it differs.

    Where a factor was written rounded, the result is about so much too.
    """
    exact = Fraction(quantity.exact)
    written = by_hand(exact) if exactly else _rounded(exact)
    sign = about(exact) if exactly else "about "
    result = f"{sign}{written} {quantity.unit}"
    if Fraction(quantity.value) == exact:
        return result
    return f"{result}, shown as {notation.amount(quantity.value, quantity.unit)}"


def by_hand(exact: Fraction) -> str:
    """Return a value as one would write it down: exact, or to 8 decimals where that is long.

    >>> by_hand(Fraction("34.92661249")), by_hand(Fraction(35, 3)), by_hand(Fraction(7001, 7000))
    ('34.92661249', '35/3', '1.00014286')
    """
    if notation.ends(exact):
        text = notation.for_people(notation.terminating(exact))
        if len(text) <= _LONGEST:
            return text
    elif max(exact.numerator, exact.denominator) < _SMALL:
        return notation.exact(exact)
    return _rounded(exact)


def _rounded(exact: Fraction) -> str:
    return notation.for_people(notation.to_places(exact, 8, 3))


def about(exact: Fraction) -> str:
    """Return "about " where ``by_hand`` rounds, else nothing."""
    return "" if Fraction(by_hand(exact).replace(",", "")) == exact else "about "
