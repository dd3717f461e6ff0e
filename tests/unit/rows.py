"""Rows and ranges to try the arithmetic on: a row from its ends, a maximum and a step."""

from decimal import Decimal
from fractions import Fraction

from ketaref.dosing import Resolved, Span, resolve
from ketaref.model.dose_row import Amount, Basis, RangeRow
from ketaref.model.names import Drug, Route
from ketaref.units import Weight, quantity

Ends = tuple[str, str]


def row(
    ends: Ends, maximum: str | None = None, step: str | None = None, basis: Basis = Basis.PER_KG
) -> RangeRow:
    """Return a clinic's row with these ends, in mg per kg unless it is fixed."""

    def amount(value: str | None) -> Amount | None:
        return Amount(value=Decimal(value), unit="mg") if value else None

    return RangeRow(
        route=Route.SUBCUTANEOUS,
        drug=Drug.KETAMINE,
        basis=basis,
        low=Decimal(ends[0]),
        high=Decimal(ends[1]),
        unit="mg/kg" if basis is Basis.PER_KG else "mg",
        maximum=amount(maximum),
        rounding_step=amount(step),
    )


def kg(number: str) -> Weight:
    """Return a body weight in kg."""
    return Weight(f"{number} kg", "kg", quantity(Fraction(number), "kg"))


def span(ends: Ends) -> Span:
    """Return a range with exactly these ends."""
    return Span(Fraction(ends[0]), Fraction(ends[1]))


def at_100_kg(ends: Ends, maximum: str | None = None, step: str | None = None) -> Resolved:
    """Return what a range in mg at 100 kg resolves to, stated per kg as a hundredth of it."""
    low, high = (str(Decimal(end) / 100) for end in ends)
    return resolve(row((low, high), maximum, step), kg("100"))
