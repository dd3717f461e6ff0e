"""Side effects and risks, contraindications, and the checks of a session, each with its source."""

from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from ketaref.model.base import Frozen, Name, Percent, Text
from ketaref.model.names import Drug, Route
from ketaref.model.source import Citation, Citations

# Whom a source is about; "both" where it says so of both drugs.
About = Literal["ketamine", "esketamine", "both"]


class Counted(Citation):
    """Who was counted: the people, arms and source that the figures of several effects share."""

    id: Name
    name: Text
    drug: Literal["ketamine", "esketamine"]
    arms: Text
    population: Text


class Frequency(Frozen):
    """How often, among the people that ``counted`` names; no comparator where there was none."""

    percent: Percent
    comparator_percent: Percent | None = None
    counted: Name


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
    """What the text behind an item says, the strongest first."""

    LABEL = "label contraindication"
    DO_NOT_USE = "do not use"
    NOT_RECOMMENDED = "not recommended"
    WEIGH = "weigh benefit against risk"
    NOT_ESTABLISHED = "not established"
    PRECAUTION = "precaution"


class Jurisdiction(StrEnum):
    """Where a label holds."""

    US = "US"
    EU = "EU"
    UK = "UK"
    CH = "CH"
    DE = "DE"
    DK = "DK"
    SE = "SE"


class Jurisdictions(Frozen):
    """Whose label says so, of each drug by itself."""

    ketamine: tuple[Jurisdiction, ...] = ()
    esketamine: tuple[Jurisdiction, ...] = ()

    def of(self, drug: Drug) -> tuple[Jurisdiction, ...]:
        """Return whose label says so of one drug."""
        return self.ketamine if drug is Drug.KETAMINE else self.esketamine


class Contraindication(Frozen):
    """A contraindication or precaution: its class, for which drug, and whose label says so."""

    id: Name
    text: Text
    category: Category = Field(alias="class")
    drug: About
    jurisdictions: Jurisdictions = Jurisdictions()
    carried_over: Text | None = None
    note: Text | None = None
    sources: Citations

    @model_validator(mode="after")
    def _labels_are_of_its_own_drugs(self) -> "Contraindication":
        own = {drug for drug in Drug if self.is_of(drug)}
        labelled = {drug for drug in Drug if self.jurisdictions.of(drug)}
        if not labelled <= own:
            raise ValueError("jurisdictions names a drug that the item is not about")
        if self.category is Category.LABEL and labelled != own:
            raise ValueError("a label contraindication needs a jurisdiction of each drug")
        if self.carried_over and self.drug == "both":
            raise ValueError("an item about both drugs is carried over to neither")
        return self

    def is_of(self, drug: Drug) -> bool:
        """Return whether the texts say it of this drug itself."""
        return self.drug in ("both", drug)


class Phase(StrEnum):
    """When in a session a check is made."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class DrugCheck(Frozen):
    """What is said of a check for one drug: a note, what stops the session, and who says so."""

    note: Text | None = None
    stops: Text | None = None
    sources: Citations


class Check(Frozen):
    """Something to check, answered yes, no or not assessed; ``routes`` is empty for all.

    It is for a drug if something is said of it for that drug; nothing is said for both at once.
    """

    id: Name
    phase: Phase
    text: Text
    routes: tuple[Route, ...] = ()
    ketamine: DrugCheck | None = None
    esketamine: DrugCheck | None = None

    @model_validator(mode="after")
    def _is_for_a_drug(self) -> "Check":
        if self.ketamine is None and self.esketamine is None:
            raise ValueError("a check needs a table for ketamine, esketamine or each")
        return self

    def of(self, drug: Drug) -> DrugCheck | None:
        """Return what is said for one drug."""
        return self.ketamine if drug is Drug.KETAMINE else self.esketamine

    @property
    def sources(self) -> tuple[Citation, ...]:
        """The texts for both drugs, each place once."""
        said = (self.of(drug) for drug in Drug)
        return tuple(dict.fromkeys(s for each in said if each for s in each.sources))
