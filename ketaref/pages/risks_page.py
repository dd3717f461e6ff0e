"""The page of side effects and risks: two layers, the figures, the boxed warnings."""

from ketaref import notation
from ketaref.answers.risks import RiskResult, RisksAnswer
from ketaref.document import Column, Document, Heading, Paragraph, Table
from ketaref.model.checklist_item import About, Layer
from ketaref.pages.row_parts import citations_text
from ketaref.ranges.values import JsonNumber

CLOSING = "These lists are not complete; an effect that is not here can happen."


def body(answer: RisksAnswer) -> Document:
    """Lay out the article's lists, what others add, the figures, and the boxed warnings."""
    by_layer = {layer: [r for r in answer.results if r.layer is layer] for layer in Layer}
    return (
        Heading("Side effects and risks", 1),
        Heading("Listed by the base article"),
        _effects(by_layer[Layer.ARTICLE]),
        Heading("Added or corrected by labels, regulators, guidelines and trials"),
        _effects(by_layer[Layer.ADDED]),
        Heading("How often, where a label or a trial gives it"),
        *_frequencies(answer.results),
        Heading("Boxed warnings and restricted programme"),
        _boxed(by_layer[Layer.BOXED]),
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
            drug_text(row.drug),
            row.note or "none",
            citations_text(row.sources),
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
                citations_text((each,)),
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
