"""Which column of a table is what: names as they are, or mapped; what an audit adds."""

import re
from typing import NamedTuple

from ketaref.errors import ErrorCode, InputError, echo

NEEDED = ("route", "drug", "dose", "dose_unit", "weight", "weight_unit")
OPTIONAL = ("duration_min", "indication", "age_years")
NUMERIC = ("dose", "weight", "duration_min", "age_years")
FIELDS = (*NEEDED, *OPTIONAL)

ADDED = (
    "ketaref_class",
    "ketaref_reason",
    "ketaref_row",
    "ketaref_low_mg",
    "ketaref_high_mg",
    "ketaref_data_version",
    "ketaref_cautions",
    "ketaref_notice",
)
LOCAL_ADDED = (
    "ketaref_local_class",
    "ketaref_local_reason",
    "ketaref_local_row",
    "ketaref_local_low_mg",
    "ketaref_local_high_mg",
    "ketaref_local_protocol",
    "ketaref_local_cautions",
)

_NAMED = 30  # columns that a message lists
_A_NUMBER = re.compile(r"\s*[+-]?\d+([.,]\d+)?\s*")


def is_added(name: str) -> bool:
    """Return whether a column of that name is one that an audit adds."""
    return name.lower() in (*ADDED, *LOCAL_ADDED)


class Columns(NamedTuple):
    """Which column of the table is what, which hold floating numbers, and which pass through."""

    names: dict[str, str]
    floating: frozenset[str] = frozenset()
    through: tuple[str, ...] = ()


def parse_columns(text: str | None) -> dict[str, str]:
    """Read ``dose=amount,dose_unit=uom`` as the columns' own names of what an audit reads."""
    names: dict[str, str] = {}
    for part in (text or "").split(",") if text else ():
        field, sign, name = (piece.strip() for piece in part.partition("="))
        if field not in FIELDS or not sign or not name or field in names:
            raise InputError(
                ErrorCode.AUDIT_COLUMNS,
                f'--columns "{echo(part)}" is not read: each part is NAME=COLUMN, once; names: '
                f"{', '.join(FIELDS)}",
                "for example: --columns dose=amount,dose_unit=uom",
            )
        names[field] = name
    return names


def refuse_shared(names: dict[str, str]) -> None:
    """Refuse one column for two of the things that an audit reads."""
    for shared in names.values():
        fields = [field for field, name in names.items() if name == shared]
        if len(fields) > 1:
            raise InputError(
                ErrorCode.AUDIT_COLUMNS,
                f"one column, {echo(shared)}, is named for {' and '.join(fields)}",
            )


def _listed(found: tuple[str, ...]) -> str:
    if any(_A_NUMBER.fullmatch(name) for name in found):  # then it is a line of somebody's data
        return "its first line holds numbers: is the line with the names of the columns missing?"
    more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    return f"found: {', '.join(map(echo, found[:_NAMED])) or 'none'}{more}"


def columns_of(found: tuple[str, ...], mapped: dict[str, str]) -> Columns:
    """Return which of the columns found is what; a needed one that is not there is refused."""
    # Case is ignored, as an engine does; a name that was mapped is taken by its own case first.
    lower = {name.lower(): name for name in found}
    names = {
        field: name if name in found else lower.get(name.lower(), name)
        for field in FIELDS
        for name in [mapped.get(field, field)]
        if field in NEEDED or field in mapped or name in lower
    }
    missing = [
        f"{field} (as {name})" if field != name else field
        for field, name in names.items()
        if name not in found
    ]
    if missing:
        raise InputError(
            ErrorCode.AUDIT_COLUMNS,
            f"the table has no column for {', '.join(missing)}; {_listed(found)}",
            "name another with --columns, such as --columns dose=amount",
        )
    refuse_shared(names)
    taken = [name for name in found if is_added(name)]
    if taken:
        raise InputError(
            ErrorCode.AUDIT_COLUMNS,
            f"the table has columns that an audit adds: {', '.join(taken)}",
            "rename them, or audit the table as it was before",
        )
    return Columns(names, through=found)
