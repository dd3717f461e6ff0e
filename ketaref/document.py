"""The few blocks that a report is laid out in, and how their text may be wrapped.

A report says what it means in these; a writer decides how it looks.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from ketaref.width import width_of

BOX = "[ ]"  # a cell with nothing else in it is a box to tick
BLANK = "_" * 7  # a cell with nothing else in it is a line to write on


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
    """Rows of cells under columns.

    ``series`` says how many of the columns after the first belong together, group by group: a page
    that is too narrow parts the table between them, and repeats the first column.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    series: tuple[int, ...] = ()


class Points(NamedTuple):
    """Short statements; each may say whom it concerns, or "" for all. The key may be a heading."""

    key: str
    items: tuple[tuple[str, str], ...]
    heading: bool = False


class Paragraph(NamedTuple):
    """A few sentences under a key."""

    key: str
    text: str


class BandPoint(NamedTuple):
    """A point of a band: its weight in kg, its ends in mg, and both in words."""

    kg: Fraction
    low: Fraction
    high: Fraction
    text: str


class Band(NamedTuple):
    """A range over body weight, as a picture where there can be one; the table says the same."""

    title: str
    points: tuple[BandPoint, ...]


class Mark(NamedTuple):
    """A dose on an axis: its place, its words, how many studies gave it, controlled or not."""

    dose: Fraction
    text: str
    controlled: int
    uncontrolled: int


class DoseAxis(NamedTuple):
    """The doses that studies gave, on the axis of a range, as a picture where there can be one."""

    title: str
    low: Fraction
    high: Fraction
    range_text: str
    marks: tuple[Mark, ...]


class Local(NamedTuple):
    """What a clinic says in its own words. Every line of it is marked: it can imitate nothing."""

    blocks: tuple["Block", ...]


Block: TypeAlias = Heading | Facts | Table | Points | Paragraph | Band | DoseAxis | Local
Document: TypeAlias = tuple[Block, ...]


def title_of(document: Document) -> str:
    """Return the first heading."""
    return next(block.text for block in document if isinstance(block, Heading))


def without_pictures(document: Document) -> Document:
    """Leave out the pictures, for what cannot show them: the table beside each says the same."""
    return tuple(block for block in document if not isinstance(block, Band | DoseAxis))


_UNIT = (
    r"(?:mcg/kg/min|mg/kg/min|mg/kg/h|mcg/kg|mg/kg|mg/min|mL/min|mL/h|mg|mcg|g|mL|kg|lb|st"
    r"|minutes?|min|hours?|h|mmHg|beats|%"
    r"|days?|weeks?|months?|years?|people|devices?)(?![A-Za-z/])"
)
# Possessive, and of a few numbers at most: a text of nothing but numbers takes no longer to read.
_NUMBERS = r"(?<![\d.,/])(?:\d[\d.,/]*+ (?:to |or |and )?){0,6}?\d[\d.,/]*+"
_PHRASE = rf"{_NUMBERS} {_UNIT}(?: per (?:mL|lb|kg|dose|st))?"
# The spaces of a quantity, from the one that is never broken at to the one that is broken at first
# where a line is too short: "35 mg", "20 to 35 mg", "35 mg per dose".
_TO_UNIT, _TO_RANGE, _TO_BASIS = "\x00", "\x01", "\x02"


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Break a text into lines of at most ``width`` cells, between words, never inside a quantity.

    Every line but the first begins with the indent; not a quantity that would not fit with it.

    A range that no line holds has its unit after each number. A word that is longer than a whole
    line is parted after a hyphen; a hash or a sentence in Chinese is cut, never inside a number.

    >>> wrap("0.5 to 1 mg/kg over 40 to 60 minutes", 20)
    ['0.5 to 1 mg/kg over', '40 to 60 minutes']
    >>> wrap("0.399 to 0.796 mg/min", 20)
    ['0.399 mg/min to', '0.796 mg/min']
    """
    lines: list[str] = []
    for piece in _pieces(text, width - len(indent)):
        if lines and width_of(lines[-1]) + 1 + width_of(piece) <= width:
            lines[-1] += f" {piece}"
        else:
            hangs = lines and len(indent) + width_of(piece) <= width
            lines.append(f"{indent}{piece}" if hangs else piece)
    return lines or [""]


def unbroken(text: str) -> str:
    r"""Return the text with no-break spaces inside its quantities, for a page that wraps itself.

    >>> ascii(unbroken("0.5 to 1 mg/kg of body weight"))
    "'0.5\\xa0to\\xa01\\xa0mg/kg of body weight'"
    """
    glued = re.sub(_PHRASE, _glue, text)
    return glued.replace(_TO_UNIT, "\u00a0").replace(_TO_RANGE, "\u00a0").replace(_TO_BASIS, " ")


def widest_piece(text: str) -> int:
    """Return the width below which a word, a quantity or a whole range would be parted."""
    return max((width_of(piece) for piece in _pieces(text, width_of(text))), default=0)


def widest_part(text: str) -> int:
    """Return the width below which more would be parted than words at their hyphens."""
    pieces = _pieces(text, width_of(text))
    return max((width_of(part) for piece in pieces for part in _compound(piece)), default=0)


def _pieces(text: str, width: int) -> Iterator[str]:
    """Yield what stays together: a quantity or a range if it fits, else a number and its unit."""
    glued = re.sub(_PHRASE, _glue, text).replace(BOX, BOX.replace(" ", _TO_UNIT))
    for piece in glued.split():
        for part in _parted(piece, width, _TO_BASIS + _TO_RANGE):
            yield from _cut(part, width)


_SPACED = str.maketrans(dict.fromkeys((_TO_UNIT, _TO_RANGE, _TO_BASIS), " "))
_COMPOUND = re.compile(r"([(\[]?[A-Za-z]+-)([A-Za-z]+[.,;:)\]]*)")
# A word longer than a line may be cut between these: quantities, numbers, characters.
_ATOM = re.compile(
    rf"\d[\d.,/:-]*(?:{_TO_UNIT}{_UNIT}(?:{_TO_UNIT}per{_TO_UNIT}mL)?)?|.[\ufe0e\ufe0f]?"
)


def _cut(piece: str, width: int) -> Iterator[str]:
    """Yield a piece whole if it fits; else in parts that do, or are a quantity."""
    whole = piece.translate(_SPACED)
    if width_of(whole) <= width or (_TO_UNIT in piece and piece.isascii()):
        yield whole
        return
    part = ""
    for atom in _atoms(piece, width):
        if part and width_of(part + atom) > width:
            yield part
            part = ""
        part += atom
    yield part


def _compound(word: str) -> tuple[str, ...]:
    """Return the two parts of a compound word; any other, such as the id of a source, is one."""
    found = _COMPOUND.fullmatch(word)
    return (found[1], found[2]) if found else (word,)


def _atoms(piece: str, width: int) -> Iterator[str]:
    for word in _compound(piece):
        spaced = word.translate(_SPACED)
        yield from [spaced] if width_of(spaced) <= width else _characters(word, width)


def _characters(word: str, width: int) -> Iterator[str]:
    for match in _ATOM.finditer(word):
        atom = match[0].translate(_SPACED)
        if _TO_UNIT in match[0] or len(atom) <= width:
            yield atom
        else:  # no number has so many digits: part of a hash
            yield from atom


def _parted(piece: str, width: int, spaces: str) -> Iterator[str]:
    """Yield a piece, broken at the first of these kinds of space that it takes to fit."""
    if width_of(piece.translate(_SPACED)) <= width or not spaces:
        yield piece
        return
    if spaces[0] == _TO_RANGE:
        piece = _each_with_its_unit(piece)
    for part in piece.split(spaces[0]):
        yield from _parted(part, width, spaces[1:])


def _each_with_its_unit(piece: str) -> str:
    """Return a range with the unit after each of its numbers, since they will not share a line."""
    unit = re.sub(r"[.,;:)]*$", "", piece.partition(_TO_UNIT)[2])
    again = f"{_TO_UNIT}{unit}" if unit else ""  # a year before a comma is no quantity
    return re.sub(rf"(?<=\d)(,?){_TO_RANGE}", rf"{again}\1{_TO_RANGE}", piece)


def _glue(phrase: re.Match[str]) -> str:
    amount, per, basis = (
        phrase[0].replace("mg per mL", f"mg{_TO_UNIT}per{_TO_UNIT}mL").partition(" per ")
    )
    amount = re.sub(rf"(?<=\d) (?={_UNIT})", _TO_UNIT, amount).replace(" ", _TO_RANGE)
    return amount + per.replace(" ", _TO_BASIS, 1).replace(" ", _TO_UNIT) + basis
