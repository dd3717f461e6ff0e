"""The review pack: everything the reference says, to accept, amend or reject, worst read first."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal, NamedTuple

from ketaref.document import (
    BOX,
    Column,
    Document,
    Facts,
    Heading,
    Local,
    Paragraph,
    Points,
    Table,
)
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.sources import Relation
from ketaref.reports.base import Report, cited, overdue, stamp
from ketaref.reports.checklist import LINE, check_in_words, local_item
from ketaref.reports.local import Laid, local_cautions
from ketaref.reports.local_layout import heading, over_in_words, range_with_limits, source_in_words
from ketaref.reports.review_items import DECISIONS, Entry, Group, LocalReviewItem, entries

SITTING = (
    "Work from the top: what stands unsupported or was read in secondary copies only comes first. "
    "Tick one of accept, amend and reject for each item; an item without a tick is not reviewed. "
    "Write initials and a date, never the name of a patient."
)


class ReviewInputs(Frozen):
    """Nothing is asked."""


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
    """One thing to decide on. ``decision`` is null until somebody decides: it is not "accept"."""

    number: int
    group: Group
    part: str
    id: str
    text: str
    standing: str | None
    sources: tuple[ReviewSource, ...]
    contradicted_by: tuple[str, ...]
    decisions: tuple[str, ...] = DECISIONS
    decision: None = None
    initials: None = None
    date: None = None
    source_ids: tuple[str, ...]


class ReviewReport(Report):
    """The review pack."""

    kind: Literal["review"] = "review"
    inputs: ReviewInputs = ReviewInputs()
    results: tuple[ReviewItem, ...]
    row_model: ClassVar[type[Frozen]] = ReviewItem
    local_model: ClassVar[type[Frozen] | None] = LocalReviewItem
    wide: ClassVar[bool] = True
    closing: ClassVar[str] = "A review says who has read what. It makes no range a prescription."

    def body(self) -> Document:
        """Lay out who reviews what, the items by group, the sources, and how to record it."""
        blocks: list[Heading | Table] = []
        for group in Group:
            rows = [row for row in self.results if row.group is group]
            if rows:
                blocks += [Heading(f"{group.value.capitalize()}: {len(rows)} items"), _table(rows)]
        return (
            Heading("Review pack", 1),
            Facts(
                (
                    *((key, LINE) for key in ("committee", "role of the chair", "date")),
                    *self._edition_facts(),
                    ("items", f"{len(self.results) + len(self.local)}"),
                )
            ),
            Paragraph("how to work", SITTING),
            *self._beside(),
            *blocks,
            *self._sources(),
            *self._how_to_record(),
        )

    def _edition_facts(self) -> tuple[tuple[str, str], ...]:
        if self.data is None:
            return ()
        return (("data version", self.data.version), ("sha256", self.data.sha256))

    def _beside(self) -> Document:
        if not (self.protocol and self.local):
            return ()
        columns = (Column("Item"), *_DECISION_COLUMNS[:-1], Column("Against"), Column("Source"))
        cells = tuple(
            (
                f"{row.number}. {row.part} {row.id}: {row.text}",
                *(BOX for _ in DECISIONS),
                row.difference or "a check of its own",
                "; ".join(map(source_in_words, row.local_sources)),
                _INITIALS,
            )
            for row in self.local
        )
        blocks = (
            *heading(self.protocol),
            Facts((("sha256", self.protocol.sha256),)),
            Table((*columns, _DECISION_COLUMNS[-1]), cells),
        )
        return (Local(blocks),)

    def _sources(self) -> Document:
        columns = (
            Column("Source"),
            Column("Checked", joins=True),
            Column("Version read"),
            Column("Not read"),
        )
        cells = tuple(
            (source.id, source.checked, source.version_read, source.not_read or "nothing named")
            for source in self.sources
        )
        return (Heading("The sources, as they were read"), Table(columns, cells))

    def _how_to_record(self) -> Document:
        stamps = [("data/reviews.toml", self.data)] if self.data else []
        lines = [
            (file, f'version = "{data.version}", sha256 = "{data.sha256}"') for file, data in stamps
        ]
        if self.protocol:
            own = f'version = "{self.protocol.version}", sha256 = "{self.protocol.sha256}"'
            lines.append(("the protocol file", own))
        return (
            Heading("To record the review"),
            Paragraph(
                "add",
                "A table [[review]] with role, organisation, reviewed (a date), version, covered "
                "and sha256: a role and an organisation, never a person. It counts for exactly "
                "this hash: any change takes it away.",
            ),
            Points("record in", tuple(lines)),
        )


_INITIALS = "_" * 8
_DECISION_COLUMNS = (
    *(Column(decision.capitalize(), joins=True) for decision in DECISIONS),
    Column("Initials, date", joins=True),
)


def _table(rows: list[ReviewItem]) -> Table:
    columns = (
        Column("Item"),
        *_DECISION_COLUMNS[:-1],
        Column("Standing"),
        Column("Sources"),
        Column("Contradicted by"),
        _DECISION_COLUMNS[-1],
    )
    return Table(columns, tuple(_cells(row) for row in rows))


def _cells(row: ReviewItem) -> tuple[str, ...]:
    sources = "; ".join(
        f"{s.source_id}{f' ({s.relation})' if s.relation else ''}, {s.place}, {s.checked}"
        for s in row.sources
    )
    return (
        f"{row.number}. {row.part} {row.id}: {row.text}",
        *(BOX for _ in DECISIONS),
        row.standing or "none given",
        sources or "none",
        ", ".join(row.contradicted_by) or "nothing found",
        _INITIALS,
    )


class _Numbered(NamedTuple):
    number: int
    entry: Entry


def review_report(dataset: Dataset, laid: Laid | None = None, *, today: date) -> ReviewReport:
    """Return the review pack of the dataset, and of a protocol beside it."""
    ordered = sorted(entries(dataset), key=lambda entry: list(Group).index(entry.group))
    results = tuple(
        _item(dataset, _Numbered(number, entry)) for number, entry in enumerate(ordered, start=1)
    )
    local = enumerate(_local(laid), start=len(results) + 1) if laid else ()
    return ReviewReport(
        data=stamp(dataset),
        protocol=laid and laid.stamp(),
        results=results,
        local=tuple(item.model_copy(update={"number": number}) for number, item in local),
        cautions=(*local_cautions(laid), *overdue(dataset, today)),
        sources=cited(dataset, (source for row in results for source in row.source_ids)),
    )


def _item(dataset: Dataset, numbered: _Numbered) -> ReviewItem:
    entry = numbered.entry
    return ReviewItem(
        number=numbered.number,
        group=entry.group,
        part=entry.part,
        id=entry.id,
        text=entry.text,
        standing=entry.standing,
        sources=tuple(
            ReviewSource(
                source_id=citation.source_id,
                place=citation.place,
                relation=citation.relation,
                note=citation.note,
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
    )


def _local(laid: Laid) -> Iterator[LocalReviewItem]:
    for row in map(laid.row, laid.protocol.rows):
        text = (
            f"{row.route_name} {row.drug.full_name}, {range_with_limits(row)}, over "
            f"{over_in_words(row)}"
        )
        if row.outside_published_range_reason:
            text += f"; reason: {row.outside_published_range_reason}"
        yield LocalReviewItem(
            origin=row.origin,
            number=0,
            part="local row",
            id=row.id,
            text=text,
            difference=row.difference.text,
            local_sources=row.local_sources,
        )
    for check in (local_item(laid, check) for check in laid.protocol.checks):
        yield LocalReviewItem(
            origin=check.origin,
            number=0,
            part="local check",
            id=check.id,
            text=f"{check.phase} the session: {check_in_words(check)}",
            difference=None,
            local_sources=check.local_sources,
        )
