"""From a name that a user typed to a row of the data: exact names only, never the nearest one."""

from collections.abc import Iterable
from difflib import get_close_matches

from ketaref.errors import ErrorCode, InputError, echo
from ketaref.model.dataset import Dataset
from ketaref.model.doses import CautionCode, DoseRow, NotIncluded
from ketaref.model.names import DRUG_SPELLINGS, ROUTE_SPELLINGS, Drug, Route
from ketaref.reports.base import Caution


def parse_route(dataset: Dataset, text: str) -> Route:
    """Return the route with exactly this name, case ignored."""
    name = _folded(text)
    if name in ROUTE_SPELLINGS:
        return ROUTE_SPELLINGS[name]
    for left_out in dataset.not_included:
        if name in (left_out.name, *left_out.also):
            raise _not_included(left_out)
    raise InputError(
        ErrorCode.ROUTE_UNKNOWN,
        f'route "{echo(text)}" is not in the table; known: {", ".join(ROUTE_SPELLINGS)}',
        question(name, ROUTE_SPELLINGS),
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


def rows_for(
    dataset: Dataset, routes: Iterable[Route], drug: Drug | None
) -> tuple[tuple[DoseRow, ...], tuple[Caution, ...]]:
    """Return the rows of the routes named, or of every route; and which the drug leaves out.

    A drug that is not a named row's is refused.
    """
    named = tuple(dict.fromkeys(routes))
    if named:
        rows = tuple(row for row in dataset.rows if row.route in named)
        for row in rows:
            refuse_other_drug(row, drug)
        return rows, ()
    rows = tuple(row for row in dataset.rows if drug in (None, row.drug))
    left_out = tuple(
        Caution(
            code=CautionCode.ROW_LEFT_OUT,
            text=f"{row.route.full_name} is left out: that row is {row.drug.full_name}.",
        )
        for row in dataset.rows
        if row not in rows
    )
    return rows, left_out


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


def _not_included(left_out: NotIncluded) -> InputError:
    return InputError(
        ErrorCode.ROUTE_NOT_INCLUDED,
        f"{left_out.name} is not included, because {left_out.reason}",
        f"known: {', '.join(ROUTE_SPELLINGS)}",
    )
