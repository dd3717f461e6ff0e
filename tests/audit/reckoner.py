"""What a protocol's row comes to for a weight, worked out a second time, in fractions.

By the rule as the design states it ("A row resolves once"), and without anything of ketaref: what
the program answers is compared with this.
"""

from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

TEN, ONE, TENTH = Fraction(10), Fraction(1), Fraction(1, 10)


class Ends(NamedTuple):
    """Both ends of a range, in mg."""

    low: Fraction
    high: Fraction

    def position(self, dose: Fraction) -> str:
        """Return where a dose lies; the ends belong to the range."""
        if dose < self.low:
            return "below"
        return "above" if dose > self.high else "inside"


class Row(NamedTuple):
    """The terms of a row: mg/kg or mg, a maximum in one dose, and what doses are multiples of."""

    per_kg: bool
    low: Fraction
    high: Fraction
    maximum: Fraction | None = None
    step: Fraction | None = None


class Reckoned(NamedTuple):
    """What a row comes to: as calculated, not above its maximum, and what a dose is compared with.

    ``rounded`` is what is shown where the row itself says to what to round; None where the range is
    only written for people, whole mg from 10 mg and 0.1 mg below, inward.
    """

    calculated: Ends
    limited: Ends
    accepted: Ends
    rounded: Ends | None


def reckon(row: Row, kg: Fraction) -> Reckoned:
    """Return what a row comes to for a weight in kg, which a fixed row does not use."""
    factor = kg if row.per_kg else 1
    calculated = Ends(row.low * factor, row.high * factor)
    limited = calculated
    if row.maximum is not None:
        limited = Ends(*(min(end, row.maximum) for end in calculated))
    low, high = limited
    if row.step:
        first, last = ceil(low / row.step) * row.step, floor(high / row.step) * row.step
        if low < high and first <= last:
            inside = Ends(first, last)
            return Reckoned(calculated, limited, inside, inside)
        if value := _nearest_multiple(limited, row.step, row.maximum):
            return _one_value(calculated, limited, value)
    if not row.per_kg:
        return Reckoned(calculated, limited, limited, limited)
    if low < high:
        return Reckoned(calculated, limited, limited, None)
    value = _nearest_multiple(limited, ONE if low >= TEN else TENTH, row.maximum)
    return _one_value(calculated, limited, value or low)


def _nearest_multiple(ends: Ends, step: Fraction, maximum: Fraction | None) -> Fraction:
    """Return the allowed multiple nearest to the middle of a range, of two the upper; or 0."""
    middle = (ends.low + ends.high) / 2
    below = middle // step * step
    allowed = [each for each in (below, below + step) if maximum is None or each <= maximum]
    return min(allowed, key=lambda multiple: (abs(multiple - middle), -multiple))


def _one_value(calculated: Ends, limited: Ends, value: Fraction) -> Reckoned:
    accepted = Ends(min(limited.low, value), max(limited.high, value))
    return Reckoned(calculated, limited, accepted, Ends(value, value))


def inward(ends: Ends) -> Ends | None:
    """Return a range as it is written for people, inward; None where that leaves no range."""
    low_unit, high_unit = (ONE if end >= TEN else TENTH for end in ends)
    low, high = ceil(ends.low / low_unit) * low_unit, floor(ends.high / high_unit) * high_unit
    return Ends(low, high) if low < high else None
