"""What an audit decides with: the rows as whole numbers, the classes, the reasons."""

from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ketaref.errors import ErrorCode, InputError
from ketaref.model.dose_row import Basis, RangeRow
from ketaref.model.names import ROUTE_SPELLINGS, Drug, Route
from ketaref.ranges.caution import Caution
from ketaref.ranges.library import Library
from ketaref.ranges.row import Origin

if TYPE_CHECKING:
    from ketaref.protocol.model import Protocol

# Numbers of a table are read with so many digits before and after the point: what a decimal of 19
# digits holds, so that no product of three has more than 38, the most that all engines hold.
WHOLE_DIGITS, DECIMALS = 10, 9

# A floating column is read as the nearest number with 9 decimals. Up to here that is the number
# that was meant: 9 decimals of it are still a whole number below 2 to the power of 53.
FLOATING_BELOW = 9_000_000

MOST_PER_KG = 1_000  # mg/kg, in a protocol's row: beyond it a product would not fit


class Classification(StrEnum):
    """Where a dose lies, or that this cannot be said."""

    BELOW = "below"
    INSIDE = "inside"
    BETWEEN = "between"
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


class Rule(NamedTuple):
    """One row as the query needs it: micrograms, so that every factor is a whole number."""

    name: str
    route: Route
    drug: Drug
    per_kg: bool
    low_mcg: int
    high_mcg: int
    maximum_mcg: int | None = None
    step_mcg: int | None = None
    doses_mcg: tuple[int, ...] = ()
    minutes: tuple[Fraction, Fraction] | None = None

    @property
    def may_be_rounded(self) -> bool:
        """Whether what it resolves to may differ from what is calculated and limited."""
        one_value = self.per_kg and (self.low_mcg == self.high_mcg or self.maximum_mcg is not None)
        return self.step_mcg is not None or one_value


class RuleSet(NamedTuple):
    """The rows of one origin, the routes that it knows by name, its name and its cautions."""

    origin: Origin
    rules: tuple[Rule, ...]
    routes: dict[str, Route]
    name: str
    cautions: str = ""  # that the data is overdue, or the protocol has expired

    @property
    def prefix(self) -> str:
        """What the names of the columns that it adds begin with."""
        return "ketaref" if self.origin is Origin.PUBLISHED else "ketaref_local"


def rule_sets(library: Library) -> tuple[RuleSet, ...]:
    """Return the published rows, and a protocol's own if it has any, as rules."""
    dataset, protocol = library.dataset, library.protocol
    spellings = {word: ROUTE_SPELLINGS[word] for word in dataset.route_spellings}
    published = RuleSet(
        Origin.PUBLISHED,
        tuple(_rule(row) for row in dataset.rows),
        spellings,
        dataset.edition.version,
        _text_of(library.overdue()),
    )
    if protocol is None or not protocol.rows:
        return (published,)
    _refuse_ambiguous(protocol)
    _refuse_beyond(protocol)
    local = RuleSet(
        Origin.LOCAL,
        tuple(_rule(row) for row in protocol.rows),
        ROUTE_SPELLINGS,
        protocol.label,
        _text_of(library.expired()),
    )
    return (published, local)


def _text_of(cautions: tuple[Caution, ...]) -> str:
    return " ".join(caution.text for caution in cautions)


def _refuse_ambiguous(protocol: "Protocol") -> None:
    """Refuse two rows of one route and drug: a dose does not say by which of them it was given."""
    seen: dict[tuple[Route, Drug], str] = {}
    for row in protocol.rows:
        key = (row.route, row.drug)
        if key in seen:
            raise InputError(
                ErrorCode.AUDIT_AMBIGUOUS,
                f"rows {seen[key]} and {row.id} of the {protocol.label} are of one route and drug: "
                "an audit cannot tell which of them a dose was given by",
                "audit with a protocol that has one of them",
            )
        seen[key] = row.id


def _refuse_beyond(protocol: "Protocol") -> None:
    for row in protocol.rows:
        if row.basis is Basis.PER_KG and row.high > MOST_PER_KG:
            raise InputError(
                ErrorCode.AUDIT_BEYOND,
                f"row {row.id} of the {protocol.label} is above {MOST_PER_KG:,} mg/kg, the most "
                "that an audit takes",
                "audit with a protocol without that row",
            )


def _rule(row: RangeRow) -> Rule:
    low, high = (Fraction(end) * _MCG_PER_MG for end in (row.low, row.high))
    if low.denominator != 1 or high.denominator != 1:
        raise ValueError(f"row {row.name} has parts of a microgram")
    return Rule(
        name=row.name,
        route=row.route,
        drug=row.drug,
        per_kg=row.basis is Basis.PER_KG,
        low_mcg=int(low),
        high_mcg=int(high),
        maximum_mcg=int(row.maximum.value * _MCG_PER_MG) if row.maximum else None,
        step_mcg=int(row.rounding_step.value * _MCG_PER_MG) if row.rounding_step else None,
        doses_mcg=tuple(int(step * _MCG_PER_MG) for step in row.steps),
        minutes=row.minutes,
    )


_MCG_PER_MG = 1000
