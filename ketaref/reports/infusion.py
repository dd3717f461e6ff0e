"""A range of doses as volumes at a strength, and as rates over a duration."""

from ketaref import dosing, notation
from ketaref.reports.base import Quantity, Range, in_words, inward
from ketaref.reports.measures import echo_measured
from ketaref.units import Duration, Strength


class Volume(Range):
    """A range in mL, and the strength it was computed for."""

    strength: Quantity


class Rate(Range):
    """A range in mg/min, and the duration it was computed for."""

    over: Quantity


NOT_APPLICABLE = "not applicable"


def volume_in_words(volume: Volume | None) -> str:
    """Return a volume for people, never without the strength."""
    if volume is None:
        return NOT_APPLICABLE
    strength = notation.amount(volume.strength.value, volume.strength.unit)
    return f"{in_words(volume)} at {strength}"


def rate_in_words(rate: Rate | None) -> str:
    """Return a rate for people, never without the duration."""
    if rate is None:
        return NOT_APPLICABLE
    return f"{in_words(rate)} over {notation.amount(rate.over.value, rate.over.unit)}"


def volume_of(doses: dosing.Span, strength: Strength) -> Volume:
    """Return the volumes of a range of doses at a strength."""
    span = inward(dosing.volume_range(doses, strength).within("mL"), "mL")
    return Volume(low=span.low, high=span.high, strength=echo_measured(strength))


def rate_of(doses: dosing.Span, over: Duration) -> Rate:
    """Return the rates of a range of doses over a duration."""
    span = inward(dosing.rate_range(doses, over).within("mg/min"), "mg/min")
    return Rate(low=span.low, high=span.high, over=echo_measured(over))
