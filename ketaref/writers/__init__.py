"""One writer per format, each a module by the format's name: it turns an answer into text."""

from datetime import date
from importlib import import_module
from typing import NamedTuple, Protocol, cast

from ketaref.answers.answer import Answer
from ketaref.formats import Format

_MODULES = {Format.TABLE: "screen", Format.CSL_JSON: "csl_json"}


class Page(NamedTuple):
    """What an answer is written on: its width in cells or None, whether bold shows, the day."""

    width: int | None = None
    styled: bool = False
    written: date = date.min


class Writer(Protocol):
    """What the module of a format has."""

    def write(self, answer: Answer, page: Page) -> str | bytes:
        """Return the answer as text that ends with a new line, or as bytes."""


def write(answer: Answer, format_: Format, page: Page) -> str | bytes:
    """Return the answer in a format; only the writer of that format is loaded."""
    writer = cast("Writer", import_module(f"{__name__}.{_MODULES.get(format_, format_)}"))
    return writer.write(answer, page)
