"""Which range is published for a route, by whom, and how it stands."""

from collections.abc import Iterable
from typing import ClassVar, Literal

from ketaref.answers.answer import Answer, data_stamp, protocol_stamp, sources_with
from ketaref.answers.trials import TrialResult, trial_result
from ketaref.model.base import Frozen
from ketaref.model.dose_row import DoseRow, RangeRow, StandingCode
from ketaref.model.names import Route
from ketaref.model.source import Citation, Evidence
from ketaref.ranges.cautions import every_row_cautions, not_included_caution, row_cautions
from ketaref.ranges.evidence import trials_for
from ketaref.ranges.library import Library
from ketaref.ranges.row import RowAnswer, row_answer
from ketaref.ranges.selection import no_local_row, not_published


class RoutesInputs(Frozen):
    """The question; null for all routes."""

    route: Route | None


class RowStanding(Frozen):
    """How a row stands, and by which sources."""

    code: StandingCode
    label: str
    text: str
    sources: tuple[Evidence, ...]


class Stated(Frozen):
    """A statement about the drug of a row: how it is prepared or watched, and whose rule it is."""

    section: str
    about: str | None
    text: str
    when: str | None
    whose: str | None
    jurisdictions: tuple[str, ...]
    sources: tuple[Citation, ...]


class RouteResult(RowAnswer):
    """One row, whole; what only a source's row has is null for a clinic's.

    Where one route was asked for, ``trials`` are the studies of its drug and route, and
    ``handling`` is how what is given by it is prepared, infused and watched.
    """

    standing: RowStanding | None  # type: ignore[assignment]  # here with its sources
    salt_basis: str | None
    advantages: tuple[str, ...]
    disadvantages: tuple[str, ...]
    trials: tuple[TrialResult, ...]
    handling: tuple[Stated, ...]


class RoutesAnswer(Answer):
    """The rows."""

    kind: Literal["routes"] = "routes"
    inputs: RoutesInputs
    results: tuple[RouteResult, ...]
    local: tuple[RouteResult, ...] = ()
    result_model: ClassVar[type[Frozen]] = RouteResult
    local_model: ClassVar[type[Frozen] | None] = RouteResult


def routes_answer(library: Library, route: Route | None) -> RoutesAnswer:
    """Return the row of a route, or every row and what is not included."""
    dataset = library.dataset
    rows = tuple(row for row in dataset.rows if route in (None, row.route))
    local = library.local_rows(() if route is None else (route,), None)
    results = tuple(route_result(library, row, whole=route is not None) for row in rows)
    source_ids = [source_id for result in results for source_id in result.source_ids]
    source_ids += [s.source_id for result in results for h in result.handling for s in h.sources]
    left_out = dataset.not_included if route is None else ()
    source_ids += [source.source_id for each in left_out for source in each.sources]
    return RoutesAnswer(
        data=data_stamp(dataset),
        protocol=protocol_stamp(library),
        inputs=RoutesInputs(route=route),
        results=results,
        local=tuple(route_result(library, row) for row in local),
        cautions=(
            *map(not_included_caution, left_out),
            *(not_published(library, route) if route else ()),
            *(() if rows else every_row_cautions(dataset)),
            *no_local_row(library, local),
            *library.dates(),
        ),
        sources=sources_with(dataset, source_ids),
    )


def route_result(library: Library, row: RangeRow, *, whole: bool = False) -> RouteResult:
    """Return a row, and whole with its studies."""
    trials = trials_for(library.dataset, row) if whole else []
    published = row if isinstance(row, DoseRow) else None
    return RouteResult.model_validate(
        row_answer(library, row, tuple(row_cautions(library, row))).fields()
        | {
            "standing": published
            and RowStanding(
                code=published.standing.code,
                label=published.standing.label,
                text=published.standing.text,
                sources=published.standing.sources,
            ),
            "salt_basis": published and published.salt_basis,
            "trials": tuple(trial_result(trial) for trial in trials),
            "handling": _handling(library, published) if whole and published else (),
            "advantages": published.advantages if published else (),
            "disadvantages": published.disadvantages if published else (),
        }
    )


def relations(sources: Iterable[Evidence]) -> dict[str, int]:
    """Return how many sources there are of each relation, in the order of the data."""
    counts: dict[str, int] = {}
    for source in sources:
        counts[source.relation] = counts.get(source.relation, 0) + 1
    return counts


def _handling(library: Library, row: DoseRow) -> tuple[Stated, ...]:
    """Return what is known of preparing and watching; nothing of a route without a product."""
    from ketaref.answers.drug import stated_in
    from ketaref.model.drug import Section

    if not (row.has_volume or row.steps):
        return ()
    infused = (Section.INFUSION,) if row.has_rate else ()
    sections = (Section.PREPARATION, *infused, Section.MONITORING)
    return tuple(
        Stated(
            section=result.section_name,
            about=result.agent or result.what,
            text=result.text,
            when=result.when,
            whose=result.whose,
            jurisdictions=result.jurisdictions,
            sources=result.sources,
        )
        for result in stated_in(library.dataset, row.drug, sections)
        if result.sources
    )
