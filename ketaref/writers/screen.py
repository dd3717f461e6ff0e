"""Pages for a terminal: with width.py, the only module that imports rich.

Cells are wrapped here, not by rich, which parts a number from its unit when space is short. A table
that does not fit is laid out plainly instead, one fact a line.
"""

import re
from collections import Counter
from collections.abc import Callable
from io import StringIO

from rich.box import Box
from rich.console import Console, detect_legacy_windows
from rich.table import Table as RichTable
from rich.text import Text

from ketaref.answers.answer import Answer
from ketaref.document import (
    Band,
    Block,
    Document,
    DoseAxis,
    Facts,
    Heading,
    Local,
    Paragraph,
    Points,
    Table,
    widest_part,
    widest_piece,
    wrap,
)
from ketaref.pages.frame import lay_out
from ketaref.width import width_of
from ketaref.writers import Page, plain
from ketaref.writers.axis import drawn

DEFAULT_WIDTH = 80
_GAP = 2
_MARK = "| "  # before every line of a clinic's own
_INDENT = "  "
_SHORT = 24  # a cell of up to so many characters may be wrapped at any word
_NARROWEST_CELL = 16  # a longer one is not squeezed below this: it would be spelled, not read
_NARROWEST_TEXT = 20  # likewise, of the text beside a key

# ASCII: a rule under the header and nothing else, so that no encoding can spoil it.
_RULED = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


def write(answer: Answer, page: Page) -> str:
    """Return the answer as tables and short paragraphs of at most the page's width."""
    width = page.width or DEFAULT_WIDTH
    document = tuple(block for block in lay_out(answer) if _is_for_screen(block, width))
    printed = _lay_out(document, width, styled=page.styled)
    return "".join(f"{line.rstrip()}\n" for line in printed.splitlines())


def _is_for_screen(block: Block, width: int) -> bool:
    if isinstance(block, DoseAxis):
        return bool(drawn(block, width))
    return not isinstance(block, Band)


def shows_escapes() -> bool:
    """Return whether the console of Windows that the program runs in reads escape codes."""
    return not detect_legacy_windows()


def _lay_out(document: Document, width: int, *, styled: bool) -> str:
    output = StringIO()
    console = Console(
        file=output,
        width=width,
        force_terminal=styled,
        color_system="standard" if styled else None,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},  # the command line has read the environment; this must not read it again
    )
    for number, block in enumerate(document):
        if number and not (isinstance(block, Paragraph) and block.key == "notice"):
            console.print()
        _print(console, block, width)
    return output.getvalue()


def _print(console: Console, block: Block, width: int) -> None:
    match block:
        case Heading():
            _lines(console, wrap(block.text, width, _INDENT), "bold")
        case Facts():
            _print_facts(console, block, width)
        case Table():
            widths = _column_widths(block, width)
            if widths:
                _print_table(console, block, widths)
            else:
                _lines(console, plain.lay_out((block,), width).splitlines())
        case DoseAxis():
            _lines(console, drawn(block, width))
        case Points():
            _lines(console, wrap(block.key.capitalize(), width, _INDENT), "bold")
            for about, text in block.items:
                point = f"- {about}: {text}" if about else f"- {text}"
                _lines(console, wrap(point, width, _INDENT))
        case Local():
            inside = _lay_out(block.blocks, width - len(_MARK), styled=console.is_terminal)
            console.file.writelines(f"{_MARK}{line}\n" for line in inside.splitlines())
        case Paragraph():
            text = (
                block.text if block.key == "notice" else f"{block.key.capitalize()}: {block.text}"
            )
            _lines(console, wrap(text, width, _INDENT), "bold" if block.key == "notice" else "")


def _lines(console: Console, lines: list[str], style: str = "") -> None:
    if lines:
        text = Text("\n".join(lines), style)
        console.print(text, no_wrap=True, overflow="ignore", crop=False)


def _print_facts(console: Console, block: Facts, width: int) -> None:
    key_width = max(width_of(key) for key, _ in block.items)
    room = width - key_width - _GAP
    if room < max(_NARROWEST_TEXT, *(widest_piece(value) for _, value in block.items)):
        _lines(console, plain.lay_out((block,), width).splitlines())
        return
    for key, value in block.items:
        first, *rest = wrap(value, room)
        _lines(console, [f"{key:<{key_width}}{' ' * _GAP}{first}"])
        _lines(console, [" " * (key_width + _GAP) + line for line in rest])


def _print_table(console: Console, block: Table, widths: list[int]) -> None:
    grid = RichTable(
        box=_RULED, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold"
    )
    for column, wide in zip(block.columns, widths, strict=True):
        grid.add_column(_cell(column.title, wide), width=wide, no_wrap=True, overflow="ignore")
    for row in block.rows:
        grid.add_row(*(_cell(cell, wide) for cell, wide in zip(row, widths, strict=True)))
    with console.capture() as printed:
        console.print(grid)
    _raise_where_cropped(block, printed.get())
    console.file.write(printed.get())


_STYLE = re.compile("\x1b\\[[0-9;]*m")


def _raise_where_cropped(block: Table, printed: str) -> None:
    """Raise where a character of a cell is not in what was printed: rich crops what is too wide."""
    cells = (
        *(column.title for column in block.columns),
        *(cell for row in block.rows for cell in row),
    )
    left = Counter("".join(_STYLE.sub("", printed).split()))
    left.subtract("".join("".join(cells).split()))
    if min(left.values(), default=0) < 0:
        raise ValueError("a cell of the table was cropped")


def _cell(text: str, width: int) -> Text:
    return Text("\n".join(wrap(text, width)))


def _column_widths(block: Table, width: int) -> list[int] | None:
    """Return a width for each column, or None where the quantities in them need more room."""
    columns = [
        [column.title, *cells]
        for column, cells in zip(block.columns, zip(*block.rows, strict=True), strict=True)
    ]
    widths = [max(width_of(cell) for cell in cells) for cells in columns]
    room = width - _GAP * (len(widths) - 1)
    return _shrunk(widths, _least(columns, widest_piece), room) or _shrunk(
        widths, _least(columns, widest_part), room
    )


def _least(columns: list[list[str]], widest: Callable[[str], int]) -> list[int]:
    """Return the width below which a column would part what it must not."""
    return [
        max(
            _NARROWEST_CELL if max(map(width_of, cells)) > _SHORT else 0,
            *(widest(cell) for cell in cells),
        )
        for cells in columns
    ]


def _shrunk(widths: list[int], least: list[int], room: int) -> list[int] | None:
    """Return the widths, those with the most to spare made narrower until all fit."""
    if sum(least) > room:
        return None
    widths = list(widths)
    while sum(widths) > room:
        spare = [wide - low for wide, low in zip(widths, least, strict=True)]
        widths[spare.index(max(spare))] -= 1
    return widths
