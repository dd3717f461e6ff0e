"""What any row comes to for a weight: doses, volumes, rates; and where a given dose lies."""

from typing import Literal, NamedTuple

from ketaref import dosing, notation
from ketaref.dosing import Position, Resolved, Rounding, Span
from ketaref.errors import ErrorCode, InputError
from ketaref.model.dose_row import Basis, DoseRow, RangeRow
from ketaref.model.names import Drug, Route
from ketaref.ranges.caution import Caution
from ketaref.ranges.cautions import (
    duration_cautions,
    past_published,
    read_as_caution,
    resolved_cautions,
    row_cautions,
    step_cautions,
    strength_cautions,
    strength_sources,
)
from ketaref.ranges.evidence import of_this_dose
from ketaref.ranges.infusion import Infusion, infusion_caution, infusion_lines, infusion_of
from ketaref.ranges.library import Library
from ketaref.ranges.row import RowAnswer, row_answer
from ketaref.ranges.values import (
    Quantity,
    Range,
    as_typed,
    inward_range,
    rounded,
    unrounded,
    unrounded_range,
)
from ketaref.ranges.working import by_hand, dose_lines, per_kg_lines, quotient_lines
from ketaref.units import Dose, Duration, Strength, Weight

Side = Literal["below", "above"]


class DoseRange(Range):
    """A range in mg per dose for a weight.

    ``steps`` where only whole devices can be given; ``calculated`` before the maximum and the step,
    ``capped`` where the maximum changed it; ``accepted`` what a dose is compared with, exactly.
    """

    steps: tuple[Quantity, ...] | None
    calculated: Range
    capped: bool
    accepted: Range
    rounding: str

    @property
    def accepted_text(self) -> str:
        """What a dose is compared with, for people, to the digit."""
        ends = (by_hand(end.fraction) for end in (self.accepted.low, self.accepted.high))
        return f"{' to '.join(dict.fromkeys(ends))} mg"


class Volume(Range):
    """A range in mL, and the strength it was computed for."""

    strength: Quantity

    @property
    def full_text(self) -> str:
        """The volume for people, never without its strength."""
        return f"{self.text} at {self.strength.text}"


class Rate(Range):
    """A range in mg/min, and the duration it was computed for."""

    over: Quantity

    @property
    def full_text(self) -> str:
        """The rate for people, never without its duration."""
        return f"{self.text} over {self.over.text}"


class ComputedRow(RowAnswer):
    """One row worked out for a weight.

    ``past_published`` is on which sides it leaves the published range for this weight.
    """

    dose: DoseRange
    past_published: tuple[Side, ...]
    working: tuple[str, ...]


class DoseResult(ComputedRow):
    """What one row comes to for the weight.

    ``volume``, ``rate`` and ``infusion`` are null where they were not asked for, or do not apply.
    """

    volume: Volume | None
    rate: Rate | None
    infusion: Infusion | None

    @property
    def dose_text(self) -> str:
        """The doses for people."""
        if self.dose.steps:
            values = tuple(step.value for step in self.dose.steps)
            return notation.amount_choice(values, self.dose.steps[0].unit)
        return self.dose.text


class CheckResult(ComputedRow):
    """Where a dose lies in what one row comes to; ``per_kg`` is null for a fixed range.

    ``evidence_here`` is what was tried at this dose; ``above_controlled`` whether no controlled
    study that was found gave so much; null where studies gave doses per kg and no weight is given.
    """

    given: Quantity
    per_kg: Quantity | None
    position: Position
    above_controlled: bool | None
    evidence_here: str


class DoseQuery(NamedTuple):
    """A body weight, and what else is to be worked out for it."""

    weight: Weight
    drug: Drug | None = None
    strength: Strength | None = None
    over: Duration | None = None
    infusion: Strength | None = None
    confirmed: bool = False


class CheckQuery(NamedTuple):
    """A dose, and what else is known of how it was given."""

    dose: Dose
    route: Route
    drug: Drug | None = None
    weight: Weight | None = None
    over: Duration | None = None
    confirmed: bool = False


def dose_result(library: Library, row: RangeRow, query: DoseQuery) -> DoseResult:
    """Return what a row comes to for a weight; a strength gives volumes, a duration rates."""
    weight, strength, over = query.weight, query.strength, query.over
    resolved = dosing.resolve(row, weight)
    dose = dose_range(row, resolved)
    volume = volume_of(row, resolved, strength)
    rate = _rate_of(row, resolved, over)
    infusion = infusion_of(row, resolved, query.infusion, over)
    past = past_published(library, row, weight, resolved)
    cautions = [
        *_read_as(row, query.drug),
        *row_cautions(library, row),
        *resolved_cautions(row, resolved, dose),
        *past.cautions(dose),
    ]
    sources: tuple[str, ...] = ()
    if strength and volume:
        cautions += strength_cautions(library.dataset, row.drug, strength)
        sources = strength_sources(library.dataset, row.drug, strength)
    if infusion and query.infusion:
        cautions.append(infusion_caution(infusion))
        sources += strength_sources(library.dataset, row.drug, query.infusion)
    if rate:
        cautions += duration_cautions(row, over, needed=False)
    lines = [*dose_lines(row, weight, resolved, dose)]
    lines += quotient_lines(dose, volume.strength, volume) if volume else ()
    lines += quotient_lines(dose, rate.over, rate) if rate and not infusion else ()
    lines += infusion_lines(dose, infusion) if infusion else ()
    answer = row_answer(library, row, tuple(cautions), weight)
    source_ids = (*answer.source_ids, *(sources if isinstance(row, DoseRow) else ()))
    fields = answer.fields() | {"source_ids": tuple(dict.fromkeys(source_ids))}
    return DoseResult.model_validate(
        fields
        | {
            "dose": dose,
            "past_published": past.sides,
            "volume": volume,
            "rate": rate,
            "infusion": infusion,
            "working": tuple(lines),
        }
    )


def check_result(library: Library, row: RangeRow, query: CheckQuery) -> CheckResult:
    """Return where a dose lies in what a row comes to; a row per kg without a weight is refused."""
    given, weight, over = query.dose, query.weight, query.over
    if row.basis is Basis.PER_KG and weight is None:
        raise InputError(
            ErrorCode.WEIGHT_MISSING,
            f"the {_row_name(library, row)} is per kg of body weight: a weight is needed",
            "-w 70kg or -w 154lb",
        )
    resolved = dosing.resolve(row, weight)
    dose = dose_range(row, resolved)
    mg = unrounded(given.mg, "mg")
    per_kg = _per_kg(row, given, weight)
    past = past_published(library, row, weight, resolved)
    above, here = of_this_dose(library.dataset, row, given.mg, weight)
    cautions = (
        *_read_as(row, query.drug),
        *duration_cautions(row, over, needed=True),
        *step_cautions(row, given),
        *row_cautions(library, row, given),
        *resolved_cautions(row, resolved, dose),
        *past.cautions(dose),
    )
    return CheckResult.model_validate(
        row_answer(library, row, cautions, weight).fields()
        | {
            "dose": dose,
            "past_published": past.sides,
            "given": mg,
            "per_kg": per_kg,
            "position": dosing.position_of(row, resolved, given),
            "above_controlled": above,
            "evidence_here": here,
            "working": tuple(per_kg_lines(mg, as_typed(given), weight, per_kg)),
        }
    )


def dose_range(row: RangeRow, resolved: Resolved) -> DoseRange:
    """Return what a row resolves to, as it is shown and exactly."""
    shown = _shown(resolved.shown, resolved.rounding)
    calculated = Rounding.NONE if row.basis is Basis.FIXED else Rounding.INWARD
    steps = tuple(unrounded(step, row.unit) for step in row.steps)
    return DoseRange(
        low=shown.low,
        high=shown.high,
        steps=steps or None,
        calculated=_shown(resolved.calculated, calculated),
        capped=resolved.is_limited,
        accepted=unrounded_range(resolved.accepted, "mg"),
        rounding=_rounding_text(row, resolved.rounding),
    )


def _shown(doses: Span, rounding: Rounding) -> Range:
    if rounding is Rounding.INWARD:
        return inward_range(doses, "mg")
    return unrounded_range(doses, "mg")


def _rounding_text(row: RangeRow, rounding: Rounding) -> str:
    step = row.rounding_step
    amount = notation.amount(step.value, step.unit) if step else ""
    above = ", not above the maximum" if row.maximum else ""
    return {
        Rounding.INWARD: notation.ROUNDING_IN_WORDS,
        Rounding.STEPS: f"inward to multiples of {amount}",
        Rounding.NEAREST_STEP: f"to the nearest multiple of {amount}{above}",
        Rounding.NEAREST: f"one value: to the nearest mg from 10 mg, 0.1 mg below{above}",
        Rounding.NONE: "none",
    }[rounding]


def volume_of(row: RangeRow, resolved: Resolved, strength: Strength | None) -> Volume | None:
    """Return the volumes of what a row resolves to; None where none applies."""
    if strength is None or not row.has_volume:
        return None
    span = inward_range(dosing.volumes(resolved.shown, strength), "mL")
    return Volume(low=span.low, high=span.high, strength=as_typed(strength))


def _rate_of(row: RangeRow, resolved: Resolved, over: Duration | None) -> Rate | None:
    if over is None or not row.has_rate:
        return None
    span = inward_range(dosing.rates(resolved.shown, over), "mg/min")
    return Rate(low=span.low, high=span.high, over=as_typed(over))


def _per_kg(row: RangeRow, given: Dose, weight: Weight | None) -> Quantity | None:
    if row.basis is Basis.FIXED or weight is None:
        return None
    exact = dosing.dose_per_kg(given, weight)
    bounds = Span(*(unrounded(end, row.unit).fraction for end in (row.low, row.high)))
    return rounded(notation.round_apart(exact, bounds), exact, "mg/kg")


def _read_as(row: RangeRow, named: Drug | None) -> tuple[Caution, ...]:
    return () if named or not isinstance(row, DoseRow) else (read_as_caution(row.drug),)


def _row_name(library: Library, row: RangeRow) -> str:
    if isinstance(row, DoseRow) or library.protocol is None:
        return f"{row.route.full_name} range"
    return f"row {row.name} of the {library.protocol.label}"
