"""The clock and the terminal, read here and nowhere else."""

import os
import sys
from datetime import date
from typing import TYPE_CHECKING, TextIO

from ketaref.errors import ErrorCode, InputError

if TYPE_CHECKING:
    from ketaref.formats import Format
    from ketaref.writers import Page

_DIGITS = 5  # of a number of columns that is meant
NARROWEST = 20  # columns; below it the lines are as for 20


def today() -> date:
    """Return the date where the program runs."""
    return date.today()  # noqa: DTZ011 - the day on the user's own clock, whatever its zone


def completing() -> bool:
    """Return whether a shell asks for completion."""
    return "_KETAREF_COMPLETE" in os.environ


def page(format_: "Format", *, to_file: bool, no_color: bool) -> "Page":
    """Return what the report is written on.

    A file has no width. Nor has plain text in a pipe: there, one fact is one line.
    """
    from ketaref.formats import Format
    from ketaref.writers import Page

    on_terminal = not to_file and sys.stdout is not None and sys.stdout.isatty()
    if format_ is Format.PDF and on_terminal:
        raise InputError(
            ErrorCode.PDF_TO_TERMINAL,
            "a PDF is not for a terminal: name a file for it",
            "-o report.pdf",
        )
    if to_file or (format_ is Format.PLAIN and not on_terminal):
        return Page(written=today())
    styled = on_terminal and not no_color and _wants_style() and _shows_escapes()
    return Page(_width(sys.stdout, on_terminal=on_terminal), styled, today())


def _wants_style() -> bool:
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _shows_escapes() -> bool:
    """Return whether the terminal reads escape codes: an old console of Windows prints them."""
    if sys.platform != "win32":
        return True
    from ketaref.writers.screen import shows_escapes

    return shows_escapes()


def _width(stream: TextIO, *, on_terminal: bool) -> int | None:
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and len(columns) <= _DIGITS and int(columns):
        return max(int(columns), NARROWEST)
    if not on_terminal:
        return None
    try:
        measured = os.get_terminal_size(stream.fileno()).columns
    except OSError:
        return None
    return max(measured, NARROWEST) if measured else None
