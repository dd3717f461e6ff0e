"""Numbers as text: the one place that makes them, in the notation that medication safety asks for.

A leading zero, no trailing zero, a space before the unit, commas from 1,000 for people and never
for programs, "to" in a range. Rounding happens here, once per value, from the exact ``Fraction``;
a range is rounded inward, so that what is shown never leaves what was published.
"""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

MAX_PLACES = 6  # where rounding would turn a range inside out, at most this many decimals

ROUNDING_IN_WORDS = (
    "inward, low end up and high end down: whole mg from 10 mg, 0.1 mg below; "
    "0.1 mL from 10 mL, 0.01 mL below; mg/min to 3 significant figures"
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


def span(low: Decimal, high: Decimal, unit: str) -> str:
    """Return a whole range for people; equal ends are one value.

    >>> span(Decimal("0.5"), Decimal("1"), "mg/kg"), span(Decimal(40), Decimal(60), "min")
    ('0.5 to 1 mg/kg', '40 to 60 minutes')
    """
    return amount(low, unit) if low == high else f"{for_people(low)} to {amount(high, unit)}"


def one_of(values: tuple[Decimal, ...], unit: str) -> str:
    """Return steps for people.

    >>> one_of((Decimal(28), Decimal(56), Decimal(84)), "mg")
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


def inward(low: Fraction, high: Fraction, unit: str) -> tuple[Decimal, Decimal]:
    """Round a range inward: the low end up, the high end down.

    Where that would turn it inside out, or make one number of it, it takes more digits, up to 6
    decimals; equal ends are one value, rounded down.

    >>> inward(Fraction("34.92661249"), Fraction("69.85322498"), "mg")
    (Decimal('35'), Decimal('69'))
    """
    least = min(_places(end, unit) for end in (low, high))  # below 0 for a large rate
    for more in range(max(1, MAX_PLACES + 1 - least)):
        low_places, high_places = (
            max(_places(end, unit), min(_places(end, unit) + more, MAX_PLACES))
            for end in (low, high)
        )
        up, down = _up(low, low_places), _down(high, high_places)
        if low == high and down:  # never shown as nothing
            return down, down
        if up < down:
            return up, down
    return down, down


def apart(value: Fraction, bounds: tuple[Fraction, ...]) -> Decimal:
    """Round to 3 significant figures, and more until it differs from a bound it does not equal.

    >>> apart(Fraction("70.01") / 70, (Fraction("0.5"), Fraction(1)))
    Decimal('1.0001')
    """
    figures = _FIGURES
    while True:
        shown = half_up(value, _figures_to_places(value, figures))
        if Fraction(shown) not in {bound for bound in bounds if bound != value}:
            return shown
        figures += 1


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
