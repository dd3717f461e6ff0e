"""How a cell is read: a word by the tables of spellings, a number as a decimal of 19 digits.

What an engine may read in its own way (a word, a number) is bounded by a regular expression before
it is cast, without a backslash, and with a sentinel, since Java's `$` also matches before a final
line break.
"""

from sqlglot import exp

from ketaref.audit.columns import Columns
from ketaref.audit.dialect import Expression
from ketaref.audit.rules import DECIMALS, FLOATING_BELOW, WHOLE_DIGITS
from ketaref.model.names import DRUG_SPELLINGS
from ketaref.units.registry import KG_PER_LB, LB_PER_STONE
from ketaref.units.spellings import DOSE_UNITS, WEIGHT_UNITS, Unit, case_matters

SCALE = 10**8  # a pound is a whole number of 10^-8 kg, and a stone too
_MCG_PER = {"mcg": 1, "mg": 1_000, "g": 1_000_000}
KG_SCALED = {
    "kg": SCALE,
    "lb": int(KG_PER_LB * SCALE),
    "st": int(KG_PER_LB * SCALE) * LB_PER_STONE,
}
# Blank, tab, line breaks, and the spaces that come with what is copied. A closed list: engines do
# not agree on what white space is.
_SPACES = (32, 9, 10, 13, 0xA0, 0x2009, 0x202F)
# Zeros after the last decimal change nothing: a column may have 18 decimals.
_NUMBER = f"^(0|[1-9][0-9]{{0,{WHOLE_DIGITS - 1}}})([.][0-9]{{1,{DECIMALS}}}0{{0,29}})?[|]$"
_LONG_NUMBER = "^[0-9]+([.][0-9]+)?[|]$"
_ZERO = "^0([.]0+)?[|]$"
_WHOLE = "^[0-9]+([.]0+)?[|]$"

_MAY_BE_ZERO = ("duration_min", "age_years")
NUMBERS = (
    "route_word",
    "drug_word",
    "drug_name",
    "dose_word",
    "dose_unit_word",
    "weight_word",
    "weight_unit_word",
    "dose_number",
    "dose_factor",
    "weight_number",
    "weight_factor",
    "duration_word",
    "duration_number",
    "age_word",
    "age_number",
)
WORDS = ("route", "drug", "dose_unit", "weight_unit")


def column_of(name: str) -> exp.Column:
    """Return a column of the table, by its name as it is."""
    return exp.column(exp.to_identifier(name, quoted=True))


def part(name: str) -> exp.Column:
    """Return a column of a stage of the query."""
    return exp.column(name)


def as_read(field: str, columns: Columns) -> Expression:
    """Return a cell as trimmed text, or as a floating number."""
    column = column_of(columns.names[field])
    if field in columns.floating:
        return exp.cast(column, "DOUBLE")
    spaces: Expression = exp.Literal.string("")
    for space in _SPACES:
        code = exp.Chr(expressions=[exp.Literal.number(space)])
        spaces = exp.DPipe(this=spaces, expression=code)
    return exp.Trim(this=exp.cast(column, "TEXT"), expression=spaces, position="BOTH")


def text_of(field: str) -> exp.Column:
    """Return what `as_read` gave."""
    return part(f"{field}_text")


def number_columns(columns: Columns) -> list[Expression]:
    """Return the words by the names that the table of spellings has, and the numbers."""
    found = {
        **{f"{field}_word": part(f"{field}_word") for field in WORDS},
        "drug_name": _drug(),
        "dose_factor": _factor("dose_unit", DOSE_UNITS, _MCG_PER, SCALE, "DECIMAL(15, 0)"),
        "weight_factor": _factor("weight_unit", WEIGHT_UNITS, KG_SCALED, 1, "DECIMAL(9, 0)"),
    }
    for field, name in (
        ("dose", "dose"),
        ("weight", "weight"),
        ("duration_min", "duration"),
        ("age_years", "age"),
    ):
        found[f"{name}_word"] = _number_state(field, columns)
        found[f"{name}_number"] = _number(field, columns)
    return [exp.alias_(found[name], name) for name in NUMBERS]


def _drug() -> Expression:
    # OR, not IN: DuckDB turns a longer IN into a join, which loses the order of the rows.
    case = exp.Case()
    for drug in dict.fromkeys(DRUG_SPELLINGS.values()):
        words = [word for word, named in DRUG_SPELLINGS.items() if named is drug]
        spelled = exp.or_(*(_spelled("drug", word) for word in words))
        case = case.when(spelled, exp.Literal.string(drug.value), copy=False)
    return case


def _spelled(field: str, word: str) -> Expression:
    """Return whether a word is spelled so, in any case but where the case has a meaning."""
    if case_matters(word):
        return text_of(field).eq(word)
    return part(f"{field}_word").eq(word.lower())


def _factor(
    field: str,
    units: tuple[Unit, ...],
    factors: dict[str, int],
    scale: int,
    type_: str,
) -> Expression:
    case = exp.Case()
    for unit in units:
        spelled = [_spelled(field, word) for word in unit.spellings]
        factor = decimal(factors[unit.symbol] * scale, type_)
        case = case.when(exp.or_(*spelled), factor, copy=False)
    return case


def decimal(value: int | str, type_: str) -> Expression:
    """Return a number of exactly this type."""
    return exp.cast(exp.Literal.string(str(value)), type_)


def _matches(field: str, pattern: str) -> Expression:
    marked = exp.DPipe(this=text_of(field), expression=exp.Literal.string("|"))
    return exp.RegexpLike(this=marked, expression=exp.Literal.string(pattern))


def _number_state(field: str, columns: Columns) -> Expression:
    """Return how a number was found: missing, unread, too long, whole or read."""
    if field not in columns.names:
        return exp.Literal.string("missing")
    text = text_of(field)
    may_be_zero = field in _MAY_BE_ZERO
    missing: Expression = text.copy().is_(exp.null())
    case = exp.Case()
    if field in columns.floating:
        case = case.when(missing, exp.Literal.string("missing"))
        case = case.when(_in_reach(text, may_be_zero=may_be_zero), _read_or_whole(_is_whole(text)))
        large = exp.and_(text.copy() >= FLOATING_BELOW, text.copy() < _double("1e300"))
        case = case.when(large, exp.Literal.string("long"))
        return case.else_(exp.Literal.string("unread"))
    case = case.when(exp.or_(missing, text.copy().eq("")), exp.Literal.string("missing"))
    if not may_be_zero:
        case = case.when(_matches(field, _ZERO), exp.Literal.string("unread"))
    case = case.when(_matches(field, _NUMBER), _read_or_whole(_matches(field, _WHOLE)))
    case = case.when(_matches(field, _LONG_NUMBER), exp.Literal.string("long"))
    return case.else_(exp.Literal.string("unread"))


def _read_or_whole(whole: Expression) -> Expression:
    read = exp.Literal.string("read")
    return exp.Case().when(whole, exp.Literal.string("whole")).else_(read)


def _double(text: str) -> Expression:
    return exp.cast(exp.Literal.string(text), "DOUBLE")


def _in_reach(text: exp.Column, *, may_be_zero: bool) -> Expression:
    # Half of the last decimal: what is nearer to 0 is not positive to 9 decimals.
    least = text.copy() >= _double("0" if may_be_zero else "0.5e-9")
    return exp.and_(least, text.copy() < FLOATING_BELOW)


def _is_whole(text: exp.Column) -> Expression:
    return exp.Floor(this=text.copy()).eq(text.copy())


def _number(field: str, columns: Columns) -> Expression:
    """Return the number as a decimal of 19 digits, 9 of them after the point; or null."""
    number_type = f"DECIMAL({WHOLE_DIGITS + DECIMALS}, {DECIMALS})"
    if field not in columns.names:
        return exp.cast(exp.null(), number_type)
    text = text_of(field)
    if field in columns.floating:
        scaled = exp.Add(
            this=exp.Mul(this=text.copy(), expression=_double("1e9")), expression=_double("0.5")
        )
        whole = exp.cast(exp.cast(exp.Floor(this=scaled), "BIGINT"), "DECIMAL(19, 0)")
        number = exp.Mul(this=whole, expression=decimal("0.000000001", "DECIMAL(9, 9)"))
        return exp.Case().when(
            _in_reach(text, may_be_zero=field in _MAY_BE_ZERO), exp.cast(number, number_type)
        )
    return exp.Case().when(_matches(field, _NUMBER), exp.cast(text.copy(), number_type))
