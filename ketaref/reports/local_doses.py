"""What a clinic's own rows come to for a weight, and where a dose lies in them."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from ketaref import dosing, notation
from ketaref.dosing import Place, Span
from ketaref.errors import ErrorCode, InputError
from ketaref.model.base import Frozen
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
    if maximum is not None and calculated.low > maximum:
        # Both ends are the maximum: the greatest multiple that is not above it.
        stepped = dosing.in_steps(Span(step, maximum), step)
        stepped = stepped and Span(stepped.high, stepped.high)
    else:
        stepped = dosing.in_steps(capped, step)
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


class LocalPlace(LocalRow):
    """Where the dose lies in one row's range, after its maximum."""

    calculated: Range
    capped: bool
    place: Place


class LocalRung(Frozen):
    """What one row gives for one weight of a chart."""

    origin: str
    id: str
    weight: Quantity
    calculated: Range
    capped: bool
    dose: Range
    volume: Range | None
    difference: str


def local_dose(
    laid: Laid, row: ProtocolRow, weight: Weight, strength: Strength | None, over: Duration | None
) -> LocalDose:
    """Return what a row gives for a weight."""
    given = given_for(row, weight)
    base = laid.row(row)
    volume = volume_of(given.dose, strength) if strength and row.volume_applies else None
    rate = rate_of(given.dose, over) if over and row.rate_applies else None
    cautions = [*base.cautions, *given_cautions(row, given)]
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
    cautions += _step_caution(row, dose)
    return LocalPlace(
        **_fields(base, cautions),
        calculated=_calculated(row, given),
        capped=given.bites,
        place=given.capped.place(dose.quantity),
    )


def local_rung(
    laid: Laid, row: ProtocolRow, weight: Weight, label: Quantity, strength: Strength | None
) -> LocalRung:
    """Return what a row gives for one weight of a chart."""
    given = given_for(row, weight)
    volume = strength and volume_of(given.dose, strength)
    return LocalRung(
        origin=laid.protocol.label,
        id=row.id,
        weight=label,
        calculated=_calculated(row, given),
        capped=given.bites,
        dose=_shown(given.dose, given, row),
        volume=Range(low=volume.low, high=volume.high) if volume else None,
        difference=laid.row(row).difference.text,
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
        return f"inward to multiples of {step}, never above the maximum"
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
