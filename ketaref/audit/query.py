"""The query: one tree, built from the rows.

Nothing in it is rounded. Each side of a comparison has one factor with 9 decimals, and the others
are whole numbers: the dose in 10^-8 micrograms, and the bound in the same.
"""

from collections.abc import Iterable

from sqlglot import exp

from ketaref.audit.columns import ADDED, LOCAL_ADDED, Columns
from ketaref.audit.dialect import Expression
from ketaref.audit.parsing import (
    KG_SCALED,
    NUMBERS,
    SCALE,
    WORDS,
    as_read,
    column_of,
    decimal,
    number_columns,
    part,
    text_of,
)
from ketaref.audit.resolving import resolving_stages
from ketaref.audit.rules import (
    DECIMALS,
    WHOLE_DIGITS,
    Classification,
    Reason,
    Rule,
    RuleSet,
)
from ketaref.label import LABEL
from ketaref.notation import plain, terminating
from ketaref.units.parse import (
    WEIGHT_LEAST_KG,
    WEIGHT_MOST_KG,
    WEIGHT_USUAL_FROM_KG,
    WEIGHT_USUAL_TO_KG,
)


def classified(
    table: exp.Expression, columns: Columns, sets: Iterable[RuleSet], *, internal: bool = False
) -> exp.Select:
    """Return the query that gives every row of a table its class, and passes its columns through.

    ``internal`` gives what a report counts by instead of the columns.
    """
    sets = tuple(sets)
    query = _Stages(columns)
    query.add("trimmed", _trimmed(table, columns))
    query.add("words", _folded(columns))
    query.keep = NUMBERS
    query.stage("numbers", number_columns(columns), keep=())
    query.stage("bounded", [e for s in sets for e in _bounds(s)])
    query.keep += tuple(f"{s.prefix}_{name}" for s in sets for name in _BOUNDS)
    query.stage("sided", [e for s in sets for e in _sides(s)])
    query.keep += tuple(f"{s.prefix}_{name}" for s in sets for name in _SIDES)
    for rules in sets:
        for name, replaced, expressions in resolving_stages(rules):
            query.stage(name, expressions, drop=replaced)
            query.keep += tuple(e.alias for e in expressions if e.alias not in query.keep)
    query.stage("reasoned", [_reason(s) for s in sets])
    final = _counted(sets) if internal else _final(columns, sets)
    return query.select(final)


class _Stages:
    """The stages of the query, each of which reads the one before it."""

    def __init__(self, columns: Columns) -> None:
        self.through = [f"through_{number}" for number, _ in enumerate(columns.through)]
        self.keep: tuple[str, ...] = ()
        self._stages: list[tuple[str, exp.Select]] = []

    def add(self, name: str, stage: exp.Select) -> None:
        """Add a stage as it is."""
        self._stages.append((name, stage))

    def stage(
        self,
        name: str,
        added: list[Expression],
        *,
        keep: tuple[str, ...] | None = None,
        drop: tuple[str, ...] = (),
    ) -> None:
        """Add a stage that keeps what the one before it has, but for ``drop``, and adds to it."""
        kept = [each for each in (self.keep if keep is None else keep) if each not in drop]
        source = self._stages[-1][0]
        columns = [part(each) for each in (*self.through, *kept)]
        self.add(name, exp.select(*columns, *added).from_(source, copy=False))

    def select(self, final: list[Expression]) -> exp.Select:
        """Return the whole query, with these columns of the last stage."""
        query = exp.select(*final).from_(self._stages[-1][0])
        for name, stage in self._stages:
            query = query.with_(name, as_=stage, copy=False)
        return query


# ------------------------------------------------------------------ the stages


_SIDE_TYPE = "DECIMAL(38, 9)"
_BOUNDS = ("row", "low_mcg", "high_mcg", "per_kg", "maximum", "step")
_SIDES = ("low", "high", "kg", "dose")


def _trimmed(table: exp.Expression, columns: Columns) -> exp.Select:
    """Return what the table says as trimmed text, or as a floating number."""
    through = [
        exp.alias_(column_of(name), f"through_{number}")
        for number, name in enumerate(columns.through)
    ]
    texts = [
        exp.alias_(as_read(field, columns), f"{field}_text")
        for field in columns.names
        if field != "indication"
    ]
    return exp.select(*through, *texts).from_(table, copy=False)


def _folded(table: Columns) -> exp.Select:
    """Return the words in lower case where they are ASCII, and as they are elsewhere.

    An engine's own LOWER makes a k of the Kelvin sign, or an i of the dotted capital; and Spark
    takes away an UPPER that would find that out.
    """
    words = []
    for field in WORDS:
        text = text_of(field)
        is_ascii = exp.ByteLength(this=text).eq(exp.Length(this=text.copy()))
        folded = exp.Case().when(is_ascii, exp.Lower(this=text.copy())).else_(text.copy())
        words.append(exp.alias_(folded, f"{field}_word"))
    through = [f"through_{number}" for number, _ in enumerate(table.through)]
    kept = [f"{field}_text" for field in table.names if field != "indication"]
    return exp.select(*map(part, (*through, *kept)), *words).from_("trimmed", copy=False)


def _bounds(rules: RuleSet) -> list[Expression]:
    """Return which row a line is about, and its bounds in whole micrograms."""
    chosen = {name: exp.Case() for name in _BOUNDS}
    for rule in rules.rules:
        fits = exp.and_(_route_is(rules, rule), part("drug_name").eq(rule.drug.value))
        values: dict[str, Expression] = {
            "row": exp.Literal.string(rule.name),
            "low_mcg": decimal(rule.low_mcg, "DECIMAL(8, 0)"),
            "high_mcg": decimal(rule.high_mcg, "DECIMAL(8, 0)"),
            "per_kg": exp.Literal.string("yes" if rule.per_kg else "no"),
        }
        if rule.maximum_mcg is not None:
            values["maximum"] = decimal(rule.maximum_mcg * SCALE, _SIDE_TYPE)
        if rule.step_mcg is not None:
            values["step"] = decimal(rule.step_mcg * SCALE, _SIDE_TYPE)
        for name, value in values.items():
            chosen[name] = chosen[name].when(fits.copy(), value, copy=False)
    for name in ("maximum", "step"):
        if not chosen[name].args.get("ifs"):
            chosen[name] = exp.cast(exp.null(), _SIDE_TYPE)  # type: ignore[assignment]
    return [exp.alias_(case, f"{rules.prefix}_{name}") for name, case in chosen.items()]


def _route_is(rules: RuleSet, rule: Rule) -> Expression:
    words = [word for word, route in rules.routes.items() if route is rule.route]
    return exp.or_(*(part("route_word").eq(word) for word in words))


def _sides(rules: RuleSet) -> list[Expression]:
    """Return both sides in 10^-8 micrograms: the dose, and the bounds for the weight."""
    prefix = rules.prefix
    per_kg = part(f"{prefix}_per_kg").eq("yes")
    one = decimal(1, f"DECIMAL({WHOLE_DIGITS + DECIMALS}, {DECIMALS})")
    scale = decimal(SCALE, "DECIMAL(9, 0)")
    number = exp.Case().when(per_kg, _plausible()).else_(one)
    factor = exp.Case().when(per_kg.copy(), part("weight_factor")).else_(scale)
    kg = exp.Mul(this=exp.Paren(this=number), expression=exp.Paren(this=factor))
    maximum = part(f"{prefix}_maximum")

    def bound(name: str) -> Expression:
        side = exp.Mul(this=kg.copy(), expression=part(f"{prefix}_{name}_mcg"))
        if all(rule.maximum_mcg is None for rule in rules.rules):
            return side
        return exp.Case().when(side > maximum.copy(), maximum.copy()).else_(side.copy())

    weighed = exp.Mul(this=part("weight_number"), expression=part("weight_factor"))
    dose = exp.Mul(this=part("dose_number"), expression=part("dose_factor"))
    sides = {"low": bound("low"), "high": bound("high"), "kg": weighed, "dose": dose}
    return [exp.alias_(sides[name], f"{prefix}_{name}") for name in _SIDES]


def _plausible() -> Expression:
    """Return the weight where it is plausible, else null: what is not would not fit a product."""
    weighed = exp.Mul(this=part("weight_number"), expression=part("weight_factor"))
    return exp.Case().when(_within(weighed, WEIGHT_LEAST_KG, WEIGHT_MOST_KG), part("weight_number"))


def _within(weighed: Expression, least: int, most: int) -> Expression:
    scaled = [decimal(kg * SCALE, "DECIMAL(28, 9)") for kg in (least, most)]
    return exp.and_(
        exp.Paren(this=weighed) >= scaled[0], exp.Paren(this=weighed.copy()) <= scaled[1]
    )


def _reason(rules: RuleSet) -> Expression:
    prefix = rules.prefix
    routes = {rule.route for rule in rules.rules}
    known = [word for word, route in rules.routes.items() if route in routes]
    per_kg = part(f"{prefix}_per_kg").eq("yes")
    weight_used = [
        (Reason.WEIGHT_MISSING, part("weight_word").eq("missing")),
        (Reason.WEIGHT_UNREAD, part("weight_word").eq("unread")),
        (Reason.WEIGHT_DIGITS, part("weight_word").eq("long")),
        (Reason.WEIGHT_UNIT_MISSING, _missing("weight_unit_word")),
        (Reason.WEIGHT_UNIT_UNKNOWN, part("weight_factor").is_(exp.null())),
        (
            Reason.STONE_NOT_WHOLE,
            exp.and_(
                part("weight_factor").eq(decimal(KG_SCALED["st"], "DECIMAL(9, 0)")),
                part("weight_word").neq("whole"),
            ),
        ),
        (
            Reason.WEIGHT_IMPLAUSIBLE,
            exp.not_(_within(part(f"{prefix}_kg"), WEIGHT_LEAST_KG, WEIGHT_MOST_KG)),
        ),
    ]
    tests: list[tuple[Reason, Expression]] = [
        (Reason.ROUTE_MISSING, _missing("route_word")),
        (Reason.ROUTE_UNKNOWN, exp.and_(*(part("route_word").neq(word) for word in known))),
        (Reason.DRUG_MISSING, _missing("drug_word")),
        (Reason.DRUG_UNKNOWN, part("drug_name").is_(exp.null())),
        (Reason.DRUG_OTHER, part(f"{prefix}_row").is_(exp.null())),
        (Reason.AGE_UNREAD, exp.or_(part("age_word").eq("unread"), part("age_word").eq("long"))),
        (Reason.UNDER_18, part("age_number") < decimal(18, "DECIMAL(19, 9)")),
        (Reason.DOSE_MISSING, part("dose_word").eq("missing")),
        (Reason.DOSE_UNREAD, part("dose_word").eq("unread")),
        (Reason.DOSE_DIGITS, part("dose_word").eq("long")),
        (Reason.DOSE_UNIT_MISSING, _missing("dose_unit_word")),
        (Reason.DOSE_UNIT_UNKNOWN, part("dose_factor").is_(exp.null())),
        *((reason, exp.and_(per_kg.copy(), test)) for reason, test in weight_used),
    ]
    case = exp.Case()
    for reason, test in tests:
        case = case.when(test, exp.Literal.string(reason.value), copy=False)
    return exp.alias_(case, f"{prefix}_reason")


def _missing(word: str) -> Expression:
    return exp.or_(part(word).is_(exp.null()), part(word).eq(""))


def _class(rules: RuleSet) -> Expression:
    prefix = rules.prefix
    dose, low, high = (part(f"{prefix}_{name}") for name in ("dose", "low", "high"))
    case = exp.Case()
    reason = part(f"{prefix}_reason")
    case = case.when(
        exp.not_(reason.is_(exp.null())), exp.Literal.string(Classification.NOT_ASSESSABLE)
    )
    case = case.when(dose.copy() < low, exp.Literal.string(Classification.BELOW))
    case = case.when(dose.copy() > high, exp.Literal.string(Classification.ABOVE))
    for rule in rules.rules:
        if rule.doses_mcg:
            listed = [decimal(mcg * SCALE, _SIDE_TYPE) for mcg in rule.doses_mcg]
            none_of_them = exp.and_(*(dose.copy().neq(each) for each in listed))
            this_row = part(f"{prefix}_row").eq(rule.name)
            between = exp.Literal.string(Classification.BETWEEN)
            case = case.when(exp.and_(this_row, none_of_them), between)
    return case.else_(exp.Literal.string(Classification.INSIDE))


def _in_mg(prefix: str, name: str) -> Expression:
    """Return a bound in mg, exactly: 10^-8 micrograms are 10^-11 mg."""
    narrow = exp.cast(part(f"{prefix}_{name}"), "DECIMAL(26, 9)")
    mg = exp.Mul(this=narrow, expression=decimal("0.00000000001", "DECIMAL(11, 11)"))
    assessed = part(f"{prefix}_reason").is_(exp.null())
    return exp.Case().when(assessed, exp.cast(mg, "DECIMAL(38, 20)"))


def _final(columns: Columns, sets: tuple[RuleSet, ...]) -> list[Expression]:
    chosen = [
        exp.alias_(part(f"through_{number}"), name, quoted=True)
        for number, name in enumerate(columns.through)
    ]
    for rules, names in zip(sets, (ADDED, LOCAL_ADDED), strict=False):
        prefix = rules.prefix
        values = (
            _class(rules),
            part(f"{prefix}_reason"),
            part(f"{prefix}_row"),
            _in_mg(prefix, "low"),
            _in_mg(prefix, "high"),
            exp.Literal.string(rules.name),
            exp.Literal.string(rules.cautions),
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
            exp.alias_(_class(rules), f"{prefix}_class"),
            part(f"{prefix}_reason"),
            exp.alias_(_row_or_route(rules), f"{prefix}_row"),
            exp.alias_(_far(prefix), f"{prefix}_far"),
            exp.alias_(_timed(rules), f"{prefix}_timed"),
        ]
    usual = _within(part(f"{sets[0].prefix}_kg"), WEIGHT_USUAL_FROM_KG, WEIGHT_USUAL_TO_KG)
    used = part(f"{sets[0].prefix}_per_kg").eq("yes")
    unusual = exp.Case().when(exp.and_(used, exp.not_(usual)), exp.Literal.string("unusual"))
    return [*chosen, exp.alias_(unusual.else_(exp.Literal.string("usual")), "weight_is")]


def _row_or_route(rules: RuleSet) -> Expression:
    """Return the row's name; where the drug does not fit, the route all the same."""
    case = exp.Case()
    for rule in rules.rules:
        case = case.when(_route_is(rules, rule), exp.Literal.string(rule.name))
    row = part(f"{rules.prefix}_row")
    return exp.Coalesce(this=row, expressions=[case])


# Up to how many per mille of the bound a band goes; each begins where the one before it ends.
FAR = ((25, "by up to 2.5"), (50, "by 2.5 to 5"), (100, "by 5 to 10"))
FARTHER = "by more than 10"


def _far(prefix: str) -> Expression:
    """Return how far outside a dose lies, in percent of the bound that it passes.

    Of a dose that is inside it says nothing: there, it is not counted.
    """
    dose, low, high = (part(f"{prefix}_{name}") for name in ("dose", "low", "high"))
    case = exp.Case()
    case = case.when(exp.not_(part(f"{prefix}_reason").is_(exp.null())), exp.null())
    # Twice the bound or more: not multiplied further, since it might not fit.
    case = case.when(
        dose.copy() > exp.Mul(this=_narrow(high), expression=_thousandths(2)),
        exp.Literal.string(FARTHER),
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
    return case.else_(exp.Literal.string(FARTHER))


def _narrow(column: exp.Column) -> Expression:
    return exp.cast(column.copy(), "DECIMAL(30, 9)")


def _thousandths(value: int) -> Expression:
    return decimal(value, "DECIMAL(4, 0)")


def _timed(rules: RuleSet) -> Expression:
    """Return whether the duration was given, and was inside the one of the row."""
    timed = [(rule.name, rule.minutes) for rule in rules.rules if rule.minutes]
    if not timed:
        return exp.Literal.string("not stated")
    case = exp.Case()
    row, minutes = part(f"{rules.prefix}_row"), part("duration_number")
    for name, ends in timed:
        this = row.copy().eq(name)
        missing = part("duration_word").eq("missing")
        case = case.when(exp.and_(this, missing), exp.Literal.string("no"))
        unread = exp.and_(this.copy(), minutes.copy().is_(exp.null()))
        case = case.when(unread, exp.Literal.string("unread"))
        low, high = (decimal(plain(terminating(end)), "DECIMAL(19, 9)") for end in ends)
        inside = exp.and_(this.copy(), minutes.copy() >= low, minutes.copy() <= high)
        case = case.when(inside, exp.Literal.string("inside"))
        case = case.when(this.copy(), exp.Literal.string("outside"))
    return case.else_(exp.Literal.string("not stated"))
