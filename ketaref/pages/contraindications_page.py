"""The page of contraindications and precautions, by class."""

from ketaref.answers.contraindications import ContraindicationResult, ContraindicationsAnswer
from ketaref.document import Column, Document, Heading, Paragraph, Table
from ketaref.model.checklist_item import Category
from ketaref.pages.risks_page import drug_text
from ketaref.pages.row_parts import citations_text

CLOSING = "This list is not complete, and that nothing on it applies does not make treatment safe."
_NO_LIST_IN_THE_ARTICLE = (
    "The base article has no list of contraindications. These come from labels, regulators, "
    "guidelines, trials and clinics; each says which."
)


def body(answer: ContraindicationsAnswer) -> Document:
    """Lay out the items by class, the strongest first."""
    blocks: list[Heading | Table] = []
    for category in Category:
        rows = [row for row in answer.results if row.category is category]
        if rows:
            blocks += [Heading(category.value.capitalize()), _items(rows)]
    shown = f"{len(answer.results)} of {answer.inputs.items} items"
    return (
        Heading("Contraindications and precautions", 1),
        Paragraph("origin", _NO_LIST_IN_THE_ARTICLE),
        Paragraph("shown", f"{shown}{_filters(answer)}."),
        *blocks,
    )


def _filters(answer: ContraindicationsAnswer) -> str:
    inputs = answer.inputs
    filters = {
        "class": inputs.category,
        "drug": inputs.drug,
        "jurisdiction": inputs.jurisdiction,
    }
    named = [f"{name} {value}" for name, value in filters.items() if value]
    return f": {', '.join(named)}" if named else ""


def _items(rows: list[ContraindicationResult]) -> Table:
    columns = (
        Column("Item"),
        Column("Drug", joins=True),
        Column("Where", joins=True),
        Column("Note"),
        Column("Source"),
    )
    return Table(columns, tuple(_cells(row) for row in rows))


def _cells(row: ContraindicationResult) -> tuple[str, ...]:
    notes = [note for note in (row.carried_over, row.note) if note]
    return (
        f"{row.number}. {row.text}",
        drug_text(row.drug),
        ", ".join(row.jurisdictions) or "no label",
        "; ".join(notes) or "none",
        citations_text(row.sources),
    )
