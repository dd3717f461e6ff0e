"""The whole dataset, and what is known about it: version, dates, hash, reviews."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Protocol

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from ketaref.model.base import Frozen, StrictDate, Text
from ketaref.model.dose_row import (
    CautionMeaning,
    DoseRow,
    KnownStrength,
    NotIncluded,
    RowCaution,
)
from ketaref.model.names import ROUTE_SPELLINGS, Drug, Route
from ketaref.model.source import Source
from ketaref.model.trial import Trial

if TYPE_CHECKING:
    from ketaref.model.drug import Monograph
    from ketaref.model.lists import Lists

NOT_REVIEWED = "not reviewed by a clinician"


def _a_hash(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise ValueError("64 digits 0 to 9 and a to f are needed, as `ketaref about` shows them")
    return text


class Review(Frozen):
    """A recorded review: by whom, when, of which version, and what of it.

    A role and an organisation, never a person. It counts for data of exactly this hash.
    """

    role: Text
    organisation: Text
    reviewed: StrictDate
    version: Text
    covered: Text
    sha256: Annotated[Text, AfterValidator(_a_hash), Field(pattern="^[0-9a-f]{64}$")]


def review_in_words(reviews: tuple[Review, ...], sha256: str) -> str:
    """Return who has reviewed the data of this hash; a review of other data does not count."""
    counting = [review for review in reviews if review.sha256 == sha256]
    if not counting:
        return NOT_REVIEWED
    last = max(counting, key=lambda review: review.reviewed)
    return f"reviewed {last.reviewed} by {last.role}, {last.organisation}: {last.covered}"


class Edition(Frozen):
    """Which edition of the data this is."""

    version: Text
    reviewed: StrictDate
    review_due: StrictDate

    @model_validator(mode="after")
    def _due_comes_later(self) -> "Edition":
        if self.review_due <= self.reviewed:
            raise ValueError("review_due must be later than reviewed")
        return self


class Sources(Protocol):
    """What a dataset has its sources from."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the sources, in order."""

    def source(self, source_id: str) -> Source:
        """Return a source by its id."""

    def sources(self) -> tuple[Source, ...]:
        """Return every source."""


class Dataset(Frozen):
    """Everything that the program knows. Built by ``ketaref.store``, which also cross-checks it.

    The ranges and the studies are read at once; the lists, the drugs and the sources when they are
    asked for, since most questions need little of them.
    """

    edition: Edition
    reviews: tuple[Review, ...]
    sha256: Text
    rows: tuple[DoseRow, ...]
    caution_codes: tuple[CautionMeaning, ...]
    every_row: tuple[RowCaution, ...]
    strengths: tuple[KnownStrength, ...]
    not_included: tuple[NotIncluded, ...]
    trials: tuple[Trial, ...]
    _sources: "Sources" = PrivateAttr()
    _read_lists: "Callable[[], Lists]" = PrivateAttr()
    _read_drugs: "Callable[[], tuple[Monograph, ...]]" = PrivateAttr()

    def with_later(
        self,
        sources: "Sources",
        lists: "Callable[[], Lists]",
        drugs: "Callable[[], tuple[Monograph, ...]]",
    ) -> "Dataset":
        """Return this dataset, which reads the rest by these when it is asked for."""
        self._sources, self._read_lists, self._read_drugs = sources, lists, drugs
        return self

    @cached_property
    def lists(self) -> "Lists":
        """The safety lists, the statements and the guidelines."""
        return self._read_lists()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source; most questions name a few of them."""
        return self._sources.sources()

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The ids of the sources, in the order of the data."""
        return self._sources.ids

    @cached_property
    def drugs(self) -> "tuple[Monograph, ...]":
        """What is known of each drug beside its ranges; most questions need nothing of it."""
        return self._read_drugs()

    def monograph(self, drug: Drug) -> "Monograph":
        """Return what is known of one drug."""
        return next(each for each in self.drugs if each.drug is drug)

    @property
    def clinical_review(self) -> str:
        """Who has reviewed exactly this data; a review of other data does not count."""
        return review_in_words(self.reviews, self.sha256)

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes that have a row, in the order of the data."""
        return tuple(row.route for row in self.rows)

    @property
    def route_spellings(self) -> tuple[str, ...]:
        """What a user may type for the routes that have a row."""
        return tuple(word for word, route in ROUTE_SPELLINGS.items() if route in self.routes)

    def row(self, route: Route, drug: Drug | None = None) -> DoseRow | None:
        """Return the row of a route, of this drug if one is named; None if there is none."""
        found = (row for row in self.rows if row.route is route and drug in (None, row.drug))
        return next(found, None)

    def source(self, source_id: str) -> Source:
        """Return a source by its id."""
        return self._sources.source(source_id)

    def known_strength(self, drug: Drug, mg_per_ml: object) -> KnownStrength | None:
        """Return the known strength of this drug with exactly this value, or None."""
        known = (s for s in self.strengths if s.drug is drug and s.value == mg_per_ml)
        return next(known, None)

    def marketed(self, drug: Drug) -> tuple[KnownStrength, ...]:
        """Return the marketed strengths of a drug."""
        return tuple(s for s in self.strengths if s.drug is drug and s.kind == "marketed")
