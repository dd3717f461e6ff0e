"""What may go wrong: the article's own lists, and what labels and others add or correct."""

from typing import ClassVar, Literal

from ketaref.answers.answer import Answer, data_stamp, plain_citations, sources_with
from ketaref.model.base import Frozen
from ketaref.model.checklist_item import About, Boxed, Effect, Layer
from ketaref.model.dose_row import ids_of
from ketaref.model.source import Citation
from ketaref.ranges.library import Library
from ketaref.ranges.values import JsonNumber


class RisksInputs(Frozen):
    """The question: all risks."""


class FrequencyResult(Citation):
    """How often, with the drug, the people, the arms and the comparator."""

    percent: JsonNumber
    comparator_percent: JsonNumber
    arms: str
    population: str
    drug: str


class RiskResult(Frozen):
    """An effect or a boxed warning; null where it does not apply."""

    id: str
    layer: Layer
    group: str | None
    text: str
    drug: About
    note: str | None
    corrects: str | None
    jurisdiction: str | None
    dated: str | None
    frequency: tuple[FrequencyResult, ...]
    sources: tuple[Citation, ...]
    source_ids: tuple[str, ...]


class RisksAnswer(Answer):
    """Side effects and risks, in two layers that are kept apart."""

    kind: Literal["risks"] = "risks"
    inputs: RisksInputs = RisksInputs()
    results: tuple[RiskResult, ...]
    result_model: ClassVar[type[Frozen]] = RiskResult


def risks_answer(library: Library) -> RisksAnswer:
    """Return every effect and boxed warning."""
    dataset = library.dataset
    results = (*map(_effect, dataset.effects), *map(_warning, dataset.boxed))
    return RisksAnswer(
        data=data_stamp(dataset),
        results=results,
        cautions=library.overdue(),
        sources=sources_with(dataset, (source for row in results for source in row.source_ids)),
    )


def _effect(effect: Effect) -> RiskResult:
    frequency = tuple(FrequencyResult(**each.model_dump()) for each in effect.frequency)
    return RiskResult(
        id=effect.id,
        layer=effect.layer,
        group=effect.group,
        text=effect.text,
        drug=effect.drug,
        note=effect.note,
        corrects=effect.corrects,
        jurisdiction=None,
        dated=None,
        frequency=frequency,
        sources=plain_citations(effect.sources),
        source_ids=ids_of((*effect.sources, *effect.frequency)),
    )


def _warning(boxed: Boxed) -> RiskResult:
    return RiskResult(
        id=boxed.id,
        layer=Layer.BOXED,
        group=None,
        text=boxed.text,
        drug=boxed.drug,
        note=None,
        corrects=None,
        jurisdiction=boxed.jurisdiction,
        dated=boxed.dated,
        frequency=(),
        sources=plain_citations(boxed.sources),
        source_ids=ids_of(boxed.sources),
    )
