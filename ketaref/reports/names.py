"""From a name that a user typed to a row of the data: exact names only, never the nearest one."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from ketaref.errors import ErrorCode, InputError, echo
from ketaref.model.dataset import Dataset
from ketaref.model.doses import CautionCode, DoseRow, NotIncluded
from ketaref.model.names import (
    DRUG_SPELLINGS,
    LOCAL_ROUTE_SPELLINGS,
    ROUTE_SPELLINGS,
    Drug,
    Route,
)
from ketaref.model.protocol import ProtocolRow
from ketaref.reports.base import Caution
from ketaref.reports.local import Laid


def parse_route(
    dataset: Dataset, text: str, laid: Laid | None = None, *, checks: bool = False
) -> Route:
    """Return the route with exactly this name, case ignored: of the table, or of a protocol.

    With ``checks``, also one that a protocol has only a check for.
    """
    name = _folded(text)
    if name in ROUTE_SPELLINGS:
        return ROUTE_SPELLINGS[name]
    known = (laid.protocol.checked_routes if checks else laid.protocol.routes) if laid else ()
    if LOCAL_ROUTE_SPELLINGS.get(name) in known:
        return LOCAL_ROUTE_SPELLINGS[name]
    for left_out in dataset.not_included:
        if name in (left_out.name, *left_out.also):
            raise _refused(left_out)
    several = [word for word in re.split(r"[\s,;+/]+", name) if word]
    hint = question(name, ROUTE_SPELLINGS)
    if len(several) > 1 and ROUTE_SPELLINGS.keys() >= set(several):
        hint = f"one route at a time; dose takes more: -r {' -r '.join(several)}"
    raise InputError(
        ErrorCode.ROUTE_UNKNOWN,
        f'route "{echo(text)}" is not in the table; known: {", ".join(ROUTE_SPELLINGS)}',
        hint,
    )


def parse_drug(text: str) -> Drug:
    """Return the drug with exactly this name, case ignored."""
    name = _folded(text)
    if name in DRUG_SPELLINGS:
        return DRUG_SPELLINGS[name]
    raise InputError(
        ErrorCode.DRUG_UNKNOWN,
        f'drug "{echo(text)}" is not in the table; known: {", ".join(DRUG_SPELLINGS)}',
        # Not for a name that holds a drug's: norketamine is no slip of the hand for ketamine.
        None if any(drug in name for drug in DRUG_SPELLINGS) else question(name, DRUG_SPELLINGS),
    )


class Rows(NamedTuple):
    """The rows that a question is about: published, a clinic's own; and what is left out."""

    published: tuple[DoseRow, ...]
    local: tuple[ProtocolRow, ...]
    left_out: tuple[Caution, ...]


def rows_for(
    dataset: Dataset, routes: Iterable[Route], drug: Drug | None, laid: Laid | None = None
) -> Rows:
    """Return the rows of the routes named, or of every route; and which the drug leaves out.

    A drug that is not a named row's is refused, but where a protocol has such a row.
    """
    named = tuple(dict.fromkeys(routes))
    local = laid.rows(named, drug) if laid else ()
    asked = tuple(row for row in dataset.rows if not named or row.route in named)
    rows = tuple(row for row in asked if drug in (None, row.drug))
    for row in asked:
        if named and not any(ours.route is row.route for ours in local):
            refuse_other_drug(row, drug)
    left_out = [
        Caution(
            code=CautionCode.ROW_LEFT_OUT,
            text=f"{row.route.full_name} is left out: that row is {row.drug.full_name}.",
        )
        for row in asked
        if row not in rows
    ]
    left_out += [c for route in named for c in not_published(dataset, route)]
    if not rows:  # what is said beside every published row holds for a clinic's own too
        left_out += every_row(dataset)
    return Rows(rows, local, tuple(left_out))


def not_published(dataset: Dataset, route: Route) -> Iterator[Caution]:
    """Yield why a route of a protocol has no published row."""
    for left_out in dataset.not_included:
        if left_out.name == route.full_name:
            yield not_included(left_out)


def every_row(dataset: Dataset) -> list[Caution]:
    """Return what is said beside every row."""
    return [Caution(code=caution.code, text=caution.text) for caution in dataset.every_row]


def not_included(left_out: NotIncluded) -> Caution:
    """Return why a route has no row."""
    text = f"{left_out.name}: not included, because {left_out.reason}."
    return Caution(code=CautionCode.NOT_INCLUDED, text=text)


def refuse_other_drug(row: DoseRow, drug: Drug | None) -> None:
    """Refuse a drug that is not the row's: the two are not the same drug."""
    if drug not in (None, row.drug):
        raise InputError(
            ErrorCode.DRUG_NOT_OF_ROUTE,
            f"the {row.route.full_name} row is {row.drug.full_name}, and is not for "
            f"{row.drug.other.full_name}: they are not the same drug",
            f"ketaref routes {row.route} says why",
        )


def question(name: str, known: Iterable[str]) -> str | None:
    """Ask whether the nearest known name was meant; never use it."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f'did you mean "{near[0]}"?' if near else None


def _folded(text: str) -> str:
    """Lower ASCII only: other letters fold onto ASCII ones, such as the Kelvin sign onto k."""
    stripped = text.strip()
    return stripped.lower() if stripped.isascii() else stripped


def _refused(left_out: NotIncluded) -> InputError:
    return InputError(
        ErrorCode.ROUTE_NOT_INCLUDED,
        f"{left_out.name} is not included, because {left_out.reason}",
        f"known: {', '.join(ROUTE_SPELLINGS)}",
    )
