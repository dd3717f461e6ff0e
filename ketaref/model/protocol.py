"""A clinic's own protocol: its approval, its rows and its checks, valid by construction.

Fields are checked one after the other, in the order they stand in, and each sees the valid ones
before it: so that all that is wrong with a row is said at once.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from ketaref import notation
from ketaref.model.base import Frozen
from ketaref.model.checklists import Phase
from ketaref.model.dataset import Review, review_in_words
from ketaref.model.doses import Basis, RangeRow
from ketaref.model.local import Day, LocalDrug, LocalName, LocalNumber, LocalRoute, LocalText
from ketaref.model.names import Route
from ketaref.model.published import LIGHT_KG, Published

MOST_ROWS, MOST_CHECKS = 100, 200  # engineering limits: what can still be read

# Of each figure the protocol's range may reach, against the published ones, before it has to say
# why: an engineering choice, between the 2.2 of a pound taken for a kilogram and no slack at all.
FAR_FACTOR = 2

_UNIT_OF = {Basis.PER_KG: "mg/kg", Basis.FIXED: "mg"}


class BodyWeight(StrEnum):
    """Which body weight a range per kg is meant for. It is named on results, never computed."""

    ACTUAL = "actual"
    IDEAL = "ideal"
    ADJUSTED = "adjusted"


class LocalSource(Frozen):
    """A source or an approving document of the clinic's, and the place in it."""

    title: LocalText
    place: LocalText
    identifier: LocalText | None = None


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


class Amount(Frozen):
    """An amount of drug per dose."""

    value: LocalNumber
    unit: Literal["mg"]


class LocalDuration(Frozen):
    """Over how long a dose is given."""

    low: LocalNumber
    high: LocalNumber
    unit: Literal["min", "h"]

    @field_validator("high")
    @classmethod
    def _not_below_low(cls, high: Decimal, info: ValidationInfo) -> Decimal:
        return _not_below(high, info)


def _not_below(high: Decimal, info: ValidationInfo) -> Decimal:
    low = info.data.get("low")
    if low is not None and low > high:
        raise ValueError(f"{high} is below low, which is {low}")
    return high


def _far(given: dict[str, Any], published: Published) -> Iterator[str]:
    """Yield what is far outside the published figures: the range, the maximum, the duration."""
    route, drug, basis = given["route"], given["drug"], given["basis"]
    around = published.around(route, drug, basis)
    low, high, maximum = given.get("low"), given.get("high"), given.get("maximum")
    if around is None:
        yield f"nothing is published for {drug.full_name} {basis.replace('_', ' ')}"
        return
    if (low and low * FAR_FACTOR < around.low) or (high and high > around.high * FAR_FACTOR):
        ends = [notation.for_people(end) if end else "?" for end in (low, high)]
        yield (
            f"{' to '.join(ends)} {_UNIT_OF[basis]} is far outside what is published, "
            f"{around.words}: more than {FAR_FACTOR} times above or below"
        )
    least = around.low * (LIGHT_KG if basis is Basis.PER_KG else 1)
    if maximum and maximum.value * FAR_FACTOR < least:
        cap, published_least = (notation.amount(each, "mg") for each in (maximum.value, least))
        yield f"a maximum of {cap} is far below what is published, from {published_least}"
    theirs, ours = published.duration(route, drug), given.get("duration")
    if theirs and ours:
        per = 60 if ours.unit == "h" else 1
        if ours.low * per * FAR_FACTOR < theirs[0] or ours.high * per > theirs[1] * FAR_FACTOR:
            yield (
                f"over {notation.span(ours.low, ours.high, ours.unit)} is far from the published "
                f"{notation.span(*theirs, 'min')}"
            )


class ProtocolRow(RangeRow):
    """One range of the clinic's own: beside the published one, never in its place."""

    id: LocalName
    route: LocalRoute
    drug: LocalDrug
    basis: Basis
    low: LocalNumber
    high: LocalNumber
    unit: Literal["mg/kg", "mg"]
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
        Amount | None, Field(description='the most in one dose: { value = 50, unit = "mg" }')
    ] = None
    rounding_step: Annotated[
        Amount | None, Field(description='doses are multiples of { value = 5, unit = "mg" }')
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
        needed = _UNIT_OF.get(info.data.get("basis", unit), unit)
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
    def _a_fixed_dose_needs_no_cap(
        cls, maximum: Amount | None, info: ValidationInfo
    ) -> Amount | None:
        high = info.data.get("high")
        if maximum and high and info.data.get("basis") is Basis.FIXED and maximum.value < high:
            cap, most = (notation.amount(each, "mg") for each in (maximum.value, high))
            raise ValueError(f"{cap} is below high, which is {most}")
        return maximum

    @field_validator("outside_published_range_reason")
    @classmethod
    def _given_where_it_is_far(cls, reason: str | None, info: ValidationInfo) -> str | None:
        given: dict[str, Any] = info.data
        published: Published | None = info.context
        if reason or not published or not {"route", "drug", "basis"} <= given.keys():
            return reason
        if far := list(_far(given, published)):
            raise ValueError(f"is missing: {'; '.join(far)}")
        return reason

    @property
    def volume_applies(self) -> bool:
        """Whether a strength may be asked for: what is drawn up is counted in mL."""
        return self.route in (Route.IV, Route.INTRAMUSCULAR, Route.SUBCUTANEOUS)

    @property
    def rate_applies(self) -> bool:
        """Whether a duration may be asked for."""
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
    """Whose protocol it is, who approved it, and from when to when it holds."""

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
