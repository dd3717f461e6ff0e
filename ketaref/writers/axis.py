"""Doses on the axis of a range, drawn in ASCII for a terminal."""

from collections.abc import Iterable
from fractions import Fraction

from ketaref.document import DoseAxis

_LABELS = 18  # cells before the axis: "without a control" and a space
_LEAST, _MOST = 30, 56  # cells of the axis itself


def drawn(axis: DoseAxis, width: int) -> list[str]:
    """Return the lines of the picture; none where the page is too narrow for it."""
    room = min(width - _LABELS - max(len(mark.text) for mark in axis.marks), _MOST)
    if room < _LEAST:
        return []
    last = max(axis.high, *(mark.dose for mark in axis.marks))

    def at(dose: Fraction) -> int:
        return round(dose / last * room)

    low, high = at(axis.low), at(axis.high)
    band = " " * low + "|" + "=" * (high - low - 1) + "|"
    return [
        axis.title,
        _line("published range", band),
        _line("with a control", _placed((at(m.dose), f"{m.controlled}") for m in axis.marks)),
        _line("without a control", _placed((at(m.dose), f"{m.uncontrolled}") for m in axis.marks)),
        _line("", _placed((at(mark.dose), "|") for mark in axis.marks)),
        *(_line("", line) for line in _labels([(at(m.dose), m.text) for m in axis.marks])),
    ]


def _line(label: str, text: str) -> str:
    return f"{label:<{_LABELS}}{text}".rstrip()


def _placed(marks: Iterable[tuple[int, str]]) -> str:
    line = ""
    for place, text in marks:
        line = f"{line:<{place}}{text}"
    return line


def _labels(marks: list[tuple[int, str]]) -> list[str]:
    """Return as many lines as it takes for no two labels to touch."""
    lines: list[str] = []
    for place, text in marks:
        for number, line in enumerate(lines):
            if len(line) < place:
                lines[number] = f"{line:<{place}}{text}"
                break
        else:
            lines.append(f"{'':<{place}}{text}")
    return lines
