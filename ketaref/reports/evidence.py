"""What the article says beyond doses, statement by statement, and how each stands."""

from datetime import date
from typing import ClassVar, Literal

from ketaref.document import Column, Document, Heading, Paragraph, Table
from ketaref.errors import ErrorCode, InputError, echo
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.evidence import Statement, Topic, Verdict
from ketaref.reports.base import Report, cited, overdue, stamp
from ketaref.reports.names import question
from ketaref.reports.routes import StandingSource, standing_sources


class EvidenceInputs(Frozen):
    """What was asked; null for all."""

    topic: Topic | None


class StatementResult(Frozen):
    """One statement of the article, and how it stands."""

    id: str
    topic: Topic
    says: str
    place: str
    standing: Verdict
    because: str
    sources: tuple[StandingSource, ...]
    source_ids: tuple[str, ...]


class EvidenceReport(Report):
    """The article's statements, each with its standing."""

    kind: Literal["evidence"] = "evidence"
    inputs: EvidenceInputs
    results: tuple[StatementResult, ...]
    row_model: ClassVar[type[Frozen]] = StatementResult
    closing: ClassVar[str] = (
        "A statement is what the article says, not what is so; read it only with its standing."
    )

    def body(self) -> Document:
        """Lay out the statements by topic, the standing before what is said."""
        blocks: list[Heading | Table] = []
        for topic in Topic:
            rows = [row for row in self.results if row.topic is topic]
            if rows:
                blocks += [Heading(topic.in_words), _statements(rows)]
        counts = ", ".join(
            f"{verdict} {n}"
            for verdict in Verdict
            if (n := sum(row.standing is verdict for row in self.results))
        )
        return (
            Heading("What the base article says, and how it stands", 1),
            Paragraph("standings", f"{counts}."),
            *blocks,
        )


def evidence_report(dataset: Dataset, topic: Topic | None, *, today: date) -> EvidenceReport:
    """Return the statements of a topic, or all."""
    statements = [s for s in dataset.statements if topic in (None, s.topic)]
    results = tuple(_result(statement) for statement in statements)
    source_ids = [source_id for row in results for source_id in row.source_ids]
    return EvidenceReport(
        data=stamp(dataset),
        inputs=EvidenceInputs(topic=topic),
        results=results,
        cautions=overdue(dataset, today),
        sources=cited(dataset, source_ids),
    )


def parse_topic(text: str) -> Topic:
    """Return the topic with exactly this name, case ignored."""
    name = "-".join(text.lower().replace("-", " ").split())
    known = {topic.value: topic for topic in Topic}
    if name in known and text.isascii():
        return known[name]
    raise InputError(
        ErrorCode.TOPIC_UNKNOWN,
        f'topic "{echo(text)}" is not known; known: {", ".join(known)}',
        question(name, known),
    )


def _result(statement: Statement) -> StatementResult:
    sources = standing_sources(statement.sources)
    cites = (ARTICLE, *(source.source_id for source in sources))
    return StatementResult(
        id=statement.id,
        topic=statement.topic,
        says=statement.says,
        place=statement.place,
        standing=statement.standing,
        because=statement.because,
        sources=sources,
        source_ids=tuple(dict.fromkeys(cites)),
    )


ARTICLE = "article"  # every statement is one of the base article


def _statements(rows: list[StatementResult]) -> Table:
    columns = (
        Column("Standing"),
        Column("The article says", joins=True),
        Column("Because"),
        Column("Source"),
    )
    cells = tuple((row.standing.value, row.says, row.because, _sources(row)) for row in rows)
    return Table(columns, cells)


def _sources(row: StatementResult) -> str:
    said = [f"{ARTICLE}, {row.place}"]
    said += [f"{s.source_id} ({s.relation}), {s.place}" for s in row.sources]
    return "; ".join(said)
