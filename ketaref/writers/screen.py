"""Pages for a terminal: with width.py, the only module that imports rich.

Cells are wrapped here, not by rich, which parts a number from its unit when space is short. Where
a table does not fit, the whole report is laid out plainly instead.
"""

import re
from collections import Counter
from io import StringIO

from rich.box import Box
from rich.console import Console, detect_legacy_windows
from rich.table import Table as RichTable
from rich.text import Text

from ketaref.answers.answer import Answer
from ketaref.document import (
    Block,
    Document,
    Facts,
    Heading,
    Local,
    Paragraph,
    Points,
    Table,
    widest_piece,
    without_pictures,
    wrap,
)
from ketaref.pages.frame import lay_out
from ketaref.width import width_of
from ketaref.writers import Page, plain

DEFAULT_WIDTH = 80
_GAP = 2
_MARK = "| "  # before every line of a clinic's own
_INDENT = "  "
_SHORT = 24  # a cell of up to so many characters may be wrapped at any word
_NARROWEST_TEXT = 20  # a longer one is not squeezed below this: it would be spelled, not read

# ASCII: a rule under the header and nothing else, so that no encoding can spoil it.
_RULED = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


def write(answer: Answer, page: Page) -> str:
    """Return the answer as tables and short paragraphs of at most the page's width."""
    width = page.width or DEFAULT_WIDTH
    document = without_pictures(lay_out(answer))
    if not _fits(document, width):
        return plain.lay_out(document, width)
    printed = _lay_out(document, width, styled=page.styled)
    return "".join(f"{line.rstrip()}\n" for line in printed.splitlines())


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


def _fits(document: Document, width: int) -> bool:
    for block in document:
        if isinstance(block, Table) and _column_widths(block, width) is None:
            return False
        if isinstance(block, Local) and not _fits(block.blocks, width - len(_MARK)):
            return False
        if isinstance(block, Facts) and width - _key_width(block) - _GAP < _NARROWEST_TEXT:
            return False
    return True


def _print(console: Console, block: Block, width: int) -> None:
    match block:
        case Heading():
            _lines(console, wrap(block.text, width, _INDENT), "bold")
        case Facts():
            _print_facts(console, block, width)
        case Table():
            _print_table(console, block, width)
        case Points():
            _lines(console, [block.key.capitalize()], "bold")
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
    for line in lines:
        console.print(Text(line, style), no_wrap=True, overflow="ignore", crop=False)


def _key_width(block: Facts) -> int:
    return max(width_of(key) for key, _ in block.items)


def _print_facts(console: Console, block: Facts, width: int) -> None:
    key_width = _key_width(block)
    for key, value in block.items:
        first, *rest = wrap(value, width - key_width - _GAP)
        _lines(console, [f"{key:<{key_width}}{' ' * _GAP}{first}"])
        _lines(console, [" " * (key_width + _GAP) + line for line in rest])


def _print_table(console: Console, block: Table, width: int) -> None:
    widths = _column_widths(block, width)
    if widths is None:
        raise ValueError("a table that does not fit is laid out plainly")
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
    least = [
        max(_NARROWEST_TEXT if wide > _SHORT else 0, *(widest_piece(cell) for cell in cells))
        for wide, cells in zip(widths, columns, strict=True)
    ]
    return _shrunk(widths, least, width - _GAP * (len(widths) - 1))


def _shrunk(widths: list[int], least: list[int], room: int) -> list[int] | None:
    """Return the widths, those with the most to spare made narrower until all fit."""
    if sum(least) > room:
        return None
    widths = list(widths)
    while sum(widths) > room:
        spare = [wide - low for wide, low in zip(widths, least, strict=True)]
        widths[spare.index(max(spare))] -= 1
    return widths
