"""What reports say of a row: its range, duration and standing, as data and in words."""

from collections.abc import Iterable
from fractions import Fraction

from ketaref import notation
from ketaref.document import Points
from ketaref.dosing import Place, place_in_duration
from ketaref.errors import ErrorCode, InputError
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.doses import Basis, CautionCode, DoseRow
from ketaref.model.names import Drug
from ketaref.reports.base import Caution, Quantity, Range, as_is, in_words
from ketaref.units import Dose, Duration, Strength


class Published(Range):
    """A range as published; ``as_written`` is the source's own cell."""

    as_written: str


class PublishedDuration(Frozen):
    """A duration as published; null where the source gives no figure."""

    low: Quantity | None
    high: Quantity | None
    as_written: str


def published(row: DoseRow) -> Published:
    """Return a row's range as data."""
    return Published(
        low=as_is(row.low, row.unit), high=as_is(row.high, row.unit), as_written=row.as_written
    )


def duration(row: DoseRow) -> PublishedDuration:
    """Return a row's duration as data."""
    low, high, unit = row.duration.low, row.duration.high, row.duration.unit
    return PublishedDuration(
        low=as_is(low, unit) if low and unit else None,
        high=as_is(high, unit) if high and unit else None,
        as_written=row.duration.as_written,
    )


def steps(row: DoseRow) -> tuple[Quantity, ...] | None:
    """Return a row's steps, such as whole devices, or None."""
    return tuple(as_is(step, row.unit) for step in row.steps) or None


def row_cautions(dataset: Dataset, row: DoseRow, dose_mg: Fraction | None = None) -> list[Caution]:
    """Return what is always said beside a row, and what is said only of exactly this dose."""
    return [
        Caution(code=caution.code, text=caution.text)
        for caution in (*row.cautions, *dataset.every_row)
        if caution.at_dose is None or caution.at_dose == dose_mg
    ]


def read_as(drug: Drug) -> Caution:
    """Return how the question was read where no drug was named."""
    text = f"Read as {drug.full_name}; not for {drug.other.full_name}."
    return Caution(code=CautionCode.DRUG_READ_AS, text=text)


def strength_cautions(dataset: Dataset, drug: Drug, strength: Strength) -> list[Caution]:
    """Return what must be said beside every volume in mL."""
    marketed = tuple(known.value for known in dataset.marketed(drug))
    *most, last = (notation.plain(value) for value in marketed)
    text = f"Check the vial: {', '.join(most)} and {last} mg per mL are marketed."
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


def duration_caution(row: DoseRow, over: Duration | None, *, asked: bool) -> list[Caution]:
    """Return the caution on a duration outside the published one, or missing where ``asked``."""
    if row.duration.low is None:
        return []
    words = f"the published range is over {duration_in_words(duration(row))}"
    if over is None:
        text = f"Duration not given; {words}, and holds only over it."
        return [Caution(code=CautionCode.DURATION_NOT_GIVEN, text=text)] if asked else []
    if place_in_duration(row, over) is Place.INSIDE:
        return []
    text = f"{measured(over)} is outside it: {words}, and holds only over it."
    return [Caution(code=CautionCode.DURATION_OUTSIDE, text=text)]


def refuse_not_applicable(
    rows: Iterable[DoseRow], strength: Strength | None, over: Duration | None
) -> None:
    """Refuse a volume or a rate for a row that was named and has none."""
    for row in rows:
        name = f"{row.route.full_name} {row.drug.full_name}"
        if strength and not row.volume_applies:
            raise InputError(
                ErrorCode.VOLUME_NOT_APPLICABLE,
                f"a strength does not apply to {name}: no volume in mL is given for it",
                "leave out -s",
            )
        if over and not row.rate_applies:
            raise InputError(
                ErrorCode.RATE_NOT_APPLICABLE,
                f"a duration does not apply to {name}: no rate in mg/min is given for it",
                "leave out --over",
            )


def measured(value: Dose | Duration | Strength) -> str:
    """Return what was typed, for people."""
    return notation.amount(value.number, value.unit)


def range_in_words(row_published: Published, row_steps: tuple[Quantity, ...] | None) -> str:
    """Return a published range for people: its steps where it has them."""
    if row_steps:
        return notation.one_of(tuple(step.value for step in row_steps), row_steps[0].unit)
    return in_words(row_published)


def duration_in_words(value: PublishedDuration) -> str:
    """Return a duration for people."""
    if value.low is None or value.high is None:
        return value.as_written.lower()
    return notation.span(value.low.value, value.high.value, value.low.unit)


def basis_in_words(basis: Basis) -> str:
    """Return the basis for people."""
    return "per kg of body weight" if basis is Basis.PER_KG else "fixed, body weight not used"


def caution_points(rows: Iterable[tuple[str, tuple[Caution, ...]]]) -> Points:
    """Lay out the cautions of several rows; what all of them say is said once."""
    named = list(rows)
    shared = set.intersection(*({caution.text for caution in cautions} for _, cautions in named))
    items = [
        (name, caution.text)
        for name, cautions in named
        for caution in cautions
        if caution.text not in shared
    ]
    last = [("", caution.text) for caution in named[0][1] if caution.text in shared]
    return Points("caution", (*items, *last))


def stated_in(dataset: Dataset, row: DoseRow) -> str:
    """Return where a row's range is stated, and where the rest of its sources are listed."""
    stated = row.stated_in
    kind = dataset.source(stated.source_id).kind.in_words
    others = len(row.source_ids) - 1
    return (
        f"{stated.source_id} ({kind}), {stated.place}; {others} others bear on it: "
        f"ketaref routes {row.route}"
    )


def echo_measured(value: Dose | Duration | Strength) -> Quantity:
    """Return what was typed, as data."""
    return as_is(value.number, value.unit.replace(" per ", "/"))
