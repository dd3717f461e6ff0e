"""How a clinic's row differs from what is published: a short code, and the difference in words."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from ketaref import notation
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.dose_row import Basis, DoseRow, RangeRow
from ketaref.model.names import Drug, Route
from ketaref.units import WEIGHT_USUAL_FROM_KG, WEIGHT_USUAL_TO_KG

# A protocol's figure more than this many times above or below the published ones needs a reason:
# an engineering choice, between the 2.2 of a pound taken for a kilogram and no tolerance at all.
FAR_FACTOR = 2

UNIT_OF = {Basis.PER_KG: "mg/kg", Basis.FIXED: "mg"}


class DeviationCode(StrEnum):
    """How a clinic's row differs from the published row of its route and drug."""

    INSIDE = "inside"
    WIDER = "wider"
    OUTSIDE = "outside"
    OTHER_ROUTE = "other_route"
    OTHER_DRUG = "other_drug"
    OTHER_BASIS = "other_basis"
    OTHER_STEPS = "other_steps"
    OTHER_DURATION = "other_duration"


class Deviation(Frozen):
    """How a row differs from what is published."""

    code: DeviationCode
    text: str


def deviation_of(dataset: Dataset, row: RangeRow) -> Deviation:
    """Return how a row differs from the published row of its route."""
    published = dataset.row(row.route)
    if published is None:
        text = f"no {row.route.full_name} row is published{_and_over(row)}"
        return Deviation(code=DeviationCode.OTHER_ROUTE, text=f"other route: {text}")
    name, figures = row.route.full_name, range_text(published)
    if published.drug is not row.drug:
        text = f"the published {name} row is {published.drug.full_name}, {figures}{_and_over(row)}"
        return Deviation(code=DeviationCode.OTHER_DRUG, text=f"other drug: {text}")
    if published.basis is not row.basis:
        text = f"the published {name} row is {figures}{_and_over(row)}"
        return Deviation(code=DeviationCode.OTHER_BASIS, text=f"other basis: {text}")
    code, text = _compared(row, published, figures)
    over, published_over = duration_text(row), duration_text(published)
    if over and over != published_over:
        text += f"; over {over}, published {published_over}"
        if code is DeviationCode.INSIDE and not _duration_is_inside(row, published):
            code = DeviationCode.OTHER_DURATION
    return Deviation(code=code, text=text)


def range_text(row: RangeRow) -> str:
    """Return a row's range for people: its steps where it has them."""
    if row.steps:
        return notation.amount_choice(row.steps, row.unit)
    return notation.amount_range(row.low, row.high, row.unit)


def duration_text(row: RangeRow) -> str:
    """Return a row's duration for people; "" where none is stated."""
    stated = row.duration
    if stated is None:
        return ""
    if stated.low is None or stated.high is None or stated.unit is None:
        return (stated.as_written or "").lower()
    return notation.amount_range(stated.low, stated.high, stated.unit)


def _duration_is_inside(row: RangeRow, published: DoseRow) -> bool:
    if row.minutes is None or published.minutes is None:
        return True
    (low, high), (published_low, published_high) = row.minutes, published.minutes
    return published_low <= low and high <= published_high


def _compared(row: RangeRow, published: DoseRow, figures: str) -> tuple[DeviationCode, str]:
    if published.steps and not {row.low, row.high} <= set(published.steps):
        return DeviationCode.OTHER_STEPS, f"not in the published steps, {figures}"
    if (row.low, row.high) == (published.low, published.high):
        return DeviationCode.INSIDE, f"the same as the published {figures}"
    if published.low <= row.low and row.high <= published.high:
        return DeviationCode.INSIDE, f"inside the published {figures}"
    if row.high < published.low:
        return DeviationCode.OUTSIDE, f"outside the published {figures}: all of it below"
    if row.low > published.high:
        return DeviationCode.OUTSIDE, f"outside the published {figures}: all of it above"
    by = [
        f"{side} it by {notation.amount(more, row.unit)}"
        for side, more in (
            ("below", published.low - row.low),
            ("above", row.high - published.high),
        )
        if more > 0
    ]
    return DeviationCode.WIDER, f"wider than the published {figures}: {', '.join(by)}"


def _and_over(row: RangeRow) -> str:
    over = duration_text(row)
    return f"; over {over}" if over else ""


# ------------------------------------------------------------ figures that need a reason


class _Published(NamedTuple):
    """The lowest and the highest figure published for something, and the two in words."""

    low: Decimal
    high: Decimal
    words: str


def far_outside(fields: dict[str, Any], dataset: Dataset) -> Iterator[str]:
    """Yield which fields of a row are far outside the published figures.

    Looks at the range, the maximum and the duration; fields that were not valid are left out, but
    ``route``, ``drug`` and ``basis`` are needed.
    """
    route, drug, basis = fields["route"], fields["drug"], fields["basis"]
    published = _nearest_in_kind(dataset, route, drug, basis)
    if published is None:
        yield f"nothing is published for {drug.full_name} {basis.replace('_', ' ')}"
        return
    low, high, maximum = fields.get("low"), fields.get("high"), fields.get("maximum")
    if (low and low * FAR_FACTOR < published.low) or (high and high > published.high * FAR_FACTOR):
        ends = [notation.for_people(end) if end else "?" for end in (low, high)]
        yield (
            f"{' to '.join(ends)} {UNIT_OF[basis]} is far outside what is published, "
            f"{published.words}: more than {FAR_FACTOR} times above or below"
        )
    least = published.low * (WEIGHT_USUAL_FROM_KG if basis is Basis.PER_KG else 1)
    if maximum and maximum.value * FAR_FACTOR < least:
        most, published_least = (notation.amount(each, "mg") for each in (maximum.value, least))
        yield f"a maximum of {most} is far below what is published, from {published_least}"
    yield from _far_duration(fields, dataset)


def _far_duration(fields: dict[str, Any], dataset: Dataset) -> Iterator[str]:
    published = dataset.row(fields["route"], fields["drug"])
    stated = fields.get("duration")
    if stated is None or published is None or published.minutes is None:
        return
    low, high = stated.minutes
    published_low, published_high = published.minutes
    if low * FAR_FACTOR < published_low or high > published_high * FAR_FACTOR:
        over = notation.amount_range(stated.low, stated.high, stated.unit)
        yield f"over {over} is far from the published {duration_text(published)}"


def _nearest_in_kind(dataset: Dataset, route: Route, drug: Drug, basis: Basis) -> _Published | None:
    """Return the figures of the route, else of the drug; None if of neither.

    Never of the other drug: the two are not the same. A fixed dose of a drug that is published per
    kg is compared with that range over the usual weights of adults here.
    """
    alike = [row for row in dataset.rows if row.basis is basis and row.drug is drug]
    near = [row for row in alike if row.route is route] or alike
    if near:
        low, high = min(row.low for row in near), max(row.high for row in near)
        return _Published(low, high, f"{low} to {high} {near[0].unit}")
    by_weight = [row for row in dataset.rows if row.drug is drug and row.basis is Basis.PER_KG]
    if basis is Basis.PER_KG or not by_weight:
        return None
    low = min(row.low for row in by_weight) * WEIGHT_USUAL_FROM_KG
    high = max(row.high for row in by_weight) * WEIGHT_USUAL_TO_KG
    words = f"{low} to {high} mg from {WEIGHT_USUAL_FROM_KG} to {WEIGHT_USUAL_TO_KG} kg"
    return _Published(low, high, words)


def sides_outside(
    result: tuple[Fraction, Fraction], published: tuple[Fraction, Fraction]
) -> tuple[str, ...]:
    """Return on which sides a result for a weight goes past what is published for it, in mg."""
    below = ("below",) if result[0] < published[0] else ()
    return (*below, "above") if result[1] > published[1] else below
