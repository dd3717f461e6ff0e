"""The review pack: everything the reference says, to accept, amend or reject."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from ketaref.answers.answer import Answer, data_stamp, protocol_stamp, sources_with
from ketaref.answers.checklist import CheckItem, local_check
from ketaref.answers.review_items import Block, Entry, Group, entries
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.source import Relation
from ketaref.protocol.fields import LocalSource
from ketaref.ranges.cautions import row_cautions
from ketaref.ranges.library import Library
from ketaref.ranges.row import Origin, RowAnswer, row_answer

DECISIONS = ("accept", "amend", "reject")


class ReviewInputs(Frozen):
    """The question: everything."""


class ReviewSource(Frozen):
    """A source of an item: its place, how it was read, in which version, and what was not read."""

    source_id: str
    place: str
    relation: Relation | None
    note: str | None
    checked: Literal["primary", "secondary"]
    version_read: str
    current: bool
    not_read: str | None


class ReviewItem(Frozen):
    """One thing to decide on, the reference's or a clinic's.

    ``decision`` is null until somebody decides: it is not "accept". ``block``, ``group`` and
    ``standing`` are null for a clinic's, ``deviation`` for the reference's.
    """

    origin: Origin
    origin_name: str
    number: int
    block: Block | None
    group: Group | None
    part: str
    id: str
    text: str
    standing: str | None
    deviation: str | None
    sources: tuple[ReviewSource, ...]
    contradicted_by: tuple[str, ...]
    decisions: tuple[str, ...] = DECISIONS
    decision: None = None
    initials: None = None
    date: None = None
    source_ids: tuple[str, ...]
    local_sources: tuple[LocalSource, ...]


class ReviewAnswer(Answer):
    """The review pack; ``rows`` are the published rows with what supports them, for page one."""

    kind: Literal["review"] = "review"
    inputs: ReviewInputs = ReviewInputs()
    results: tuple[ReviewItem, ...]
    rows: tuple[RowAnswer, ...]
    local: tuple[ReviewItem, ...] = ()
    result_model: ClassVar[type[Frozen]] = ReviewItem
    local_model: ClassVar[type[Frozen] | None] = ReviewItem


def review_answer(library: Library) -> ReviewAnswer:
    """Return the review pack of the dataset, and of a protocol if there is one."""
    dataset = library.dataset
    ordered = sorted(entries(dataset), key=lambda entry: entry.order)
    results = tuple(_item(dataset, number, entry) for number, entry in enumerate(ordered, start=1))
    return ReviewAnswer(
        data=data_stamp(dataset),
        protocol=protocol_stamp(library),
        results=results,
        rows=tuple(
            row_answer(library, row, tuple(row_cautions(library, row))) for row in dataset.rows
        ),
        local=tuple(_local_items(library, after=len(results))),
        cautions=library.dates(),
        sources=sources_with(dataset, (source for row in results for source in row.source_ids)),
    )


def _item(dataset: Dataset, number: int, entry: Entry) -> ReviewItem:
    return ReviewItem(
        origin=Origin.PUBLISHED,
        origin_name=f"edition {dataset.edition.version}",
        number=number,
        block=entry.block,
        group=entry.group,
        part=entry.part,
        id=entry.id,
        text=entry.text,
        standing=entry.standing,
        deviation=None,
        sources=tuple(
            ReviewSource(
                **citation._asdict(),
                **dataset.source(citation.source_id).model_dump(
                    include={"checked", "version_read", "current", "not_read"}
                ),
            )
            for citation in entry.citations
        ),
        contradicted_by=tuple(
            citation.source_id
            for citation in entry.citations
            if citation.relation is Relation.CONTRADICTS
        ),
        source_ids=tuple(dict.fromkeys(citation.source_id for citation in entry.citations)),
        local_sources=(),
    )


def _local_items(library: Library, after: int) -> Iterator[ReviewItem]:
    protocol = library.protocol
    if protocol is None:
        return
    number = after
    for row in protocol.rows:
        number += 1
        answer = row_answer(library, row, tuple(row_cautions(library, row)))
        yield _local_item(number, answer, _row_text(answer))
    for check in protocol.checks:
        number += 1
        item = local_check(library, check)
        yield _local_item(number, item, f"{item.phase} the session: {item.full_text}")


def _local_item(number: int, entry: RowAnswer | CheckItem, text: str) -> ReviewItem:
    deviation = entry.deviation if isinstance(entry, RowAnswer) else None
    return ReviewItem(
        origin=entry.origin,
        origin_name=entry.origin_name,
        number=number,
        block=None,
        group=None,
        part="local row" if isinstance(entry, RowAnswer) else "local check",
        id=entry.id,
        text=text,
        standing=None,
        deviation=deviation and deviation.text,
        sources=(),
        contradicted_by=(),
        source_ids=(),
        local_sources=entry.local_sources,
    )


def _row_text(row: RowAnswer) -> str:
    text = f"{row.route_name} {row.drug.full_name}, {row.limits_text}, over {row.duration_text}"
    return text + (f"; reason: {row.deviation_reason}" if row.deviation_reason else "")
