"""Pictures as numbers that a page can draw: a range over body weight, doses on a range's axis."""

from fractions import Fraction
from typing import NamedTuple

from ketaref import notation
from ketaref.document import Band, DoseAxis

WIDTH, HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 16, 48
_STEPS = (1, 2, 5)  # a tick is one of these times a power of ten
_MOST_TICKS = 8


class Tick(NamedTuple):
    """A line of the grid: where it stands, and its words."""

    at: str
    words: str


class Picture(NamedTuple):
    """A band as polygon points, with the ticks of both axes and a text that says the same."""

    title: str
    text: str
    band: str
    weights: tuple[Tick, ...]
    doses: tuple[Tick, ...]


def picture(band: Band) -> Picture:
    """Return where everything in the picture of a band stands."""
    lightest, heaviest = band.points[0].kg, band.points[-1].kg
    across = _Scale(lightest, max(heaviest, lightest + 1), _LEFT, WIDTH - _RIGHT)
    up = _Scale(Fraction(0), band.points[-1].high, HEIGHT - _BOTTOM, _TOP)
    points = band.points
    low = [f"{across.pixel(point.kg)},{up.pixel(point.low)}" for point in points]
    high = [f"{across.pixel(point.kg)},{up.pixel(point.high)}" for point in points]
    ends = f"from {points[0].text} up to {points[-1].text}"
    return Picture(
        title=band.title,
        text=f"A band that rises in proportion to body weight, {ends}. The table says the same.",
        band=" ".join([*low, *reversed(high)]),
        weights=tuple(across.ticks("kg")),
        doses=tuple(up.ticks("mg")),
    )


_AXIS_LEFT, _AXIS_RIGHT = 150, 60
_LABEL_AT = 164
_LEAST_RADIUS = 6


class Dots(NamedTuple):
    """The studies of a dose: where they stand, and how many have a control and how many none."""

    at: str
    words: str
    label_at: int
    controlled: int
    controlled_radius: int
    uncontrolled: int
    uncontrolled_radius: int


class AxisPicture(NamedTuple):
    """Doses on the axis of a range, with a text that says the same."""

    title: str
    text: str
    low: str
    width: str
    range_text: str
    dots: tuple[Dots, ...]


def axis_picture(axis: DoseAxis) -> AxisPicture:
    """Return where everything in the picture of an axis stands; labels that touch are staggered."""
    last = max(axis.high, *(mark.dose for mark in axis.marks))
    across = _Scale(Fraction(0), last, _AXIS_LEFT, WIDTH - _AXIS_RIGHT)
    low, high = across.pixel(axis.low), across.pixel(axis.high)
    dots = tuple(
        Dots(
            at=across.pixel(mark.dose),
            words=mark.text,
            label_at=_LABEL_AT + 18 * (number % 2),
            controlled=mark.controlled,
            controlled_radius=_LEAST_RADIUS + mark.controlled,
            uncontrolled=mark.uncontrolled,
            uncontrolled_radius=_LEAST_RADIUS + mark.uncontrolled,
        )
        for number, mark in enumerate(axis.marks)
    )
    return AxisPicture(
        title=axis.title,
        text=f"The published range is {axis.range_text}. The table says how many gave each dose.",
        low=low,
        width=notation.plain(notation.half_up(Fraction(high) - Fraction(low), 2)),
        range_text=axis.range_text,
        dots=dots,
    )


class _Scale(NamedTuple):
    """A straight scale from a quantity to a place on the page."""

    first: Fraction
    last: Fraction
    start: int
    end: int

    def pixel(self, value: Fraction) -> str:
        share = (value - self.first) / (self.last - self.first)
        return notation.plain(notation.half_up(self.start + share * (self.end - self.start), 2))

    def ticks(self, unit: str) -> list[Tick]:
        step = _step(self.last - self.first)
        first = -(-self.first // step)
        last = self.last // step
        values = [step * n for n in range(int(first), int(last) + 1)]
        return [
            Tick(self.pixel(value), notation.amount(notation.terminating(value), unit))
            for value in values
        ]


def _step(length: Fraction) -> Fraction:
    """Return the smallest round step that needs no more ticks than are readable."""
    power = Fraction(1, 100)
    while True:
        for step in _STEPS:
            if length / (step * power) <= _MOST_TICKS:
                return step * power
        power *= 10
