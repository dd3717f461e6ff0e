"""What a protocol file says, row by row, and how it differs from what is published."""

from datetime import date
from typing import ClassVar, Literal

from ketaref.document import Column, Document, Facts, Heading, Local, Table
from ketaref.model.base import Frozen
from ketaref.reports.base import Report, overdue, stamp
from ketaref.reports.checklist import LocalCheckItem, check_in_words, local_item
from ketaref.reports.local import Laid, LocalRow, local_cautions
from ketaref.reports.local_layout import (
    difference_in_words,
    local_name,
    notes,
    over_in_words,
    range_with_limits,
    source_in_words,
)


class ProtocolInputs(Frozen):
    """What was asked."""

    file: str


class ProtocolReport(Report):
    """A protocol that was read and found valid; its rows and checks are in ``local``."""

    kind: Literal["protocol_check"] = "protocol_check"
    inputs: ProtocolInputs
    results: tuple[LocalRow, ...]
    row_model: ClassVar[type[Frozen]] = LocalRow
    local_model: ClassVar[type[Frozen] | None] = LocalCheckItem

    def body(self) -> Document:
        """Lay out the approval, then each row and how it differs, then the checks."""
        if self.protocol is None:
            raise ValueError("there is no protocol to lay out")
        stamp = self.protocol
        facts = (
            ("file", f"{self.inputs.file}: valid"),
            ("institution", stamp.institution),
            ("approved", f"{stamp.approved} by {stamp.approved_by}"),
            ("expires", f"{stamp.expires}{', and has expired' if stamp.expired else ''}"),
            ("review", stamp.clinical_review),
            ("sha256", stamp.sha256),
        )
        checks = tuple(
            (
                item.id,
                item.phase.value,
                check_in_words(item),
                "; ".join(map(source_in_words, item.local_sources)),
            )
            for item in self.local
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
            *([Local(self._rows())] if self.results else []),
            *([Local((Table(columns, checks),))] if checks else []),
        )

    def _rows(self) -> Document:
        columns = (
            Column("Local row"),
            Column("Local range per dose"),
            Column("Over", joins=True),
            Column("Difference", joins=True),
        )
        cells = tuple(
            (local_name(row), range_with_limits(row), over_in_words(row), difference_in_words(row))
            for row in self.results
        )
        return (Table(columns, cells), *notes(self.results))


def protocol_report(laid: Laid, file: str, *, today: date) -> ProtocolReport:
    """Return what a valid protocol says beside what is published."""
    return ProtocolReport(
        data=stamp(laid.dataset),
        protocol=laid.stamp(),
        inputs=ProtocolInputs(file=file),
        results=tuple(laid.row(row) for row in laid.protocol.rows),
        local=tuple(local_item(laid, check) for check in laid.protocol.checks),
        cautions=(*local_cautions(laid), *overdue(laid.dataset, today)),
    )
