"""The page of what a protocol file says, and how it differs."""

from ketaref.answers.protocol_check import ProtocolCheckAnswer
from ketaref.document import Column, Document, Facts, Heading, Local, Table
from ketaref.pages.row_parts import local_sources_text, rows_table


def body(answer: ProtocolCheckAnswer) -> Document:
    """Lay out the approval, then each row and how it differs, then the checks."""
    stamp = answer.protocol
    if stamp is None:
        raise ValueError("there is no protocol to lay out")
    facts = (
        ("file", f"{answer.inputs.file}: valid"),
        ("institution", stamp.institution),
        ("approved", f"{stamp.approved} by {stamp.approved_by}"),
        ("expires", f"{stamp.expires}{', and has expired' if stamp.expired else ''}"),
        ("review", stamp.clinical_review),
        ("sha256", stamp.sha256),
    )
    checks = tuple(
        (item.id, item.phase.value, item.full_text, local_sources_text(item.local_sources))
        for item in answer.local
    )
    columns = (
        Column("Local check"),
        Column("When"),
        Column("Text", joins=True),
        Column("Source", joins=True),
    )
    return (
        Heading(stamp.label, 1),
        Facts(facts),
        *([Local(rows_table(answer.results))] if answer.results else []),
        *([Local((Table(columns, checks),))] if checks else []),
    )
