"""Where a fact comes from: a source, and the place in it."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from ketaref.model.base import Frozen, Name, Text


class SourceKind(StrEnum):
    """What kind of text a source is; roughly from the most to the least binding."""

    LABEL = "label"
    REGULATOR = "regulator"
    GUIDELINE = "guideline"
    SYSTEMATIC_REVIEW = "systematic_review"
    NARRATIVE_REVIEW = "narrative_review"
    TRIAL = "trial"
    OBSERVATIONAL_STUDY = "observational_study"
    PHARMACOKINETIC_STUDY = "pharmacokinetic_study"
    REGISTRY = "registry"
    SAFETY_REPORT = "safety_report"
    HANDBOOK = "handbook"
    LETTER = "letter"
    CLINIC_DOCUMENT = "clinic_document"
    CONSUMER_ARTICLE = "consumer_article"

    @property
    def full_name(self) -> str:
        """The kind as a reader says it."""
        return self.value.replace("_", " ")


class Relation(StrEnum):
    """What a source does to the range of a row."""

    STATES = "states"
    AGREES = "agrees"
    NARROWS = "narrows"
    CONTRADICTS = "contradicts"
    CONCERNS_OTHER = "concerns-other"


class Source(Frozen):
    """One text in the version that was read, how it was read, and what finds it again.

    ``checked`` is "primary" where the cited facts were read in the publisher's own text (a journal,
    an agency, a registry, a manufacturer, PubMed), "secondary" where any of them was read in a
    third party's copy, quotation or summary. ``part_read`` says what part: an abstract is
    "abstract".
    """

    id: Name
    title: Text
    authors: Text
    year: Annotated[StrictInt, Field(ge=1800, le=2100)] | None = None
    published_in: Text | None = None
    kind: SourceKind
    pmid: Annotated[Text, Field(pattern=r"^\d{5,8}$")] | None = None
    pmcid: Annotated[Text, Field(pattern=r"^PMC\d+$")] | None = None
    doi: Annotated[Text, Field(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    nct: Annotated[Text, Field(pattern=r"^NCT\d{8}$")] | None = None
    actrn: Annotated[Text, Field(pattern=r"^ACTRN\d{14}p?$")] | None = None
    registry: Text | None = None
    set_id: (
        Annotated[Text, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")] | None
    ) = None
    label_revision: Text | None = None
    ndc: Text | None = None
    licence: Text | None = None
    isbn: Text | None = None
    url: Annotated[Text, Field(pattern=r"^https?://\S+$")] | None = None
    checked: Literal["primary", "secondary"]
    part_read: Text | None = None
    version_read: Text
    current: StrictBool
    not_read: Text | None = None

    @model_validator(mode="after")
    def _an_old_version_says_what_was_not_read(self) -> "Source":
        if not self.current and self.not_read is None:
            raise ValueError("where current is false, not_read must say what was not read")
        return self

    @property
    def identifiers(self) -> tuple[tuple[str, str], ...]:
        """What finds the source again, each with its name, the most durable first."""
        named = ((name, getattr(self, field)) for field, name in _IDENTIFIERS.items())
        return tuple((name, value) for name, value in named if value)

    @property
    def link(self) -> str | None:
        """The address to open: the register's of the identifier, else where it was read."""
        for field, register in _REGISTERS.items():
            if value := getattr(self, field):
                return f"{register}{value}"
        return self.url

    @property
    def how_read(self) -> str:
        """How it was read, in words."""
        part = f", {self.part_read}" if self.part_read else ""
        return f"{self.checked}{part}"


_IDENTIFIERS = {
    "doi": "DOI",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "nct": "ClinicalTrials.gov",
    "actrn": "ANZCTR",
    "registry": "registry",
    "set_id": "DailyMed set id",
    "label_revision": "label revision",
    "ndc": "NDC",
    "licence": "licence",
    "isbn": "ISBN",
    "url": "read at",
}
_REGISTERS = {
    "doi": "https://doi.org/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/",
    "nct": "https://clinicaltrials.gov/study/",
    "set_id": "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=",
}


class Citation(Frozen):
    """A source, and the place in it."""

    source_id: Name
    place: Text


Citations = Annotated[tuple[Citation, ...], Field(min_length=1)]


class Evidence(Citation):
    """A source that agrees with a range or a statement, narrows it, or contradicts it; and how."""

    relation: Relation
    note: Text
