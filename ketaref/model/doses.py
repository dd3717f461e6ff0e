"""The published rows: routes, ranges, how each stands, and what must be said beside it."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StrictBool, model_validator

from ketaref.model.base import Frozen, Name, Number, Text
from ketaref.model.names import Drug, Route
from ketaref.model.sources import Citation, Evidence, Relation


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


class CautionCode(StrEnum):
    """The closed list of caution codes: the stable part of a caution, for programs."""

    # said by a row of the data
    ANAESTHETIC_RANGE = "anaesthetic_range"
    BIOAVAILABILITY = "bioavailability"
    BODY_WEIGHT_NOT_STATED = "body_weight_not_stated"
    COURSE_NOT_STATED = "course_not_stated"
    DEVICES = "devices"
    ESKETAMINE_ONLY = "esketamine_only"
    NO_APPROVED_PRODUCT = "no_approved_product"
    NO_LABEL_MAXIMUM = "no_label_maximum"
    NO_OTHER_SOURCE = "no_other_source"
    NOT_FOR_EMERGENCY = "not_for_emergency"
    NOT_PER_KG = "not_per_kg"
    ONE_DEVICE = "one_device"
    # called up by what was asked
    CHECK_UNIT = "check_unit"
    CHECK_VIAL = "check_vial"
    DILUTE_FIRST = "dilute_first"
    DRUG_READ_AS = "drug_read_as"
    DURATION_NOT_GIVEN = "duration_not_given"
    BODY_WEIGHT_MEANT = "body_weight_meant"
    CAPPED = "capped"
    DURATION_OUTSIDE = "duration_outside"
    NOT_A_STEP = "not_a_step"
    NO_LOCAL_ROW = "no_local_row"
    NO_STEP_INSIDE = "no_step_inside"
    OUTSIDE_PUBLISHED = "outside_published"
    NOT_INCLUDED = "not_included"
    NOT_MARKETED = "not_marketed"
    NOT_WHOLE_DEVICES = "not_whole_devices"
    PREPARED_SOLUTION = "prepared_solution"
    PROTOCOL_EXPIRED = "protocol_expired"
    REVIEW_OVERDUE = "review_overdue"
    ROW_LEFT_OUT = "row_left_out"
    STANDING = "standing"
    WEIGHT_UNUSUAL = "weight_unusual"


def _figures(text: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(figure) for figure in re.findall(r"\d+(?:\.\d+)?", text))


class RowCaution(Frozen):
    """What must be said beside a row; a figure in it needs a source."""

    code: CautionCode
    text: Text
    sources: tuple[Name, ...]
    at_dose: Number | None = None  # said only of exactly this dose, in the row's unit

    @model_validator(mode="after")
    def _a_figure_has_a_source(self) -> "RowCaution":
        if re.search(r"\d", self.text) and not self.sources:
            raise ValueError("a caution with a figure in it needs a source")
        return self


class PublishedDuration(Frozen):
    """Over how long a dose is given: as the source writes it, and as minutes where it says."""

    as_written: Text
    low: Number | None = None
    high: Number | None = None
    unit: Literal["min"] | None = None

    @model_validator(mode="after")
    def _all_or_none(self) -> "PublishedDuration":
        given = (self.low, self.high, self.unit)
        if any(part is None for part in given) != all(part is None for part in given):
            raise ValueError("low, high and unit go together")
        if self.low and self.high and self.low > self.high:
            raise ValueError("low is above high")
        return self


class Standing(Frozen):
    """How a row stands, in a word and in a few sentences, and the sources that make it so."""

    code: StandingCode
    text: Text
    sources: Annotated[tuple[Evidence, ...], Field(min_length=1)]


class RangeRow(Frozen):
    """A range of doses by one route: what the arithmetic needs of a row, whoever says it."""

    route: Route
    drug: Drug
    basis: Basis
    low: Number
    high: Number
    unit: Literal["mg/kg", "mg"]


class DoseRow(RangeRow):
    """One published range. ``as_written`` is the source's own cell; nothing is computed from it."""

    salt_basis: Text
    salt_basis_sources: tuple[Name, ...] = ()
    as_written: Text
    steps: tuple[Number, ...] = ()
    duration: PublishedDuration
    volume_applies: StrictBool
    rate_applies: StrictBool
    advantages: tuple[Text, ...]
    disadvantages: tuple[Text, ...]
    standing: Standing
    cautions: tuple[RowCaution, ...]

    @model_validator(mode="after")
    def _the_range_is_one(self) -> "DoseRow":
        if self.low > self.high:
            raise ValueError("low is above high")
        if (self.basis is Basis.PER_KG) != (self.unit == "mg/kg"):
            raise ValueError("a per_kg row is in mg/kg, a fixed row in mg")
        if self.steps and (self.basis is Basis.PER_KG or list(self.steps) != sorted(self.steps)):
            raise ValueError("steps are for a fixed row, in rising order")
        if self.steps and (self.steps[0], self.steps[-1]) != (self.low, self.high):
            raise ValueError("steps must begin at low and end at high")
        return self

    @model_validator(mode="after")
    def _the_figures_are_those_of_the_source(self) -> "DoseRow":
        if _figures(self.as_written) != (self.low, self.high):
            raise ValueError("low and high are not the figures of as_written")
        ends = (self.duration.low, self.duration.high)
        if _figures(self.duration.as_written) != tuple(end for end in ends if end is not None):
            raise ValueError("the duration's figures are not those of its as_written")
        if any(step % self.steps[0] for step in self.steps):
            raise ValueError("each step must be a multiple of the first")
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
    def source_ids(self) -> tuple[str, ...]:
        """Every source that bears on the row, each once, the one that states it first."""
        cited = [source.source_id for source in self.standing.sources]
        cited += self.salt_basis_sources
        cited += [name for caution in self.cautions for name in caution.sources]
        return tuple(dict.fromkeys(cited))

    @property
    def stated_in(self) -> Evidence:
        """The source that states this range."""
        return next(s for s in self.standing.sources if s.relation is Relation.STATES)


class KnownStrength(Frozen):
    """A strength in mg/mL that is marketed, or is prepared for an infusion."""

    drug: Drug
    value: Number
    kind: Literal["marketed", "prepared"]
    note: Text | None = None
    sources: Annotated[tuple[Citation, ...], Field(min_length=1)]


class NotIncluded(Frozen):
    """A route that users ask for and that has no row, with the reason."""

    name: Text
    also: tuple[Text, ...]
    drug: Drug
    reason: Text
    sources: Annotated[tuple[Citation, ...], Field(min_length=1)]
