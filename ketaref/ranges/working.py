"""The working of a result, in lines that can be redone by hand."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from ketaref import notation
from ketaref.dosing import Resolved, Rounding
from ketaref.model.dose_row import Basis, RangeRow
from ketaref.ranges.values import Quantity, Range
from ketaref.units import KG_PER_LB, LB_PER_STONE, Weight

_LONGEST = 12  # digits that still fit on a line of 20 characters with a unit behind them
_SMALL = 1000  # a fraction of larger numbers is no help to a hand
NO_WEIGHT = "body weight not used: a fixed dose"


def dose_lines(row: RangeRow, weight: Weight, resolved: Resolved, shown: Range) -> Iterator[str]:
    """Yield how a row's range becomes a range of doses for a weight."""
    if row.basis is Basis.FIXED:
        yield NO_WEIGHT
    else:
        yield from weight_lines(weight)
        ends = zip((row.low, row.high), resolved.calculated, (shown.low, shown.high), strict=True)
        for per_kg, exact, end in dict.fromkeys(ends):
            yield _scaled_line(per_kg, weight, exact, end if _is_shown(resolved) else None)
    calculated = _between(*resolved.calculated)
    if resolved.is_limited and row.maximum:
        maximum = notation.amount(row.maximum.value, row.maximum.unit)
        yield f"calculated {calculated}, cap {maximum}, result {shown.text}"
    if row.rounding_step and resolved.rounding in (Rounding.STEPS, Rounding.NEAREST_STEP):
        step = notation.amount(row.rounding_step.value, row.rounding_step.unit)
        inside = resolved.rounding is Rounding.STEPS
        yield f"{'in multiples of' if inside else 'the nearest multiple of'} {step}: {shown.text}"
    elif resolved.rounding is Rounding.NEAREST:
        exact = resolved.limited.low
        if exact != resolved.shown.low:
            yield f"{about(exact)}{by_hand(exact)} mg, rounded to {shown.text}"


def _is_shown(resolved: Resolved) -> bool:
    """Return whether what is calculated is what is shown, but for its digits."""
    return not resolved.is_limited and resolved.rounding is Rounding.INWARD


def _between(low: Fraction, high: Fraction) -> str:
    ends = [by_hand(end) for end in dict.fromkeys((low, high))]
    return f"{' to '.join(ends)} mg"


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


def _scaled_line(per_kg: Decimal, weight: Weight, exact: Fraction, shown: Quantity | None) -> str:
    """Return ``0.5 mg/kg x 70 kg = 35 mg``, and what is shown where that is what comes of it."""
    factors = f"{notation.plain(per_kg)} mg/kg x {by_hand(weight.kg)} kg"
    exactly = not about(weight.kg)
    if shown is None:
        return f"{factors} = {_written(exact, exactly=exactly)} mg"
    return f"{factors} = {result_text(shown, exactly=exactly)}"


def quotient_lines(doses: Range, divisor: Quantity, quotient: Range) -> Iterator[str]:
    """Yield ``35 mg / 50 mg per mL = 0.7 mL`` for each end, or the same over minutes."""
    ends = ((doses.low, quotient.low), (doses.high, quotient.high))
    yield from dict.fromkeys(_quotient_line(dose, divisor, result) for dose, result in ends)


def _quotient_line(dose: Quantity, divisor: Quantity, quotient: Quantity) -> str:
    by = divisor.text
    if divisor.unit == "h":
        by = notation.amount(divisor.value * 60, "min")
    exact = dose.fraction
    return f"{by_hand(exact)} mg / {by} = {result_text(quotient, exactly=not about(exact))}"


def rate_lines(volume: Range, over: Quantity, rate: Range) -> Iterator[str]:
    """Yield ``35 mL / 40 minutes x 60 = 52.5 mL/h`` for each end."""
    ends = ((volume.low, rate.low), (volume.high, rate.high))
    yield from dict.fromkeys(_rate_line(each, over, result) for each, result in ends)


def _rate_line(volume: Quantity, over: Quantity, rate: Quantity) -> str:
    exact = volume.fraction
    by = "" if over.unit == "h" else " x 60"
    result = result_text(rate, exactly=not about(exact))
    return f"{by_hand(exact)} mL / {over.text}{by} = {result}"


def per_kg_lines(
    dose: Quantity, typed: Quantity, weight: Weight | None, per_kg: Quantity | None
) -> Iterator[str]:
    """Yield how a dose becomes a dose per kg."""
    in_mg = f"{by_hand(dose.fraction)} mg"
    if typed.unit != "mg":
        yield f"{typed.text} = {in_mg}"
    if weight is None or per_kg is None:
        yield NO_WEIGHT
        return
    yield from weight_lines(weight)
    result = result_text(per_kg, exactly=not about(weight.kg))
    yield f"{in_mg} / {by_hand(weight.kg)} kg = {result}"


def result_text(quantity: Quantity, *, exactly: bool = True) -> str:
    """Return the exact value, and the shown one where it differs.

    Where a factor was written rounded, the result is only about so much too.
    """
    exact = quantity.fraction
    result = f"{_written(exact, exactly=exactly)} {quantity.unit}"
    return result if Fraction(quantity.value) == exact else f"{result}, shown as {quantity.text}"


def _written(exact: Fraction, *, exactly: bool) -> str:
    return f"{about(exact)}{by_hand(exact)}" if exactly else f"about {_rounded(exact)}"


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
