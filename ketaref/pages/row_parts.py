"""What several pages say of a row: its cautions, its source, and a clinic's rows in a section."""

from collections.abc import Iterable, Sequence

from ketaref.answers.answer import Answer, ProtocolStamp
from ketaref.document import Block, Column, Document, Heading, Local, Paragraph, Points, Table
from ketaref.model.dose_row import Basis
from ketaref.model.source import Citation
from ketaref.protocol.fields import LocalSource
from ketaref.ranges.caution import Caution
from ketaref.ranges.row import RowAnswer


def caution_points(rows: Iterable[tuple[str, tuple[Caution, ...]]]) -> Points:
    """Lay out the cautions of several rows; those that all of them have come once, at the end."""
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


def stated_in(answer: Answer, row: RowAnswer) -> str:
    """Return where a row's range is stated, and where the rest of its sources are listed."""
    if row.stated_in is None:
        return local_sources_text(row.local_sources)
    kind = answer.source(row.stated_in.source_id).kind.full_name
    others = len(row.source_ids) - 1
    return (
        f"{row.stated_in.source_id} ({kind}), {row.stated_in.place}; {others} more sources: "
        f"ketaref routes {row.route}"
    )


def basis_text(basis: Basis) -> str:
    """Return the basis for people."""
    return "per kg of body weight" if basis is Basis.PER_KG else "fixed, body weight not used"


def citations_text(citations: Iterable[Citation]) -> str:
    """Return citations for people."""
    return "; ".join(f"{citation.source_id}, {citation.place}" for citation in citations)


def local_sources_text(sources: Iterable[LocalSource]) -> str:
    """Return a clinic's own sources for people."""
    return "; ".join(
        f"{source.title}{f' ({source.identifier})' if source.identifier else ''}, {source.place}"
        for source in sources
    )


# ------------------------------------------------------------ a clinic's own section


def local_section(stamp: ProtocolStamp, blocks: Iterable[Block]) -> Local:
    """Return a clinic's section, headed by whose it is and who approved it."""
    approval = (
        f"approved on {stamp.approved} by {stamp.approved_by}, expires on {stamp.expires}; "
        f"{stamp.clinical_review}"
    )
    return Local(
        (Heading(f"{stamp.label}, {stamp.institution}"), Paragraph("approval", approval), *blocks)
    )


def local_rows(stamp: ProtocolStamp | None, rows: Sequence[RowAnswer]) -> Document:
    """Lay out a protocol's rows, each with how it differs from what is published."""
    if stamp is None or not rows:
        return ()
    return (local_section(stamp, rows_table(rows)),)


def rows_table(rows: Sequence[RowAnswer]) -> Document:
    """Lay out a protocol's rows, without a heading."""
    columns = (
        Column("Local row"),
        Column("Local range per dose"),
        Column("Over", joins=True),
        Column("Difference", joins=True),
    )
    cells = tuple(
        (local_name(row), row.limits_text, row.duration_text, deviation_text(row)) for row in rows
    )
    return (Table(columns, cells), *row_notes(rows))


def local_name(row: RowAnswer) -> str:
    """Return which of a protocol's rows it is."""
    return f"{row.id}: {row.route_name} {row.drug.full_name}"


def deviation_text(row: RowAnswer) -> str:
    """Return the code of a deviation for people."""
    return row.deviation.code.replace("_", " ") if row.deviation else "as published"


def row_notes(rows: Sequence[RowAnswer]) -> Document:
    """Lay out the deviations, the cautions and the sources of a protocol's rows."""
    deviations = tuple((row.id, row.deviation.text) for row in rows if row.deviation)
    cautions = tuple((row.id, caution.text) for row in rows for caution in row.cautions)
    sources = tuple((row.id, local_sources_text((s,))) for row in rows for s in row.local_sources)
    return (
        Points("against the published range", deviations),
        *([Points("local caution", cautions)] if cautions else []),
        Points("local source", sources),
    )
