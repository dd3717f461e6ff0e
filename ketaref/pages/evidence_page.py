"""The page of the article's statements, each with its standing before what it says."""

from ketaref.answers.evidence import ARTICLE, EvidenceAnswer, StatementResult
from ketaref.document import Column, Document, Heading, Paragraph, Table
from ketaref.model.statement import Topic, Verdict

CLOSING = "A statement is what the article says, not what is so; read it only with its standing."


def body(answer: EvidenceAnswer) -> Document:
    """Lay out the statements by topic."""
    blocks: list[Heading | Table] = []
    for topic in Topic:
        rows = [row for row in answer.results if row.topic is topic]
        if rows:
            blocks += [Heading(topic.full_name), _statements(rows)]
    counts = ", ".join(
        f"{verdict} {count}"
        for verdict in Verdict
        if (count := sum(row.standing is verdict for row in answer.results))
    )
    return (
        Heading("What the base article says, and how it stands", 1),
        Paragraph("standings", f"{counts}."),
        *blocks,
    )


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
    cited = [f"{ARTICLE}, {row.place}"]
    cited += [f"{s.source_id} ({s.relation}), {s.place}" for s in row.sources]
    return "; ".join(cited)
