"""How a clinic's own rows are laid out: marked, beside what is published, in words."""

from collections.abc import Sequence

from ketaref import notation
from ketaref.document import Column, Document, Heading, Paragraph, Points, Table
from ketaref.model.protocol import LocalSource
from ketaref.reports.base import ProtocolStamp, in_words
from ketaref.reports.infusion import rate_in_words, volume_in_words
from ketaref.reports.local import LocalRow
from ketaref.reports.local_doses import LocalDose, LocalPlace


def over_in_words(row: LocalRow) -> str:
    """Return a duration for people."""
    return in_words(row.duration) if row.duration else "not stated"


def heading(stamp: ProtocolStamp) -> Document:
    """Return what marks everything below as the clinic's own."""
    approval = (
        f"approved on {stamp.approved} by {stamp.approved_by}, expires on {stamp.expires}; "
        f"{stamp.clinical_review}"
    )
    return (
        Heading(f"{stamp.label}, {stamp.institution}"),
        Paragraph("approval", approval),
    )


def local_rows(stamp: ProtocolStamp, rows: tuple[LocalRow, ...]) -> Document:
    """Lay out a protocol's rows, each beside what is published."""
    columns = (
        Column("Local row"),
        Column("Local range per dose"),
        Column("Over", joins=True),
        Column("Difference", joins=True),
    )
    cells = tuple(
        (local_name(row), range_with_limits(row), over_in_words(row), difference_in_words(row))
        for row in rows
    )
    return (*heading(stamp), Table(columns, cells), *notes(rows))


def local_name(row: LocalRow) -> str:
    """Return which row it is."""
    return f"{row.id}: {row.route_name} {row.drug.full_name}"


def difference_in_words(row: LocalRow) -> str:
    """Return the code of a difference for people."""
    return row.difference.code.replace("_", " ")


def range_with_limits(row: LocalRow) -> str:
    """Return a row's range with its maximum, its step and the body weight that is meant."""
    said = in_words(row.range)
    if row.body_weight:
        said += f" of {row.body_weight} body weight"
    if row.maximum:
        said += f", at most {notation.amount(row.maximum.value, row.maximum.unit)}"
    if row.rounding_step:
        step = notation.amount(row.rounding_step.value, row.rounding_step.unit)
        said += f", in steps of {step}"
    return said


def notes(rows: Sequence[LocalRow]) -> Document:
    """Lay out the differences, the cautions and the sources of a protocol's rows."""
    differences = tuple((row.id, row.difference.text) for row in rows)
    cautions = tuple((row.id, caution.text) for row in rows for caution in row.cautions)
    cited = tuple((row.id, source_in_words(s)) for row in rows for s in row.local_sources)
    return (
        Points("against the published range", differences),
        *([Points("local caution", cautions)] if cautions else []),
        Points("local source", cited),
    )


def sources_in_words(row: LocalRow) -> str:
    """Return all sources of a row for people."""
    return "; ".join(source_in_words(source) for source in row.local_sources)


def source_in_words(source: LocalSource) -> str:
    """Return a source of the clinic's for people."""
    identifier = f" ({source.identifier})" if source.identifier else ""
    return f"{source.title}{identifier}, {source.place}"


def local_doses(
    stamp: ProtocolStamp, rows: tuple[LocalDose, ...], beside: dict[str, str]
) -> Document:
    """Lay out what a protocol's rows give, each beside what is published for the weight."""
    columns = (
        Column("Local row"),
        Column("Local range per dose"),
        Column("Published", joins=True),
        Column("Difference", joins=True),
    )
    cells = tuple(
        (
            local_name(row),
            _result_in_words(row),
            beside.get(f"{row.route} {row.drug}", "no such row"),
            difference_in_words(row),
        )
        for row in rows
    )
    measures = [
        (row.id, words)
        for row in rows
        for words in (
            f"over {over_in_words(row)}" if row.duration else "",
            f"volume {volume_in_words(row.volume)}" if row.volume else "",
            f"rate {rate_in_words(row.rate)}" if row.rate else "",
        )
        if words
    ]
    working = tuple((row.id, line) for row in rows for line in row.working)
    return (
        *heading(stamp),
        Table(columns, cells),
        *([Points("local measure", tuple(measures))] if measures else []),
        Points("local working", working),
        *notes(rows),
    )


def local_dose_note(row: LocalDose, weight: str) -> str:
    """Return the line of a note: as the published one, marked as the clinic's own."""
    facts = [
        f"{row.origin}, row {row.id}",
        f"{row.drug.full_name}, {row.route_name}",
        f"local range {range_with_limits(row)}",
        *([f"over {over_in_words(row)}"] if row.duration else []),
        f"for this weight {_result_in_words(row)} per dose",
        *([volume_in_words(row.volume)] if row.volume else []),
        *([rate_in_words(row.rate)] if row.rate else []),
        f"weight {weight}",
        *row.working,
        row.difference.text,
        *(caution.text.rstrip(".") for caution in row.cautions),
    ]
    return "; ".join(facts)


def _result_in_words(row: LocalDose) -> str:
    result = in_words(row.dose)
    if row.body_weight:
        result += f", by {row.body_weight} body weight"
    if row.capped and row.maximum:
        cap = notation.amount(row.maximum.value, row.maximum.unit)
        result += f" (calculated {in_words(row.calculated)}, cap {cap})"
    return result


def local_places(stamp: ProtocolStamp, rows: tuple[LocalPlace, ...]) -> Document:
    """Lay out where a dose lies in each of a protocol's rows."""
    columns = (
        Column("Local row"),
        Column("Place"),
        Column("Local range per dose", joins=True),
        Column("Difference", joins=True),
    )
    cells = tuple(
        (local_name(row), row.place.value, place_range_in_words(row), difference_in_words(row))
        for row in rows
    )
    return (*heading(stamp), Table(columns, cells), *notes(rows))


def place_range_in_words(row: LocalPlace) -> str:
    """Return the range that a dose was laid against."""
    said = in_words(row.range)
    if row.body_weight:
        said += f" of {row.body_weight} body weight, {in_words(row.calculated)}"
    if row.maximum:
        said += f", at most {notation.amount(row.maximum.value, row.maximum.unit)}"
    return said
