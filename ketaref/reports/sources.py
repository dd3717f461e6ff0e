"""What each source is, in which version it was read, and what rests on it."""

from datetime import date
from typing import ClassVar, Literal

from ketaref.document import Column, Document, Facts, Heading, Points, Table
from ketaref.errors import ErrorCode, InputError, echo
from ketaref.model.base import Frozen
from ketaref.model.cited import citations
from ketaref.model.dataset import Dataset
from ketaref.model.sources import Source
from ketaref.reports.base import Report, cited, overdue, stamp
from ketaref.reports.names import question


class SourcesInputs(Frozen):
    """What was asked."""

    id: str | None


class CitedBy(Frozen):
    """Something in the data that rests on a source."""

    what: str
    place: str


class SourceResult(Source):
    """A source as in the data, and what cites it."""

    cited_by: tuple[CitedBy, ...]


class SourcesReport(Report):
    """The sources."""

    kind: Literal["sources"] = "sources"
    inputs: SourcesInputs
    results: tuple[SourceResult, ...]
    row_model: ClassVar[type[Frozen]] = SourceResult

    def body(self) -> Document:
        """Lay out one source in full, or all of them in a list."""
        if self.inputs.id is not None:
            return _one(self.results[0])
        columns = (
            Column("Source"),
            Column("Year", joins=True),
            Column("Kind", joins=True),
            Column("Checked"),
            Column("Title"),
        )
        rows = tuple(
            (source.id, _year(source), source.kind.in_words, _checked(source), source.title)
            for source in self.results
        )
        return (Heading("Sources", 1), Table(columns, rows), _how_to_read())


def sources_report(dataset: Dataset, source_id: str | None, *, today: date) -> SourcesReport:
    """Return one source, or all, each with what cites it."""
    sources = dataset.sources
    if source_id is not None:
        sources = tuple(source for source in sources if source.id == source_id.strip().lower())
        if not sources:
            known = [source.id for source in dataset.sources]
            raise InputError(
                ErrorCode.SOURCE_UNKNOWN,
                f'source "{echo(source_id)}" is not known: ketaref sources lists all {len(known)}',
                question(source_id, known),
            )
    results = tuple(_result(dataset, source) for source in sources)
    return SourcesReport(
        data=stamp(dataset),
        inputs=SourcesInputs(id=sources[0].id if source_id is not None else None),
        results=results,
        cautions=overdue(dataset, today),
        sources=cited(dataset, (source.id for source in sources)),
    )


def _result(dataset: Dataset, source: Source) -> SourceResult:
    cited_by = tuple(
        CitedBy(what=cited.what, place=cited.place)
        for cited in citations(dataset)
        if cited.source_id == source.id
    )
    return SourceResult(**source.model_dump(), cited_by=cited_by)


def _one(source: SourceResult) -> Document:
    not_read = [("not read", source.not_read)] if source.not_read else []
    return (
        Heading(source.title, 1),
        Facts(
            (
                ("source", source.id),
                ("authors", source.authors),
                ("year", _year(source)),
                ("kind", source.kind.in_words),
                ("identifier", source.identifier),
                ("checked", _checked(source)),
                ("version read", source.version_read),
                ("current version", "read" if source.current else "not read"),
                *not_read,
            )
        ),
        Points("cited by", tuple((cited.what, cited.place) for cited in source.cited_by)),
    )


def _year(source: Source) -> str:
    return str(source.year) if source.year else "not stated"


def _checked(source: Source) -> str:
    return source.checked if source.current else f"{source.checked}, current version not read"


def _how_to_read() -> Points:
    return Points(
        "key",
        (
            ("primary", "the cited facts were read in a copy of the source itself"),
            ("secondary", "some or all were read in a third party's copy, quotation or summary"),
            ("", "No article or label was read in full; ketaref sources ID says what was."),
        ),
    )
