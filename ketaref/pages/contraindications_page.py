"""The page of contraindications and precautions, by class."""

from collections.abc import Iterable

from ketaref.answers.contraindications import ContraindicationResult, ContraindicationsAnswer
from ketaref.document import Block, Column, Document, Heading, Paragraph, Table
from ketaref.model.checklist_item import Category
from ketaref.model.names import Drug
from ketaref.pages.risks_page import drug_text
from ketaref.pages.row_parts import citations_text

CLOSING = "This list is not complete, and that nothing on it applies does not make treatment safe."
_NO_LIST_IN_THE_ARTICLE = (
    "The base article has no list of contraindications. These come from labels, regulators, "
    "guidelines and trials; each says which."
)
_NO_LABEL = "no label"


def body(answer: ContraindicationsAnswer) -> Document:
    """Lay out the items by class, the strongest first; then what is carried over to the drug."""
    shown = f"{len(answer.results)} of {answer.inputs.items} items"
    own = [row for row in answer.results if not row.is_carried_over]
    return (
        Heading(f"Contraindications and precautions{_drug_asked(answer)}", 1),
        Paragraph("origin", _NO_LIST_IN_THE_ARTICLE),
        Paragraph("shown", f"{shown}{_filters(answer)}."),
        *_by_class(own, answer.inputs.drug),
        *_carried_over(answer),
    )


def _drug_asked(answer: ContraindicationsAnswer) -> str:
    drug = answer.inputs.drug
    return f", {drug.full_name}" if drug else ""


def _filters(answer: ContraindicationsAnswer) -> str:
    inputs = answer.inputs
    filters = {
        "class": inputs.category,
        "drug": inputs.drug,
        "jurisdiction": inputs.jurisdiction,
    }
    named = [f"{name} {value}" for name, value in filters.items() if value]
    return f": {', '.join(named)}" if named else ""


def _by_class(rows: list[ContraindicationResult], drug: Drug | None) -> Iterable[Block]:
    for category in Category:
        of_class = [row for row in rows if row.category is category]
        if of_class:
            yield Heading(category.value.capitalize())
            yield _items(of_class, drug)


def _carried_over(answer: ContraindicationsAnswer) -> Document:
    """Lay out what texts on the other drug say, apart, each marked with the class it has there."""
    rows = [row for row in answer.results if row.is_carried_over]
    drug = answer.inputs.drug
    if not rows or drug is None:
        return ()
    columns = (
        Column("Carried over"),
        Column(f"Class for {drug.other}", joins=True),
        Column("Where", joins=True),
        Column(f"Ground for {drug}"),
        Column("Note"),
        Column("Source"),
    )
    cells = tuple(
        (
            f"{row.number}. {row.text}",
            row.category.value,
            _where(row, drug.other),
            row.carried_over or "",
            row.note or "",
            citations_text(row.sources),
        )
        for row in rows
    )
    return (
        Heading(f"Carried over from {drug.other}"),
        Paragraph(
            "limit",
            f"No text that was read says these of {drug} itself. The class is that of "
            f"{drug.other}; it is not {drug}'s.",
        ),
        Table(columns, cells),
    )


def _items(rows: list[ContraindicationResult], drug: Drug | None) -> Table:
    columns = (
        Column("Item"),
        *(() if drug else (Column("Drug", joins=True),)),
        Column("Where", joins=True),
        Column("Note"),
        Column("Source"),
    )
    return Table(columns, tuple(_cells(row, drug) for row in rows))


def _cells(row: ContraindicationResult, drug: Drug | None) -> tuple[str, ...]:
    # Carried over to the drug that was not asked for, it is no part of the answer.
    carried = None if drug else _carried_over_to_the_other(row)
    notes = [note for note in (carried, row.note) if note]
    return (
        f"{row.number}. {row.text}",
        *(() if drug else (drug_text(row.drug),)),
        _where(row, drug),
        "; ".join(notes),
        citations_text(row.sources),
    )


def _carried_over_to_the_other(row: ContraindicationResult) -> str | None:
    if row.carried_over is None or row.drug == "both":
        return None
    return f"carried over to {Drug(row.drug).other}: {row.carried_over}"


def _where(row: ContraindicationResult, drug: Drug | None) -> str:
    """Return whose label says so: of one drug, or of each drug by its name."""
    if drug is None and row.drug == "both":
        labelled = [(each, ", ".join(row.jurisdictions.of(each))) for each in Drug]
        return "; ".join(f"{each}: {where}" for each, where in labelled if where) or _NO_LABEL
    return ", ".join(row.jurisdictions.of(drug or Drug(row.drug))) or _NO_LABEL
