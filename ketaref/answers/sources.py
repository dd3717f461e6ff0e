"""What each source is, in which version it was read, and what rests on it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from ketaref.answers.answer import Answer, data_stamp, sources_with
from ketaref.errors import ErrorCode, InputError, echo
from ketaref.model.base import Frozen
from ketaref.model.citations import citations
from ketaref.model.dataset import Dataset
from ketaref.model.source import Source
from ketaref.ranges.library import Library
from ketaref.ranges.selection import did_you_mean


class SourcesInputs(Frozen):
    """The question; null for all sources."""

    id: str | None


class CitedBy(Frozen):
    """Something in the data that rests on a source."""

    what: str
    place: str


class SourceResult(Source):
    """A source as in the data, the address to open, and what cites it."""

    address: str | None
    cited_by: tuple[CitedBy, ...]


class SourcesAnswer(Answer):
    """The sources."""

    kind: Literal["sources"] = "sources"
    inputs: SourcesInputs
    results: tuple[SourceResult, ...]
    result_model: ClassVar[type[Frozen]] = SourceResult


def sources_answer(library: Library, source_id: str | None) -> SourcesAnswer:
    """Return one source, or all, each with what cites it."""
    dataset = library.dataset
    sources = dataset.sources
    if source_id is not None:
        sources = tuple(source for source in sources if source.id == source_id.strip().lower())
        if not sources:
            known = [source.id for source in dataset.sources]
            raise InputError(
                ErrorCode.SOURCE_UNKNOWN,
                f'unknown source "{echo(source_id)}"; `ketaref sources` lists all {len(known)}',
                did_you_mean(source_id, known),
            )
    return SourcesAnswer(
        data=data_stamp(dataset),
        inputs=SourcesInputs(id=sources[0].id if source_id is not None else None),
        results=tuple(_results(dataset, sources)),
        cautions=library.overdue(),
        sources=sources_with(dataset, (source.id for source in sources)),
    )


def _results(dataset: Dataset, sources: Iterable[Source]) -> Iterator[SourceResult]:
    cited_by: defaultdict[str, list[CitedBy]] = defaultdict(list)
    for cited in citations(dataset):
        cited_by[cited.source_id].append(CitedBy(what=cited.what, place=cited.place))
    for source in sources:
        own = {"address": source.link, "cited_by": tuple(cited_by[source.id])}
        yield SourceResult(**source.model_dump(), **own)
