"""What the base article says beyond doses, statement by statement, and how each stands."""

from enum import StrEnum

from pydantic import model_validator

from ketaref.model.base import Frozen, Name, Text
from ketaref.model.source import Evidence


class Topic(StrEnum):
    """What a statement is about."""

    MECHANISM = "mechanism"
    COMPARISON = "comparison"
    RESISTANT_ANXIETY = "resistant-anxiety"
    PSYCHOTHERAPY = "psychotherapy"
    OTHER_THERAPY = "other-therapy"
    COMORBIDITY = "comorbidity"
    ACUTE_ANXIETY = "acute-anxiety"
    LONG_TERM = "long-term"
    MONITORING = "monitoring"
    DOSE_FACTORS = "dose-factors"
    COST = "cost"
    LEGAL_STATUS = "legal-status"

    @property
    def full_name(self) -> str:
        """The topic as a heading."""
        return self.value.replace("-", " ").capitalize()


class Verdict(StrEnum):
    """How a statement stands against sources other than the article."""

    SUPPORTED = "supported"
    SMALL_TRIALS = "small trials"
    CONTESTED = "contested"
    CONTRADICTED = "contradicted"
    NOT_CHECKED = "not checked here"


class Statement(Frozen):
    """One statement of the article, in our words, and the sources that make it stand so."""

    id: Name
    topic: Topic
    says: Text
    place: Text
    standing: Verdict
    because: Text
    sources: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _a_verdict_has_sources(self) -> "Statement":
        if bool(self.sources) == (self.standing is Verdict.NOT_CHECKED):
            raise ValueError('a verdict needs sources, and "not checked here" has none')
        return self
