"""Side effects and risks, contraindications, and the checks of a session, each with its source."""

from enum import StrEnum
from typing import Literal

from pydantic import Field, StrictInt, model_validator

from ketaref.model.base import Frozen, Name, Percent, Text
from ketaref.model.names import Route
from ketaref.model.source import Citation, Citations

# Whom a source is about; "both" where it says so of both drugs.
About = Literal["ketamine", "esketamine", "both"]


class Frequency(Citation):
    """How often, in one trial or label table: never without its drug, people and comparator."""

    percent: Percent
    comparator_percent: Percent
    arms: Text
    population: Text
    drug: Literal["ketamine", "esketamine"]


class Layer(StrEnum):
    """Who lists an effect: the base article, or the sources that add to it and correct it."""

    ARTICLE = "article"
    ADDED = "added"
    BOXED = "boxed"


class Effect(Frozen):
    """A side effect or risk. The article's own lists and what others add are kept apart."""

    id: Name
    layer: Literal[Layer.ARTICLE, Layer.ADDED]
    group: Name
    text: Text
    drug: About
    note: Text | None = None
    corrects: Name | None = None
    sources: Citations
    frequency: tuple[Frequency, ...] = ()

    @model_validator(mode="after")
    def _only_what_is_added_corrects(self) -> "Effect":
        if self.layer is Layer.ARTICLE and (self.corrects or self.frequency):
            raise ValueError("the article's own entries correct nothing and give no frequency")
        return self


class Boxed(Frozen):
    """A boxed warning or a restricted programme, with the date of the text."""

    id: Name
    text: Text
    drug: About
    jurisdiction: Text
    dated: Text
    sources: Citations


class Category(StrEnum):
    """How strongly the text behind an item is worded."""

    LABEL = "label contraindication"
    DO_NOT_USE = "do not use"
    RELATIVE = "relative"
    PRECAUTION = "precaution"


class Contraindication(Frozen):
    """A contraindication or precaution: its class, where it holds, and for which drug."""

    id: Name
    number: StrictInt
    text: Text
    category: Category = Field(alias="class")
    jurisdictions: tuple[Literal["US", "EU", "UK", "CH"], ...]
    drug: About
    carried_over: Text | None = None
    note: Text | None = None
    sources: Citations


class Phase(StrEnum):
    """When in a session a check is made."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Check(Frozen):
    """Something to check, answered yes, no or not assessed; ``routes`` is empty for all."""

    id: Name
    phase: Phase
    text: Text
    routes: tuple[Route, ...] = ()
    note: Text | None = None
    sources: Citations
