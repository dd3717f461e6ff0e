"""Which range is published for a route, by whom, and how it stands."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Literal

from ketaref.document import Column, Document, Facts, Heading, Paragraph, Points, Table
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.doses import Basis, CautionCode, DoseRow, StandingCode
from ketaref.model.names import Drug, Route
from ketaref.model.sources import Evidence, Relation
from ketaref.reports.base import Caution, Quantity, Report, cited, overdue, stamp
from ketaref.reports.local import Laid, LocalRow, local_cautions
from ketaref.reports.local_layout import local_rows
from ketaref.reports.names import every_row, not_included, not_published
from ketaref.reports.rows import (
    Published,
    PublishedDuration,
    basis_in_words,
    caution_points,
    duration,
    duration_in_words,
    published,
    range_in_words,
    row_cautions,
    steps,
)


class RoutesInputs(Frozen):
    """What was asked."""

    route: Route | None


class StandingSource(Frozen):
    """A source that bears on a range."""

    source_id: str
    place: str
    relation: Relation
    note: str


class RowStanding(Frozen):
    """How a row stands, and by which sources."""

    code: StandingCode
    text: str
    sources: tuple[StandingSource, ...]


class RouteResult(Frozen):
    """One published row, whole."""

    route: Route
    route_name: str
    drug: Drug
    salt_basis: str
    basis: Basis
    published: Published
    steps: tuple[Quantity, ...] | None
    duration: PublishedDuration
    standing: RowStanding
    advantages: tuple[str, ...]
    disadvantages: tuple[str, ...]
    cautions: tuple[Caution, ...]
    source_ids: tuple[str, ...]


class RoutesReport(Report):
    """The published rows."""

    kind: Literal["routes"] = "routes"
    inputs: RoutesInputs
    results: tuple[RouteResult, ...]
    row_model: ClassVar[type[Frozen]] = RouteResult
    local_model: ClassVar[type[Frozen] | None] = LocalRow
    in_body: ClassVar[tuple[CautionCode, ...]] = (CautionCode.NOT_INCLUDED,)

    def body(self) -> Document:
        """Lay out one row in full, or all of them side by side."""
        local = local_rows(self.protocol, self.local) if self.protocol and self.local else ()
        if self.inputs.route is None:
            return self._all_rows(local)
        if self.results:
            return self._one_row(self.results[0], local)
        return (Heading(f"No published range, {self.inputs.route.full_name}", 1), *local)

    def _all_rows(self, local: Document) -> Document:
        columns = (
            Column("Route"),
            Column("Drug"),
            Column("Published range per dose"),
            Column("Over", joins=True),
            Column("Standing", joins=True),
        )
        rows = tuple(
            (
                row.route_name,
                row.drug.full_name,
                range_in_words(row.published, row.steps),
                duration_in_words(row.duration),
                row.standing.code.value,
            )
            for row in self.results
        )
        standing = tuple(
            (row.route_name, f"{row.standing.code}: {row.standing.text}") for row in self.results
        )
        return (
            Heading("Published ranges for ketamine and esketamine in anxiety", 1),
            Table(columns, rows),
            *local,
            Points("standing", standing),
            caution_points((row.route_name, row.cautions) for row in self.results),
            Points("source", tuple((row.route_name, _sources(row)) for row in self.results)),
            Points(
                "not included", tuple(("", c.text) for c in self.cautions if c.code in self.in_body)
            ),
        )

    def _one_row(self, row: RouteResult, local: Document) -> Document:
        evidence = tuple(
            (source.source_id, source.relation.value, source.place, source.note)
            for source in row.standing.sources
        )
        return (
            Heading(f"Published range, {row.route_name} {row.drug.full_name}", 1),
            Facts(
                (
                    ("route", row.route_name),
                    ("drug", row.drug.full_name),
                    ("salt or base", row.salt_basis),
                    (
                        "published range",
                        f"{range_in_words(row.published, row.steps)} per dose, {row.standing.code}",
                    ),
                    ("basis", basis_in_words(row.basis)),
                    ("over", duration_in_words(row.duration)),
                    ("as written in the source", row.published.as_written),
                    ("duration as written in the source", row.duration.as_written),
                    ("advantages, in the source", "; ".join(row.advantages)),
                    ("disadvantages, in the source", "; ".join(row.disadvantages)),
                )
            ),
            *local,
            Paragraph("standing", f"{row.standing.code}: {row.standing.text}"),
            caution_points([("", row.cautions)]),
            Heading("Sources that bear on it"),
            Table(
                (Column("Source"), Column("Relation"), Column("Place"), Column("What it says")),
                evidence,
            ),
        )


def routes_report(
    dataset: Dataset, route: Route | None, laid: Laid | None = None, *, today: date
) -> RoutesReport:
    """Return the published row of a route, or every row and what is not included."""
    rows = tuple(row for row in dataset.rows if route in (None, row.route))
    named = () if route is None else (route,)
    results = tuple(_result(dataset, row) for row in rows)
    local = laid.rows(named, None) if laid else ()
    source_ids = [source_id for result in results for source_id in result.source_ids]
    if route is None:
        source_ids += [s.source_id for left_out in dataset.not_included for s in left_out.sources]
    return RoutesReport(
        data=stamp(dataset),
        protocol=laid and laid.stamp(),
        inputs=RoutesInputs(route=route),
        results=results,
        local=tuple(laid.row(row) for row in local) if laid else (),
        cautions=(
            *(not_included(left_out) for left_out in dataset.not_included if route is None),
            *(not_published(dataset, route) if route else ()),
            *(() if rows else every_row(dataset)),
            *local_cautions(laid, local),
            *overdue(dataset, today),
        ),
        sources=cited(dataset, source_ids),
    )


def standing_sources(sources: Iterable[Evidence]) -> tuple[StandingSource, ...]:
    """Return the sources that make something stand as it does, as data."""
    return tuple(
        StandingSource(source_id=s.source_id, place=s.place, relation=s.relation, note=s.note)
        for s in sources
    )


def _result(dataset: Dataset, row: DoseRow) -> RouteResult:
    sources = standing_sources(row.standing.sources)
    return RouteResult(
        route=row.route,
        route_name=row.route.full_name,
        drug=row.drug,
        salt_basis=row.salt_basis,
        basis=row.basis,
        published=published(row),
        steps=steps(row),
        duration=duration(row),
        standing=RowStanding(code=row.standing.code, text=row.standing.text, sources=sources),
        advantages=row.advantages,
        disadvantages=row.disadvantages,
        cautions=tuple(row_cautions(dataset, row)),
        source_ids=row.source_ids,
    )


def _sources(row: RouteResult) -> str:
    counts = dict.fromkeys(Relation, 0)
    for source in row.standing.sources:
        counts[source.relation] += 1
    said = ", ".join(f"{relation} {n}" for relation, n in counts.items() if n)
    return f"{said}; listed by: ketaref routes {row.route}"
