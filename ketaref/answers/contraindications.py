"""What rules out or limits treatment: by class, drug and jurisdiction, each with its sources."""

from typing import ClassVar, Literal, NamedTuple

from pydantic import Field

from ketaref.answers.answer import Answer, data_stamp, plain_citations, sources_with
from ketaref.errors import ErrorCode, InputError, echo
from ketaref.model.base import Frozen
from ketaref.model.checklist_item import About, Category, Contraindication
from ketaref.model.dose_row import ids_of
from ketaref.model.names import Drug
from ketaref.model.source import Citation
from ketaref.ranges.library import Library
from ketaref.ranges.selection import did_you_mean

JURISDICTIONS = ("US", "EU", "UK", "CH")


class ContraindicationsInputs(Frozen):
    """The question, null for all; and how many items there are in all."""

    category: Category | None = Field(serialization_alias="class")
    drug: Drug | None
    jurisdiction: str | None
    items: int


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
    sources: tuple[Citation, ...]
    source_ids: tuple[str, ...]


class ContraindicationsAnswer(Answer):
    """Contraindications and precautions."""

    kind: Literal["contraindications"] = "contraindications"
    inputs: ContraindicationsInputs
    results: tuple[ContraindicationResult, ...]
    result_model: ClassVar[type[Frozen]] = ContraindicationResult


class ContraindicationsQuery(NamedTuple):
    """Which items; None for all."""

    category: Category | None = None
    drug: Drug | None = None
    jurisdiction: str | None = None

    def wants(self, item: Contraindication) -> bool:
        """Return whether an item belongs to the answer; what is carried over to a drug does."""
        about = self.drug is None or item.drug in ("both", self.drug) or bool(item.carried_over)
        where = self.jurisdiction is None or self.jurisdiction in item.jurisdictions
        return about and where and self.category in (None, item.category)


def contraindications_answer(
    library: Library, query: ContraindicationsQuery
) -> ContraindicationsAnswer:
    """Return the items of a query."""
    dataset = library.dataset
    results = tuple(_result(item) for item in dataset.contraindications if query.wants(item))
    return ContraindicationsAnswer(
        data=data_stamp(dataset),
        inputs=ContraindicationsInputs(
            category=query.category,
            drug=query.drug,
            jurisdiction=query.jurisdiction,
            items=len(dataset.contraindications),
        ),
        results=results,
        cautions=library.overdue(),
        sources=sources_with(dataset, (source for row in results for source in row.source_ids)),
    )


def parse_category(text: str) -> Category:
    """Return the class with exactly this name, case ignored."""
    name = " ".join(text.lower().replace("-", " ").split())
    known = {category.value: category for category in Category}
    if name in known and text.isascii():
        return known[name]
    raise InputError(
        ErrorCode.CLASS_UNKNOWN,
        f'unknown class "{echo(text)}"; known: {", ".join(known)}',
        did_you_mean(name, known),
    )


def parse_jurisdiction(text: str) -> str:
    """Return the jurisdiction with exactly this code, case ignored."""
    if text.isascii() and text.strip().upper() in JURISDICTIONS:
        return text.strip().upper()
    raise InputError(
        ErrorCode.JURISDICTION_UNKNOWN,
        f'unknown jurisdiction "{echo(text)}"; known: {", ".join(JURISDICTIONS)}',
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
        sources=plain_citations(item.sources),
        source_ids=ids_of(item.sources),
    )
