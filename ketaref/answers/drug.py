"""What is known of a drug beside its ranges: a monograph, each statement with its source."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from ketaref.answers.answer import Answer, data_stamp, plain_citations, sources_with
from ketaref.answers.contraindications import ContraindicationsQuery
from ketaref.errors import ErrorCode
from ketaref.model.base import Frozen
from ketaref.model.checklist_item import About
from ketaref.model.dataset import Dataset
from ketaref.model.dose_row import ids_of
from ketaref.model.drug import Entry, Product, Section
from ketaref.model.names import Drug
from ketaref.model.source import Citation
from ketaref.ranges.library import Library
from ketaref.ranges.selection import parse_member


class DrugInputs(Frozen):
    """The question; the section is null for all."""

    drug: Drug
    section: Section | None


class DrugHead(Frozen):
    """Which drug it is, and what of its labels was not read."""

    name: str
    not_to_be_taken_for: str
    brands: tuple[str, ...]
    atc: str
    not_read: str
    sources: tuple[Citation, ...]


class DrugResult(Frozen):
    """One statement of a section; null where it does not apply.

    ``see`` is a command whose list is not repeated here; ``searched`` what was searched where no
    text was found; ``only_secondary``: none of its sources was read in the publisher's own text.
    """

    id: str
    section: Section
    section_name: str
    text: str
    see: str | None = None
    jurisdictions: tuple[str, ...] = ()
    about: About | None = None
    note: str | None = None
    searched: str | None = None
    agent: str | None = None
    mechanism: str | None = None
    size: str | None = None
    route: str | None = None
    people: str | None = None
    what: str | None = None
    when: str | None = None
    whose: str | None = None
    strength: str | None = None
    form: str | None = None
    pack: str | None = None
    ndc: str | None = None
    licence: str | None = None
    holder: str | None = None
    only_secondary: bool = False
    sources: tuple[Citation, ...] = ()
    source_ids: tuple[str, ...] = ()


class DrugAnswer(Answer):
    """A monograph, or one section of it."""

    kind: Literal["drug"] = "drug"
    inputs: DrugInputs
    head: DrugHead
    results: tuple[DrugResult, ...]
    result_model: ClassVar[type[Frozen]] = DrugResult


def drug_answer(library: Library, drug: Drug, section: Section | None = None) -> DrugAnswer:
    """Return the monograph of a drug, or one section of it."""
    dataset = library.dataset
    monograph = dataset.monograph(drug)
    results = stated_in(dataset, drug, Section if section is None else (section,))
    cited = (*ids_of(monograph.sources), *(name for row in results for name in row.source_ids))
    return DrugAnswer(
        data=data_stamp(dataset),
        inputs=DrugInputs(drug=drug, section=section),
        head=DrugHead(
            name=drug.full_name,
            not_to_be_taken_for=drug.other.full_name,
            brands=monograph.brands,
            atc=monograph.atc,
            not_read=monograph.not_read,
            sources=plain_citations(monograph.sources),
        ),
        results=results,
        cautions=library.overdue(),
        sources=sources_with(dataset, cited),
    )


def stated_in(dataset: Dataset, drug: Drug, sections: Iterable[Section]) -> tuple[DrugResult, ...]:
    """Return what these sections of a drug's monograph state."""
    entries = tuple(dataset.monograph(drug).stated)
    return tuple(row for each in sections for row in _section(dataset, drug, each, entries))


def parse_section(text: str) -> Section:
    """Return the section with exactly this name, case ignored."""
    sections = {section.value: section for section in Section}
    return parse_member(text, sections, "section", ErrorCode.SECTION_UNKNOWN)


def _section(
    dataset: Dataset, drug: Drug, section: Section, entries: tuple[Entry, ...]
) -> Iterator[DrugResult]:
    if section.see:
        yield _reference(dataset, drug, section, section.see)
    yield from (_result(dataset, entry) for entry in entries if entry.section is section)


def _reference(dataset: Dataset, drug: Drug, section: Section, see: str) -> DrugResult:
    """Say what the list that is not repeated here holds for the drug."""
    rows = sum(row.drug is drug for row in dataset.rows)
    items = sum(map(ContraindicationsQuery(drug=drug).wants, dataset.lists.contraindications))
    effects = sum(effect.drug in (drug, "both") for effect in dataset.lists.effects)
    boxed = sum(each.drug in (drug, "both") for each in dataset.lists.boxed)
    texts = {
        Section.INDICATIONS: f"Published ranges in anxiety: {rows}, with how each stands",
        Section.CONTRAINDICATIONS: f"{items} items, by class and jurisdiction",
        Section.SIDE_EFFECTS: f"{effects} effects, with frequencies, and {boxed} boxed "
        f"{'warning' if boxed == 1 else 'warnings'}",
    }
    command = see.format(drug=drug)
    return DrugResult(
        id=f"see-{section}",
        section=section,
        section_name=section.full_name,
        text=f"{texts[section]}: {command}",
        see=command,
    )


def _result(dataset: Dataset, entry: Entry) -> DrugResult:
    fields: dict[str, Any] = dict(entry)
    fields.pop("section", None)
    if isinstance(entry, Product):
        fields["jurisdictions"] = (fields.pop("country"),)
        fields["text"] = f"{entry.strength}, {entry.form}"
    names = ids_of(entry.sources)
    return DrugResult(
        **fields | {"sources": plain_citations(entry.sources)},
        section=entry.section,
        section_name=entry.section.full_name,
        only_secondary=bool(names)
        and all(dataset.source(name).checked == "secondary" for name in names),
        source_ids=names,
    )
