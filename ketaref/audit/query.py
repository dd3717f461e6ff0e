"""The query: one tree, built from the rows, written in the dialect of each engine.

Nothing in it is rounded. Each side of a comparison has one factor with 9 decimals, and the others
are whole numbers: the dose in 10^-8 micrograms, and the bound in the same. What an engine may read
in its own way (a word, a number) is bounded by a regular expression before it is cast, without a
backslash, and with a sentinel, since Java's `$` also matches before a final line break.
"""

from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase
from typing import TypeAlias

from sqlglot import exp

from ketaref.audit.rules import (
    ADDED,
    DECIMALS,
    FLOATING_BELOW,
    LOCAL_ADDED,
    WHOLE_DIGITS,
    Columns,
    Klass,
    Reason,
    Rule,
    RuleSet,
)
from ketaref.model.names import DRUG_SPELLINGS
from ketaref.reports.base import LABEL
from ketaref.units.parse import (
    WEIGHT_LEAST_KG,
    WEIGHT_MOST_KG,
    WEIGHT_USUAL_FROM_KG,
    WEIGHT_USUAL_TO_KG,
)
from ketaref.units.registry import KG_PER_LB, LB_PER_STONE
from ketaref.units.spellings import DOSE_UNITS, WEIGHT_UNITS, Unit, case_matters

Expression: TypeAlias = exp.Expr

DIALECTS = ("duckdb", "postgres", "spark")

_SCALE = 10**8  # a pound is a whole number of 10^-8 kg, and a stone too
_MCG_PER = {"mcg": 1, "mg": 1_000, "g": 1_000_000}
_KG_SCALED = {
    "kg": _SCALE,
    "lb": int(KG_PER_LB * _SCALE),
    "st": int(KG_PER_LB * _SCALE) * LB_PER_STONE,
}
# Blank, tab, line breaks, and the spaces that come with what is copied. A closed list: engines do
# not agree on what white space is.
_SPACES = (32, 9, 10, 13, 0xA0, 0x2009, 0x202F)
# Zeros after the last decimal change nothing: a column may have 18 decimals.
_NUMBER = f"^(0|[1-9][0-9]{{0,{WHOLE_DIGITS - 1}}})([.][0-9]{{1,{DECIMALS}}}0{{0,29}})?[|]$"
_LONG_NUMBER = "^[0-9]+([.][0-9]+)?[|]$"
_ZERO = "^0([.]0+)?[|]$"
_WHOLE = "^[0-9]+([.]0+)?[|]$"


def classified(
    table: exp.Expression, columns: Columns, sets: Iterable[RuleSet], *, internal: bool = False
) -> exp.Select:
    """Return the query that gives every row of a table its class, and passes its columns through.

    ``internal`` gives what a report counts by instead of the columns.
    """
    sets = tuple(sets)
    said = _words(table, columns)
    words = _folded(columns)
    numbers = _stage("words", columns, _numbers(columns))
    bounded = _stage("numbers", columns, [e for s in sets for e in _bounds(s)], keep=_NUMBERS)
    kept = (*_NUMBERS, *(f"{s.prefix}_{name}" for s in sets for name in _BOUNDS))
    sided = _stage("bounded", columns, [e for s in sets for e in _sides(s)], keep=kept)
    kept = (*kept, *(f"{s.prefix}_{name}" for s in sets for name in _SIDES))
    reasoned = _stage("sided", columns, [_reason(s) for s in sets], keep=kept)
    final = _counted(sets) if internal else _final(columns, sets)
    query = exp.select(*final).from_("reasoned")
    for name, stage in (
        ("said", said),
        ("words", words),
        ("numbers", numbers),
        ("bounded", bounded),
        ("sided", sided),
        ("reasoned", reasoned),
    ):
        query = query.with_(name, as_=stage)
    return query


def sql(query: exp.Expression, dialect: str) -> str:
    """Return the query as an engine's own text."""
    if dialect == "postgres":
        # It would write each stage into the next, and compute every number some thirty times.
        query = query.copy()
        for cte in query.find_all(exp.CTE):
            if cte.alias in ("numbers", "sided"):
                cte.set("materialized", True)  # noqa: FBT003 - sqlglot's own way
    if dialect == "spark":
        query = query.transform(_wide)
    return query.sql(dialect=dialect, pretty=True)


_ONE_BYTE = 255


def _wide(node: exp.Expression) -> exp.Expression:
    """Return a character as Spark can write it: its CHR takes the remainder by 256."""
    if not isinstance(node, exp.Chr) or (code := int(node.expressions[0].name)) <= _ONE_BYTE:
        return node
    octets = exp.Literal.string(chr(code).encode().hex().upper())
    return exp.Decode(this=exp.Unhex(this=octets), charset=exp.Literal.string("UTF-8"))


# ------------------------------------------------------------------ the stages


_MAY_BE_ZERO = ("duration_min", "age_years")
_WORDS = ("route", "drug", "dose_unit", "weight_unit")
_NUMBERS = (
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
_BOUNDS = ("row", "low_mcg", "high_mcg", "per_kg", "cap")
_SIDES = ("low", "high", "kg", "dose")


def _column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))


def _word(name: str) -> exp.Column:
    return exp.column(name)


def _stage(
    source: str, columns: Columns, added: list[Expression], keep: tuple[str, ...] = ()
) -> exp.Select:
    through = [_word(f"through_{number}") for number, _ in enumerate(columns.through)]
    return exp.select(*through, *map(_word, keep), *added).from_(source)


def _words(table: exp.Expression, columns: Columns) -> exp.Select:
    """Return what the table says as trimmed text, or as a floating number."""
    through = [
        exp.alias_(_column(name), f"through_{number}")
        for number, name in enumerate(columns.through)
    ]
    said = [
        exp.alias_(_as_read(field, columns), f"{field}_text")
        for field in columns.names
        if field != "indication"
    ]
    return exp.select(*through, *said).from_(table)


def _as_read(field: str, columns: Columns) -> Expression:
    column = _column(columns.names[field])
    if field in columns.floating:
        return exp.cast(column, "DOUBLE")
    spaces: Expression = exp.Literal.string("")
    for space in _SPACES:
        code = exp.Chr(expressions=[exp.Literal.number(space)])
        spaces = exp.DPipe(this=spaces, expression=code)
    return exp.Trim(this=exp.cast(column, "TEXT"), expression=spaces, position="BOTH")


def _folded(table: Columns) -> exp.Select:
    """Return the words with ASCII capitals lowered, and no others.

    An engine's own LOWER makes a k of the Kelvin sign, an i of the dotted capital, or by a Turkish
    setting no i of a capital I; and Spark takes away an UPPER that would find out.
    """
    capitals, small = (exp.Literal.string(each) for each in (ascii_uppercase, ascii_lowercase))
    words = [
        exp.alias_(exp.Translate(this=_text(field), from_=capitals, to=small), f"{field}_word")
        for field in _WORDS
    ]
    kept = tuple(f"{field}_text" for field in table.names if field != "indication")
    return _stage("said", table, words, keep=kept)


def _text(field: str) -> exp.Column:
    return _word(f"{field}_text")


def _numbers(columns: Columns) -> list[Expression]:
    """Return the words by the names that the table of spellings has, and the numbers."""
    found = {
        **{f"{field}_word": _word(f"{field}_word") for field in _WORDS},
        "drug_name": _drug(),
        "dose_factor": _factor("dose_unit", DOSE_UNITS, _MCG_PER, _SCALE, "DECIMAL(15, 0)"),
        "weight_factor": _factor("weight_unit", WEIGHT_UNITS, _KG_SCALED, 1, "DECIMAL(9, 0)"),
    }
    for field, name in (
        ("dose", "dose"),
        ("weight", "weight"),
        ("duration_min", "duration"),
        ("age_years", "age"),
    ):
        found[f"{name}_word"] = _number_state(field, columns)
        found[f"{name}_number"] = _number(field, columns)
    return [exp.alias_(found[name], name) for name in _NUMBERS]


def _drug() -> Expression:
    # OR, not IN: DuckDB turns a longer IN into a join, which loses the order of the rows.
    case = exp.Case()
    for drug in dict.fromkeys(DRUG_SPELLINGS.values()):
        words = [word for word, named in DRUG_SPELLINGS.items() if named is drug]
        spelled = exp.or_(*(_spelled("drug", word) for word in words))
        case = case.when(spelled, exp.Literal.string(drug.value))
    return case


def _spelled(field: str, word: str) -> Expression:
    """Return whether a word is spelled so, in any case but where the case has a meaning."""
    if case_matters(word):
        return _text(field).eq(word)
    return _word(f"{field}_word").eq(word.lower())


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
        case = case.when(exp.or_(*spelled), _decimal(factors[unit.symbol] * scale, type_))
    return case


def _decimal(value: int, type_: str) -> Expression:
    return exp.cast(exp.Literal.string(str(value)), type_)


def _matches(field: str, pattern: str) -> Expression:
    marked = exp.DPipe(this=_text(field), expression=exp.Literal.string("|"))
    return exp.RegexpLike(this=marked, expression=exp.Literal.string(pattern))


def _number_state(field: str, columns: Columns) -> Expression:
    """Return how a number was found: missing, unread, too long, whole or read."""
    if field not in columns.names:
        return exp.Literal.string("missing")
    text = _text(field)
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
    decimal = f"DECIMAL({WHOLE_DIGITS + DECIMALS}, {DECIMALS})"
    if field not in columns.names:
        return exp.cast(exp.null(), decimal)
    text = _text(field)
    if field in columns.floating:
        scaled = exp.Add(
            this=exp.Mul(this=text.copy(), expression=_double("1e9")), expression=_double("0.5")
        )
        whole = exp.cast(exp.cast(exp.Floor(this=scaled), "BIGINT"), "DECIMAL(19, 0)")
        number = exp.Mul(this=whole, expression=_decimal_text("0.000000001", "DECIMAL(9, 9)"))
        return exp.Case().when(
            _in_reach(text, may_be_zero=field in _MAY_BE_ZERO), exp.cast(number, decimal)
        )
    return exp.Case().when(_matches(field, _NUMBER), exp.cast(text.copy(), decimal))


def _decimal_text(text: str, type_: str) -> Expression:
    return exp.cast(exp.Literal.string(text), type_)


def _bounds(rules: RuleSet) -> list[Expression]:
    """Return which row a line is about, and its bounds in whole micrograms."""
    chosen = {name: exp.Case() for name in _BOUNDS}
    for rule in rules.rules:
        fits = exp.and_(_route_is(rules, rule), _word("drug_name").eq(rule.drug.value))
        values: dict[str, Expression] = {
            "row": exp.Literal.string(rule.name),
            "low_mcg": _decimal(rule.low_mcg, "DECIMAL(8, 0)"),
            "high_mcg": _decimal(rule.high_mcg, "DECIMAL(8, 0)"),
            "per_kg": exp.Literal.string("yes" if rule.per_kg else "no"),
        }
        if rule.cap_mcg is not None:
            values["cap"] = _decimal(rule.cap_mcg * _SCALE, "DECIMAL(38, 9)")
        for name, value in values.items():
            chosen[name] = chosen[name].when(fits.copy(), value)
    if not chosen["cap"].args.get("ifs"):
        chosen["cap"] = exp.cast(exp.null(), "DECIMAL(38, 9)")  # type: ignore[assignment]
    return [exp.alias_(case, f"{rules.prefix}_{name}") for name, case in chosen.items()]


def _route_is(rules: RuleSet, rule: Rule) -> Expression:
    words = [word for word, route in rules.routes.items() if route is rule.route]
    return exp.or_(*(_word("route_word").eq(word) for word in words))


def _sides(rules: RuleSet) -> list[Expression]:
    """Return both sides in 10^-8 micrograms: the dose, and the bounds for the weight."""
    prefix = rules.prefix
    per_kg = _word(f"{prefix}_per_kg").eq("yes")
    one = _decimal(1, f"DECIMAL({WHOLE_DIGITS + DECIMALS}, {DECIMALS})")
    scale = _decimal(_SCALE, "DECIMAL(9, 0)")
    number = exp.Case().when(per_kg, _plausible()).else_(one)
    factor = exp.Case().when(per_kg.copy(), _word("weight_factor")).else_(scale)
    kg = exp.Mul(this=exp.Paren(this=number), expression=exp.Paren(this=factor))
    cap = _word(f"{prefix}_cap")

    def bound(name: str) -> Expression:
        side = exp.Mul(this=kg.copy(), expression=_word(f"{prefix}_{name}_mcg"))
        if all(rule.cap_mcg is None for rule in rules.rules):
            return side
        return exp.Case().when(side > cap.copy(), cap.copy()).else_(side.copy())

    weighed = exp.Mul(this=_word("weight_number"), expression=_word("weight_factor"))
    dose = exp.Mul(this=_word("dose_number"), expression=_word("dose_factor"))
    sides = {"low": bound("low"), "high": bound("high"), "kg": weighed, "dose": dose}
    return [exp.alias_(sides[name], f"{prefix}_{name}") for name in _SIDES]


def _plausible() -> Expression:
    """Return the weight where it is plausible, else null: what is not would not fit a product."""
    weighed = exp.Mul(this=_word("weight_number"), expression=_word("weight_factor"))
    return exp.Case().when(
        _within(weighed, WEIGHT_LEAST_KG, WEIGHT_MOST_KG), _word("weight_number")
    )


def _within(weighed: Expression, least: int, most: int) -> Expression:
    scaled = [_decimal(kg * _SCALE, "DECIMAL(28, 9)") for kg in (least, most)]
    return exp.and_(
        exp.Paren(this=weighed) >= scaled[0], exp.Paren(this=weighed.copy()) <= scaled[1]
    )


def _reason(rules: RuleSet) -> Expression:
    prefix = rules.prefix
    routes = {rule.route for rule in rules.rules}
    known = [word for word, route in rules.routes.items() if route in routes]
    per_kg = _word(f"{prefix}_per_kg").eq("yes")
    weight_used = [
        (Reason.WEIGHT_MISSING, _word("weight_word").eq("missing")),
        (Reason.WEIGHT_UNREAD, _word("weight_word").eq("unread")),
        (Reason.WEIGHT_DIGITS, _word("weight_word").eq("long")),
        (Reason.WEIGHT_UNIT_MISSING, _missing("weight_unit_word")),
        (Reason.WEIGHT_UNIT_UNKNOWN, _word("weight_factor").is_(exp.null())),
        (
            Reason.STONE_NOT_WHOLE,
            exp.and_(
                _word("weight_factor").eq(_decimal(_KG_SCALED["st"], "DECIMAL(9, 0)")),
                _word("weight_word").neq("whole"),
            ),
        ),
        (
            Reason.WEIGHT_IMPLAUSIBLE,
            exp.not_(_within(_word(f"{prefix}_kg"), WEIGHT_LEAST_KG, WEIGHT_MOST_KG)),
        ),
    ]
    tests: list[tuple[Reason, Expression]] = [
        (Reason.ROUTE_MISSING, _missing("route_word")),
        (Reason.ROUTE_UNKNOWN, exp.and_(*(_word("route_word").neq(word) for word in known))),
        (Reason.DRUG_MISSING, _missing("drug_word")),
        (Reason.DRUG_UNKNOWN, _word("drug_name").is_(exp.null())),
        (Reason.DRUG_OTHER, _word(f"{prefix}_row").is_(exp.null())),
        (Reason.AGE_UNREAD, exp.or_(_word("age_word").eq("unread"), _word("age_word").eq("long"))),
        (Reason.UNDER_18, _word("age_number") < _decimal(18, "DECIMAL(19, 9)")),
        (Reason.DOSE_MISSING, _word("dose_word").eq("missing")),
        (Reason.DOSE_UNREAD, _word("dose_word").eq("unread")),
        (Reason.DOSE_DIGITS, _word("dose_word").eq("long")),
        (Reason.DOSE_UNIT_MISSING, _missing("dose_unit_word")),
        (Reason.DOSE_UNIT_UNKNOWN, _word("dose_factor").is_(exp.null())),
        *((reason, exp.and_(per_kg.copy(), test)) for reason, test in weight_used),
    ]
    case = exp.Case()
    for reason, test in tests:
        case = case.when(test, exp.Literal.string(reason.value))
    return exp.alias_(case, f"{prefix}_reason")


def _missing(word: str) -> Expression:
    return exp.or_(_word(word).is_(exp.null()), _word(word).eq(""))


def _class(prefix: str) -> Expression:
    dose, low, high = (_word(f"{prefix}_{name}") for name in ("dose", "low", "high"))
    case = exp.Case()
    reason = _word(f"{prefix}_reason")
    case = case.when(exp.not_(reason.is_(exp.null())), exp.Literal.string(Klass.NOT_ASSESSABLE))
    case = case.when(dose.copy() < low, exp.Literal.string(Klass.BELOW))
    case = case.when(dose.copy() > high, exp.Literal.string(Klass.ABOVE))
    return case.else_(exp.Literal.string(Klass.INSIDE))


def _in_mg(prefix: str, name: str) -> Expression:
    """Return a bound in mg, exactly: 10^-8 micrograms are 10^-11 mg."""
    narrow = exp.cast(_word(f"{prefix}_{name}"), "DECIMAL(26, 9)")
    mg = exp.Mul(this=narrow, expression=_decimal_text("0.00000000001", "DECIMAL(11, 11)"))
    assessed = _word(f"{prefix}_reason").is_(exp.null())
    return exp.Case().when(assessed, exp.cast(mg, "DECIMAL(38, 20)"))


def _final(columns: Columns, sets: tuple[RuleSet, ...]) -> list[Expression]:
    chosen = [
        exp.alias_(_word(f"through_{number}"), name, quoted=True)
        for number, name in enumerate(columns.through)
    ]
    for rules, names in zip(sets, (ADDED, LOCAL_ADDED), strict=False):
        prefix = rules.prefix
        values = (
            _class(prefix),
            _word(f"{prefix}_reason"),
            _word(f"{prefix}_row"),
            _in_mg(prefix, "low"),
            _in_mg(prefix, "high"),
            exp.Literal.string(rules.version),
            exp.Literal.string(LABEL),
        )
        chosen += [exp.alias_(value, name) for name, value in zip(names, values, strict=False)]
    return chosen


def _counted(sets: tuple[RuleSet, ...]) -> list[Expression]:
    """Return what a report groups by: class, reason, row, how far, duration, weight."""
    chosen = []
    for rules in sets:
        prefix = rules.prefix
        chosen += [
            exp.alias_(_class(prefix), f"{prefix}_class"),
            _word(f"{prefix}_reason"),
            exp.alias_(_row_or_route(rules), f"{prefix}_row"),
            exp.alias_(_far(prefix), f"{prefix}_far"),
            exp.alias_(_timed(rules), f"{prefix}_timed"),
        ]
    usual = _within(_word(f"{sets[0].prefix}_kg"), WEIGHT_USUAL_FROM_KG, WEIGHT_USUAL_TO_KG)
    used = _word(f"{sets[0].prefix}_per_kg").eq("yes")
    unusual = exp.Case().when(exp.and_(used, exp.not_(usual)), exp.Literal.string("unusual"))
    return [*chosen, exp.alias_(unusual.else_(exp.Literal.string("usual")), "weight_is")]


def _row_or_route(rules: RuleSet) -> Expression:
    """Return the row's name; where the drug does not fit, the route all the same."""
    case = exp.Case()
    for rule in rules.rules:
        case = case.when(_route_is(rules, rule), exp.Literal.string(rule.name))
    row = _word(f"{rules.prefix}_row")
    return exp.Coalesce(this=row, expressions=[case])


FAR = ((25, "within 2.5"), (50, "within 5"), (100, "within 10"))  # per mille of the bound


def _far(prefix: str) -> Expression:
    """Return how far outside a dose lies, in percent of the bound that it passes."""
    dose, low, high = (_word(f"{prefix}_{name}") for name in ("dose", "low", "high"))
    case = exp.Case()
    case = case.when(exp.not_(_word(f"{prefix}_reason").is_(exp.null())), exp.null())
    case = case.when(exp.and_(dose.copy() >= low.copy(), dose.copy() <= high.copy()), exp.null())
    # Twice the bound or more: not multiplied further, since it might not fit.
    case = case.when(
        dose.copy() > exp.Mul(this=_narrow(high), expression=_thousandths(2)),
        exp.Literal.string("more"),
    )
    for share, name in FAR:
        above = exp.Mul(this=_narrow(dose), expression=_thousandths(1000)) <= exp.Mul(
            this=_narrow(high), expression=_thousandths(1000 + share)
        )
        below = exp.Mul(this=_narrow(dose), expression=_thousandths(1000)) >= exp.Mul(
            this=_narrow(low), expression=_thousandths(1000 - share)
        )
        outside = exp.or_(
            exp.and_(dose.copy() > high.copy(), above), exp.and_(dose.copy() < low.copy(), below)
        )
        case = case.when(outside, exp.Literal.string(name))
    return case.else_(exp.Literal.string("more"))


def _narrow(column: exp.Column) -> Expression:
    return exp.cast(column.copy(), "DECIMAL(30, 9)")


def _thousandths(value: int) -> Expression:
    return _decimal(value, "DECIMAL(4, 0)")


def _timed(rules: RuleSet) -> Expression:
    """Return whether the duration was given, and was inside the one of the row."""
    timed = [rule for rule in rules.rules if rule.minutes]
    if not timed:
        return exp.Literal.string("not stated")
    case = exp.Case()
    row, minutes = _word(f"{rules.prefix}_row"), _word("duration_number")
    for rule in timed:
        low, high = rule.minutes or (0, 0)
        this = row.copy().eq(rule.name)
        missing = _word("duration_word").eq("missing")
        case = case.when(exp.and_(this, missing), exp.Literal.string("no"))
        unread = exp.and_(this.copy(), minutes.copy().is_(exp.null()))
        case = case.when(unread, exp.Literal.string("unread"))
        ends = [_decimal_text(f"{float(end):g}", "DECIMAL(19, 9)") for end in (low, high)]
        inside = exp.and_(this.copy(), minutes.copy() >= ends[0], minutes.copy() <= ends[1])
        case = case.when(inside, exp.Literal.string("inside"))
        case = case.when(this.copy(), exp.Literal.string("outside"))
    return case.else_(exp.Literal.string("not stated"))
