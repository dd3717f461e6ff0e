"""A clinic's own protocol: its approval, its rows and its checks, valid by construction.

Fields are checked one after the other, in their order, and each sees the valid ones before it: so
that every problem of a row is reported at once.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from ketaref import notation
from ketaref.model.base import Frozen
from ketaref.model.checklist_item import Phase
from ketaref.model.dataset import Dataset, Review, review_in_words
from ketaref.model.dose_row import Amount, Basis, BodyWeight, RangeRow, StatedDuration
from ketaref.model.names import Route
from ketaref.protocol.deviation import UNIT_OF, far_outside
from ketaref.protocol.fields import (
    Day,
    LocalDrug,
    LocalName,
    LocalNumber,
    LocalRoute,
    LocalSource,
    LocalText,
)

MOST_ROWS, MOST_CHECKS = 100, 200  # engineering limits: what can still be read

_INJECTED = (Route.IV, Route.INTRAMUSCULAR, Route.SUBCUTANEOUS)


def _at_least_one(sources: tuple[LocalSource, ...]) -> tuple[LocalSource, ...]:
    if not sources:
        raise ValueError("is empty")
    return sources


# Not Field(min_length=1): that would also complain where the one source is wrong.
LocalSources = Annotated[
    tuple[LocalSource, ...],
    AfterValidator(_at_least_one),
    Field(description='at least one source or approving document: [{ title = "", place = "" }]'),
]


class LocalAmount(Amount):
    """An amount of drug per dose."""

    value: LocalNumber
    unit: Literal["mg"]


def _not_below(high: Decimal, info: ValidationInfo) -> Decimal:
    low = info.data.get("low")
    if low is not None and low > high:
        raise ValueError(f"{high} is below low, which is {low}")
    return high


class LocalDuration(StatedDuration):
    """Over how long a dose is given."""

    as_written: None = None
    low: LocalNumber
    high: LocalNumber
    unit: Literal["min", "h"]

    @field_validator("high")
    @classmethod
    def _not_below_low(cls, high: Decimal, info: ValidationInfo) -> Decimal:
        return _not_below(high, info)


class ProtocolRow(RangeRow):
    """One range of the clinic's own, shown with the published one and never in its place."""

    id: LocalName
    route: LocalRoute
    drug: LocalDrug
    basis: Basis
    low: LocalNumber
    high: LocalNumber
    unit: Literal["mg/kg", "mg"]
    steps: tuple[()] = ()
    duration: Annotated[
        LocalDuration | None,
        Field(
            validate_default=True,
            description='{ low = 40, high = 60, unit = "min" }, needed for an intravenous row',
        ),
    ] = None
    body_weight: Annotated[
        BodyWeight | None,
        Field(
            validate_default=True,
            description="actual, ideal or adjusted, needed for a row per kg and for no other",
        ),
    ] = None
    maximum: Annotated[
        LocalAmount | None, Field(description='the most in one dose: { value = 50, unit = "mg" }')
    ] = None
    rounding_step: Annotated[
        LocalAmount | None, Field(description='doses are multiples of { value = 5, unit = "mg" }')
    ] = None
    outside_published_range_reason: Annotated[
        LocalText | None,
        Field(
            validate_default=True,
            description="why figures far outside the published ones are meant",
        ),
    ] = None
    sources: LocalSources

    @field_validator("high")
    @classmethod
    def _not_below_low(cls, high: Decimal, info: ValidationInfo) -> Decimal:
        return _not_below(high, info)

    @field_validator("unit")
    @classmethod
    def _of_its_basis(cls, unit: str, info: ValidationInfo) -> str:
        needed = UNIT_OF.get(info.data.get("basis", unit), unit)
        if unit != needed:
            raise ValueError(f"a {info.data['basis']} row is in {needed}, not in {unit}")
        return unit

    @field_validator("duration")
    @classmethod
    def _an_infusion_has_one(
        cls, duration: LocalDuration | None, info: ValidationInfo
    ) -> LocalDuration | None:
        if duration is None and info.data.get("route") is Route.IV:
            raise ValueError("is missing: a dose for an infusion is not one for a bolus")
        return duration

    @field_validator("body_weight")
    @classmethod
    def _named_where_it_is_used(
        cls, weight: BodyWeight | None, info: ValidationInfo
    ) -> BodyWeight | None:
        basis = info.data.get("basis")
        if basis is Basis.PER_KG and weight is None:
            raise ValueError("is missing: which body weight is meant is named on every result")
        if basis is Basis.FIXED and weight is not None:
            raise ValueError("a fixed row does not use body weight")
        return weight

    @field_validator("maximum")
    @classmethod
    def _a_fixed_dose_needs_no_maximum(
        cls, maximum: LocalAmount | None, info: ValidationInfo
    ) -> LocalAmount | None:
        high = info.data.get("high")
        if maximum and high and info.data.get("basis") is Basis.FIXED and maximum.value < high:
            most, highest = (notation.amount(each, "mg") for each in (maximum.value, high))
            raise ValueError(f"{most} is below high, which is {highest}")
        return maximum

    @field_validator("outside_published_range_reason")
    @classmethod
    def _given_where_it_is_far(cls, reason: str | None, info: ValidationInfo) -> str | None:
        fields: dict[str, Any] = info.data
        dataset: Dataset | None = info.context
        if reason or not dataset or not {"route", "drug", "basis"} <= fields.keys():
            return reason
        if far := list(far_outside(fields, dataset)):
            raise ValueError(f"is missing: {'; '.join(far)}")
        return reason

    @property
    def name(self) -> str:
        """What the clinic calls the row."""
        return self.id

    @property
    def has_volume(self) -> bool:
        """Whether a strength may be given: what is drawn up is measured in mL."""
        return self.route in _INJECTED

    @property
    def has_rate(self) -> bool:
        """Whether a duration may be given."""
        return self.duration is not None


def _each_once(routes: tuple[Route, ...]) -> tuple[Route, ...]:
    return tuple(dict.fromkeys(routes))


class LocalCheck(Frozen):
    """A check of the clinic's own; ``routes`` is empty for all."""

    id: LocalName
    phase: Annotated[Phase, Field(description="before, during or after")]
    text: LocalText
    routes: Annotated[tuple[LocalRoute, ...], AfterValidator(_each_once)] = ()
    note: LocalText | None = None
    sources: LocalSources


class LocalReview(Review):
    """A recorded review of the protocol itself: a role and an organisation, never a person."""

    role: LocalText
    organisation: LocalText
    reviewed: Day
    version: LocalText
    covered: LocalText


class Approval(Frozen):
    """Whose protocol it is, who approved it, and from when until when it holds."""

    name: LocalText
    institution: LocalText
    version: LocalText
    approved_by: LocalText
    approved: Day
    expires: Day

    @field_validator("expires")
    @classmethod
    def _later_than_approved(cls, expires: Any, info: ValidationInfo) -> Any:  # noqa: ANN401 - a date
        approved = info.data.get("approved")
        if approved and expires <= approved:
            raise ValueError(f"{expires} is not later than approved, which is {approved}")
        return expires


class ProtocolFile(Frozen):
    """What a protocol file holds; for its JSON Schema."""

    protocol: Approval
    row: Annotated[tuple[ProtocolRow, ...], Field(max_length=MOST_ROWS)] = ()
    check: Annotated[tuple[LocalCheck, ...], Field(max_length=MOST_CHECKS)] = ()
    review: tuple[LocalReview, ...] = ()


class Protocol(Frozen):
    """A clinic's protocol, whole; ``sha256`` is of all but its reviews."""

    file: str  # its name, as it may be printed
    approval: Approval
    rows: tuple[ProtocolRow, ...]
    checks: tuple[LocalCheck, ...]
    reviews: tuple[Review, ...]
    sha256: str

    @property
    def label(self) -> str:
        """What everything that comes from it is marked with."""
        return f"local protocol: {self.approval.name} {self.approval.version}"

    @property
    def clinical_review(self) -> str:
        """Who has reviewed exactly this protocol."""
        return review_in_words(self.reviews, self.sha256)

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes it has rows for, each once."""
        return tuple(dict.fromkeys(row.route for row in self.rows))

    @property
    def checked_routes(self) -> tuple[Route, ...]:
        """The routes it has rows or checks for, each once."""
        checked = (route for check in self.checks for route in check.routes)
        return tuple(dict.fromkeys((*self.routes, *checked)))
