"""One writer per format, each a module by the format's name: it turns a report into text."""

from datetime import date
from importlib import import_module
from typing import NamedTuple, Protocol, cast

from ketaref.formats import Format
from ketaref.reports.base import Report


class Page(NamedTuple):
    """What a report is written on: its width in characters or None, whether bold shows, the day."""

    width: int | None = None
    styled: bool = False
    written: date = date.min


class Writer(Protocol):
    """What the module of a format has."""

    def write(self, report: Report, page: Page) -> str | bytes:
        """Return the report as text that ends with a new line, or as bytes."""


def write(report: Report, format_: Format, page: Page) -> str | bytes:
    """Return the report in a format; only the writer that is asked for is loaded."""
    writer = cast("Writer", import_module(f"{__name__}.{format_}"))
    return writer.write(report, page)
