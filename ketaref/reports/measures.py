"""What must be said of a strength or a duration that was given, or refused."""

from collections.abc import Iterable

from ketaref import notation
from ketaref.dosing import Place, place_in_duration
from ketaref.errors import ErrorCode, InputError
from ketaref.model.dataset import Dataset
from ketaref.model.doses import CautionCode, DoseRow
from ketaref.model.names import Drug
from ketaref.model.protocol import ProtocolRow
from ketaref.reports.base import Caution, Quantity, as_is
from ketaref.reports.rows import duration, duration_in_words
from ketaref.units import Dose, Duration, Strength

_BUT = {
    CautionCode.NOT_WHOLE_DEVICES: " but none of its doses",
    CautionCode.DURATION_OUTSIDE: " but not over its duration",
    CautionCode.DURATION_NOT_GIVEN: " but its duration was not given",
}


def but(place: Place, cautions: Iterable[Caution]) -> str:
    """Return what must follow where a dose inside a range is not given as the range was."""
    said = {caution.code for caution in cautions} if place is Place.INSIDE else set()
    return next((words for code, words in _BUT.items() if code in said), "")


def strength_cautions(dataset: Dataset, drug: Drug, strength: Strength) -> list[Caution]:
    """Return what must be said beside every volume in mL."""
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
        cautions.append(Caution(code=CautionCode.DILUTE_FIRST, text=text))
    return cautions


def strength_sources(dataset: Dataset, drug: Drug, strength: Strength) -> tuple[str, ...]:
    """Return the sources of what is said beside a volume."""
    said = [*dataset.marketed(drug), dataset.known_strength(drug, strength.number)]
    return tuple(source.source_id for known in said if known for source in known.sources)


def duration_caution(row: DoseRow, over: Duration | None, *, asked: bool) -> list[Caution]:
    """Return the caution on a duration outside the published one, or missing where ``asked``."""
    if row.duration.low is None:
        return []
    words = f"the published range is over {duration_in_words(duration(row))}"
    if over is None:
        text = f"Duration not given; {words}, and holds only over it."
        return [Caution(code=CautionCode.DURATION_NOT_GIVEN, text=text)] if asked else []
    if place_in_duration(row.duration, over) is Place.INSIDE:
        return []
    text = f"{measured(over)} is outside it: {words}, and holds only over it."
    return [Caution(code=CautionCode.DURATION_OUTSIDE, text=text)]


def refuse_not_applicable(
    rows: Iterable[DoseRow | ProtocolRow], strength: Strength | None, over: Duration | None
) -> None:
    """Refuse a volume or a rate for a row that was named and has none."""
    rows = tuple(rows)
    for row in rows:
        name = f"{row.route.full_name} {row.drug.full_name}"
        same = [other for other in rows if other.route is row.route]
        if strength and not any(other.volume_applies for other in same):
            raise InputError(
                ErrorCode.VOLUME_NOT_APPLICABLE,
                f"a strength does not apply to {name}: no volume in mL is given for it",
                "leave out -s",
            )
        if over and not any(other.rate_applies for other in same):
            raise InputError(
                ErrorCode.RATE_NOT_APPLICABLE,
                f"a duration does not apply to {name}: no rate in mg/min is given for it",
                "leave out --over",
            )


def measured(value: Dose | Duration | Strength) -> str:
    """Return what was typed, for people."""
    return notation.amount(value.number, value.unit)


def echo_measured(value: Dose | Duration | Strength) -> Quantity:
    """Return what was typed, as data."""
    return as_is(value.number, value.unit.replace(" per ", "/"))
