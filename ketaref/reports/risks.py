"""What may go wrong: the article's own lists, and what labels and others add or correct."""

from datetime import date
from typing import ClassVar, Literal

from ketaref import notation
from ketaref.document import Column, Document, Heading, Paragraph, Table
from ketaref.model.base import Frozen
from ketaref.model.checklists import About, Boxed, Effect, Layer
from ketaref.model.dataset import Dataset
from ketaref.reports.base import (
    JsonNumber,
    Place,
    Report,
    cited,
    ids_of,
    overdue,
    places,
    places_in_words,
    stamp,
)


class RisksInputs(Frozen):
    """Nothing is asked."""


class FrequencyResult(Place):
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
    sources: tuple[Place, ...]
    source_ids: tuple[str, ...]


class RisksReport(Report):
    """Side effects and risks, in two layers that are kept apart."""

    kind: Literal["risks"] = "risks"
    inputs: RisksInputs = RisksInputs()
    results: tuple[RiskResult, ...]
    row_model: ClassVar[type[Frozen]] = RiskResult
    closing: ClassVar[str] = "These lists are not complete; an effect that is not here can happen."

    def body(self) -> Document:
        """Lay out the article's lists, what others add, the figures, and the boxed warnings."""
        by_layer = {layer: [r for r in self.results if r.layer is layer] for layer in Layer}
        return (
            Heading("Side effects and risks", 1),
            Heading("Listed by the base article"),
            _effects(by_layer[Layer.ARTICLE]),
            Heading("Added or corrected by labels, regulators, guidelines and trials"),
            _effects(by_layer[Layer.ADDED]),
            Heading("How often, where a label or a trial gives it"),
            *_frequencies(self.results),
            Heading("Boxed warnings and restricted programme"),
            _boxed(by_layer[Layer.BOXED]),
        )


def risks_report(dataset: Dataset, *, today: date) -> RisksReport:
    """Return every effect and boxed warning."""
    results = (*map(_effect, dataset.effects), *map(_warning, dataset.boxed))
    return RisksReport(
        data=stamp(dataset),
        results=results,
        cautions=overdue(dataset, today),
        sources=cited(dataset, (source_id for row in results for source_id in row.source_ids)),
    )


def _effect(effect: Effect) -> RiskResult:
    frequency = tuple(
        FrequencyResult(
            percent=each.percent,
            comparator_percent=each.comparator_percent,
            arms=each.arms,
            population=each.population,
            drug=each.drug,
            source_id=each.source_id,
            place=each.place,
        )
        for each in effect.frequency
    )
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
        sources=places(effect.sources),
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
        sources=places(boxed.sources),
        source_ids=ids_of(boxed.sources),
    )


def _effects(results: list[RiskResult]) -> Table:
    columns = (
        Column("Effect"),
        Column("Group", joins=True),
        Column("Drug", joins=True),
        Column("Note"),
        Column("Source"),
    )
    rows = tuple(
        (
            row.text,
            (row.group or "").replace("-", " "),
            drug_in_words(row.drug),
            row.note or "none",
            places_in_words(row.sources),
        )
        for row in results
    )
    return Table(columns, rows)


def _frequencies(results: tuple[RiskResult, ...]) -> Document:
    found = [(row, each) for row in results for each in row.frequency]
    settings = dict.fromkeys((each.drug, each.arms, each.population) for _, each in found)
    blocks: list[Paragraph | Table] = []
    columns = (Column("Effect"), Column("Of these people", joins=True), Column("Source"))
    for drug, arms, population in settings:
        blocks.append(Paragraph("figures", f"{drug}: {arms}; {population}."))
        rows = tuple(
            (
                row.text,
                f"{_percent(each.percent)}, comparator {_percent(each.comparator_percent)}",
                f"{each.source_id}, {each.place}",
            )
            for row, each in found
            if (each.drug, each.arms, each.population) == (drug, arms, population)
        )
        blocks.append(Table(columns, rows))
    return tuple(blocks)


def _percent(value: JsonNumber) -> str:
    return notation.amount(value, "%")


def _boxed(results: list[RiskResult]) -> Table:
    columns = (
        Column("Warning"),
        Column("Drug", joins=True),
        Column("Where", joins=True),
        Column("Text of"),
        Column("Source"),
    )
    rows = tuple(
        (
            row.text,
            drug_in_words(row.drug),
            row.jurisdiction or "",
            row.dated or "",
            places_in_words(row.sources),
        )
        for row in results
    )
    return Table(columns, rows)


def drug_in_words(drug: About) -> str:
    """Return whom a source is about."""
    return "ketamine and esketamine" if drug == "both" else drug
