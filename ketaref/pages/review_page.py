"""The pages of the review pack: who reviews what, the items by group, how to record it."""

from ketaref.answers.review import DECISIONS, ReviewAnswer, ReviewItem
from ketaref.answers.review_items import Block
from ketaref.document import BOX, Column, Document, Facts, Heading, Paragraph, Points, Table
from ketaref.pages.checklist_page import LINE
from ketaref.pages.row_parts import caution_points, local_section, local_sources_text

WIDE = True
CLOSING = "A review says who has read what. It makes no range a prescription."
_HOW_TO_WORK = (
    "Work from the top: by importance, and in each block what stands unsupported or was read in "
    "secondary copies only comes first. Tick one of accept, amend and reject for a whole block, or "
    "for each item; what has no tick is not reviewed. Write initials and a date, never the name of "
    "a patient."
)
_INITIALS = "_" * 8
_DECISION_COLUMNS = tuple(Column(decision.capitalize(), joins=True) for decision in DECISIONS)
_INITIALS_COLUMN = Column("Initials, date", joins=True)


def body(answer: ReviewAnswer) -> Document:
    """Lay out who reviews what, the items by group, the sources, and how to record it."""
    blocks: list[Heading | Table] = []
    for block in Block:
        rows = [row for row in answer.results if row.block is block]
        if rows:
            blocks += [Heading(f"{block.value.capitalize()}: {len(rows)} items"), _table(rows)]
    edition = (
        (("data version", answer.data.version), ("sha256", answer.data.sha256))
        if answer.data
        else ()
    )
    return (
        Heading("Review pack", 1),
        Facts(
            (
                *((key, LINE) for key in ("committee", "role of the chair", "date")),
                *edition,
                ("items", f"{len(answer.results) + len(answer.local)}"),
            )
        ),
        Paragraph("how to work", _HOW_TO_WORK),
        *_page_one(answer),
        *_local(answer),
        *blocks,
        *_sources(answer),
        *_how_to_record(answer),
    )


def _page_one(answer: ReviewAnswer) -> Document:
    """Lay out the rows, what supports them, and what is not known."""
    columns = (
        Column("Row"),
        Column("Published range per dose"),
        Column("Standing", joins=True),
        Column("What supports it"),
    )
    cells = tuple(
        (
            f"{row.route_name} {row.drug.full_name}",
            f"{row.range_text}, over {row.duration_text}",
            row.standing_label or "",
            row.evidence.text,
        )
        for row in answer.rows
    )
    unknown = caution_points((row.route_name, row.cautions) for row in answer.rows)
    return (
        Heading("On one page"),
        Table(columns, cells),
        Points("not known, and to be known", unknown.items),
    )


def _local(answer: ReviewAnswer) -> Document:
    if answer.protocol is None or not answer.local:
        return ()
    columns = (Column("Item"), *_DECISION_COLUMNS, Column("Difference"), Column("Source"))
    cells = tuple(
        (
            _item_text(row),
            *(BOX for _ in DECISIONS),
            row.deviation or "a check of its own",
            local_sources_text(row.local_sources),
            _INITIALS,
        )
        for row in answer.local
    )
    blocks = (
        Facts((("sha256", answer.protocol.sha256),)),
        Table((*columns, _INITIALS_COLUMN), cells),
    )
    return (local_section(answer.protocol, blocks),)


def _table(rows: list[ReviewItem]) -> Table:
    columns = (
        Column("Item"),
        *_DECISION_COLUMNS,
        Column("Standing"),
        Column("Sources"),
        Column("Contradicted by"),
        _INITIALS_COLUMN,
    )
    whole = (
        f"All {len(rows)} items of this block",
        *(BOX for _ in DECISIONS),
        *("each below",) * 3,
        _INITIALS,
    )
    return Table(columns, (whole, *(_cells(row) for row in rows)))


def _cells(row: ReviewItem) -> tuple[str, ...]:
    sources = "; ".join(
        f"{s.source_id}{f' ({s.relation})' if s.relation else ''}, {s.place}, {s.checked}"
        for s in row.sources
    )
    return (
        _item_text(row),
        *(BOX for _ in DECISIONS),
        row.standing or "none given",
        sources or "none",
        ", ".join(row.contradicted_by) or "nothing found",
        _INITIALS,
    )


def _item_text(row: ReviewItem) -> str:
    return f"{row.number}. {row.part} {row.id}: {row.text}"


def _sources(answer: ReviewAnswer) -> Document:
    columns = (
        Column("Source"),
        Column("Checked", joins=True),
        Column("Version read"),
        Column("Not read"),
    )
    cells = tuple(
        (source.id, source.checked, source.version_read, source.not_read or "nothing named")
        for source in answer.sources
    )
    return (Heading("The sources, as they were read"), Table(columns, cells))


def _how_to_record(answer: ReviewAnswer) -> Document:
    recorded_in = []
    if answer.data:
        values = f'version = "{answer.data.version}", sha256 = "{answer.data.sha256}"'
        recorded_in.append(("data/reviews.toml", values))
    if answer.protocol:
        values = f'version = "{answer.protocol.version}", sha256 = "{answer.protocol.sha256}"'
        recorded_in.append(("the protocol file", values))
    return (
        Heading("To record the review"),
        Paragraph(
            "add",
            "A table [[review]] with role, organisation, reviewed (a date), version, covered and "
            "sha256: a role and an organisation, never a person. It counts for exactly this hash: "
            "any change takes it away.",
        ),
        Points("record in", tuple(recorded_in)),
    )
