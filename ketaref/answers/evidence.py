"""What the article says beyond doses and how each statement stands; and what guidelines say."""

from typing import ClassVar, Literal

from ketaref.answers.answer import Answer, data_stamp, sources_with
from ketaref.errors import ErrorCode
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.guideline import Guideline, Stance
from ketaref.model.source import Evidence
from ketaref.model.statement import Statement, Topic, Verdict
from ketaref.ranges.library import Library
from ketaref.ranges.selection import parse_member

ARTICLE = "article"  # every statement is one of the base article

# The article says nothing of guidelines: they are asked for like a topic, but are none of its own.
Guidelines = Literal["guidelines"]
GUIDELINES: Guidelines = "guidelines"


class EvidenceInputs(Frozen):
    """The question; null for all topics and the guidelines."""

    topic: Topic | Guidelines | None


class StatementResult(Frozen):
    """One statement of the article, and how it stands.

    ``searched`` is null but where nothing was found: then it says what was searched, and when.
    """

    id: str
    topic: Topic
    says: str
    place: str
    standing: Verdict
    because: str
    searched: str | None
    sources: tuple[Evidence, ...]
    source_ids: tuple[str, ...]


class GuidelineResult(Frozen):
    """One guideline: what it says in the part read; title and ``read`` are those of its source."""

    id: str
    topic: Guidelines = GUIDELINES
    body: str
    year: int | None
    title: str
    condition: str
    drug: str
    route: str | None
    stance: Stance
    says: str
    place: str
    read: str
    source_ids: tuple[str, ...]


class EvidenceLine(GuidelineResult, StatementResult):
    """The columns of the CSV: a line is a statement or a guideline, and ``topic`` says which."""

    topic: Topic | Guidelines  # type: ignore[assignment]


class EvidenceAnswer(Answer):
    """The article's statements, each with its standing; ``guidelines`` are not the article's."""

    kind: Literal["evidence"] = "evidence"
    inputs: EvidenceInputs
    results: tuple[StatementResult, ...]
    guidelines: tuple[GuidelineResult, ...]
    result_model: ClassVar[type[Frozen]] = EvidenceLine

    def lines(
        self, rows: tuple[StatementResult, ...]
    ) -> tuple[StatementResult | GuidelineResult, ...]:
        """Return what the CSV has a line for: the statements, then the guidelines."""
        return (*rows, *self.guidelines)


def evidence_answer(library: Library, topic: Topic | Guidelines | None) -> EvidenceAnswer:
    """Return the statements of a topic, the guidelines, or all."""
    dataset = library.dataset
    results = tuple(_result(s) for s in dataset.lists.statements if topic in (None, s.topic))
    guidelines = tuple(
        _guideline(dataset, g) for g in dataset.lists.guidelines if topic in (None, GUIDELINES)
    )
    named = [source for row in results for source in row.source_ids]
    named += [source for row in guidelines for source in row.source_ids]
    return EvidenceAnswer(
        data=data_stamp(dataset),
        inputs=EvidenceInputs(topic=topic),
        results=results,
        guidelines=guidelines,
        cautions=library.overdue(),
        sources=sources_with(dataset, named),
    )


def parse_topic(text: str) -> Topic | Guidelines:
    """Return the topic with exactly this name, or the guidelines; case ignored."""
    topics: dict[str, Topic | Guidelines] = {topic.value: topic for topic in Topic}
    topics[GUIDELINES] = GUIDELINES
    return parse_member(text, topics, "topic", ErrorCode.TOPIC_UNKNOWN)


def _result(statement: Statement) -> StatementResult:
    cited = (ARTICLE, *(source.source_id for source in statement.sources))
    return StatementResult(
        id=statement.id,
        topic=statement.topic,
        says=statement.says,
        place=statement.place,
        standing=statement.standing,
        because=statement.because,
        searched=statement.searched,
        sources=statement.sources,
        source_ids=tuple(dict.fromkeys(cited)),
    )


def _guideline(dataset: Dataset, guideline: Guideline) -> GuidelineResult:
    source = dataset.source(guideline.source_id)
    return GuidelineResult(
        id=guideline.id,
        body=guideline.body,
        year=guideline.year,
        title=source.title,
        condition=guideline.condition,
        drug=guideline.drug,
        route=guideline.route,
        stance=guideline.stance,
        says=guideline.says,
        place=guideline.place,
        read=source.how_read,
        source_ids=(source.id,),
    )
