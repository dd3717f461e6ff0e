"""The sheet of a session: to read out, to tick, to sign."""

from collections.abc import Sequence

from ketaref.answers.checklist import REPLIES, CheckItem, ChecklistAnswer
from ketaref.document import BOX, Column, Document, Facts, Heading, Paragraph, Table
from ketaref.model.checklist_item import Phase
from ketaref.pages.row_parts import citations_text, local_section, local_sources_text
from ketaref.ranges.row import Origin

LINE = "_" * 20
CLOSING = "A full list does not mean that treatment is safe, and the list is not complete."


def body(answer: ChecklistAnswer) -> Document:
    """Lay out what to fill in, then the checks of each phase with their boxes."""
    inputs = answer.inputs
    route = inputs.route.full_name if inputs.route else "all routes"
    return (
        Heading(f"Session checklist, {route}", 1),
        Facts((("clinic", inputs.clinic or LINE), ("date", LINE), ("initials", LINE))),
        Paragraph(
            "how to answer",
            "Answer each item yes, no or not assessed. An item without an answer is not assessed; "
            "it is never no. Write no name or number of a patient on this sheet.",
        ),
        *_by_phase(answer.results, ""),
        *_local(answer),
    )


def _local(answer: ChecklistAnswer) -> Document:
    if answer.protocol is None or not answer.local:
        return ()
    blocks = _by_phase(answer.local, f", {answer.protocol.label}")
    return (local_section(answer.protocol, blocks),)


def _by_phase(items: Sequence[CheckItem], whose: str) -> list[Heading | Table]:
    blocks: list[Heading | Table] = []
    for phase in Phase:
        rows = [row for row in items if row.phase is phase]
        if rows:
            name = f"{phase.value.capitalize()} the session{whose}"
            blocks += [Heading(name), _checks(rows)]
    return blocks


def _checks(rows: Sequence[CheckItem]) -> Table:
    boxes = tuple(Column(reply.capitalize(), joins=True) for reply in REPLIES)
    columns = (Column("Check"), *boxes, Column("Source"))
    cells = tuple((row.full_text, *(BOX for _ in REPLIES), sources_text(row)) for row in rows)
    return Table(columns, cells)


def sources_text(row: CheckItem) -> str:
    """Return the sources of a check for people."""
    if row.origin is Origin.LOCAL:
        return local_sources_text(row.local_sources)
    return citations_text(row.sources)
