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
    """One text in the version that was read, and how it was read.

    ``checked`` is "primary" where the cited facts were read in a copy of the source itself,
    "secondary" where any of them was read in a third party's copy, quotation or summary.
    """

    id: Name
    title: Text
    authors: Text
    year: Annotated[StrictInt, Field(ge=1800, le=2100)] | None = None
    kind: SourceKind
    identifier: Text
    checked: Literal["primary", "secondary"]
    version_read: Text
    current: StrictBool
    not_read: Text | None = None

    @model_validator(mode="after")
    def _an_old_version_says_what_was_not_read(self) -> "Source":
        if not self.current and self.not_read is None:
            raise ValueError("where current is false, not_read must say what was not read")
        return self


class Citation(Frozen):
    """A source, and the place in it."""

    source_id: Name
    place: Text


Citations = Annotated[tuple[Citation, ...], Field(min_length=1)]


class Evidence(Citation):
    """A source that agrees with a range or a statement, narrows it, or contradicts it; and how."""

    relation: Relation
    note: Text
