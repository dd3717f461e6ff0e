"""Every command on every page: format, width, encoding, and what it is written to.

``python -m tests.matrix`` tries them all, in parallel, and ends with 1 where an output is not as it
must be. ``tests/test_matrix.py`` tries some of each.
"""

import io
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, redirect_stdout
from functools import cache
from itertools import product
from typing import NamedTuple
from unittest.mock import patch

from ketaref.cli import app
from ketaref.cli.output import print_out
from ketaref.formats import Format
from ketaref.reports.base import LABEL
from tests import records
from tests.samples import COMMANDS, NARROW, NOT_REPORTS, TEXTS, WITH_NOTES

ENCODINGS = ("utf-8", "cp1252", "cp437", "cp850", "cp932", "ascii", "latin-1")
WIDTHS = range(20, 201)
LAID_OUT = (Format.TABLE, Format.PLAIN)  # to a width; the others are tried at three of them
SOME_WIDTHS = (20, 80, 200)

# What the program writes to: is it a terminal, and what does the environment say of it?
PLACES: dict[str, tuple[bool, dict[str, str]]] = {
    "terminal": (True, {"TERM": "xterm"}),
    "pipe": (False, {"TERM": "xterm"}),
    "NO_COLOR": (True, {"TERM": "xterm", "NO_COLOR": "1"}),
    "dumb": (True, {"TERM": "dumb"}),
}
STYLED = "terminal"  # the one place where escape bytes may be

LINES = [
    *(COMMANDS[name][0] for name in sorted(COMMANDS.keys() - NOT_REPORTS)),
    ["dose", "154 lb", "-s", "50mg/mL", "--over", "40min"],
    ["dose", "120 kg", "-s", "50mg/mL", "--over", "40min", "--protocol", NARROW],
    ["checklist", "--clinic", "Klinik Z\u00fcrich \u6771\u4eac"],
]

_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_UNIT = r"(?:mg/kg|mg/min|mg per mL|mg|mcg|mL|kg|lb|st|minutes?|hours?|%)"
_QUANTITY = re.compile(rf"\d[\d.,]*(?: (?:to|or) \d[\d.,]*)? {_UNIT}(?![\w/])")
_NUMBER = re.compile(r"(?<![\w.])\d[\d.,]*\d|(?<![\w.])\d(?![\w.])")


class Cell(NamedTuple):
    """One line of the command line in one format, on one page."""

    line: tuple[str, ...]
    format: Format
    width: int
    place: str


class Stream(io.TextIOWrapper):
    """A stdout in an encoding, which may be a terminal."""

    def __init__(self, encoding: str, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def written(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode(self.encoding)


@contextmanager
def on(cell: Cell) -> Iterator[None]:
    """Have the environment of a page."""
    environment = {**PLACES[cell.place][1], "COLUMNS": str(cell.width)}
    kept = {"PATH": os.environ["PATH"], "TZ": "UTC"}
    with patch.dict(os.environ, {**kept, **environment}, clear=True):
        yield


def rendered(cell: Cell) -> str:
    """Return what the command prints; any status but an answer's is an error."""
    stream = Stream("utf-8", terminal=PLACES[cell.place][0])
    with on(cell), redirect_stdout(stream):
        status = app([*cell.line, "-f", cell.format], standalone_mode=False)
    assert status in (None, 0, 3), status
    return stream.written()


def encoded(cell: Cell, text: str, encoding: str) -> str:
    """Return a text as a stdout of that encoding takes it, read back."""
    stream = Stream(encoding, terminal=PLACES[cell.place][0])
    with on(cell), redirect_stdout(stream):
        print_out(text)
    return stream.written()


def quantities(text: str) -> set[str]:
    """Return each number with its unit, and each number of words that fit the narrowest page."""
    words = (word for word in text.split() if len(word) < min(WIDTHS))
    return {*_QUANTITY.findall(text), *_NUMBER.findall(" ".join(words))}


def faults(cell: Cell, text: str, whole: set[str]) -> list[str]:
    """Return what is wrong with an output, beside the quantities on the widest page."""
    found = []
    if "\x1b" in text and cell.place != STYLED:
        found.append("an escape byte")
    bare = _STYLE.sub("", text)
    if "\x1b" in bare:
        found.append("an escape that is no style")
    if LABEL.split(".")[0] not in " ".join(re.sub(r"&#160;|[\\\u00a0]", " ", bare).split()):
        found.append("no label")
    return found + [f"lost or parted: {each}" for each in sorted(whole - quantities(bare))]


def tried(line: tuple[str, ...], format_: Format, widths: tuple[int, ...]) -> Counter[str]:
    """Try a line in a format on pages of these widths; return how many outputs, and each fault."""
    seen: Counter[str] = Counter()
    for place in PLACES:
        widest = rendered(Cell(line, format_, max(WIDTHS), place))
        whole = quantities(_STYLE.sub("", widest))
        for width in widths:
            cell = Cell(line, format_, width, place)
            text = rendered(cell)
            wrong_with = cache(lambda page, cell=cell, whole=whole: faults(cell, page, whole))
            for encoding in ENCODINGS:
                seen["outputs"] += 1
                page = encoded(cell, text, encoding)
                wrong = list(wrong_with(page))
                if page != text.encode(encoding, "backslashreplace").decode(encoding):
                    wrong.append("a character lost")
                where = f"{' '.join(line)} -f {format_}, {width}, {place}, {encoding}"
                seen.update(f"{fault}: {where}" for fault in wrong)
    return seen


def main() -> int:
    """Try all, keep the record where nothing was found, and print what was."""
    formats = [
        (tuple(line), format_)
        for line, format_ in product(LINES, TEXTS)
        if format_ is not Format.NOTE or line[0] in WITH_NOTES
    ]
    work = [
        (line, format_, tuple(WIDTHS)[start::4] if format_ in LAID_OUT else SOME_WIDTHS[start:][:1])
        for line, format_ in formats
        for start in range(4)
    ]
    seen: Counter[str] = Counter()
    with ProcessPoolExecutor() as pool:
        for found in pool.map(tried, *zip(*work, strict=True)):
            seen += found
    outputs = seen.pop("outputs")
    for fault in seen:
        print(fault)
    if not seen:
        facts = {
            "command lines": len(LINES),
            "formats": ", ".join(TEXTS),
            "widths of table and plain": f"{min(WIDTHS)} to {max(WIDTHS)}, each",
            "widths of the others": ", ".join(map(str, SOME_WIDTHS)),
            "encodings": ", ".join(ENCODINGS),
            "written to": ", ".join(PLACES),
            "outputs": outputs,
            "faults": 0,
        }
        records.write("matrix", "python -m tests.matrix", facts)
    return 1 if seen else 0


if __name__ == "__main__":
    sys.exit(main())
