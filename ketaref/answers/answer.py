"""What every answer carries: the label, the edition of the data, the protocol, the sources."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

import ketaref
from ketaref.answers.exact_json import dumps
from ketaref.errors import ErrorCode
from ketaref.label import INTENDED_USE, NOTICE
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.source import Citation, Source
from ketaref.ranges.caution import Caution
from ketaref.ranges.library import Library


def _is_the_notice(text: str) -> str:
    if text != NOTICE:
        raise ValueError("the notice is fixed")
    return text


class ErrorEntry(Frozen):
    """Why there is no answer."""

    code: ErrorCode
    message: str
    hint: str | None


class ProtocolStamp(Frozen):
    """Which clinic's protocol an answer has rows of; ``sha256`` is without its reviews."""

    label: str
    name: str
    institution: str
    version: str
    approved_by: str
    approved: date
    expires: date
    expired: bool
    clinical_review: str
    sha256: str


class Tool(Frozen):
    """The program that answered."""

    name: Literal["ketaref"] = "ketaref"
    version: str = ketaref.__version__


class DataStamp(Frozen):
    """Which edition of the data answered; ``sha256`` is of all but the dates and the reviews."""

    version: str
    reviewed: date
    review_due: date
    clinical_review: str
    sha256: str


class Answer(Frozen):
    """An answer with its label, in the shape that its JSON has."""

    schema_version: Literal[1] = 1
    kind: str | None
    status: Literal["ok", "error"] = "ok"
    notice: Annotated[
        str, AfterValidator(_is_the_notice), Field(json_schema_extra={"const": NOTICE})
    ] = NOTICE
    intended_use: str = INTENDED_USE
    tool: Tool = Tool()
    data: DataStamp | None
    protocol: ProtocolStamp | None = None
    inputs: Any
    results: tuple[Any, ...]
    # The protocol's own rows: apart from the results, never among them, and of the same shape.
    local: tuple[Any, ...] = ()
    cautions: tuple[Caution, ...] = ()
    sources: tuple[Source, ...] = ()
    errors: tuple[ErrorEntry, ...] = ()

    # What a line of the CSV is: the model of a result, and of what a protocol adds, if it adds any.
    result_model: ClassVar[type[Frozen]]
    local_model: ClassVar[type[Frozen] | None] = None

    # Set by the door for Python programs, which knows the writers; an answer does not.
    as_html: ClassVar[Callable[["Answer"], str] | None] = None

    @property
    def is_outside(self) -> bool:
        """Whether it says of a dose that it lies outside a range."""
        return False

    def constants(self) -> dict[str, str]:
        """Return the columns that every line of the CSV repeats."""
        return {}

    def lines(self, rows: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return what the CSV has a line for: the results or the local rows, as they are."""
        return rows

    def to_json(self) -> str:
        """Return the answer as one JSON object, in ASCII, with exact digits."""
        return dumps(self.model_dump(by_alias=True)) + "\n"

    def _repr_html_(self) -> str | None:
        """Return the answer as a page, for a notebook."""
        return type(self).as_html(self) if type(self).as_html else None  # type: ignore[misc]

    def source(self, source_id: str) -> Source:
        """Return one of the answer's sources by its id."""
        return next(source for source in self.sources if source.id == source_id)


def data_stamp(dataset: Dataset) -> DataStamp:
    """Return the edition of the data, as answers carry it."""
    return DataStamp(
        version=dataset.edition.version,
        reviewed=dataset.edition.reviewed,
        review_due=dataset.edition.review_due,
        clinical_review=dataset.clinical_review,
        sha256=dataset.sha256,
    )


def protocol_stamp(library: Library) -> ProtocolStamp | None:
    """Return which protocol it is, as answers carry it; None where there is none."""
    protocol = library.protocol
    if protocol is None:
        return None
    return ProtocolStamp(
        label=protocol.label,
        **protocol.approval.model_dump(),
        expired=library.has_expired,
        clinical_review=protocol.clinical_review,
        sha256=protocol.sha256,
    )


def sources_with(dataset: Dataset, source_ids: Iterable[str]) -> tuple[Source, ...]:
    """Return the sources with these ids, each once, in the order of the data."""
    wanted = set(source_ids)
    return tuple(dataset.source(name) for name in dataset.source_ids if name in wanted)


def plain_citations(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Return citations as a source and a place alone, without what a row says of them."""
    return tuple(Citation(source_id=c.source_id, place=c.place) for c in citations)
