"""What is known of a drug beside its ranges: the sections of a monograph, each with its sources."""

from collections.abc import Iterator
from enum import StrEnum
from typing import ClassVar, Literal, TypeAlias

from pydantic import Field, model_validator

from ketaref.model.base import Frozen, Name, Text
from ketaref.model.checklist_item import About
from ketaref.model.names import Drug
from ketaref.model.source import Citation, Citations

Country = Literal["US", "EU", "UK", "CH", "DE", "CA", "IL"]


class Section(StrEnum):
    """The sections of a monograph, in their order."""

    INDICATIONS = "indications"
    CONTRAINDICATIONS = "contraindications"
    INTERACTIONS = "interactions"
    AGE = "age"
    HEPATIC_IMPAIRMENT = "hepatic-impairment"
    RENAL_IMPAIRMENT = "renal-impairment"
    PREGNANCY = "pregnancy"
    BREASTFEEDING = "breastfeeding"
    SIDE_EFFECTS = "side-effects"
    OVERDOSE = "overdose"
    MONITORING = "monitoring"
    PREPARATION = "preparation"
    INCOMPATIBILITIES = "incompatibilities"
    INFUSION = "infusion"
    PHARMACOKINETICS = "pharmacokinetics"
    DRIVING = "driving"
    STORAGE = "storage"
    LEGAL_SCHEDULE = "legal-schedule"
    PRODUCTS = "products"

    @property
    def full_name(self) -> str:
        """The section as a heading."""
        return _HEADINGS.get(self, self.value.replace("-", " ").capitalize())

    @property
    def see(self) -> str | None:
        """The command whose list is not repeated here; ``{drug}`` stands for the drug."""
        return _SEE.get(self)


_HEADINGS = {
    Section.INDICATIONS: "Indications and dose",
    Section.CONTRAINDICATIONS: "Contraindications and cautions",
    Section.OVERDOSE: "Overdose and emergence (use the local protocol)",
    Section.MONITORING: "Monitoring requirements",
    Section.PREPARATION: "Preparation and dilution",
    Section.DRIVING: "Driving and skilled tasks",
}
_SEE = {
    Section.INDICATIONS: "ketaref routes",
    Section.CONTRAINDICATIONS: "ketaref contraindications -d {drug}",
    Section.SIDE_EFFECTS: "ketaref risks",
}
# Listed elsewhere, and nothing of it here.
ONLY_BY_REFERENCE = (Section.CONTRAINDICATIONS, Section.SIDE_EFFECTS)


class Stated(Frozen):
    """Something that is stated of a drug: with its sources, or with what was searched in vain.

    ``jurisdictions`` says whose label or rule it is; ``about``, which drug it is about where that
    is not, or not only, the one of the monograph.
    """

    id: Name
    text: Text
    jurisdictions: tuple[Country, ...] = ()
    about: About | None = None
    note: Text | None = None
    searched: Text | None = None
    sources: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _has_sources_or_was_searched(self) -> "Stated":
        if bool(self.sources) == bool(self.searched):
            raise ValueError("it needs sources; or `searched`, where no text was found")
        return self


class Item(Stated):
    """A statement of one of the sections that have no shape of their own."""

    section: Section

    @model_validator(mode="after")
    def _belongs_in_this_section(self) -> "Item":
        if self.section in (Section.INTERACTIONS, Section.MONITORING, *ONLY_BY_REFERENCE):
            raise ValueError(f"{self.section} has no [[item]]")
        return self


class Interaction(Stated):
    """With what it interacts: how, how much, by which route and in which people, where stated."""

    section: ClassVar[Section] = Section.INTERACTIONS
    agent: Text
    mechanism: Text | None = None
    size: Text | None = None
    route: Text | None = None
    people: Text | None = None


class Monitoring(Stated):
    """What is watched, when, and whose rule or practice that is."""

    section: ClassVar[Section] = Section.MONITORING
    what: Text
    when: Text
    whose: Text


class Product(Frozen):
    """What is marketed; its code or licence only where it was read."""

    section: ClassVar[Section] = Section.PRODUCTS
    id: Name
    strength: Text
    form: Text
    pack: Text | None = None
    ndc: Text | None = None
    licence: Text | None = None
    holder: Text
    country: Country
    note: Text | None = None
    sources: Citations


Entry: TypeAlias = Item | Interaction | Monitoring | Product


class Monograph(Frozen):
    """All that is known of a drug beside its ranges, in every section."""

    drug: Drug
    brands: tuple[Text, ...]
    atc: Text
    not_read: Text
    sources: Citations
    items: tuple[Item, ...] = Field(alias="item")
    interactions: tuple[Interaction, ...] = Field(alias="interaction")
    monitoring: tuple[Monitoring, ...]
    products: tuple[Product, ...] = Field(alias="product")

    @property
    def stated(self) -> Iterator[Entry]:
        """Everything that is stated, section by section; what has no shape of its own first."""
        yield from sorted(self._unsorted(), key=lambda entry: _ORDER[entry.section])

    def _unsorted(self) -> Iterator[Entry]:
        yield from self.items
        yield from self.interactions
        yield from self.monitoring
        yield from self.products

    @model_validator(mode="after")
    def _no_section_is_empty(self) -> "Monograph":
        missing = set(Section) - {entry.section for entry in self.stated} - {*ONLY_BY_REFERENCE}
        if missing:
            raise ValueError(f"no text on {', '.join(sorted(missing))}: say what was searched")
        return self


_ORDER = {section: number for number, section in enumerate(Section)}
