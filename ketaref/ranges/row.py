"""A row as answers carry it: where it comes from, its range, its duration, how it stands."""

from enum import StrEnum

from ketaref.model.base import Frozen
from ketaref.model.dose_row import Basis, BodyWeight, DoseRow, RangeRow, StandingCode
from ketaref.model.names import Drug, Route
from ketaref.model.source import Citation
from ketaref.notation import amount_choice
from ketaref.protocol.deviation import Deviation, deviation_of
from ketaref.protocol.fields import LocalSource
from ketaref.ranges.caution import Caution
from ketaref.ranges.evidence import RowEvidence, row_evidence
from ketaref.ranges.library import Library, as_local
from ketaref.ranges.values import Quantity, Range, unrounded
from ketaref.units import Weight


class Origin(StrEnum):
    """Who states a row."""

    PUBLISHED = "published"
    LOCAL = "local"


class StatedRange(Range):
    """A range as stated; ``as_written`` is a source's own cell, null for a clinic's row."""

    as_written: str | None


class DurationAnswer(Frozen):
    """A duration as stated; null where there is no figure, or where the row is a clinic's."""

    low: Quantity | None
    high: Quantity | None
    as_written: str | None

    @property
    def text(self) -> str:
        """The duration for people."""
        if self.low is None or self.high is None:
            return (self.as_written or "not stated").lower()
        return Range(low=self.low, high=self.high).text


class RowAnswer(Frozen):
    """One row, published or a clinic's: the same fields, null where a row has no such thing.

    ``range`` is the row's own, ``published`` what is published for its route and drug.
    """

    origin: Origin
    origin_name: str
    id: str
    route: Route
    route_name: str
    drug: Drug
    basis: Basis
    range: StatedRange
    published: StatedRange | None
    steps: tuple[Quantity, ...] | None
    duration: DurationAnswer | None
    body_weight: BodyWeight | None
    maximum: Quantity | None
    rounding_step: Quantity | None
    standing: StandingCode | None
    standing_label: str | None
    evidence: RowEvidence
    deviation: Deviation | None
    deviation_reason: str | None
    cautions: tuple[Caution, ...]
    stated_in: Citation | None
    source_ids: tuple[str, ...]
    local_sources: tuple[LocalSource, ...]

    @property
    def range_text(self) -> str:
        """The row's range for people: its steps where it has them."""
        if self.steps:
            return amount_choice(tuple(step.value for step in self.steps), self.steps[0].unit)
        return self.range.text

    @property
    def limits_text(self) -> str:
        """The row's range with its maximum, its step and the body weight that is meant."""
        text = self.range.text
        if self.body_weight:
            text += f" of {self.body_weight} body weight"
        if self.maximum:
            text += f", at most {self.maximum.text}"
        if self.rounding_step:
            text += f", in steps of {self.rounding_step.text}"
        return text

    @property
    def duration_text(self) -> str:
        """The row's duration for people."""
        return self.duration.text if self.duration else "not stated"

    @property
    def drug_and_route(self) -> str:
        """The drug and the route for people, in this order: "racemic ketamine, intravenous"."""
        return f"{self.drug.full_name}, {self.route_name}"

    def fields(self) -> dict[str, object]:
        """Return the fields by name, to build an answer that has more."""
        return {name: getattr(self, name) for name in type(self).model_fields}


def row_answer(
    library: Library, row: RangeRow, cautions: tuple[Caution, ...], weight: Weight | None = None
) -> RowAnswer:
    """Return a row as answers carry it, with its cautions and what supports it, for a weight."""
    published = library.dataset.row(row.route, row.drug)
    source = row if isinstance(row, DoseRow) else None
    local = as_local(row)
    return RowAnswer(
        origin=origin_of(row),
        origin_name=origin_name(library, row),
        id=row.name,
        route=row.route,
        route_name=row.route.full_name,
        drug=row.drug,
        basis=row.basis,
        range=stated_range(row),
        published=published and stated_range(published),
        steps=tuple(unrounded(step, row.unit) for step in row.steps) or None,
        duration=duration_answer(row),
        body_weight=row.body_weight,
        maximum=row.maximum and unrounded(row.maximum.value, row.maximum.unit),
        rounding_step=row.rounding_step
        and unrounded(row.rounding_step.value, row.rounding_step.unit),
        standing=source and source.standing.code,
        standing_label=source and source.standing.label,
        evidence=row_evidence(library.dataset, row, weight),
        deviation=local and deviation_of(library.dataset, local),
        deviation_reason=local and local.outside_published_range_reason,
        cautions=cautions,
        stated_in=source
        and Citation(source_id=source.stated_in.source_id, place=source.stated_in.place),
        source_ids=source.source_ids if source else (),
        local_sources=local.sources if local else (),
    )


def origin_of(row: RangeRow) -> Origin:
    """Return who states a row."""
    return Origin.PUBLISHED if isinstance(row, DoseRow) else Origin.LOCAL


def origin_name(library: Library, row: RangeRow) -> str:
    """Return the edition or the protocol that a row is of."""
    if origin_of(row) is Origin.LOCAL and library.protocol:
        return library.protocol.label
    return f"edition {library.dataset.edition.version}"


def stated_range(row: RangeRow) -> StatedRange:
    """Return a row's own range as data."""
    return StatedRange(
        low=unrounded(row.low, row.unit),
        high=unrounded(row.high, row.unit),
        as_written=row.as_written if isinstance(row, DoseRow) else None,
    )


def duration_answer(row: RangeRow) -> DurationAnswer | None:
    """Return a row's own duration as data; None where it has none."""
    stated = row.duration
    if stated is None:
        return None
    return DurationAnswer(
        low=unrounded(stated.low, stated.unit) if stated.low and stated.unit else None,
        high=unrounded(stated.high, stated.unit) if stated.high and stated.unit else None,
        as_written=stated.as_written,
    )
