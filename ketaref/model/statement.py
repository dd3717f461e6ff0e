"""What the base article says beyond doses, statement by statement, and how each stands."""

import re
from collections.abc import Callable
from enum import StrEnum

from pydantic import model_validator

from ketaref.model.base import Frozen, Name, Text
from ketaref.model.source import Evidence, Relation


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
    """How a statement stands against sources other than the article.

    Contested is what studies or texts disagree about. Where nothing was found, somebody searched:
    the statement says what, where and when.
    """

    SUPPORTED = "supported"
    SMALL_TRIALS = "small trials"
    CONTESTED = "contested"
    CONTRADICTED = "contradicted"
    NOTHING_FOUND = "searched, nothing found"


class Statement(Frozen):
    """One statement of the article, in our words, and the sources that make it stand so."""

    id: Name
    topic: Topic
    says: Text
    place: Text
    standing: Verdict
    because: Text
    searched: Text | None = None
    sources: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _the_sources_fit_the_standing(self) -> "Statement":
        relations = {source.relation for source in self.sources} - {Relation.CONCERNS_OTHER}
        if not _FITS[self.standing](relations):
            raise ValueError(f'the relations of the sources do not make it "{self.standing}"')
        return self

    @model_validator(mode="after")
    def _a_search_is_told_where_nothing_was_found(self) -> "Statement":
        if (self.searched is not None) != (self.standing is Verdict.NOTHING_FOUND):
            raise ValueError(f'searched goes with "{Verdict.NOTHING_FOUND}", and only with it')
        if self.searched and not _DAY.search(self.searched):
            raise ValueError("searched needs the day of the search, such as 2026-11-26")
        return self


_DAY = re.compile(r"\b20\d\d-[01]\d-[0-3]\d\b")

# What the sources of a standing do to the statement, those that concern something else left aside.
_FITS: dict[Verdict, Callable[[set[Relation]], bool]] = {
    Verdict.SUPPORTED: lambda r: Relation.AGREES in r and Relation.CONTRADICTS not in r,
    Verdict.SMALL_TRIALS: lambda r: bool(r) and Relation.CONTRADICTS not in r,
    Verdict.CONTESTED: lambda r: len(r) > 1,
    Verdict.CONTRADICTED: lambda r: Relation.CONTRADICTS in r and Relation.AGREES not in r,
    Verdict.NOTHING_FOUND: lambda r: not r,
}
