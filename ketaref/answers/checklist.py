"""What to check before, during and after a session, for the drugs that a route is for."""

from collections.abc import Collection
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
from ketaref.model.names import Drug, Route
from ketaref.model.source import Citation
from ketaref.protocol.fields import LocalSource
from ketaref.ranges.library import Library
from ketaref.ranges.row import Origin

if TYPE_CHECKING:
    from ketaref.protocol.model import LocalCheck

REPLIES = ("yes", "no", "not assessed")


class ChecklistInputs(Frozen):
    """The question; null for all routes, and for a line to write the clinic on.

    ``drugs`` are those whose notes are shown: never a drug that the route is not for.
    """

    route: Route | None
    drugs: tuple[Drug, ...]
    clinic: str | None


class CheckItem(Frozen):
    """One check, the reference's or a clinic's.

    What is said for one drug stands under its name, and is null where the drug was not asked for;
    ``note`` is a clinic's own. ``answer`` is null until somebody answers: that is not "no".
    """

    origin: Origin
    origin_name: str
    id: str
    phase: Phase
    text: str
    routes: tuple[Route, ...] | None
    note: str | None
    ketamine_note: str | None
    ketamine_stops: str | None
    esketamine_note: str | None
    esketamine_stops: str | None
    answers: tuple[str, ...] = REPLIES
    answer: None = None
    sources: tuple[Citation, ...]
    source_ids: tuple[str, ...]
    local_sources: tuple[LocalSource, ...]

    @property
    def full_text(self) -> str:
        """The check with its routes and a clinic's note."""
        only = f" ({_either(self.routes)} only)" if self.routes else ""
        return f"{self.text}{only}" + (f" - {self.note}" if self.note else "")

    def note_for(self, drug: Drug) -> str | None:
        """Return what is said for a drug."""
        return self.ketamine_note if drug is Drug.KETAMINE else self.esketamine_note

    def stops_for(self, drug: Drug) -> str | None:
        """Return the finding that stops a session with a drug."""
        return self.ketamine_stops if drug is Drug.KETAMINE else self.esketamine_stops


def _either(routes: tuple[Route, ...]) -> str:
    *first, last = (route.full_name for route in routes)
    return f"{', '.join(first)} or {last}" if first else last


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
    drugs = _drugs(library, route)
    results = tuple(
        _item(library, check, drugs)
        for check in library.dataset.lists.checks
        if _is_for(check, route) and any(check.of(drug) for drug in drugs)
    )
    local = library.protocol.checks if library.protocol else ()
    return ChecklistAnswer(
        data=data_stamp(library.dataset),
        protocol=protocol_stamp(library),
        inputs=ChecklistInputs(route=route, drugs=drugs, clinic=clinic),
        results=results,
        local=tuple(local_check(library, check) for check in local if _is_for(check, route)),
        cautions=library.dates(),
        sources=sources_with(library.dataset, (s for row in results for s in row.source_ids)),
    )


def _drugs(library: Library, route: Route | None) -> tuple[Drug, ...]:
    """Return the drugs whose notes hold for a route; what is said of a spray holds for it alone.

    A route without a published row is ketamine's. A clinic's own row of ketamine adds its notes.
    """
    if route is None:
        return tuple(Drug)
    row = library.dataset.row(route)
    published = row.drug if row else Drug.KETAMINE
    local = library.protocol.rows if library.protocol else ()
    has_ketamine = any(r.route is route and r.drug is Drug.KETAMINE for r in local)
    return tuple(
        drug for drug in Drug if drug is published or (drug is Drug.KETAMINE and has_ketamine)
    )


def _is_for(check: "Check | LocalCheck", route: Route | None) -> bool:
    return route is None or not check.routes or route in check.routes


def _item(library: Library, check: Check, drugs: Collection[Drug]) -> CheckItem:
    ketamine = check.ketamine if Drug.KETAMINE in drugs else None
    esketamine = check.esketamine if Drug.ESKETAMINE in drugs else None
    cited = [source for said in (ketamine, esketamine) if said for source in said.sources]
    return CheckItem(
        origin=Origin.PUBLISHED,
        origin_name=f"edition {library.dataset.edition.version}",
        id=check.id,
        phase=check.phase,
        text=check.text,
        routes=check.routes or None,
        note=None,
        ketamine_note=ketamine and ketamine.note,
        ketamine_stops=ketamine and ketamine.stops,
        esketamine_note=esketamine and esketamine.note,
        esketamine_stops=esketamine and esketamine.stops,
        sources=plain_citations(dict.fromkeys(cited)),
        source_ids=ids_of(cited),
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
        ketamine_note=None,
        ketamine_stops=None,
        esketamine_note=None,
        esketamine_stops=None,
        sources=(),
        source_ids=(),
        local_sources=check.sources,
    )
