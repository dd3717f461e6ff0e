"""What the article says beyond doses, statement by statement, and how each stands."""

from typing import ClassVar, Literal

from ketaref.answers.answer import Answer, data_stamp, sources_with
from ketaref.errors import ErrorCode, InputError, echo
from ketaref.model.base import Frozen
from ketaref.model.source import Evidence
from ketaref.model.statement import Statement, Topic, Verdict
from ketaref.ranges.library import Library
from ketaref.ranges.selection import did_you_mean

ARTICLE = "article"  # every statement is one of the base article


class EvidenceInputs(Frozen):
    """The question; null for all topics."""

    topic: Topic | None


class StatementResult(Frozen):
    """One statement of the article, and how it stands."""

    id: str
    topic: Topic
    says: str
    place: str
    standing: Verdict
    because: str
    sources: tuple[Evidence, ...]
    source_ids: tuple[str, ...]


class EvidenceAnswer(Answer):
    """The article's statements, each with its standing."""

    kind: Literal["evidence"] = "evidence"
    inputs: EvidenceInputs
    results: tuple[StatementResult, ...]
    result_model: ClassVar[type[Frozen]] = StatementResult


def evidence_answer(library: Library, topic: Topic | None) -> EvidenceAnswer:
    """Return the statements of a topic, or all."""
    dataset = library.dataset
    results = tuple(_result(s) for s in dataset.statements if topic in (None, s.topic))
    return EvidenceAnswer(
        data=data_stamp(dataset),
        inputs=EvidenceInputs(topic=topic),
        results=results,
        cautions=library.overdue(),
        sources=sources_with(dataset, (source for row in results for source in row.source_ids)),
    )


def parse_topic(text: str) -> Topic:
    """Return the topic with exactly this name, case ignored."""
    name = "-".join(text.lower().replace("-", " ").split())
    known = {topic.value: topic for topic in Topic}
    if name in known and text.isascii():
        return known[name]
    raise InputError(
        ErrorCode.TOPIC_UNKNOWN,
        f'unknown topic "{echo(text)}"; known: {", ".join(known)}',
        did_you_mean(name, known),
    )


def _result(statement: Statement) -> StatementResult:
    cited = (ARTICLE, *(source.source_id for source in statement.sources))
    return StatementResult(
        id=statement.id,
        topic=statement.topic,
        says=statement.says,
        place=statement.place,
        standing=statement.standing,
        because=statement.because,
        sources=statement.sources,
        source_ids=tuple(dict.fromkeys(cited)),
    )
