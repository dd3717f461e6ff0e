"""What may go wrong: the article's own lists, and what labels and others add or correct."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from ketaref.answers.answer import Answer, data_stamp, plain_citations, sources_with
from ketaref.model.base import Frozen
from ketaref.model.checklist_item import About, Boxed, Counted, Effect, Frequency, Layer
from ketaref.model.dose_row import ids_of
from ketaref.model.source import Citation
from ketaref.ranges.library import Library
from ketaref.ranges.values import JsonNumber


class RisksInputs(Frozen):
    """The question: all risks."""


class FrequencyResult(Citation):
    """How often, with the drug, the people, the arms and the comparator if there was one."""

    percent: JsonNumber
    comparator_percent: JsonNumber | None
    name: str
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
    counted = {each.id: each for each in dataset.lists.counted}
    effects = (_effect(effect, counted) for effect in dataset.lists.effects)
    results = (*effects, *map(_warning, dataset.lists.boxed))
    return RisksAnswer(
        data=data_stamp(dataset),
        results=results,
        cautions=library.overdue(),
        sources=sources_with(dataset, (source for row in results for source in row.source_ids)),
    )


def _effect(effect: Effect, counted: Mapping[str, Counted]) -> RiskResult:
    frequency = tuple(_frequency(each, counted[each.counted]) for each in effect.frequency)
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
        source_ids=ids_of((*effect.sources, *frequency)),
    )


def _frequency(frequency: Frequency, counted: Counted) -> FrequencyResult:
    return FrequencyResult(
        percent=frequency.percent,
        comparator_percent=frequency.comparator_percent,
        name=counted.name,
        arms=counted.arms,
        population=counted.population,
        drug=counted.drug,
        source_id=counted.source_id,
        place=counted.place,
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
