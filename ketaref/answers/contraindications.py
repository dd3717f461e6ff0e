"""What rules out or limits treatment: by class, drug and jurisdiction, each with its sources."""

from typing import ClassVar, Literal, NamedTuple

from pydantic import Field

from ketaref.answers.answer import Answer, data_stamp, plain_citations, sources_with
from ketaref.errors import ErrorCode, InputError, echo
from ketaref.model.base import Frozen
from ketaref.model.checklist_item import (
    About,
    Category,
    Contraindication,
    Jurisdiction,
    Jurisdictions,
)
from ketaref.model.dose_row import ids_of
from ketaref.model.names import Drug
from ketaref.model.source import Citation
from ketaref.ranges.library import Library
from ketaref.ranges.selection import parse_member


class ContraindicationsInputs(Frozen):
    """The question, null for all; and how many items there are in all."""

    category: Category | None = Field(serialization_alias="class")
    drug: Drug | None
    jurisdiction: Jurisdiction | None
    items: int


class ContraindicationResult(Frozen):
    """One item: its class, for which drug, whose label says so.

    ``is_carried_over``: no text says it of the drug that was asked for; ``carried_over`` says on
    what ground it is applied to it.
    """

    id: str
    number: int
    category: Category = Field(serialization_alias="class")
    text: str
    drug: About
    jurisdictions: Jurisdictions
    is_carried_over: bool
    carried_over: str | None
    note: str | None
    sources: tuple[Citation, ...]
    source_ids: tuple[str, ...]


class ContraindicationsAnswer(Answer):
    """Contraindications and precautions; what is carried over to a drug comes last."""

    kind: Literal["contraindications"] = "contraindications"
    inputs: ContraindicationsInputs
    results: tuple[ContraindicationResult, ...]
    result_model: ClassVar[type[Frozen]] = ContraindicationResult


class ContraindicationsQuery(NamedTuple):
    """Which items; None for all."""

    category: Category | None = None
    drug: Drug | None = None
    jurisdiction: Jurisdiction | None = None

    def wants(self, item: Contraindication) -> bool:
        """Return whether an item belongs to the answer; what is carried over to a drug does."""
        about = self.drug is None or item.is_of(self.drug) or item.carried_over is not None
        return about and self._holds_there(item) and self.category in (None, item.category)

    def is_carried_over(self, item: Contraindication) -> bool:
        """Return whether an item is here only because it is applied to the drug asked for."""
        return self.drug is not None and not item.is_of(self.drug)

    def _holds_there(self, item: Contraindication) -> bool:
        """Return whether a label of the jurisdiction says so, of the drug asked for or of any."""
        if self.jurisdiction is None:
            return True
        asked = [self.drug] if self.drug and item.is_of(self.drug) else list(Drug)
        return any(self.jurisdiction in item.jurisdictions.of(drug) for drug in asked)


def contraindications_answer(
    library: Library, query: ContraindicationsQuery
) -> ContraindicationsAnswer:
    """Return the items of a query: what is said of the drug itself, then what is carried over."""
    dataset = library.dataset
    numbered = enumerate(dataset.lists.contraindications, start=1)
    found = [_result(number, item, query) for number, item in numbered if query.wants(item)]
    results = tuple(sorted(found, key=lambda row: row.is_carried_over))
    return ContraindicationsAnswer(
        data=data_stamp(dataset),
        inputs=ContraindicationsInputs(
            category=query.category,
            drug=query.drug,
            jurisdiction=query.jurisdiction,
            items=len(dataset.lists.contraindications),
        ),
        results=results,
        cautions=library.overdue(),
        sources=sources_with(dataset, (source for row in results for source in row.source_ids)),
    )


def parse_category(text: str) -> Category:
    """Return the class with exactly this name, case ignored."""
    categories = {category.value: category for category in Category}
    return parse_member(text, categories, "class", ErrorCode.CLASS_UNKNOWN, joiner=" ")


def parse_jurisdiction(text: str) -> Jurisdiction:
    """Return the jurisdiction with exactly this code, case ignored."""
    code = text.strip().upper()
    if text.isascii() and code in tuple(Jurisdiction):
        return Jurisdiction(code)
    raise InputError(
        ErrorCode.JURISDICTION_UNKNOWN,
        f'unknown jurisdiction "{echo(text)}"; known: {", ".join(Jurisdiction)}',
    )


def _result(
    number: int, item: Contraindication, query: ContraindicationsQuery
) -> ContraindicationResult:
    return ContraindicationResult(
        id=item.id,
        number=number,
        category=item.category,
        text=item.text,
        drug=item.drug,
        jurisdictions=item.jurisdictions,
        is_carried_over=query.is_carried_over(item),
        carried_over=item.carried_over,
        note=item.note,
        sources=plain_citations(item.sources),
        source_ids=ids_of(item.sources),
    )
