"""The one grammar that reads what a user typed, and the bounds of what is accepted.

User text never reaches pint's own parser, which reads "70,5 kg" as 705 kg and hangs on
"9**9**9 kg". It is matched whole, and its unit is looked up in a closed table of spellings.
"""

from decimal import Decimal
from fractions import Fraction

from ketaref import notation
from ketaref.errors import ErrorCode, InputError, echo
from ketaref.units import refusals
from ketaref.units.grammar import QUANTITY, SPACES, STONE
from ketaref.units.quantities import Dose, Duration, Strength, Weight
from ketaref.units.registry import LB_PER_STONE, magnitude, quantity
from ketaref.units.spellings import DOSE, DURATION, STONE_DIGITS, STRENGTH, WEIGHT, Kind, look_up

# Weight bounds, all in kg. No authority for the weight of an adult was found: these are
# engineering choices, and messages call them that. An entry in lb taken for kg is 2.2 times too
# high; most such slips of adults land above 200.
WEIGHT_LEAST_KG, WEIGHT_MOST_KG = 20, 350
WEIGHT_USUAL_FROM_KG, WEIGHT_USUAL_TO_KG = 30, 200
CHECK_UNIT_FROM_KG = 100

# Strength bounds, in mg/mL: from ten times thinner than the thinnest infusion to twice the
# strongest vial found in a label. An engineering choice.
STRENGTH_LEAST, STRENGTH_MOST = Decimal("0.1"), Decimal(200)

MAX_LENGTH = 32  # characters of a quantity; the longest sensible one has 20


def parse_weight(text: str, *, confirmed: bool = False, option: str = "weight") -> Weight:
    """Read a body weight in kg, lb or st ("11 st 4 lb").

    Below 20 or above 350 kg is refused; outside 30 to 200 kg it takes ``confirmed``.

    >>> parse_weight("154 lb").kg
    Fraction(3492661249, 50000000)
    """
    weight = _read_weight(text, option)
    check_weight(weight, confirmed=confirmed, option=option)
    return weight


def parse_weight_step(text: str, *, option: str = "step") -> Weight:
    """Read a difference between body weights: a weight without the bounds of one."""
    return _read_weight(text, option)


def parse_dose(text: str) -> Dose:
    """Read an amount of drug in mg, mcg or g."""
    return Dose(*_split(text, DOSE, "dose"))


def parse_strength(text: str) -> Strength:
    """Read a strength from 0.1 to 200 mg/mL."""
    strength = Strength(*_split(text, STRENGTH, "strength"))
    check_strength(strength)
    return strength


def parse_duration(text: str) -> Duration:
    """Read a length of time in min or h."""
    return Duration(*_split(text, DURATION, "duration"))


def _tidy(text: str, option: str) -> str:
    """Return the text with single spaces, refused where it is too long or empty."""
    if len(text) > MAX_LENGTH:
        raise InputError(
            ErrorCode.TOO_LONG,
            f'{option} "{echo(text)}" is too long: write at most {MAX_LENGTH} characters',
        )
    tidy = SPACES.sub(" ", text).strip(" ")
    if not tidy:
        raise InputError(ErrorCode.NOT_A_QUANTITY, f"{option} is empty: write a number and a unit")
    return tidy


def _read_weight(text: str, option: str) -> Weight:
    tidy = _tidy(text, option)
    if stone := STONE.fullmatch(tidy):
        return _stone_weight(stone[1], stone[2], option)
    number, unit = _split(text, WEIGHT, option)
    return Weight(f"{notation.plain(number)} {unit}", unit, quantity(Fraction(number), unit))


def _stone_weight(stone: str, pounds: str, option: str) -> Weight:
    entered = f"{stone} st {pounds} lb"
    if len(stone) > STONE_DIGITS or int(pounds) >= LB_PER_STONE:
        raise refusals.stone(int(stone), int(pounds), option)
    total = Fraction(int(stone) * LB_PER_STONE + int(pounds))
    return Weight(entered, "st", quantity(total, "lb"))


def _split(text: str, kind: Kind, option: str) -> tuple[Decimal, str]:
    """Return the number and the symbol of its unit, or raise with what was probably meant."""
    tidy = _tidy(text, option)
    match = QUANTITY.fullmatch(tidy)
    if match is None:
        raise refusals.not_a_quantity(tidy, kind, option)
    number, word = match.groups()
    unit = look_up(word, kind)
    if unit is None:
        raise refusals.unknown_unit(number, word, kind, option)
    whole, _, decimals = number.partition(".")
    if len(whole) > unit.before or len(decimals) > unit.after:
        raise InputError(
            ErrorCode.TOO_MANY_DIGITS,
            f'{option} "{echo(tidy)}" has too many digits: {unit.symbol} takes at most '
            f"{unit.before} before and {unit.after} after the point",
        )
    if not Fraction(number):
        raise refusals.not_positive(tidy, option)
    return Decimal(number), unit.symbol


def check_weight(weight: Weight, *, confirmed: bool, option: str = "weight") -> None:
    """Refuse a weight outside the bounds of this reference, or an unusual one unless confirmed."""
    kg = weight.kg
    if not WEIGHT_LEAST_KG <= kg <= WEIGHT_MOST_KG:
        raise InputError(
            ErrorCode.WEIGHT_RANGE,
            f'{option} "{weight.entered}" is outside {WEIGHT_LEAST_KG} to {WEIGHT_MOST_KG} kg: '
            "this reference is about adults (an engineering limit, not a clinical one)",
            _other_unit(weight),
        )
    if not confirmed and not WEIGHT_USUAL_FROM_KG <= kg <= WEIGHT_USUAL_TO_KG:
        raise InputError(
            ErrorCode.WEIGHT_UNUSUAL,
            f"{weight.entered} is unusual: outside {WEIGHT_USUAL_FROM_KG} to "
            f"{WEIGHT_USUAL_TO_KG} kg (an engineering limit, not a clinical one); if it is right, "
            "add --confirm-weight",
            _other_unit(weight),
        )


def check_strength(strength: Strength) -> None:
    """Refuse a strength outside the bounds of this reference."""
    if not STRENGTH_LEAST <= strength.number <= STRENGTH_MOST:
        raise InputError(
            ErrorCode.STRENGTH_RANGE,
            f"strength {strength.entered} is outside {STRENGTH_LEAST} to {STRENGTH_MOST} mg per mL",
            "check the strength on the vial or the bag",
        )


def _other_unit(weight: Weight) -> str | None:
    """Return the question whether kg was meant for lb or the reverse, if that would be usual."""
    swapped = {"kg": "lb", "lb": "kg"}.get(weight.unit)
    if swapped is None:
        return None
    number = weight.entered.split()[0]
    kg = magnitude(quantity(Fraction(number), swapped), "kg")
    if not WEIGHT_USUAL_FROM_KG <= kg <= WEIGHT_USUAL_TO_KG:
        return None
    other = "" if swapped == "kg" else f" = {notation.amount(notation.half_up(kg, 1), 'kg')}"
    return f"did you mean {number} {swapped}{other}?"
