"""What reports say of a row: its range, duration and standing, as data and in words."""

from collections.abc import Iterable
from fractions import Fraction

from ketaref import notation
from ketaref.document import Points
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.doses import Basis, CautionCode, DoseRow
from ketaref.model.names import Drug
from ketaref.reports.base import Caution, Quantity, Range, as_is, in_words


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


def range_in_words(ends: Range, row_steps: tuple[Quantity, ...] | None) -> str:
    """Return a range for people: its steps where it has them."""
    if row_steps:
        return notation.one_of(tuple(step.value for step in row_steps), row_steps[0].unit)
    return in_words(ends)


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
