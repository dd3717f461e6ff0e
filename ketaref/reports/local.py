"""A clinic's own rows beside the published ones: marked, sourced, and how they differ."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from ketaref import notation
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.doses import Basis, CautionCode, DoseRow
from ketaref.model.names import Drug, Route
from ketaref.model.protocol import BodyWeight, LocalSource, Protocol, ProtocolRow
from ketaref.reports.base import Caution, ProtocolStamp, Quantity, Range, as_is, in_words
from ketaref.reports.rows import duration, duration_in_words, published, range_in_words, steps


class DifferenceCode(StrEnum):
    """How a clinic's row differs from the published row of its route and drug."""

    INSIDE = "inside"
    WIDER = "wider"
    OUTSIDE = "outside"
    OTHER_ROUTE = "other_route"
    OTHER_DRUG = "other_drug"
    OTHER_BASIS = "other_basis"
    OTHER_STEPS = "other_steps"
    OTHER_DURATION = "other_duration"


class Difference(Frozen):
    """How a row differs from what is published."""

    code: DifferenceCode
    text: str


class LocalDurationEcho(Range):
    """Over how long the protocol has a dose given."""


class LocalRow(Frozen):
    """One row of a clinic's protocol; ``origin`` marks it."""

    origin: str
    id: str
    route: Route
    route_name: str
    drug: Drug
    basis: Basis
    range: Range
    duration: LocalDurationEcho | None
    body_weight: BodyWeight | None
    maximum: Quantity | None
    rounding_step: Quantity | None
    difference: Difference
    outside_published_range_reason: str | None
    cautions: tuple[Caution, ...]
    local_sources: tuple[LocalSource, ...]


class Laid(NamedTuple):
    """A protocol laid beside the dataset, on a day."""

    dataset: Dataset
    protocol: Protocol
    today: date

    def row(self, row: ProtocolRow) -> LocalRow:
        """Return a row as reports carry it."""
        return LocalRow(
            origin=self.protocol.label,
            id=row.id,
            route=row.route,
            route_name=row.route.full_name,
            drug=row.drug,
            basis=row.basis,
            range=Range(low=as_is(row.low, row.unit), high=as_is(row.high, row.unit)),
            duration=_duration(row),
            body_weight=row.body_weight,
            maximum=row.maximum and as_is(row.maximum.value, row.maximum.unit),
            rounding_step=row.rounding_step
            and as_is(row.rounding_step.value, row.rounding_step.unit),
            difference=difference(self.dataset, row),
            outside_published_range_reason=row.outside_published_range_reason,
            cautions=tuple(self._cautions(row)),
            local_sources=row.sources,
        )

    def rows(self, routes: tuple[Route, ...], drug: Drug | None) -> tuple[ProtocolRow, ...]:
        """Return the protocol's rows of these routes, or of all, and of this drug, or of both."""
        return tuple(
            row
            for row in self.protocol.rows
            if (not routes or row.route in routes) and drug in (None, row.drug)
        )

    def expired(self) -> tuple[Caution, ...]:
        """Return the caution on a protocol that no longer holds."""
        expires = self.protocol.approval.expires
        if self.today <= expires:
            return ()
        text = f"The {self.protocol.label} expired on {expires}; today is {self.today}."
        return (Caution(code=CautionCode.PROTOCOL_EXPIRED, text=text),)

    def stamp(self) -> ProtocolStamp:
        """Return which protocol it is, as reports carry it."""
        approval = self.protocol.approval
        return ProtocolStamp(
            label=self.protocol.label,
            **approval.model_dump(),
            expired=self.today > approval.expires,
            clinical_review=self.protocol.clinical_review,
            sha256=self.protocol.sha256,
        )

    def _cautions(self, row: ProtocolRow) -> list[Caution]:
        cautions = [*self.expired()]
        if row.body_weight:
            text = (
                f"The weight given must be the {row.body_weight} body weight, as the protocol "
                "means it; it is not computed here."
            )
            cautions.append(Caution(code=CautionCode.BODY_WEIGHT_MEANT, text=text))
        if row.outside_published_range_reason:
            text = f"The protocol's reason for differing from what is published: {_reason(row)}"
            cautions.append(Caution(code=CautionCode.OUTSIDE_PUBLISHED, text=text))
        return cautions


def local_cautions(
    laid: Laid | None, asked: Sequence[ProtocolRow] | None = None
) -> tuple[Caution, ...]:
    """Return what a report with a protocol beside it carries.

    ``asked`` are the protocol's rows of what was asked; None where no rows are asked for.
    """
    if laid is None:
        return ()
    if asked is None or asked:
        return laid.expired()
    text = f"The {laid.protocol.label} has no row for this: what is shown is what is published."
    return (*laid.expired(), Caution(code=CautionCode.NO_LOCAL_ROW, text=text))


def _reason(row: ProtocolRow) -> str:
    return f"{(row.outside_published_range_reason or '').rstrip('.')}."


def _duration(row: ProtocolRow) -> LocalDurationEcho | None:
    if row.duration is None:
        return None
    low, high = (as_is(end, row.duration.unit) for end in (row.duration.low, row.duration.high))
    return LocalDurationEcho(low=low, high=high)


def difference(dataset: Dataset, row: ProtocolRow) -> Difference:
    """Return how a row differs from the published row of its route."""
    theirs = next((other for other in dataset.rows if other.route is row.route), None)
    if theirs is None:
        text = f"other route: no {row.route.full_name} row is published{_and_over(row)}"
        return Difference(code=DifferenceCode.OTHER_ROUTE, text=text)
    name, ends = row.route.full_name, published(theirs)
    words = range_in_words(ends, steps(theirs))
    if theirs.drug is not row.drug:
        text = f"other drug: the published {name} row is {theirs.drug.full_name}, {words}"
        text += _and_over(row)
        return Difference(code=DifferenceCode.OTHER_DRUG, text=text)
    if theirs.basis is not row.basis:
        text = f"other basis: the published {name} row is {words}{_and_over(row)}"
        return Difference(code=DifferenceCode.OTHER_BASIS, text=text)
    code, text = _compared(row, Fraction(theirs.low), Fraction(theirs.high), words)
    if theirs.steps and not {row.low, row.high} <= set(theirs.steps):
        code, text = DifferenceCode.OTHER_STEPS, f"not in the published steps, {words}"
    over, their_over = _over(row), duration_in_words(duration(theirs))
    if over and over != their_over:
        text += f"; over {over}, published {their_over}"
        if code is DifferenceCode.INSIDE and not _duration_inside(row, theirs):
            code = DifferenceCode.OTHER_DURATION
    return Difference(code=code, text=text)


def _duration_inside(row: ProtocolRow, theirs: DoseRow) -> bool:
    ours, published_over = row.duration, theirs.duration
    if ours is None or published_over.low is None or published_over.high is None:
        return True
    per = 60 if ours.unit == "h" else 1
    return published_over.low <= ours.low * per and ours.high * per <= published_over.high


def _compared(
    row: ProtocolRow, low: Fraction, high: Fraction, words: str
) -> tuple[DifferenceCode, str]:
    ends = Fraction(row.low), Fraction(row.high)
    if ends == (low, high):
        return DifferenceCode.INSIDE, f"the same as the published {words}"
    if low <= ends[0] and ends[1] <= high:
        return DifferenceCode.INSIDE, f"inside the published {words}"
    if ends[1] < low:
        return DifferenceCode.OUTSIDE, f"outside the published {words}: all of it below"
    if ends[0] > high:
        return DifferenceCode.OUTSIDE, f"outside the published {words}: all of it above"
    by = [
        f"{side} it by {notation.amount(notation.terminating(more), row.unit)}"
        for side, more in (("below", low - ends[0]), ("above", ends[1] - high))
        if more > 0
    ]
    return DifferenceCode.WIDER, f"wider than the published {words}: {', '.join(by)}"


def _and_over(row: ProtocolRow) -> str:
    return f"; over {_over(row)}" if row.duration else ""


def _over(row: ProtocolRow) -> str:
    ends = _duration(row)
    return in_words(ends) if ends else ""
