"""What a clinic's own rows come to for a weight, and where a dose lies in them."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Annotated, NamedTuple

from pydantic import Field

from ketaref import dosing, notation
from ketaref.dosing import Place, Span
from ketaref.errors import ErrorCode, InputError
from ketaref.model.doses import Basis, CautionCode
from ketaref.model.protocol import ProtocolRow
from ketaref.reports.base import (
    Caution,
    Quantity,
    Range,
    as_is,
    in_words,
    inward,
    shown,
)
from ketaref.reports.infusion import (
    Rate,
    Volume,
    rate_of,
    volume_of,
)
from ketaref.reports.local import Laid, LocalRow
from ketaref.reports.measures import measured, strength_cautions
from ketaref.reports.working import by_hand, scaled_line, weight_lines
from ketaref.units import Dose, Duration, Strength, Weight, magnitude, quantity


class Given(NamedTuple):
    """What a row gives for a weight: as calculated, after its maximum, and in its steps."""

    calculated: Span
    capped: Span
    dose: Span
    stepped: bool
    floored: bool = False

    @property
    def bites(self) -> bool:
        """Whether the maximum changes the range."""
        return self.capped != self.calculated


def given_for(row: ProtocolRow, weight: Weight | None) -> Given:
    """Return what a row gives for a weight: the maximum first, then the steps, inward."""
    calculated = dosing.dose_range(row, weight)
    maximum = quantity(Fraction(row.maximum.value), row.maximum.unit) if row.maximum else None
    capped = dosing.capped(calculated, maximum)
    if row.rounding_step is None:
        return Given(calculated, capped, capped, stepped=False)
    step = quantity(Fraction(row.rounding_step.value), row.rounding_step.unit)
    stepped = dosing.in_steps(capped, step)
    if stepped is None and capped != calculated:
        # No multiple lies between the low end and the maximum: the greatest below the maximum.
        below = dosing.in_steps(Span(step, capped.high), step)
        if below is not None:
            last = Span(below.high, below.high)
            return Given(calculated, capped, last, stepped=True, floored=True)
    return Given(calculated, capped, stepped or capped, stepped=stepped is not None)


class LocalDose(LocalRow):
    """What one row gives for the weight; ``calculated`` is before the maximum and the steps."""

    calculated: Range
    capped: bool
    dose: Range
    rounding: str
    working: tuple[str, ...]
    volume: Volume | None
    rate: Rate | None
    beside: Annotated[str, Field(exclude=True)]


class LocalPlace(LocalRow):
    """Where the dose lies in one row's range, after its maximum; ``per_kg`` is null for a fixed."""

    dose: Quantity
    per_kg: Quantity | None
    calculated: Range
    capped: bool
    place: Place
    range_in_mg: Annotated[str, Field(exclude=True)]
    beside: Annotated[str, Field(exclude=True)]


class LocalRung(LocalRow):
    """What one row gives for one weight of a chart."""

    weight: Quantity
    calculated: Range
    capped: bool
    dose: Range
    volume: Range | None


def local_dose(
    laid: Laid, row: ProtocolRow, weight: Weight, strength: Strength | None, over: Duration | None
) -> LocalDose:
    """Return what a row gives for a weight."""
    given = given_for(row, weight)
    base = laid.row(row)
    volume = volume_of(given.dose, strength) if strength and row.volume_applies else None
    rate = rate_of(given.dose, over) if over and row.rate_applies else None
    beside = _beside_published(laid, row, weight, given)
    cautions = [*base.cautions, *given_cautions(row, given), *_outside_caution(beside)]
    if strength and volume:
        cautions += strength_cautions(laid.dataset, row.drug, strength)
    if rate:
        cautions += local_duration_caution(row, over, asked=False)
    return LocalDose(
        **_fields(base, cautions),
        calculated=_calculated(row, given),
        capped=given.bites,
        dose=_shown(given.dose, given, row),
        rounding=_rounding(row, given),
        working=tuple(_working(row, weight, given)),
        volume=volume,
        rate=rate,
        beside=beside.sides,
    )


def local_place(
    laid: Laid, row: ProtocolRow, dose: Dose, weight: Weight | None, over: Duration | None
) -> LocalPlace:
    """Return where a dose lies in a row's range, both ends and the maximum included."""
    if weight is None and row.basis is Basis.PER_KG:
        raise InputError(
            ErrorCode.WEIGHT_MISSING,
            f"row {row.id} of the {laid.protocol.label} is per kg of body weight: a weight is "
            "needed",
            "-w 70kg or -w 154lb",
        )
    given = given_for(row, weight)
    base = laid.row(row)
    cautions = [*base.cautions, *local_duration_caution(row, over, asked=True)]
    if given.bites:
        cautions.append(_cap_caution(row, given))
    beside = _beside_published(laid, row, weight, given) if weight else Beside()
    cautions += [*_outside_caution(beside), *_step_caution(row, dose)]
    milligrams = magnitude(dose.quantity, "mg")
    # What `dose` shows for this weight is inside, also where a maximum left only a step below it.
    least = quantity(Fraction(_shown(given.dose, given, row).low.value), "mg")
    low, high = (by_hand(end) for end in given.calculated.within("mg"))
    return LocalPlace(
        **_fields(base, cautions),
        calculated=_calculated(row, given),
        capped=given.bites,
        dose=shown(notation.terminating(milligrams), milligrams, "mg"),
        per_kg=_per_kg(row, dose, weight),
        place=Span(min(given.capped.low, least), given.capped.high).place(dose.quantity),
        range_in_mg=f"{low} to {high} mg" if low != high else f"{low} mg",
        beside=beside.sides,
    )


def _per_kg(row: ProtocolRow, dose: Dose, weight: Weight | None) -> Quantity | None:
    if row.basis is Basis.FIXED or weight is None:
        return None
    exact = magnitude(dosing.dose_per_kg(dose, weight), "mg/kg")
    return shown(notation.apart(exact, (Fraction(row.low), Fraction(row.high))), exact, "mg/kg")


class Beside(NamedTuple):
    """On which sides a result goes past what is published for the weight, and the two in words."""

    sides: str = ""
    words: str = ""


def _beside_published(laid: Laid, row: ProtocolRow, weight: Weight, given: Given) -> Beside:
    """Return how a result lies beside what is published for the weight."""
    theirs = next(
        (r for r in laid.dataset.rows if (r.route, r.drug) == (row.route, row.drug)), None
    )
    if theirs is None:
        return Beside()
    published = dosing.dose_range(theirs, weight)
    result = _shown(given.dose, given, row)
    low, high = Fraction(result.low.exact), Fraction(result.high.exact)
    ends = published.within("mg")
    sides = [*(["below"] if low < ends[0] else []), *(["above"] if high > ends[1] else [])]
    words = f"{in_words(result)} against {in_words(inward(ends, 'mg'))} per dose"
    return Beside(" and ".join(sides), words)


def _outside_caution(beside: Beside) -> list[Caution]:
    if not beside.sides:
        return []
    text = f"For this weight it goes {beside.sides} the published range: {beside.words}"
    return [Caution(code=CautionCode.OUTSIDE_PUBLISHED, text=text)]


def local_rungs(
    laid: Laid,
    row: ProtocolRow,
    weights: Iterable[tuple[Weight, Quantity]],
    strength: Strength | None,
) -> Iterator[LocalRung]:
    """Yield what a row gives for each weight of a chart, and the weight as the chart shows it."""
    base = laid.row(row)
    for weight, label in weights:
        given = given_for(row, weight)
        volume = volume_of(given.dose, strength) if strength and row.volume_applies else None
        yield LocalRung(
            **_fields(base, [*base.cautions, *given_cautions(row, given)]),
            weight=label,
            calculated=_calculated(row, given),
            capped=given.bites,
            dose=_shown(given.dose, given, row),
            volume=Range(low=volume.low, high=volume.high) if volume else None,
        )


def _fields(base: LocalRow, cautions: list[Caution]) -> dict[str, object]:
    fields = {name: getattr(base, name) for name in type(base).model_fields}
    return fields | {"cautions": tuple(cautions)}


def _calculated(row: ProtocolRow, given: Given) -> Range:
    if row.basis is Basis.FIXED:
        return Range(low=as_is(row.low, row.unit), high=as_is(row.high, row.unit))
    return inward(given.calculated.within("mg"), "mg")


def _shown(span: Span, given: Given, row: ProtocolRow) -> Range:
    low, high = span.within("mg")
    if given.stepped or row.basis is Basis.FIXED:  # no other rounding on top of it
        return Range(
            low=shown(notation.terminating(low), low, "mg"),
            high=shown(notation.terminating(high), high, "mg"),
        )
    return inward((low, high), "mg")


def _rounding(row: ProtocolRow, given: Given) -> str:
    if given.stepped and row.rounding_step:
        step = notation.amount(row.rounding_step.value, row.rounding_step.unit)
        if given.floored:
            return f"down to a multiple of {step}, so as not to pass the maximum"
        return f"inward to multiples of {step}"
    return "none" if row.basis is Basis.FIXED else notation.ROUNDING_IN_WORDS


def given_cautions(row: ProtocolRow, given: Given) -> list[Caution]:
    """Return what must be said of a maximum that bites, and of steps that none fits."""
    cautions = [_cap_caution(row, given)] if given.bites else []
    if row.rounding_step and not given.stepped:
        step = notation.amount(row.rounding_step.value, row.rounding_step.unit)
        text = f"No multiple of {step} lies in the range; it is shown without the step."
        cautions.append(Caution(code=CautionCode.NO_STEP_INSIDE, text=text))
    return cautions


def _cap_caution(row: ProtocolRow, given: Given) -> Caution:
    cap = notation.amount(row.maximum.value, row.maximum.unit) if row.maximum else ""
    text = (
        f"The maximum changes the range: calculated {in_words(_calculated(row, given))}, "
        f"cap {cap}, result {in_words(_shown(given.dose, given, row))} per dose"
    )
    return Caution(code=CautionCode.CAPPED, text=text)


def _step_caution(row: ProtocolRow, dose: Dose) -> list[Caution]:
    if row.rounding_step is None:
        return []
    steps = magnitude(dose.quantity, "mg") / Fraction(row.rounding_step.value)
    if steps.denominator == 1:
        return []
    step = notation.amount(row.rounding_step.value, row.rounding_step.unit)
    text = f"{measured(dose)} is not a multiple of {step}, the step of the protocol."
    return [Caution(code=CautionCode.NOT_A_STEP, text=text)]


def local_duration_caution(
    row: ProtocolRow, over: Duration | None, *, asked: bool
) -> list[Caution]:
    """Return the caution on a duration outside the protocol's, or missing where ``asked``."""
    if row.duration is None:
        return []
    low, high, unit = row.duration.low, row.duration.high, row.duration.unit
    words = f"the protocol's range is over {notation.span(low, high, unit)}"
    if over is None:
        text = f"Duration not given; {words}, and holds only over it."
        return [Caution(code=CautionCode.DURATION_NOT_GIVEN, text=text)] if asked else []
    if dosing.place_in_duration(row.duration, over) is Place.INSIDE:
        return []
    text = f"{measured(over)} is outside it: {words}, and holds only over it."
    return [Caution(code=CautionCode.DURATION_OUTSIDE, text=text)]


def _working(row: ProtocolRow, weight: Weight, given: Given) -> Iterator[str]:
    if row.basis is Basis.FIXED:
        yield "body weight not used: a fixed dose"
    else:
        yield from weight_lines(weight)
        calculated = _calculated(row, given)
        for per_kg, end in ((row.low, calculated.low), (row.high, calculated.high)):
            yield scaled_line(per_kg, weight, end)
    ends = [by_hand(end) for end in given.calculated.within("mg")]
    result = in_words(_shown(given.dose, given, row))
    if given.bites and row.maximum:
        cap = notation.amount(row.maximum.value, row.maximum.unit)
        yield f"calculated {ends[0]} to {ends[1]} mg, cap {cap}, result {result}"
    if given.stepped and row.rounding_step:
        step = notation.amount(row.rounding_step.value, row.rounding_step.unit)
        yield f"in multiples of {step}: {result}"
