"""What rules out or limits treatment: by class, drug and jurisdiction, each with its sources."""

from datetime import date
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from ketaref.document import Column, Document, Heading, Paragraph, Table
from ketaref.errors import ErrorCode, InputError, echo
from ketaref.model.base import Frozen
from ketaref.model.checklists import About, Category, Contraindication
from ketaref.model.dataset import Dataset
from ketaref.model.names import Drug
from ketaref.reports.base import (
    Place,
    Report,
    cited,
    ids_of,
    overdue,
    places,
    places_in_words,
    stamp,
)
from ketaref.reports.names import question
from ketaref.reports.risks import drug_in_words

JURISDICTIONS = ("US", "EU", "UK", "CH")
NO_LIST_IN_THE_ARTICLE = (
    "The base article has no list of contraindications. These come from labels, regulators, "
    "guidelines, trials and clinics; each says which."
)


class ContraindicationsInputs(Frozen):
    """What was asked; null for all."""

    category: Category | None = Field(serialization_alias="class")
    drug: Drug | None
    jurisdiction: str | None


class ContraindicationResult(Frozen):
    """One item: its class, where it holds, for which drug."""

    id: str
    number: int
    category: Category = Field(serialization_alias="class")
    text: str
    jurisdictions: tuple[str, ...]
    drug: About
    carried_over: str | None
    note: str | None
    sources: tuple[Place, ...]
    source_ids: tuple[str, ...]


class ContraindicationsReport(Report):
    """Contraindications and precautions."""

    kind: Literal["contraindications"] = "contraindications"
    inputs: ContraindicationsInputs
    results: tuple[ContraindicationResult, ...]
    of: Annotated[int, Field(exclude=True)]
    row_model: ClassVar[type[Frozen]] = ContraindicationResult
    closing: ClassVar[str] = (
        "This list is not complete, and that nothing on it applies does not make treatment safe."
    )

    def body(self) -> Document:
        """Lay out the items by class, the strongest first."""
        blocks: list[Heading | Table] = []
        for category in Category:
            rows = [row for row in self.results if row.category is category]
            if rows:
                blocks += [Heading(category.value.capitalize()), _items(rows)]
        shown = f"{len(self.results)} of {self.of} items"
        return (
            Heading("Contraindications and precautions", 1),
            Paragraph("origin", NO_LIST_IN_THE_ARTICLE),
            Paragraph("shown", f"{shown}{self._filters()}."),
            *blocks,
        )

    def _filters(self) -> str:
        asked = self.inputs
        filters = {
            "class": asked.category,
            "drug": asked.drug,
            "jurisdiction": asked.jurisdiction,
        }
        named = [f"{name} {value}" for name, value in filters.items() if value]
        return f": {', '.join(named)}" if named else ""


class ContraindicationsQuestion(NamedTuple):
    """Which items; None for all."""

    category: Category | None = None
    drug: Drug | None = None
    jurisdiction: str | None = None

    def wants(self, item: Contraindication) -> bool:
        """Return whether an item was asked for; what is carried over to a drug is."""
        about = self.drug is None or item.drug in ("both", self.drug) or bool(item.carried_over)
        where = self.jurisdiction is None or self.jurisdiction in item.jurisdictions
        return about and where and self.category in (None, item.category)


def contraindications_report(
    dataset: Dataset, asked: ContraindicationsQuestion, *, today: date
) -> ContraindicationsReport:
    """Return the items that were asked for."""
    items = [item for item in dataset.contraindications if asked.wants(item)]
    results = tuple(_result(item) for item in items)
    return ContraindicationsReport(
        data=stamp(dataset),
        inputs=ContraindicationsInputs(
            category=asked.category, drug=asked.drug, jurisdiction=asked.jurisdiction
        ),
        results=results,
        of=len(dataset.contraindications),
        cautions=overdue(dataset, today),
        sources=cited(dataset, (source_id for row in results for source_id in row.source_ids)),
    )


def parse_category(text: str) -> Category:
    """Return the class with exactly this name, case ignored."""
    name = " ".join(text.lower().replace("-", " ").split())
    known = {category.value: category for category in Category}
    if name in known and text.isascii():
        return known[name]
    raise InputError(
        ErrorCode.CLASS_UNKNOWN,
        f'class "{echo(text)}" is not known; known: {", ".join(known)}',
        question(name, known),
    )


def parse_jurisdiction(text: str) -> str:
    """Return the jurisdiction with exactly this code, case ignored."""
    if text.isascii() and text.strip().upper() in JURISDICTIONS:
        return text.strip().upper()
    raise InputError(
        ErrorCode.JURISDICTION_UNKNOWN,
        f'jurisdiction "{echo(text)}" is not known; known: {", ".join(JURISDICTIONS)}',
    )


def _result(item: Contraindication) -> ContraindicationResult:
    return ContraindicationResult(
        id=item.id,
        number=item.number,
        category=item.category,
        text=item.text,
        jurisdictions=item.jurisdictions,
        drug=item.drug,
        carried_over=item.carried_over,
        note=item.note,
        sources=places(item.sources),
        source_ids=ids_of(item.sources),
    )


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
        drug_in_words(row.drug),
        ", ".join(row.jurisdictions) or "no label",
        "; ".join(notes) or "none",
        places_in_words(row.sources),
    )
