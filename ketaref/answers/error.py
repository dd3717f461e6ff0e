"""An error in the envelope of an answer, for whoever wants JSON."""

from typing import ClassVar, Literal

from ketaref.answers.answer import Answer, ErrorEntry, data_stamp
from ketaref.errors import DataError, KetarefError
from ketaref.model.base import Frozen
from ketaref.ranges.library import Library


class ErrorAnswer(Answer):
    """Why there is no answer; ``kind`` is null where no command was understood."""

    status: Literal["error"] = "error"
    inputs: None = None
    results: tuple[()] = ()
    result_model: ClassVar[type[Frozen]] = ErrorEntry


def error_answer(error: KetarefError, *, kind: str | None, library: Library | None) -> ErrorAnswer:
    """Return the envelope of an error."""
    messages = error.problems if isinstance(error, DataError) else (error.message,)
    return ErrorAnswer(
        kind=kind,
        data=data_stamp(library.dataset) if library else None,
        cautions=library.overdue() if library else (),
        errors=tuple(
            ErrorEntry(code=error.code, message=message, hint=error.hint) for message in messages
        ),
    )
