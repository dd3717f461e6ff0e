"""Studies of ketamine and esketamine in anxiety disorders, PTSD and OCD, as far as read."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from ketaref.model.base import Frozen, Name, Number, Text
from ketaref.model.names import Drug, Route
from ketaref.model.source import Citations


class Design(StrEnum):
    """How a study was made; the first two have a control."""

    RANDOMISED = "randomised"
    CROSSOVER = "crossover"
    OPEN = "open"
    SERIES = "series"
    OBSERVATIONAL = "observational"
    REGISTERED = "registered"

    @property
    def group(self) -> "Group":
        """What the study counts as."""
        if self in (Design.RANDOMISED, Design.CROSSOVER):
            return Group.CONTROLLED
        return Group.REGISTERED if self is Design.REGISTERED else Group.UNCONTROLLED


class Group(StrEnum):
    """What a study counts as: a plan without a result counts as neither."""

    CONTROLLED = "controlled"
    UNCONTROLLED = "uncontrolled"
    REGISTERED = "registered"


class Finding(StrEnum):
    """What a study found on its main measure; only a controlled one can favour a drug."""

    FAVOURS = "favours ketamine"
    MIXED = "mixed"
    NO_DIFFERENCE = "no difference"
    UNCONTROLLED = "uncontrolled"
    NO_RESULT = "no result"


class Diagnosis(StrEnum):
    """Whom a study was about."""

    GENERALISED = "generalised anxiety disorder"
    SOCIAL = "social anxiety disorder"
    PANIC = "panic disorder"
    PHOBIA = "specific phobia"
    PTSD = "PTSD"
    OCD = "OCD"
    MIXED = "mixed"
    WITH_DEPRESSION = "anxiety with depression"


class Trial(Frozen):
    """One study.

    ``doses`` are those given, per dose, in ``unit``; empty where none was read. ``titrated`` where
    each person's dose was chosen between the first and the last of them, ``is_mean`` where they
    are means. ``route`` is null where the text read does not say. ``people`` is how many took part,
    or were planned where nothing more was read. ``same_people_as`` names a study that may share its
    people: they are counted once. What is null was not in the text read.
    """

    id: Name
    drug: Drug
    route: Route | None = None
    doses: tuple[Number, ...] = ()
    unit: Literal["mg/kg", "mg"] | None = None
    titrated: StrictBool = False
    is_mean: StrictBool = False
    dose_note: Text | None = None
    infusion_minutes: Number | None = None
    sessions: Text | None = None
    design: Design
    comparator: Text | None = None
    diagnoses: Annotated[tuple[Diagnosis, ...], Field(min_length=1)]
    population: Text
    people: Annotated[StrictInt, Field(ge=0, le=1_000_000)] | None = None
    outcome: Text
    finding: Finding
    dose_response: Text | None = None
    follow_up: Text | None = None
    adverse: Text | None = None
    under_18: StrictBool = False
    note: Text | None = None
    same_people_as: Name | None = None
    sources: Citations

    @model_validator(mode="after")
    def _the_parts_agree(self) -> "Trial":
        if bool(self.doses) != (self.unit is not None):
            raise ValueError("doses and unit go together")
        if list(self.doses) != sorted(set(self.doses)):
            raise ValueError("doses are in rising order, each once")
        uncontrolled = self.design.group is Group.UNCONTROLLED
        if uncontrolled and self.finding in (Finding.FAVOURS, Finding.MIXED, Finding.NO_DIFFERENCE):
            raise ValueError("an uncontrolled study favours nothing")
        if self.design.group is Group.REGISTERED and self.finding is not Finding.NO_RESULT:
            raise ValueError("a registered study has no result")
        return self
