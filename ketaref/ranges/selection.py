"""From a name that a user typed to rows: exact names only, never the nearest one."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ketaref.errors import ErrorCode, InputError, echo
from ketaref.model.dose_row import DoseRow, NotIncluded, RangeRow, StandingCode
from ketaref.model.names import (
    DRUG_SPELLINGS,
    DRUG_WORDS,
    ROUTE_SPELLINGS,
    ROUTE_WORDS,
    Drug,
    Route,
)
from ketaref.ranges.caution import Caution, CautionCode
from ketaref.ranges.cautions import every_row_cautions, not_included_caution
from ketaref.ranges.library import Library
from ketaref.units import Duration, Strength

if TYPE_CHECKING:
    from ketaref.protocol.model import ProtocolRow

Member = TypeVar("Member")


def parse_route(library: Library, text: str, *, checks: bool = False) -> Route:
    """Return the route with exactly this name, case ignored: one that has a row, or a protocol's.

    With ``checks``, also one that a protocol has only a check for.
    """
    name = _folded(text)
    protocol, dataset = library.protocol, library.dataset
    known = list(dataset.routes)
    if protocol:
        known += protocol.checked_routes if checks else protocol.routes
    if (route := ROUTE_SPELLINGS.get(name)) in known and route is not None:
        return route
    for left_out in dataset.not_included:
        if name in (left_out.name, *left_out.also):
            raise _not_included(library, left_out)
    if name in ROUTE_WORDS:
        raise _no_route(name)
    several = [word for word in re.split(r"[\s,;+/]+", name) if word]
    hint = did_you_mean(name, dataset.route_spellings)
    if len(several) > 1 and set(dataset.route_spellings) >= set(several):
        hint = f"one route at a time; dose takes more: -r {' -r '.join(several)}"
    raise InputError(
        ErrorCode.ROUTE_UNKNOWN,
        f'unknown route "{echo(text)}"; known: {", ".join(dataset.route_spellings)}',
        hint,
    )


def parse_any_route(text: str) -> Route:
    """Return the route with exactly this name, whether or not it has a row."""
    name = _folded(text)
    if name in ROUTE_SPELLINGS:
        return ROUTE_SPELLINGS[name]
    if name in ROUTE_WORDS:
        raise _no_route(name)
    raise InputError(
        ErrorCode.ROUTE_UNKNOWN,
        f'unknown route "{echo(text)}"; known: {", ".join(ROUTE_SPELLINGS)}',
        did_you_mean(name, ROUTE_SPELLINGS),
    )


def _no_route(word: str) -> InputError:
    why, hint = ROUTE_WORDS[word]
    return InputError(ErrorCode.ROUTE_UNKNOWN, f'"{word}" is no route of the table: {why}', hint)


def parse_member(
    text: str, members: Mapping[str, Member], what: str, code: ErrorCode, joiner: str = "-"
) -> Member:
    """Return the member of a closed list with exactly this name; case and hyphens ignored.

    ``joiner`` is what stands between the words of a name.
    """
    name = joiner.join(text.lower().replace("-", " ").split())
    if name in members and text.isascii():
        return members[name]
    raise InputError(
        code,
        f'unknown {what} "{echo(text)}"; known: {", ".join(members)}',
        did_you_mean(name, members),
    )


def parse_drug(text: str) -> Drug:
    """Return the drug with exactly this name, case ignored."""
    name = _folded(text)
    known = DRUG_SPELLINGS | DRUG_WORDS
    if name in known:
        return known[name]
    raise InputError(
        ErrorCode.DRUG_UNKNOWN,
        f'unknown drug "{echo(text)}"; known: {", ".join(DRUG_SPELLINGS)}',
        # Not for a name that holds a drug's: norketamine is no slip of the hand for ketamine.
        None if any(drug in name for drug in DRUG_SPELLINGS) else did_you_mean(name, known),
    )


class Selection(NamedTuple):
    """The rows that a question is about: published, a clinic's own; and the cautions on both."""

    published: tuple[DoseRow, ...]
    local: "tuple[ProtocolRow, ...]"
    cautions: tuple[Caution, ...]

    @property
    def rows(self) -> tuple[RangeRow, ...]:
        """All of the rows."""
        return (*self.published, *self.local)


def select(library: Library, routes: Iterable[Route], drug: Drug | None) -> Selection:
    """Return the rows of the routes named, or of every route, and which of them the drug excludes.

    A drug that is not a named row's is refused, unless a protocol has such a row.
    """
    named = tuple(dict.fromkeys(routes))
    local = library.local_rows(named, drug)
    candidates = tuple(row for row in library.dataset.rows if not named or row.route in named)
    rows = tuple(row for row in candidates if drug in (None, row.drug))
    for row in candidates:
        if named and not any(own.route is row.route for own in local):
            refuse_other_drug(row, drug)
    cautions = [
        Caution(
            code=CautionCode.ROW_LEFT_OUT,
            text=f"{row.route.full_name} is left out: that row is {row.drug.full_name}.",
        )
        for row in candidates
        if row not in rows
    ]
    cautions += [caution for route in named for caution in not_published(library, route)]
    if not rows:  # what holds for every published row holds for a clinic's own too
        cautions += every_row_cautions(library.dataset)
    return Selection(rows, local, (*cautions, *no_local_row(library, local)))


def no_local_row(library: Library, local: "tuple[ProtocolRow, ...]") -> tuple[Caution, ...]:
    """Return the caution that a protocol has no row for the question."""
    if library.protocol is None or local:
        return ()
    text = f"The {library.protocol.label} has no row for this: only what is published is shown."
    return (Caution(code=CautionCode.NO_LOCAL_ROW, text=text),)


def not_published(library: Library, route: Route) -> Iterator[Caution]:
    """Yield why a route of a protocol has no published row."""
    for left_out in library.dataset.not_included:
        if left_out.name == route.full_name:
            yield not_included_caution(left_out)


def refuse_other_drug(row: DoseRow, drug: Drug | None) -> None:
    """Refuse a drug that is not the row's: the two are not the same drug."""
    if drug not in (None, row.drug):
        raise InputError(
            ErrorCode.DRUG_NOT_OF_ROUTE,
            f"the {row.route.full_name} row is {row.drug.full_name}, and is not for "
            f"{row.drug.other.full_name}: they are not the same drug",
            f"ketaref routes {row.route} says why",
        )


def refuse_missing_drug(rows: Iterable[DoseRow], drug: Drug | None) -> None:
    """Refuse to place a dose in a row of another product where the drug was not named.

    Who takes one drug for the other does not name it.
    """
    for row in rows:
        if drug is None and row.standing.code is StandingCode.DIFFERENT_PRODUCT:
            raise InputError(
                ErrorCode.DRUG_MISSING,
                f"the {row.route.full_name} row is {row.drug.full_name}, not "
                f"{row.drug.other.full_name}: name the drug",
                f"-d {row.drug}, if that was given",
            )


def refuse_not_applicable(
    rows: Iterable[RangeRow], strength: Strength | None, over: Duration | None
) -> None:
    """Refuse a volume or a rate for a row that was named and has none."""
    rows = tuple(rows)
    for row in rows:
        name = f"{row.route.full_name} {row.drug.full_name}"
        same_route = [other for other in rows if other.route is row.route]
        if strength and not any(other.has_volume for other in same_route):
            raise InputError(
                ErrorCode.VOLUME_NOT_APPLICABLE,
                f"a strength does not apply to {name}: it has no volume in mL",
                "leave out -s and --infusion",
            )
        if over and not any(other.has_rate for other in same_route):
            raise InputError(
                ErrorCode.RATE_NOT_APPLICABLE,
                f"a duration does not apply to {name}: it has no rate in mg/min",
                "leave out --over",
            )


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return the question whether the nearest known name was meant; it is never used unasked."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f'did you mean "{near[0]}"?' if near else None


def _folded(text: str) -> str:
    """Lower ASCII only: other letters fold onto ASCII ones, such as the Kelvin sign onto k."""
    stripped = text.strip()
    return stripped.lower() if stripped.isascii() else stripped


def _not_included(library: Library, left_out: NotIncluded) -> InputError:
    return InputError(
        ErrorCode.ROUTE_NOT_INCLUDED,
        f"{left_out.name} is not included, because {left_out.reason}",
        f"known: {', '.join(library.dataset.route_spellings)}",
    )
