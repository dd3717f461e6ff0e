"""The few blocks that a report is laid out in, and how their text may be wrapped.

A report says what it means in these; a writer decides how it looks.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias


class Heading(NamedTuple):
    """The title of what follows; level 1 once, at the top."""

    text: str
    level: int = 2


class Facts(NamedTuple):
    """Pairs of a key and a value, in an order that reads well aloud."""

    items: tuple[tuple[str, str], ...]


class Column(NamedTuple):
    """A column's title. Where a layout has one fact per line, ``joins`` puts it on the line before.

    A standing joins the range it qualifies, so that no layout can part them.
    """

    title: str
    joins: bool = False


class Table(NamedTuple):
    """Rows of cells under columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


class Points(NamedTuple):
    """Short statements; each may say whom it concerns, or "" for all."""

    key: str
    items: tuple[tuple[str, str], ...]


class Paragraph(NamedTuple):
    """A few sentences under a key."""

    key: str
    text: str


Block: TypeAlias = Heading | Facts | Table | Points | Paragraph
Document: TypeAlias = tuple[Block, ...]

_UNIT = r"(?:mg/kg|mg/min|mg|mcg|g|mL|kg|lb|st|minutes?|min|hours?|h|%)(?![A-Za-z/])"
_PHRASE = rf"(?:\d[\d.,]* (?:to |or |and )?)*\d[\d.,]* {_UNIT}(?: per (?:mL|lb|kg|dose|st))?"
_ALWAYS, _IF_IT_FITS = "\x00", "\x01"  # the two kinds of space that are not broken at


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Break a text into lines of at most ``width``, between words, never inside a quantity.

    Only what is longer than a whole line, such as a hash, is cut.

    >>> wrap("0.5 to 1 mg/kg over 40 to 60 minutes", 20)
    ['0.5 to 1 mg/kg over', '40 to 60 minutes']
    """
    lines: list[str] = []
    for piece in _pieces(text, width - len(indent)):
        room = width - len(lines[-1]) - 1 if lines else -1
        if lines and len(piece) <= room:
            lines[-1] += f" {piece}"
        else:
            hangs = lines and len(indent) + len(piece) <= width
            lines.append(f"{indent}{piece}" if hangs else piece)
    return lines or [""]


def widest_piece(text: str, *, whole_ranges: bool) -> int:
    """Return the width below which a quantity, or a whole range, would be parted."""
    width = len(text) if whole_ranges else 1
    return max((len(piece) for piece in _pieces(text, width, cut=False)), default=0)


def _pieces(text: str, width: int, *, cut: bool = True) -> Iterator[str]:
    """Yield what stays together: a quantity or a range if it fits, else a number and its unit."""
    for piece in re.sub(_PHRASE, _glue, text).split():
        parts = [piece] if len(piece) <= width else piece.split(_IF_IT_FITS)
        for part in parts:
            whole = part.replace(_ALWAYS, " ").replace(_IF_IT_FITS, " ")
            if cut and _ALWAYS not in part:
                yield from (whole[at : at + width] for at in range(0, len(whole), width))
            else:
                yield whole


def _glue(phrase: re.Match[str]) -> str:
    together = phrase[0].replace("mg per mL", f"mg{_ALWAYS}per{_ALWAYS}mL")
    together = together.replace(" ", _IF_IT_FITS)
    return re.sub(rf"(?<=\d){_IF_IT_FITS}(?={_UNIT})", _ALWAYS, together)
