"""What a clinic's row resolves to, as stages of the query: the arithmetic of ``dosing.resolve``.

After the maximum, each end may move to a multiple of the row's step, or both become one value. The
published rows have none of it, and no stage.
"""

from collections.abc import Iterator
from typing import TypeAlias

from sqlglot import exp

from ketaref.audit.dialect import Expression
from ketaref.audit.parsing import SCALE, decimal, part
from ketaref.audit.rules import RuleSet

# A stage's name, the columns that it replaces, and what it adds.
Stage: TypeAlias = tuple[str, tuple[str, ...], list[Expression]]

# Narrower than the sides: of a sum of 38 digits, Spark rounds the last decimal away.
_TYPE = "DECIMAL(30, 9)"
_MCG = 1000 * SCALE  # one mg, in the unit of the sides
# One value without a step is rounded to whole mg from 10 mg, else to 0.1 mg.
_WHOLE_FROM, _WHOLE, _TENTH = 10 * _MCG, _MCG, _MCG // 10


def resolving_stages(rules: RuleSet) -> Iterator[Stage]:
    """Yield the stages that resolve the rows of a set; none where no row is rounded."""
    if not any(rule.may_be_rounded for rule in rules.rules):
        return
    prefix = rules.prefix
    low, high, step = (_narrow(part(f"{prefix}_{name}")) for name in ("low", "high", "step"))
    per_kg = part(f"{prefix}_per_kg")
    is_one = exp.and_(low.copy().eq(high), per_kg.eq("yes"))
    large = low.copy() >= _number(_WHOLE_FROM)
    unit = exp.Case().when(large, _number(_WHOLE)).else_(_number(_TENTH))
    yield (
        f"{prefix}_floors",
        (),
        [
            _named(prefix, "unit", exp.Case().when(is_one, unit)),
            _named(prefix, "low_floor", _floor(low, step)),
            _named(prefix, "high_floor", _floor(high, step)),
        ],
    )
    floor, high_floor = part(f"{prefix}_low_floor"), part(f"{prefix}_high_floor")
    ceiling = exp.Case().when(floor.copy().eq(low), floor.copy())
    ceiling = ceiling.else_(exp.Add(this=floor.copy(), expression=step.copy()))
    yield (
        f"{prefix}_nearest",
        (),
        [
            _named(prefix, "low_ceiling", ceiling),
            _named(prefix, "one_step", _nearest(prefix, floor, step)),
            _named(
                prefix,
                "one_unit",
                _nearest(prefix, _floor(low, part(f"{prefix}_unit")), part(f"{prefix}_unit")),
            ),
        ],
    )
    ceiling_column = part(f"{prefix}_low_ceiling")
    fits = exp.and_(low.copy() < high.copy(), ceiling_column.copy() <= high_floor.copy())
    yield (
        f"{prefix}_resolved",
        (f"{prefix}_low", f"{prefix}_high"),
        [
            _named(prefix, "low", _end(prefix, "low", fits, ceiling_column)),
            _named(prefix, "high", _end(prefix, "high", fits, high_floor)),
        ],
    )


def _number(value: int) -> Expression:
    return decimal(value, _TYPE)


def _named(prefix: str, name: str, value: Expression) -> Expression:
    return exp.alias_(_narrow(value), f"{prefix}_{name}")


def _narrow(value: Expression) -> Expression:
    return exp.cast(value, _TYPE)


def _floor(value: Expression, step: Expression) -> Expression:
    """Return the multiple of a step at or below a value; null without a step."""
    remainder = exp.Mod(this=value.copy(), expression=step.copy())
    return exp.Sub(this=value.copy(), expression=exp.Paren(this=remainder))


def _nearest(prefix: str, floor: Expression, step: Expression) -> Expression:
    """Return the multiple nearest to both ends, where none lies between them; the upper of two.

    Not above the maximum; null where it would be nothing.
    """
    low, high, maximum = (_narrow(part(f"{prefix}_{name}")) for name in ("low", "high", "maximum"))
    floor = exp.Paren(this=floor)
    above = exp.Paren(this=exp.Add(this=floor.copy(), expression=step.copy()))
    nearer = exp.Sub(this=above.copy(), expression=high) <= exp.Sub(
        this=low, expression=floor.copy()
    )
    within = exp.or_(maximum.copy().is_(exp.null()), above.copy() <= maximum)
    case = exp.Case().when(exp.and_(nearer, within), above.copy())
    return case.when(floor.copy() > _number(0), floor.copy())


def _end(prefix: str, end: str, fits: Expression, stepped: Expression) -> Expression:
    """Return an end of the accepted range: on a step, or moved out to the one value shown."""
    exact = _narrow(part(f"{prefix}_{end}"))
    case = exp.Case().when(fits.copy(), stepped.copy())
    for name in ("one_step", "one_unit"):
        value = part(f"{prefix}_{name}")
        further = value.copy() < exact if end == "low" else value.copy() > exact
        case = case.when(further, value.copy())
        case = case.when(exp.not_(value.copy().is_(exp.null())), exact.copy())
    return case.else_(exact.copy())
