"""The page of side effects and risks: the boxed warnings, and two layers with their figures."""

from ketaref import notation
from ketaref.answers.risks import FrequencyResult, RiskResult, RisksAnswer
from ketaref.document import Column, Document, Heading, Points, Table
from ketaref.model.checklist_item import About, Layer
from ketaref.pages.row_parts import citations_text
from ketaref.ranges.values import JsonNumber

CLOSING = "These lists are not complete; an effect that is not here can happen."


def body(answer: RisksAnswer) -> Document:
    """Lay out the boxed warnings, the article's lists, and what others add with its figures."""
    by_layer = {layer: [r for r in answer.results if r.layer is layer] for layer in Layer}
    return (
        Heading("Side effects and risks", 1),
        Heading("Boxed warnings and restricted programme"),
        _boxed(by_layer[Layer.BOXED]),
        Heading("Listed by the base article"),
        _effects(by_layer[Layer.ARTICLE]),
        Heading("Added or corrected by labels, regulators, guidelines and trials"),
        _counted(answer.results),
        _effects(by_layer[Layer.ADDED], how_often=True),
    )


def _effects(results: list[RiskResult], *, how_often: bool = False) -> Table:
    columns = (
        Column("Effect"),
        *([Column("How often", joins=True)] if how_often else []),
        Column("Drug", joins=True),
        Column("Group", joins=True),
        Column("Note"),
        Column("Source"),
    )
    rows = tuple(
        (
            row.text,
            *([_how_often(row)] if how_often else []),
            drug_text(row.drug),
            (row.group or "").replace("-", " "),
            row.note or "",
            citations_text(row.sources),
        )
        for row in results
    )
    return Table(columns, rows)


def _how_often(row: RiskResult) -> str:
    return "; ".join(map(_figure, row.frequency)) or "not counted"


def _figure(figure: FrequencyResult) -> str:
    comparator = figure.comparator_percent
    against = "" if comparator is None else f", comparator {_percent(comparator)}"
    return f"{figure.drug} only: {_percent(figure.percent)}{against} ({figure.name})"


def _percent(value: JsonNumber) -> str:
    return notation.amount(value, "%")


def _counted(results: tuple[RiskResult, ...]) -> Points:
    """Say once of each set of figures who was counted."""
    figures = [each for row in results for each in row.frequency]
    about = {
        f"{each.drug}, {each.name}": (f"{each.arms}; {each.population}; {citations_text((each,))}")
        for each in figures
    }
    return Points("who was counted", tuple(about.items()))


def _boxed(results: list[RiskResult]) -> Table:
    columns = (
        Column("Boxed warning or programme"),
        Column("Drug", joins=True),
        Column("Where", joins=True),
        Column("Text of"),
        Column("Source"),
    )
    rows = tuple(
        (
            row.text,
            drug_text(row.drug),
            row.jurisdiction or "",
            row.dated or "",
            citations_text(row.sources),
        )
        for row in results
    )
    return Table(columns, rows)


def drug_text(drug: About) -> str:
    """Return which drug a source is about."""
    return "ketamine and esketamine" if drug == "both" else drug
