"""Numbers as text: the one place that makes them, in the notation that medication safety asks for.

A leading zero, no trailing zero, a space before the unit, commas from 1,000 for people and never
for programs, "to" in a range. Rounding happens here, once per value, from the exact ``Fraction``;
a range is rounded inward, so that what is shown never leaves what was published.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

MAX_PLACES = 6  # where rounding would turn a range inside out, at most this many decimals

ROUNDING_IN_WORDS = (
    "inward, low end up and high end down: whole mg from 10 mg, 0.1 mg below; "
    "0.1 mL from 10 mL, 0.01 mL below; 0.1 mL/h; mg/min to 3 significant figures"
)

# What UCUM, the code system for units, calls each unit (ucum.org).
UCUM = {
    "kg": "kg",
    "lb": "[lb_av]",
    "st": "[stone_av]",
    "mg": "mg",
    "mcg": "ug",
    "g": "g",
    "mg/kg": "mg/kg",
    "mL": "mL",
    "mg/mL": "mg/mL",
    "min": "min",
    "h": "h",
    "mg/min": "mg/min",
    "mL/h": "mL/h",
}

_UNIT_IN_WORDS = {"min": "minutes", "h": "hours", "mg/mL": "mg per mL"}
_FIGURES = 3  # significant figures of mg/min and mg/kg


def exact(value: Fraction) -> str:
    """Return the exact value: a decimal where it ends, else a fraction.

    >>> exact(Fraction("34.92661249")), exact(Fraction(7, 9)), exact(Fraction(100))
    ('34.92661249', '7/9', '100')
    """
    if not ends(value):
        return f"{value.numerator}/{value.denominator}"
    return plain(terminating(value))


def ends(value: Fraction) -> bool:
    """Return whether the decimal of a value ends."""
    return _decimal_places(value.denominator) is not None


def terminating(value: Fraction) -> Decimal:
    """Return a value whose decimal ends, exactly.

    >>> terminating(Fraction("0.07"))
    Decimal('0.07')
    """
    places = _decimal_places(value.denominator)
    if places is None:
        raise ValueError(f"{value} does not end as a decimal")
    return _decimal(value * 10**places, places)


def plain(value: Decimal) -> str:
    """Return a number for programs: no exponent, no trailing zero, no comma.

    >>> plain(Decimal("1E+2")), plain(Decimal("70.50")), plain(Decimal("0.00000286"))
    ('100', '70.5', '0.00000286')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def for_people(value: Decimal) -> str:
    """Return a number for people: as ``plain``, with commas from 1,000.

    >>> for_people(Decimal("70000.5"))
    '70,000.5'
    """
    whole, _, decimals = plain(value).partition(".")
    return f"{int(whole):,}" + (f".{decimals}" if decimals else "")


def amount(value: Decimal, unit: str) -> str:
    """Return one quantity for people.

    >>> amount(Decimal("35"), "mg"), amount(Decimal("50"), "mg/mL"), amount(Decimal(1), "min")
    ('35 mg', '50 mg per mL', '1 minute')
    """
    words = _UNIT_IN_WORDS.get(unit, unit)
    return f"{for_people(value)} {words.removesuffix('s') if value == 1 else words}"


def amount_range(low: Decimal, high: Decimal, unit: str) -> str:
    """Return a whole range for people; equal ends are one value.

    >>> amount_range(Decimal("0.5"), Decimal("1"), "mg/kg")
    '0.5 to 1 mg/kg'
    >>> amount_range(Decimal(40), Decimal(60), "min"), amount_range(Decimal(35), Decimal(35), "mg")
    ('40 to 60 minutes', '35 mg')
    """
    return amount(low, unit) if low == high else f"{for_people(low)} to {amount(high, unit)}"


def amount_choice(values: tuple[Decimal, ...], unit: str) -> str:
    """Return the doses to choose from, such as whole devices, for people.

    >>> amount_choice((Decimal(28), Decimal(56), Decimal(84)), "mg")
    '28, 56 or 84 mg'
    """
    *most, last = values
    if not most:
        return amount(last, unit)
    return ", ".join(for_people(value) for value in most) + f" or {amount(last, unit)}"


def half_up(value: Fraction, places: int) -> Decimal:
    """Round half up, for values that are only echoed, such as a weight in its other unit.

    >>> half_up(Fraction("69.85322498"), 1)
    Decimal('69.9')
    """
    return _decimal(floor(value * _power(places) + Fraction(1, 2)), places)


def round_inward(low: Fraction, high: Fraction, unit: str) -> tuple[Decimal, Decimal]:
    """Round a range inward: the low end up, the high end down.

    Where that would turn it inside out, or make one number of it, it takes more digits, up to 6
    decimals; beyond them, one number inside it is enough. Equal ends are one value, rounded down.

    >>> round_inward(Fraction("34.92661249"), Fraction("69.85322498"), "mg")
    (Decimal('35'), Decimal('69'))
    """
    if low == high:
        return _one_value(low, unit)
    return next(
        (up, down)
        for low_places, high_places in _more_and_more(_places(low, unit), _places(high, unit))
        for up, down in [(_up(low, low_places), _down(high, high_places))]
        if up < down or (up == down and min(low_places, high_places) >= MAX_PLACES)
    )


def _more_and_more(low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield decimals for the two ends: one more each time, together once both have the most."""
    for more in range(max(1, MAX_PLACES + 1 - min(low, high))):
        yield _capped(low + more, low), _capped(high + more, high)
    places = MAX_PLACES
    while True:
        places += 1
        yield places, places


def _capped(places: int, least: int) -> int:
    return max(least, min(places, MAX_PLACES))


def _one_value(value: Fraction, unit: str) -> tuple[Decimal, Decimal]:
    """Return a value twice, rounded down to its places, or to more so that it is not nothing."""
    more = 0
    while not (down := _down(value, _places(value, unit) + more)):
        more += 1
    return down, down


def round_apart(value: Fraction, bounds: tuple[Fraction, ...]) -> Decimal:
    """Round to 3 significant figures, or to more, so that it stays on its side of each bound.

    >>> round_apart(Fraction("70.01") / 70, (Fraction("0.5"), Fraction(1)))
    Decimal('1.0001')
    >>> round_apart(Fraction("70.287") / 70, (Fraction("0.501"), Fraction("1.004")))
    Decimal('1.0041')
    """
    figures = _FIGURES
    while True:
        shown = half_up(value, _figures_to_places(value, figures))
        if all(_side(Fraction(shown), bound) == _side(value, bound) for bound in bounds):
            return shown
        figures += 1


def _side(value: Fraction, bound: Fraction) -> int:
    return (value > bound) - (value < bound)


def nearest(value: Fraction, step: Fraction) -> Fraction:
    """Return the multiple of a step that is nearest to a value; halfway between two, the upper.

    >>> nearest(Fraction("35.25"), Fraction(1)), nearest(Fraction("17.5"), Fraction(5))
    (Fraction(35, 1), Fraction(20, 1))
    """
    return floor(value / step + Fraction(1, 2)) * step


def to_places(value: Fraction, places: int, figures: int) -> Decimal:
    """Round half up to so many decimals, or to more where that would leave too few figures.

    >>> to_places(Fraction(1, 350_000_000), 8, 3)
    Decimal('2.86E-9')
    """
    return half_up(value, max(places, _figures_to_places(value, figures)))


def _places(value: Fraction, unit: str) -> int:
    match unit:
        case "mg":
            return 0 if value >= 10 else 1  # noqa: PLR2004 - the rule as it is stated above
        case "mL":
            return 1 if value >= 10 else 2  # noqa: PLR2004 - likewise
        case "mL/h":
            return 1  # what a pump is set to
        case "mg/min":
            return _figures_to_places(value, _FIGURES)
    raise ValueError(f"no rounding rule for {unit}")


def _figures_to_places(value: Fraction, figures: int) -> int:
    """Return the decimals that show ``value`` to so many significant figures; may be negative."""
    # Counted by digits: a logarithm would be a float, and wrong beside a power of ten.
    size = len(str(value.numerator)) - len(str(value.denominator))
    if value < _power(size):
        size -= 1
    return figures - 1 - size


def _decimal_places(denominator: int) -> int | None:
    """Return how many decimals 1/denominator has, or None where it does not end."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def _power(places: int) -> Fraction:
    return Fraction(10) ** places


def _up(value: Fraction, places: int) -> Decimal:
    return _decimal(ceil(value * _power(places)), places)


def _down(value: Fraction, places: int) -> Decimal:
    return _decimal(floor(value * _power(places)), places)


def _decimal(scaled: int | Fraction, places: int) -> Decimal:
    # From text: arithmetic on Decimal would round to the context's 28 digits.
    return Decimal(f"{int(scaled)}E{-places}")
