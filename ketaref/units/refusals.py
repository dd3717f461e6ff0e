"""Why a text is not a quantity, and what was probably meant: a question, never an answer."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from ketaref import notation
from ketaref.errors import ErrorCode, InputError, echo, printable
from ketaref.units.grammar import NUMBER, QUANTITY, STONE
from ketaref.units.registry import LB_PER_STONE
from ketaref.units.spellings import KINDS, SLIPS, STONE_DIGITS, WEIGHT, Kind, Unit, look_up


def not_positive(shown: str, option: str) -> InputError:
    """Return the refusal of a zero or less."""
    return InputError(ErrorCode.NOT_POSITIVE, f'{option} "{echo(shown)}" must be more than 0')


def stone(stones: int, pounds: int, option: str) -> InputError:
    """Return the refusal of a weight in stone with too many digits, or 14 pounds or more."""
    more, left = divmod(pounds, LB_PER_STONE)
    meant = stones + more
    return InputError(
        ErrorCode.NOT_A_QUANTITY,
        f'cannot read {option} "{stones} st {pounds} lb": stone takes {STONE_DIGITS} digits, and '
        f"the pounds after it go from 0 to {LB_PER_STONE - 1}",
        f'did you mean "{meant} st {left} lb"?' if meant < 10**STONE_DIGITS else None,
    )


def _accepted(kind: Kind) -> str:
    return ", ".join(unit.symbol for unit in kind.units)


def not_a_quantity(tidy: str, kind: Kind, option: str) -> InputError:
    """Return the refusal of a text that is not one number and one unit."""
    shown = echo(tidy)
    if re.fullmatch(NUMBER, tidy):
        first, second = (example.format(_number(tidy)) for example in kind.examples)
        return InputError(
            ErrorCode.UNIT_MISSING,
            f'{option} "{shown}" has no unit: write "{first}" or "{second}"',
        )
    hidden = "" if printable(tidy) == tidy else " (characters that cannot be shown are left out)"
    return InputError(
        ErrorCode.NOT_A_QUANTITY,
        f'cannot read {option} "{shown}"{hidden}: write one number and one unit '
        f"({_accepted(kind)}), with a point for decimals, no comma and no sign",
        _question(tidy, kind),
    )


def unknown_unit(number: str, word: str, kind: Kind, option: str) -> InputError:
    """Return the refusal of a unit that is not in the table, or is one of another kind."""
    shown = f"{_number(number)} {echo(word)}"
    other = next((k for k in KINDS if k is not kind and look_up(word, k)), None)
    reason = f"is a unit of {other.name}" if other else "is not a known unit"
    return InputError(
        ErrorCode.UNIT_UNKNOWN,
        f'cannot read {option} "{shown}": "{echo(word)}" {reason}; use {_accepted(kind)}',
        _question(f"{number} {word}", kind),
    )


def _question(tidy: str, kind: Kind) -> str | None:
    """Ask for the first accepted reading near to the text; never use it."""
    for candidate in _near(tidy, kind):
        if candidate != tidy and re.fullmatch(NUMBER, candidate):
            first, second = (example.format(_number(candidate)) for example in kind.examples)
            return f'did you mean "{first}" or "{second}"?'
        if kind is WEIGHT and STONE.fullmatch(candidate):
            return f'did you mean "{candidate}"?'
        match = QUANTITY.fullmatch(candidate)
        unit = match and look_up(match[2], kind)
        if match and unit and _fits(match[1], unit):
            return f'did you mean "{_written(match[1], unit)}"?'
    return None


def _fits(number: str, unit: Unit) -> bool:
    whole, _, decimals = number.partition(".")
    return len(whole) <= unit.before and len(decimals) <= unit.after and Fraction(number) > 0


def _near(tidy: str, kind: Kind) -> Iterator[str]:
    """Yield texts that a slip of the hand, the keyboard or the locale could have come from."""
    plain = "".join(map(_narrow, tidy)).rstrip(".")
    yield plain
    yield re.sub(r"^([0-9]+),([0-9]{1,2})(?![0-9,.])", r"\1.\2", plain)  # 70,5: a decimal comma
    yield re.sub(r"^0+(?=[0-9])", "", plain)  # 070
    yield re.sub(r"^\.", "0.", plain)  # .5
    yield re.sub(r"^([0-9]+)\.(?![0-9])", r"\1", plain)  # 70.
    yield f"{plain} lb"  # 11 st 4
    if vial := re.fullmatch(rf"({NUMBER}) ?mg ?/ ?({NUMBER}) ?mL", plain, re.IGNORECASE):
        yield from _per_ml(Fraction(vial[1]), Fraction(vial[2]))
    if match := QUANTITY.fullmatch(plain):
        yield from (f"{match[1]} {spelling}" for spelling in _spelled_like(match[2], kind))


def _narrow(character: str) -> str:
    """Return a letter or a full-width character in its plain form, and a micro sign as u."""
    if character in "\u00b5\u03bc":
        return "u"
    if character.isalpha() or "\uff01" <= character <= "\uff5e":
        return unicodedata.normalize("NFKC", character)
    return character  # not every digit: 7 squared would become 72


def _spelled_like(word: str, kind: Kind) -> Iterator[str]:
    for unit in kind.units:
        if word.lower() in (*map(str.lower, unit.spellings), *SLIPS[unit.symbol]):
            yield unit.symbol


def _per_ml(drug: Fraction, volume: Fraction) -> Iterator[str]:
    """Yield "500 mg in 10 mL" per mL; where it comes out uneven, it is no quantity to be read."""
    if volume:
        yield f"{notation.exact(drug / volume)} mg per mL"


def _written(number: str, unit: Unit) -> str:
    """Return a typed quantity in the safe notation: "70.50 KG" is "70.5 kg"."""
    return f"{_number(number)} {unit.symbol}"


def _number(typed: str) -> str:
    return notation.plain(Decimal(typed))
