"""What the published ranges come to for a body weight, and in mL and mg/min where asked."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from ketaref import dosing, notation
from ketaref.document import Column, Document, Heading, Points, Table
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.doses import Basis, DoseRow, StandingCode
from ketaref.model.names import Drug, Route
from ketaref.reports.base import (
    Caution,
    Quantity,
    Range,
    Report,
    cited,
    inward,
    overdue,
    stamp,
)
from ketaref.reports.infusion import (
    NOT_APPLICABLE,
    Rate,
    Volume,
    rate_in_words,
    rate_of,
    volume_in_words,
    volume_of,
)
from ketaref.reports.local import Laid, local_cautions
from ketaref.reports.local_dose_layout import local_dose_note, local_doses
from ketaref.reports.local_doses import LocalDose, local_dose
from ketaref.reports.local_layout import sources_in_words
from ketaref.reports.measures import (
    duration_caution,
    echo_measured,
    strength_cautions,
    strength_sources,
)
from ketaref.reports.names import Rows
from ketaref.reports.rows import (
    Published,
    PublishedDuration,
    caution_points,
    duration,
    duration_in_words,
    published,
    range_in_words,
    read_as,
    row_cautions,
    stated_in,
    steps,
)
from ketaref.reports.weights import (
    WeightEcho,
    echo_weight,
    weight_cautions,
    weight_in_words,
)
from ketaref.reports.working import quotient_line, scaled_line, weight_lines
from ketaref.units import Duration, Strength, Weight


class DoseInputs(Frozen):
    """What was asked."""

    weight: WeightEcho
    routes: tuple[Route, ...]
    drug: Drug | None
    strength: Quantity | None
    over: Quantity | None
    confirm_weight: bool


class DoseRange(Range):
    """A range in mg per dose; ``steps`` where only whole devices can be given."""

    steps: tuple[Quantity, ...] | None
    rounding: str


class DoseResult(Frozen):
    """One row's range for the weight."""

    route: Route
    route_name: str
    drug: Drug
    basis: Basis
    published: Published
    duration: PublishedDuration
    standing: StandingCode
    dose: DoseRange
    working: tuple[str, ...]
    volume: Volume | None
    rate: Rate | None
    cautions: tuple[Caution, ...]
    source_ids: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """The dose for people."""
        return range_in_words(self.dose, self.dose.steps)


class DoseReport(Report):
    """The published ranges for a body weight."""

    kind: Literal["dose"] = "dose"
    inputs: DoseInputs
    results: tuple[DoseResult, ...]
    # For people only; JSON has the same in `sources` and in the routes report.
    stated_in: Annotated[tuple[str, ...], Field(exclude=True)]
    row_model: ClassVar[type[Frozen]] = DoseResult
    local_model: ClassVar[type[Frozen] | None] = LocalDose

    def body(self) -> Document:
        """Lay out the ranges, then how they were worked out, then what to heed."""
        rows = tuple(
            (
                row.route_name,
                row.drug.full_name,
                row.in_words,
                row.standing.value,
                duration_in_words(row.duration),
            )
            for row in self.results
        )
        columns = (
            Column("Route"),
            Column("Drug"),
            Column("Range per dose"),
            Column("Standing", joins=True),
            Column("Over"),
        )
        if not rows:
            return (
                Heading(f"No published range, for {weight_in_words(self.inputs.weight)}", 1),
                *self._beside(),
            )
        working = tuple((row.route_name, line) for row in self.results for line in row.working)
        sources = zip(self.results, self.stated_in, strict=True)
        return (
            Heading(f"Published ranges for {weight_in_words(self.inputs.weight)}", 1),
            Table(columns, rows),
            *self._volumes_and_rates(),
            *self._beside(),
            Points("working", working),
            caution_points((row.route_name, row.cautions) for row in self.results),
            Points("source", tuple((row.route_name, place) for row, place in sources)),
        )

    def _beside(self) -> Document:
        if not (self.protocol and self.local):
            return ()
        published = {f"{row.route} {row.drug}": row.in_words for row in self.results}
        return local_doses(self.protocol, self.local, published)

    def _volumes_and_rates(self) -> Document:
        asked = self.inputs
        if asked.strength is None and asked.over is None:
            return ()
        columns = [Column("Route")]
        columns += [Column("Volume per dose")] if asked.strength else []
        columns += [Column("Rate")] if asked.over else []
        return (Table(tuple(columns), tuple(self._measures(row) for row in self.results)),)

    def _measures(self, row: DoseResult) -> tuple[str, ...]:
        cells = [row.route_name]
        if self.inputs.strength:
            cells.append(volume_in_words(row.volume))
        if self.inputs.over:
            cells.append(rate_in_words(row.rate))
        return tuple(cells)

    def constants(self) -> dict[str, str]:
        """Return what every line of the CSV repeats."""
        weight = self.inputs.weight
        return {"weight": weight.entered, "weight_kg": weight.kg.exact}

    def note(self) -> tuple[str, ...]:
        """Return two lines for each row: the range and its working, then the source and label."""
        lines: list[str] = []
        for row, place in zip(self.results, self.stated_in, strict=True):
            measures = [part for part in self._measures(row)[1:] if part != NOT_APPLICABLE]
            over = duration_in_words(row.duration)
            facts = [
                f"{row.drug.full_name}, {row.route_name}",
                f"published range {range_in_words(row.published, row.dose.steps)} per dose"
                + (f" over {over}" if row.duration.low else ""),
                *(
                    [f"for this weight {row.in_words} per dose"]
                    if row.basis is Basis.PER_KG
                    else []
                ),
                *measures,
                f"weight {weight_in_words(self.inputs.weight)}",
                *row.working,
                f"standing {row.standing}",
                *self.heeded(row.cautions),
            ]
            lines += ["; ".join(facts), f"Source: {place}; {self.note_ending()}"]
        for local in self.local:
            said = local_dose_note(local, weight_in_words(self.inputs.weight))
            lines += [
                "; ".join((said, *self.heeded(()))),
                f"Source: {sources_in_words(local)}; {self.note_ending()}",
            ]
        return tuple(lines)


class DoseQuestion(NamedTuple):
    """A body weight, and what else was asked for it."""

    weight: Weight
    drug: Drug | None = None
    strength: Strength | None = None
    over: Duration | None = None
    confirmed: bool = False


def dose_report(
    dataset: Dataset,
    rows: Rows,
    asked: DoseQuestion,
    laid: Laid | None = None,
    *,
    today: date,
) -> DoseReport:
    """Return the ranges of these rows for a weight; volumes need a strength, rates a duration."""
    results = tuple(_result(dataset, row, asked) for row in rows.published)
    given = asked.weight, asked.strength, asked.over
    local = tuple(local_dose(laid, row, *given) for row in rows.local) if laid else ()
    return DoseReport(
        data=stamp(dataset),
        protocol=laid and laid.stamp(),
        inputs=DoseInputs(
            weight=echo_weight(asked.weight),
            routes=tuple(dict.fromkeys(row.route for row in (*rows.published, *rows.local))),
            drug=asked.drug,
            strength=asked.strength and echo_measured(asked.strength),
            over=asked.over and echo_measured(asked.over),
            confirm_weight=asked.confirmed,
        ),
        results=results,
        local=local,
        stated_in=tuple(stated_in(dataset, row) for row in rows.published),
        cautions=(
            *weight_cautions(asked.weight),
            *rows.left_out,
            *local_cautions(laid, rows.local),
            *overdue(dataset, today),
        ),
        sources=cited(dataset, (source for row in results for source in row.source_ids)),
    )


def _result(dataset: Dataset, row: DoseRow, asked: DoseQuestion) -> DoseResult:
    doses = dosing.dose_range(row, asked.weight)
    dose = _dose(row, doses)
    volume = volume_of(doses, asked.strength) if asked.strength and row.volume_applies else None
    rate = rate_of(doses, asked.over) if asked.over and row.rate_applies else None
    cautions = row_cautions(dataset, row)
    if asked.drug is None:
        cautions.append(read_as(row.drug))
    if asked.strength and volume:
        cautions += strength_cautions(dataset, row.drug, asked.strength)
    if rate:
        cautions += duration_caution(row, asked.over, asked=False)
    source_ids = row.source_ids
    if asked.strength and volume:
        source_ids += strength_sources(dataset, row.drug, asked.strength)
    return DoseResult(
        route=row.route,
        route_name=row.route.full_name,
        drug=row.drug,
        basis=row.basis,
        published=published(row),
        duration=duration(row),
        standing=row.standing.code,
        dose=dose,
        working=tuple(_working(row, asked.weight, dose, volume, rate)),
        volume=volume,
        rate=rate,
        cautions=tuple(cautions),
        source_ids=tuple(dict.fromkeys(source_ids)),
    )


def _dose(row: DoseRow, doses: dosing.Span) -> DoseRange:
    if row.basis is Basis.FIXED:
        ends = published(row)
        return DoseRange(low=ends.low, high=ends.high, steps=steps(row), rounding="none")
    span = inward(doses.within("mg"), "mg")
    return DoseRange(low=span.low, high=span.high, steps=None, rounding=notation.ROUNDING_IN_WORDS)


def _working(
    row: DoseRow, weight: Weight, dose: DoseRange, volume: Volume | None, rate: Rate | None
) -> Iterator[str]:
    if row.basis is Basis.FIXED:
        yield "body weight not used: a fixed dose"
        return
    yield from weight_lines(weight)
    for per_kg, end in ((row.low, dose.low), (row.high, dose.high)):
        yield scaled_line(per_kg, weight, end)
    if volume:
        for end, quotient in ((dose.low, volume.low), (dose.high, volume.high)):
            yield quotient_line(end, volume.strength, quotient)
    if rate:
        for end, quotient in ((dose.low, rate.low), (dose.high, rate.high)):
            yield quotient_line(end, rate.over, quotient)
