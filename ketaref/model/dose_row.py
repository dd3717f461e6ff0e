"""A row: a route, a drug and a range of doses; what a published one carries besides."""

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool, model_validator

from ketaref.model.base import Frozen, Number, Text
from ketaref.model.names import Drug, Route
from ketaref.model.source import Citation, Citations, Evidence, Relation


class Basis(StrEnum):
    """Whether a range is multiplied by body weight."""

    PER_KG = "per_kg"
    FIXED = "fixed"


class StandingCode(StrEnum):
    """How a row stands against sources other than its own."""

    CORROBORATED = "corroborated"
    PARTLY_CORROBORATED = "partly-corroborated"
    DIFFERENT_PRODUCT = "different-product"
    UNSUPPORTED = "unsupported"


def _snake_case(text: str) -> str:
    if not re.fullmatch("[a-z]+(?:_[a-z]+)*", text):
        raise ValueError("a code of small letters and single underscores is needed")
    return text


# The codes of the data are a closed list in the data itself (doses.toml, caution_code): a new
# caution on a row needs no change of the program. Those of the program are in ranges/cautions.py.
RowCautionCode = Annotated[Text, AfterValidator(_snake_case)]


class CautionMeaning(Frozen):
    """A code that the cautions of rows may have, and what it is for."""

    code: RowCautionCode
    means: Text


class RowCaution(Frozen):
    """A caution that holds for a row, with its sources."""

    code: RowCautionCode
    text: Text
    sources: Citations
    at_dose: Number | None = None  # shown with exactly this dose alone, in the row's unit
    in_note: StrictBool = False  # a note carries it too, which leaves out what holds for any dose


class StatedDuration(Frozen):
    """Over how long a dose is given: in figures where the source has them, and as it writes it."""

    as_written: Text | None = None
    low: Number | None = None
    high: Number | None = None
    unit: Literal["min", "h"] | None = None

    @model_validator(mode="after")
    def _all_or_none(self) -> "StatedDuration":
        given = (self.low, self.high, self.unit)
        if any(part is None for part in given) != all(part is None for part in given):
            raise ValueError("low, high and unit go together")
        if self.low and self.high and self.low > self.high:
            raise ValueError("low is above high")
        return self

    @property
    def minutes(self) -> tuple[Fraction, Fraction] | None:
        """Both ends in minutes, exactly; None where the source gives no figure."""
        if self.low is None or self.high is None:
            return None
        factor = MINUTES_PER_HOUR if self.unit == "h" else 1
        return Fraction(self.low) * factor, Fraction(self.high) * factor


MINUTES_PER_HOUR = 60


class Standing(Frozen):
    """How a row stands: by a code, in a few words, in a few sentences; and what makes it so."""

    code: StandingCode
    label: Text
    text: Text
    sources: Annotated[tuple[Evidence, ...], Field(min_length=1)]


class Amount(Frozen):
    """An amount of drug per dose."""

    value: Number
    unit: Literal["mg"]


class BodyWeight(StrEnum):
    """Which body weight a range per kg is meant for. It is named on results, never computed."""

    ACTUAL = "actual"
    IDEAL = "ideal"
    ADJUSTED = "adjusted"


class RangeRow(Frozen):
    """A range of doses by one route: all that a result is computed from, whoever states it.

    A published row has neither a maximum nor a rounding step; a clinic's row has no ``steps``.
    """

    route: Route
    drug: Drug
    basis: Basis
    low: Number
    high: Number
    unit: Literal["mg/kg", "mg"]
    steps: tuple[Number, ...] = ()
    duration: StatedDuration | None = None
    maximum: Amount | None = None
    rounding_step: Amount | None = None
    body_weight: BodyWeight | None = None

    @property
    def name(self) -> str:
        """What the row is called where it is one of several."""
        return self.route.value

    @property
    def minutes(self) -> tuple[Fraction, Fraction] | None:
        """The stated duration in minutes, or None where none is stated in figures."""
        return self.duration.minutes if self.duration else None

    @property
    def has_volume(self) -> bool:
        """Whether a strength may be given for it, and so a volume in mL."""
        raise NotImplementedError

    @property
    def has_rate(self) -> bool:
        """Whether a duration may be given for it, and so a rate."""
        raise NotImplementedError


class DoseRow(RangeRow):
    """One published range. ``as_written`` is the source's own cell; nothing is computed from it."""

    salt_basis: Text
    salt_basis_sources: tuple[Citation, ...] = ()
    as_written: Text
    duration: StatedDuration
    maximum: None = None
    rounding_step: None = None
    body_weight: None = None
    volume_applies: StrictBool
    rate_applies: StrictBool
    advantages: tuple[Text, ...]
    disadvantages: tuple[Text, ...]
    standing: Standing
    cautions: tuple[RowCaution, ...]

    @model_validator(mode="after")
    def _the_range_is_one(self) -> "DoseRow":
        if self.low >= self.high:
            raise ValueError("low must be below high")
        if (self.basis is Basis.PER_KG) != (self.unit == "mg/kg"):
            raise ValueError("a per_kg row is in mg/kg, a fixed row in mg")
        if self.steps and (self.basis is Basis.PER_KG or list(self.steps) != sorted(self.steps)):
            raise ValueError("steps are for a fixed row, in rising order")
        if self.steps and (self.steps[0], self.steps[-1]) != (self.low, self.high):
            raise ValueError("steps must begin at low and end at high")
        if any(step % self.steps[0] for step in self.steps):
            raise ValueError("each step must be a multiple of the first")
        return self

    @model_validator(mode="after")
    def _the_figures_are_those_of_the_source(self) -> "DoseRow":
        if _figures(self.as_written) != (self.low, self.high):
            raise ValueError("low and high are not the figures of as_written")
        if self.duration.as_written is None:
            raise ValueError("the duration needs as_written, the source's own cell")
        ends = (self.duration.low, self.duration.high)
        if _figures(self.duration.as_written) != tuple(end for end in ends if end is not None):
            raise ValueError("the duration's figures are not those of its as_written")
        return self

    @model_validator(mode="after")
    def _every_figure_has_a_source(self) -> "DoseRow":
        if not any(source.relation is Relation.STATES for source in self.standing.sources):
            raise ValueError("no source states this range")
        if re.search(r"\d", self.salt_basis) and not self.salt_basis_sources:
            raise ValueError("a salt basis with a figure in it needs a source")
        if any(re.search(r"\d", text) for text in (*self.advantages, *self.disadvantages)):
            raise ValueError("an advantage or disadvantage has no source of its own, so no figure")
        return self

    @property
    def has_volume(self) -> bool:
        """Whether a strength may be given for it, and so a volume in mL."""
        return self.volume_applies

    @property
    def has_rate(self) -> bool:
        """Whether a duration may be given for it, and so a rate."""
        return self.rate_applies

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation of the row, the one that states it first."""
        cautions = (citation for caution in self.cautions for citation in caution.sources)
        return (*self.standing.sources, *self.salt_basis_sources, *cautions)

    @property
    def source_ids(self) -> tuple[str, ...]:
        """Every source of the row, each once, the one that states it first."""
        return ids_of(self.citations)

    @property
    def stated_in(self) -> Evidence:
        """The source that states this range."""
        return next(s for s in self.standing.sources if s.relation is Relation.STATES)


def ids_of(citations: Iterable[Citation]) -> tuple[str, ...]:
    """Return the ids of the sources cited, each once."""
    return tuple(dict.fromkeys(citation.source_id for citation in citations))


def _figures(text: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(figure) for figure in re.findall(r"\d+(?:\.\d+)?", text))


class KnownStrength(Frozen):
    """A strength in mg/mL that is marketed, or is prepared for an infusion."""

    drug: Drug
    value: Number
    kind: Literal["marketed", "prepared"]
    note: Text | None = None
    sources: Citations


class NotIncluded(Frozen):
    """A route that users look for and that has no row, with the reason."""

    name: Text
    also: tuple[Text, ...]
    drug: Drug
    reason: Text
    sources: Citations
