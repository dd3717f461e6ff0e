"""What to check before, during and after a session."""

from typing import TYPE_CHECKING, ClassVar, Literal

from ketaref.answers.answer import (
    Answer,
    data_stamp,
    plain_citations,
    protocol_stamp,
    sources_with,
)
from ketaref.model.base import Frozen
from ketaref.model.checklist_item import Check, Phase
from ketaref.model.dose_row import ids_of
from ketaref.model.names import Route
from ketaref.model.source import Citation
from ketaref.protocol.fields import LocalSource
from ketaref.ranges.library import Library
from ketaref.ranges.row import Origin

if TYPE_CHECKING:
    from ketaref.protocol.model import LocalCheck

REPLIES = ("yes", "no", "not assessed")


class ChecklistInputs(Frozen):
    """The question; null for all routes, and for a line to write the clinic on."""

    route: Route | None
    clinic: str | None


class CheckItem(Frozen):
    """One check, the reference's or a clinic's.

    ``answer`` is null until somebody answers: that is not "no".
    """

    origin: Origin
    origin_name: str
    id: str
    phase: Phase
    text: str
    routes: tuple[Route, ...] | None
    note: str | None
    answers: tuple[str, ...] = REPLIES
    answer: None = None
    sources: tuple[Citation, ...]
    source_ids: tuple[str, ...]
    local_sources: tuple[LocalSource, ...]

    @property
    def full_text(self) -> str:
        """The check with its routes and its note."""
        only = ""
        if self.routes:
            only = f" ({' and '.join(route.full_name for route in self.routes)} only)"
        return f"{self.text}{only}" + (f" - {self.note}" if self.note else "")


class ChecklistAnswer(Answer):
    """The checks of a session."""

    kind: Literal["checklist"] = "checklist"
    inputs: ChecklistInputs
    results: tuple[CheckItem, ...]
    local: tuple[CheckItem, ...] = ()
    result_model: ClassVar[type[Frozen]] = CheckItem
    local_model: ClassVar[type[Frozen] | None] = CheckItem


def checklist_answer(library: Library, route: Route | None, clinic: str | None) -> ChecklistAnswer:
    """Return the checks of a route, or of all; and a clinic's own, if a protocol has any."""
    results = tuple(_item(library, each) for each in library.dataset.checks if _is_for(each, route))
    local = library.protocol.checks if library.protocol else ()
    return ChecklistAnswer(
        data=data_stamp(library.dataset),
        protocol=protocol_stamp(library),
        inputs=ChecklistInputs(route=route, clinic=clinic),
        results=results,
        local=tuple(local_check(library, check) for check in local if _is_for(check, route)),
        cautions=library.dates(),
        sources=sources_with(library.dataset, (s for row in results for s in row.source_ids)),
    )


def _is_for(check: "Check | LocalCheck", route: Route | None) -> bool:
    return route is None or not check.routes or route in check.routes


def _item(library: Library, check: Check) -> CheckItem:
    return CheckItem(
        origin=Origin.PUBLISHED,
        origin_name=f"edition {library.dataset.edition.version}",
        id=check.id,
        phase=check.phase,
        text=check.text,
        routes=check.routes or None,
        note=check.note,
        sources=plain_citations(check.sources),
        source_ids=ids_of(check.sources),
        local_sources=(),
    )


def local_check(library: Library, check: "LocalCheck") -> CheckItem:
    """Return a check of the clinic's own as answers carry it."""
    return CheckItem(
        origin=Origin.LOCAL,
        origin_name=library.protocol.label if library.protocol else "",
        id=check.id,
        phase=check.phase,
        text=check.text,
        routes=check.routes or None,
        note=check.note,
        sources=(),
        source_ids=(),
        local_sources=check.sources,
    )
