"""How a clinic's own rows are laid out: marked, beside what is published, in words."""

from collections.abc import Sequence

from ketaref import notation
from ketaref.document import Column, Document, Heading, Local, Paragraph, Points, Table
from ketaref.model.protocol import LocalSource
from ketaref.reports.base import ProtocolStamp, in_words
from ketaref.reports.local import LocalRow


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
    return (Local((*heading(stamp), Table(columns, cells), *notes(rows))),)


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
