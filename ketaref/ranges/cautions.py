"""The cautions on a row, and on the strength, duration or dose that a question names."""

from fractions import Fraction
from typing import NamedTuple

from ketaref import notation
from ketaref.dosing import (
    Position,
    Resolved,
    Rounding,
    Span,
    is_whole_steps,
    position_of_duration,
    resolve,
)
from ketaref.model.dataset import Dataset
from ketaref.model.dose_row import DoseRow, NotIncluded, RangeRow
from ketaref.model.names import Drug
from ketaref.protocol.deviation import duration_text, sides_outside
from ketaref.ranges.caution import Caution, CautionCode
from ketaref.ranges.library import Library, as_local
from ketaref.ranges.values import Range, as_typed, inward_range
from ketaref.ranges.working import about, by_hand
from ketaref.units import Dose, Duration, Strength, Weight


def row_cautions(library: Library, row: RangeRow, dose: Dose | None = None) -> list[Caution]:
    """Return what holds for a row whatever the question, and what holds for exactly this dose."""
    if isinstance(row, DoseRow):
        return _published_cautions(library.dataset, row, dose)
    return _local_cautions(library, row)


def _published_cautions(dataset: Dataset, row: DoseRow, dose: Dose | None) -> list[Caution]:
    return [
        Caution(code=caution.code, text=caution.text, in_note=caution.in_note)
        for caution in (*row.cautions, *dataset.every_row)
        if caution.at_dose is None or (dose and dose.mg == Fraction(caution.at_dose))
    ]


def _local_cautions(library: Library, row: RangeRow) -> list[Caution]:
    cautions = [*library.expired()]
    if row.body_weight:
        text = (
            f"The weight given must be the {row.body_weight} body weight, as the protocol means "
            "it; it is not computed here."
        )
        cautions.append(Caution(code=CautionCode.BODY_WEIGHT_MEANT, text=text))
    local = as_local(row)
    if local and (reason := local.outside_published_range_reason):
        text = f"The protocol's reason for differing from what is published: {reason.rstrip('.')}."
        cautions.append(Caution(code=CautionCode.DEVIATION_REASON, text=text))
    return cautions


def every_row_cautions(dataset: Dataset) -> list[Caution]:
    """Return what holds for every row, for an answer without a published one."""
    return [Caution(code=c.code, text=c.text, in_note=c.in_note) for c in dataset.every_row]


def not_included_caution(left_out: NotIncluded) -> Caution:
    """Return why a route has no row."""
    text = f"{left_out.name}: not included, because {left_out.reason}."
    return Caution(code=CautionCode.NOT_INCLUDED, text=text, in_note=False)


def read_as_caution(drug: Drug) -> Caution:
    """Return which drug an answer is about where the question named none."""
    text = f"{drug.full_name.capitalize()} only. Not {drug.other.full_name}."
    return Caution(code=CautionCode.DRUG_READ_AS, text=text)


def strength_cautions(dataset: Dataset, drug: Drug, strength: Strength) -> list[Caution]:
    """Return the cautions on every volume in mL: the vials that exist, and this strength."""
    marketed = tuple(known.value for known in dataset.marketed(drug))
    text = f"Check the vial: no marketed strength of {drug.full_name} is listed here."
    if marketed:
        *most, last = (notation.plain(value) for value in marketed)
        named = f"{', '.join(most)} and {last}" if most else last
        text = f"Check the vial: {named} mg per mL {'are' if most else 'is'} marketed."
    cautions = [Caution(code=CautionCode.CHECK_VIAL, text=text)]
    known = dataset.known_strength(drug, strength.number)
    entered = strength.entered
    if known is None:
        text = f"{entered} is not a marketed strength."
        cautions.append(Caution(code=CautionCode.NOT_MARKETED, text=text))
    elif known.kind == "prepared":
        text = f"{entered} is a prepared infusion solution, not a marketed vial."
        cautions.append(Caution(code=CautionCode.PREPARED_SOLUTION, text=text))
    elif known.note is not None:
        text = f"{entered}: {known.note}."
        cautions.append(Caution(code=CautionCode.STRENGTH_NOTE, text=text))
    return cautions


def strength_sources(dataset: Dataset, drug: Drug, strength: Strength) -> tuple[str, ...]:
    """Return the sources of the cautions on a volume."""
    known = [*dataset.marketed(drug), dataset.known_strength(drug, strength.number)]
    return tuple(source.source_id for each in known if each for source in each.sources)


def duration_cautions(row: RangeRow, over: Duration | None, *, needed: bool) -> list[Caution]:
    """Return the caution on a duration outside the row's own, or missing where it is needed."""
    if row.minutes is None:
        return []
    whose = "published" if isinstance(row, DoseRow) else "protocol's"
    holds = f"the {whose} range is over {duration_text(row)}, and holds only over it"
    if over is None:
        text = f"Duration not given; {holds}."
        return [Caution(code=CautionCode.DURATION_NOT_GIVEN, text=text)] if needed else []
    if position_of_duration(row, over) is Position.INSIDE:
        return []
    text = f"{as_typed(over).text} is outside it: {holds}."
    return [Caution(code=CautionCode.DURATION_OUTSIDE, text=text)]


def resolved_cautions(row: RangeRow, resolved: Resolved, shown: Range) -> list[Caution]:
    """Return the cautions on a maximum that changes the range, and on a step that does not fit."""
    cautions = []
    if resolved.is_limited and row.maximum:
        maximum = notation.amount(row.maximum.value, row.maximum.unit)
        # Only of a row per kg: of a fixed row the model refuses a maximum below its high end.
        calculated = inward_range(resolved.calculated, "mg").text
        text = (
            f"The maximum changes the range: calculated {calculated}, cap {maximum}, "
            f"result {shown.text} per dose"
        )
        cautions.append(Caution(code=CautionCode.CAPPED, text=text))
    if resolved.rounding is Rounding.NEAREST and resolved.shown != resolved.limited:
        value = resolved.limited.low
        text = f"The range is one value, {about(value)}{by_hand(value)} mg, shown as {shown.text}."
        cautions.append(Caution(code=CautionCode.NEAREST_VALUE, text=text))
    if row.rounding_step is None:
        return cautions
    step = notation.amount(row.rounding_step.value, row.rounding_step.unit)
    if resolved.rounding is Rounding.NEAREST_STEP:
        text = f"No multiple of {step} lies in the range; {shown.text} is the nearest."
        cautions.append(Caution(code=CautionCode.NEAREST_STEP, text=text))
    elif resolved.rounding is not Rounding.STEPS:
        text = f"No multiple of {step} lies in or near the range; it is shown without the step."
        cautions.append(Caution(code=CautionCode.NO_STEP_INSIDE, text=text))
    return cautions


def step_cautions(row: RangeRow, dose: Dose) -> list[Caution]:
    """Return the caution on a dose that is no whole number of devices, or no multiple of a step."""
    given = as_typed(dose).text
    if row.steps and not is_whole_steps(row, dose):
        device = notation.amount(row.steps[0], row.unit)
        text = f"{given} is not a whole number of {device} devices."
        return [Caution(code=CautionCode.NOT_WHOLE_DEVICES, text=text)]
    if row.rounding_step and (dose.mg / Fraction(row.rounding_step.value)).denominator != 1:
        step = notation.amount(row.rounding_step.value, row.rounding_step.unit)
        text = f"{given} is not a multiple of {step}, the step of the protocol."
        return [Caution(code=CautionCode.NOT_A_STEP, text=text)]
    return []


class PastPublished(NamedTuple):
    """On which sides a clinic's result leaves what is published for the weight, and that range."""

    sides: tuple[str, ...] = ()
    published: Span | None = None

    def cautions(self, shown: Range) -> list[Caution]:
        """Return the caution on it."""
        if not self.sides or self.published is None:
            return []
        text = (
            f"For this weight it goes {' and '.join(self.sides)} the published range: {shown.text} "
            f"against {inward_range(self.published, 'mg').text} per dose"
        )
        return [Caution(code=CautionCode.OUTSIDE_PUBLISHED, text=text)]


def past_published(
    library: Library, row: RangeRow, weight: Weight | None, resolved: Resolved
) -> PastPublished:
    """Return how a clinic's result lies beside what is published for the weight."""
    published = library.dataset.row(row.route, row.drug)
    if published is None or published is row or weight is None:
        return PastPublished()
    limits = resolve(published, weight).accepted
    return PastPublished(sides_outside(resolved.shown, limits), limits)
