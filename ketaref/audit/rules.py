"""What an audit decides with: the rows as whole numbers, the reasons, the columns."""

import re
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from ketaref.errors import ErrorCode, InputError, echo
from ketaref.model.dataset import Dataset
from ketaref.model.doses import Basis, PublishedDuration, RangeRow
from ketaref.model.names import (
    LOCAL_ROUTE_SPELLINGS,
    ROUTE_SPELLINGS,
    Drug,
    Route,
)
from ketaref.model.protocol import Protocol, ProtocolRow

# Numbers of a table are read with so many digits before and after the point: what a decimal of 19
# digits holds, so that no product of three has more than 38, the most that all engines hold.
WHOLE_DIGITS, DECIMALS = 10, 9

# A floating column is read as the nearest number with 9 decimals. Up to here that is the number
# that was meant: 9 decimals of it are still a whole number below 2 to the power of 53.
FLOATING_BELOW = 9_000_000

_NAMED = 30  # columns that a message lists
_A_NUMBER = re.compile(r"\s*[+-]?\d+([.,]\d+)?\s*")

MOST_PER_KG = 1_000  # mg/kg, in a protocol's row: beyond it a product would not fit


class Klass(StrEnum):
    """Where a dose lies, or that this cannot be said."""

    BELOW = "below"
    INSIDE = "inside"
    ABOVE = "above"
    NOT_ASSESSABLE = "not_assessable"


class Reason(StrEnum):
    """Why a row cannot be assessed: the first that holds, in this order."""

    ROUTE_MISSING = "route missing"
    ROUTE_UNKNOWN = "route not in the table"
    DRUG_MISSING = "drug missing"
    DRUG_UNKNOWN = "drug not in the table"
    DRUG_OTHER = "drug does not fit the row"
    AGE_UNREAD = "age not a number"
    UNDER_18 = "under 18 years"
    DOSE_MISSING = "dose missing"
    DOSE_UNREAD = "dose not a number or not positive"
    DOSE_DIGITS = "dose has too many digits or a leading zero"
    DOSE_UNIT_MISSING = "dose unit missing"
    DOSE_UNIT_UNKNOWN = "dose unit not a mass"
    WEIGHT_MISSING = "weight missing"
    WEIGHT_UNREAD = "weight not a number or not positive"
    WEIGHT_DIGITS = "weight has too many digits or a leading zero"
    WEIGHT_UNIT_MISSING = "weight unit missing"
    WEIGHT_UNIT_UNKNOWN = "weight unit unknown"
    STONE_NOT_WHOLE = "weight in stone not whole"
    WEIGHT_IMPLAUSIBLE = "weight implausible"


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


def is_added(name: str) -> bool:
    """Return whether a column of that name is one that an audit adds."""
    return name.lower() in (*ADDED, *LOCAL_ADDED)


class Rule(NamedTuple):
    """One row as the query needs it: micrograms, so that every factor is a whole number."""

    name: str
    route: Route
    drug: Drug
    per_kg: bool
    low_mcg: int
    high_mcg: int
    cap_mcg: int | None = None
    minutes: tuple[Fraction, Fraction] | None = None


class RuleSet(NamedTuple):
    """The rows of one origin, the routes that it knows by name, its version and its cautions."""

    prefix: str
    rules: tuple[Rule, ...]
    routes: dict[str, Route]
    version: str
    cautions: str = ""  # that the data is overdue, or the protocol has expired


def published_rules(dataset: Dataset) -> RuleSet:
    """Return the published rows as rules."""
    rules = tuple(
        _rule(row, row.route.value)._replace(minutes=_published_minutes(row.duration))
        for row in dataset.rows
    )
    return RuleSet("ketaref", rules, ROUTE_SPELLINGS, dataset.edition.version)


def _published_minutes(over: PublishedDuration) -> tuple[Fraction, Fraction] | None:
    if over.low is None or over.high is None:
        return None
    return Fraction(over.low), Fraction(over.high)


def protocol_rules(protocol: Protocol) -> RuleSet:
    """Return a protocol's rows as rules; two of one route and drug cannot be told apart."""
    seen: dict[tuple[Route, Drug], str] = {}
    rules = []
    for row in protocol.rows:
        key = (row.route, row.drug)
        if key in seen:
            raise InputError(
                ErrorCode.AUDIT_AMBIGUOUS,
                f"rows {seen[key]} and {row.id} of the {protocol.label} are of one route and drug: "
                "an audit cannot tell which of them a dose was given by",
                "audit with a protocol that has one of them",
            )
        if row.basis is Basis.PER_KG and row.high > MOST_PER_KG:
            raise InputError(
                ErrorCode.AUDIT_BEYOND,
                f"row {row.id} of the {protocol.label} is above {MOST_PER_KG:,} mg/kg, the most "
                "that an audit takes",
                "audit with a protocol without that row",
            )
        seen[key] = row.id
        cap = int(row.maximum.value * 1000) if row.maximum else None
        rules.append(_rule(row, row.id)._replace(cap_mcg=cap, minutes=_minutes(row)))
    return RuleSet("ketaref_local", tuple(rules), LOCAL_ROUTE_SPELLINGS, protocol.label)


def _minutes(row: ProtocolRow) -> tuple[Fraction, Fraction] | None:
    if row.duration is None:
        return None
    factor = 60 if row.duration.unit == "h" else 1
    return Fraction(row.duration.low) * factor, Fraction(row.duration.high) * factor


def _rule(row: RangeRow, name: str) -> Rule:
    low, high = (Fraction(end) * 1000 for end in (row.low, row.high))
    if low.denominator != 1 or high.denominator != 1:
        raise ValueError(f"row {name} has parts of a microgram")
    return Rule(name, row.route, row.drug, row.basis is Basis.PER_KG, int(low), int(high))


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
