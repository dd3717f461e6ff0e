"""The page of the article's statements, each with its standing first, and of the guidelines."""

from collections.abc import Iterable
from enum import StrEnum

from ketaref.answers.evidence import ARTICLE, EvidenceAnswer, GuidelineResult, StatementResult
from ketaref.document import Column, Document, Heading, Paragraph, Table
from ketaref.model.guideline import Stance
from ketaref.model.names import Drug
from ketaref.model.statement import Topic, Verdict

CLOSING = (
    "A statement is what the article says, not what is so; read it only with its standing. Of a "
    "guideline, only the part read is told."
)


def body(answer: EvidenceAnswer) -> Document:
    """Lay out the statements by topic, then the guidelines."""
    return (
        *(_article(answer.results) if answer.results else ()),
        *(_guidelines(answer.guidelines, below=bool(answer.results)) if answer.guidelines else ()),
    )


def _article(results: tuple[StatementResult, ...]) -> Document:
    blocks: list[Heading | Table] = []
    for topic in Topic:
        rows = [row for row in results if row.topic is topic]
        if rows:
            blocks += [Heading(topic.full_name), _statements(rows)]
    return (
        Heading("What the base article says, and how it stands", 1),
        Paragraph("standings", _counts(Verdict, [row.standing for row in results])),
        *blocks,
    )


def _statements(rows: list[StatementResult]) -> Table:
    columns = (
        Column("Standing"),
        Column("The article says", joins=True),
        Column("Because"),
        Column("Source"),
    )
    cells = tuple((row.standing.value, row.says, _because(row), _sources(row)) for row in rows)
    return Table(columns, cells)


def _because(row: StatementResult) -> str:
    return f"{row.because} Searched: {row.searched}" if row.searched else row.because


def _sources(row: StatementResult) -> str:
    cited = [f"{ARTICLE}, {row.place}"]
    cited += [f"{s.source_id} ({s.relation}), {s.place}" for s in row.sources]
    return "; ".join(cited)


def _guidelines(rows: tuple[GuidelineResult, ...], *, below: bool) -> Document:
    columns = (
        Column("Stance"),
        Column("Body and subject"),
        Column("It says"),
        Column("Source"),
    )
    cells = tuple((row.stance.value, _who(row), row.says, _read(row)) for row in rows)
    return (
        Heading("What guidelines, professional bodies and agencies say", 2 if below else 1),
        Paragraph("stances", _counts(Stance, [row.stance for row in rows])),
        Table(columns, cells),
    )


def _who(row: GuidelineResult) -> str:
    year = f" {row.year}" if row.year else ""
    return f"{row.body}{year}: {'; '.join(filter(None, (row.condition, _drug(row), row.route)))}"


def _drug(row: GuidelineResult) -> str:
    match row.drug:
        case "both":
            return "ketamine and esketamine"
        case "none named" | "not read":
            return f"drug {row.drug}"
        case drug:
            return Drug(drug).full_name


def _read(row: GuidelineResult) -> str:
    (source_id,) = row.source_ids
    return f"{row.title} ({source_id}), {row.place}; {row.read}"


def _counts(codes: type[StrEnum], found: Iterable[StrEnum]) -> str:
    each = list(found)
    return "; ".join(f"{code} {n}" for code in codes if (n := each.count(code))) + "."
