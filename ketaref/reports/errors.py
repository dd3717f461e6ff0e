"""An error in the envelope of a report, for whoever asked for JSON."""

from datetime import date
from typing import ClassVar, Literal

from ketaref.errors import DataError, KetarefError
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.reports.base import ErrorEntry, Report, overdue, stamp


class ErrorReport(Report):
    """Why there is no answer; ``kind`` is null where no command was understood."""

    status: Literal["error"] = "error"
    inputs: None = None
    results: tuple[()] = ()
    row_model: ClassVar[type[Frozen]] = ErrorEntry


def error_report(
    error: KetarefError, *, kind: str | None, dataset: Dataset | None, today: date
) -> ErrorReport:
    """Return the envelope of an error."""
    return ErrorReport(
        kind=kind,
        data=stamp(dataset) if dataset else None,
        cautions=overdue(dataset, today) if dataset else (),
        errors=tuple(
            ErrorEntry(code=error.code, message=message, hint=error.hint)
            for message in (error.problems if isinstance(error, DataError) else (error.message,))
        ),
    )
