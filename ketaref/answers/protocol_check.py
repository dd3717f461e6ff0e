"""What a protocol file says, row by row, and how it differs from what is published."""

from typing import ClassVar, Literal

from ketaref.answers.answer import Answer, data_stamp, protocol_stamp
from ketaref.answers.checklist import CheckItem, local_check
from ketaref.model.base import Frozen
from ketaref.ranges.cautions import row_cautions
from ketaref.ranges.library import Library
from ketaref.ranges.row import RowAnswer, row_answer


class ProtocolInputs(Frozen):
    """The question: which file."""

    file: str


class ProtocolCheckAnswer(Answer):
    """A valid protocol: its rows in ``results``, its checks in ``local``."""

    kind: Literal["protocol_check"] = "protocol_check"
    inputs: ProtocolInputs
    results: tuple[RowAnswer, ...]
    local: tuple[CheckItem, ...] = ()
    result_model: ClassVar[type[Frozen]] = RowAnswer
    local_model: ClassVar[type[Frozen] | None] = CheckItem


def protocol_check_answer(library: Library) -> ProtocolCheckAnswer:
    """Return what a valid protocol says, and how each row differs from what is published."""
    protocol = library.protocol
    if protocol is None:
        raise ValueError("there is no protocol to check")
    return ProtocolCheckAnswer(
        data=data_stamp(library.dataset),
        protocol=protocol_stamp(library),
        inputs=ProtocolInputs(file=protocol.file),
        results=tuple(
            row_answer(library, row, tuple(row_cautions(library, row))) for row in protocol.rows
        ),
        local=tuple(local_check(library, check) for check in protocol.checks),
        cautions=library.dates(),
    )
