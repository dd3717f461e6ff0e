"""What to check before, during and after a session: to read out, to tick, to sign."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal

from ketaref.document import BOX, Column, Document, Facts, Heading, Local, Paragraph, Table
from ketaref.model.base import Frozen
from ketaref.model.checklists import Check, Phase
from ketaref.model.dataset import Dataset
from ketaref.model.names import Route
from ketaref.model.protocol import LocalCheck, LocalSource
from ketaref.reports.base import (
    Place,
    Report,
    cited,
    ids_of,
    overdue,
    places,
    places_in_words,
    stamp,
)
from ketaref.reports.local import Laid, local_cautions
from ketaref.reports.local_layout import heading, source_in_words

ANSWERS = ("yes", "no", "not assessed")
LINE = "_" * 20


class ChecklistInputs(Frozen):
    """What was asked; null for all routes, and for a line to write the clinic on."""

    route: Route | None
    clinic: str | None


class CheckItem(Frozen):
    """One check. ``answer`` is null until somebody answers: that is not "no"."""

    id: str
    phase: Phase
    text: str
    routes: tuple[Route, ...] | None
    note: str | None
    answers: tuple[str, ...] = ANSWERS
    answer: None = None
    sources: tuple[Place, ...]
    source_ids: tuple[str, ...]


class LocalCheckItem(Frozen):
    """One check of the clinic's own; ``origin`` marks it."""

    origin: str
    id: str
    phase: Phase
    text: str
    routes: tuple[Route, ...] | None
    note: str | None
    answers: tuple[str, ...] = ANSWERS
    answer: None = None
    local_sources: tuple[LocalSource, ...]


class ChecklistReport(Report):
    """The checks of a session."""

    kind: Literal["checklist"] = "checklist"
    inputs: ChecklistInputs
    results: tuple[CheckItem, ...]
    row_model: ClassVar[type[Frozen]] = CheckItem
    local_model: ClassVar[type[Frozen] | None] = LocalCheckItem
    closing: ClassVar[str] = (
        "A full list does not mean that treatment is safe, and the list is not complete."
    )

    def body(self) -> Document:
        """Lay out what to fill in, then the checks of each phase with their boxes."""
        asked = self.inputs
        route = asked.route.full_name if asked.route else "all routes"
        blocks: list[Heading | Table] = []
        for phase in Phase:
            rows = [row for row in self.results if row.phase is phase]
            if rows:
                blocks += [Heading(f"{phase.value.capitalize()} the session"), _checks(rows)]
        return (
            Heading(f"Session checklist, {route}", 1),
            Facts((("clinic", asked.clinic or LINE), ("date", LINE), ("initials", LINE))),
            Paragraph(
                "how to answer",
                "Answer each item yes, no or not assessed. An item without an answer is not "
                "assessed; it is never no. Write no name or number of a patient on this sheet.",
            ),
            *blocks,
            *self._beside(),
        )

    def _beside(self) -> Document:
        if not (self.protocol and self.local):
            return ()
        blocks: list[Heading | Table] = []
        for phase in Phase:
            rows = [row for row in self.local if row.phase is phase]
            if rows:
                name = f"{phase.value.capitalize()} the session, {self.protocol.label}"
                blocks += [Heading(name), _checks(rows)]
        return (Local((*heading(self.protocol), *blocks)),)


def checklist_report(
    dataset: Dataset,
    route: Route | None,
    clinic: str | None,
    laid: Laid | None = None,
    *,
    today: date,
) -> ChecklistReport:
    """Return the checks of a route, or of all; and a clinic's own, if a protocol has any."""
    ours = [check for check in laid.protocol.checks if _is_for(check, route)] if laid else []
    checks = [check for check in dataset.checks if _is_for(check, route)]
    results = tuple(_item(check) for check in checks)
    return ChecklistReport(
        data=stamp(dataset),
        protocol=laid and laid.stamp(),
        inputs=ChecklistInputs(route=route, clinic=clinic),
        results=results,
        local=tuple(local_item(laid, check) for check in ours if laid),
        cautions=(*local_cautions(laid), *overdue(dataset, today)),
        sources=cited(dataset, (source_id for row in results for source_id in row.source_ids)),
    )


def local_item(laid: Laid, check: LocalCheck) -> LocalCheckItem:
    """Return a check of the clinic's own as reports carry it."""
    return LocalCheckItem(
        origin=laid.protocol.label,
        id=check.id,
        phase=check.phase,
        text=check.text,
        routes=check.routes or None,
        note=check.note,
        local_sources=check.sources,
    )


def _is_for(check: Check | LocalCheck, route: Route | None) -> bool:
    return route is None or not check.routes or route in check.routes


def _item(check: Check) -> CheckItem:
    return CheckItem(
        id=check.id,
        phase=check.phase,
        text=check.text,
        routes=check.routes or None,
        note=check.note,
        sources=places(check.sources),
        source_ids=ids_of(check.sources),
    )


def _checks(rows: Sequence[CheckItem | LocalCheckItem]) -> Table:
    boxes = tuple(Column(answer.capitalize(), joins=True) for answer in ANSWERS)
    columns = (Column("Check"), *boxes, Column("Source"))
    cells = tuple((check_in_words(row), *(BOX for _ in ANSWERS), _sources(row)) for row in rows)
    return Table(columns, cells)


def _sources(row: CheckItem | LocalCheckItem) -> str:
    if isinstance(row, CheckItem):
        return places_in_words(row.sources)
    return "; ".join(map(source_in_words, row.local_sources))


def check_in_words(row: CheckItem | LocalCheckItem) -> str:
    """Return a check with its routes and its note."""
    only = ""
    if row.routes:
        only = f" ({' and '.join(route.full_name for route in row.routes)} only)"
    return f"{row.text}{only}" + (f" - {row.note}" if row.note else "")
