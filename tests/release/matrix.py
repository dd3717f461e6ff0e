"""Every command on every page: format, width, encoding, and what it is written to.

``python -m tests.release.matrix`` tries them all, in parallel, in this process with streams that
say what a terminal or a pipe would; then some of them in processes of their own, which must write
the same bytes. It ends with 1 where an output is wrong. ``tests/pages/test_matrix.py`` tries some.
"""

import fcntl
import io
import os
import pty
import random
import re
import struct
import subprocess
import sys
import termios
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, redirect_stdout
from functools import cache
from itertools import product
from typing import NamedTuple
from unittest.mock import patch

from pypdf import PdfReader
from typer.main import get_command

from ketaref.audit import run as audit
from ketaref.cli import app
from ketaref.cli.delivery import print_out
from ketaref.errors import ExitCode
from ketaref.formats import Format
from ketaref.label import LABEL
from ketaref.ranges.library import Library
from tests.release import records
from tests.samples import REPORTS, TEXTS, texts_of

ENCODINGS = ("utf-8", "cp1252", "cp437", "cp850", "cp932", "ascii", "latin-1")
WIDTHS = range(20, 201)

# What the program writes to: is it a terminal, and what does the environment say of it?
PLACES: dict[str, tuple[bool, dict[str, str]]] = {
    "terminal": (True, {"TERM": "xterm"}),
    "pipe": (False, {"TERM": "xterm"}),
    "NO_COLOR": (True, {"TERM": "xterm", "NO_COLOR": "1"}),
    "dumb": (True, {"TERM": "dumb"}),
}
STYLED = "terminal"  # the one place where escape bytes may be

LINES = [*REPORTS, ["checklist", "--clinic", "Klinik Z\u00fcrich \u6771\u4eac"]]
IN_PROCESSES = 1_000
SEED = 20261125

_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_UNIT = r"(?:mg/kg|mg/min|mg per mL|mg|mcg|mL|kg|lb|st|minutes?|hours?|%)"
_QUANTITY = re.compile(rf"\d[\d.,]*(?: (?:to|or) \d[\d.,]*)? {_UNIT}(?![\w/])")
_NUMBER = re.compile(r"(?<![\w.])\d[\d.,]*\d|(?<![\w.])\d(?![\w.])")


# What takes long and is the same on every page is done once: the commands are put together, and
# each table is audited. The runs by a process of its own do all of it anew.
command = get_command(app)
_run = cache(audit.run)


def _run_once(request: audit.Request, library: Library, watch: audit.Watch) -> audit.Tally:
    return _run(request._replace(stdin=None), library, watch)


class Cell(NamedTuple):
    """One line of the command line in one format, on one page."""

    line: tuple[str, ...]
    format: Format
    width: int
    place: str

    @property
    def command(self) -> list[str]:
        return [*self.line, "-f", self.format]


class Stream(io.TextIOWrapper):
    """A stdout in an encoding, which may be a terminal."""

    def __init__(self, encoding: str, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def written(self) -> bytes:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue()


def environment(cell: Cell) -> dict[str, str]:
    """Return the environment of a page."""
    kept = {"PATH": os.environ["PATH"], "TZ": "UTC", "COLUMNS": str(cell.width)}
    return {**kept, **PLACES[cell.place][1]}


@contextmanager
def on(cell: Cell, encoding: str) -> Iterator[Stream]:
    """Have the environment and the stdout of a page."""
    stream = Stream(encoding, terminal=PLACES[cell.place][0])
    with patch.dict(os.environ, environment(cell), clear=True), redirect_stdout(stream):
        yield stream


def written(cell: Cell) -> bytes:
    """Return what the command prints; any status but an answer's is an error."""
    with on(cell, "utf-8") as stream, patch.object(audit, "run", _run_once):
        status = command(cell.command, standalone_mode=False)
    assert status in (None, ExitCode.DONE, ExitCode.OUTSIDE), (cell, status)
    return stream.written()


def rendered(cell: Cell) -> str:
    """Return the same as text."""
    return written(cell).decode()


def encoded(cell: Cell, text: str, encoding: str) -> str:
    """Return a text as a stdout of that encoding takes it, read back."""
    with on(cell, encoding) as stream:
        print_out(text)
    return stream.written().decode(encoding)


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
    line = " ".join(bare.split())
    lost = sorted(whole - quantities(bare))
    return found + [f"lost or parted: {each}" for each in lost if not is_spelled_out(each, line)]


def is_spelled_out(quantity: str, line: str) -> bool:
    """Return whether a range that the narrowest line does not hold has its unit twice in a text."""
    return len(quantity) > min(WIDTHS) - len("| -") and spelled_out(quantity) in line


def spelled_out(quantity: str) -> str:
    """Return a range with the unit after each of its numbers."""
    *_, unit = re.split(r"\d ", quantity)
    return re.sub(r"(\d)(,?) (?=to |or |and |\d)", rf"\1 {unit}\2 ", quantity)


def tried(line: tuple[str, ...], format_: Format, widths: tuple[int, ...]) -> Counter[str]:
    """Try a line in a format on pages of these widths; return how many outputs, and each fault."""
    seen: Counter[str] = Counter()
    for place in PLACES:
        widest = rendered(Cell(line, format_, max(WIDTHS), place))
        whole = quantities(_STYLE.sub("", widest))
        wrong_with = cache(lambda cell, page, whole=whole: tuple(faults(cell, page, whole)))
        for width in widths:
            cell = Cell(line, format_, width, place)
            text = rendered(cell)
            for encoding in ENCODINGS:
                seen["outputs"] += 1
                page = encoded(cell, text, encoding)
                # What is wrong does not depend on the width: a page that came before is known.
                wrong = [*wrong_with(cell._replace(width=0), page)]
                if page != text.encode(encoding, "backslashreplace").decode(encoding):
                    wrong.append("a character lost")
                where = f"{' '.join(cell.command)}, {width}, {place}, {encoding}"
                seen.update(f"{fault}: {where}" for fault in wrong)
    return seen


def tried_as_pdf(line: tuple[str, ...]) -> Counter[str]:
    """Try a line as a PDF in a pipe: the same bytes on every page, with every number and label."""
    cell = Cell(line, Format.PDF, max(WIDTHS), "pipe")
    pages = {written(cell._replace(width=width)) for width in (min(WIDTHS), 80, max(WIDTHS))}
    reader = PdfReader(io.BytesIO(min(pages)))
    shown = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    plain = rendered(cell._replace(format=Format.PLAIN))
    seen = Counter(outputs=1)
    if len(pages) > 1:
        seen[f"other bytes: {' '.join(cell.command)}"] += 1
    for each in (LABEL, *_QUANTITY.findall(plain)):
        if re.sub(r"\s", "", each) not in shown:
            seen[f"lost: {each}: {' '.join(cell.command)}"] += 1
    return seen


def by_a_process(cell: Cell, encoding: str) -> bytes:
    """Return what a process of its own writes to a terminal of that width, or to a pipe."""
    command = [sys.executable, "-m", "ketaref", *cell.command]
    env = {**environment(cell), "PYTHONIOENCODING": encoding}
    if not PLACES[cell.place][0]:
        return subprocess.run(command, env=env, capture_output=True, check=False).stdout
    del env["COLUMNS"]  # a terminal is asked for its width
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, cell.width, 0, 0))
    with subprocess.Popen(command, env=env, stdout=theirs, stderr=subprocess.PIPE) as process:
        os.close(theirs)
        shown = b"".join(_read_to_the_end(ours))
    os.close(ours)
    assert process.returncode in (ExitCode.DONE, ExitCode.OUTSIDE), cell
    return shown.replace(b"\r\n", b"\n")


def _read_to_the_end(terminal: int) -> Iterator[bytes]:
    try:
        while chunk := os.read(terminal, 65_536):
            yield chunk
    except OSError:
        return  # how Linux says that the other end is closed


def same_by_a_process(cell: Cell, encoding: str) -> bool:
    """Return whether a process of its own writes what was tried here."""
    return by_a_process(cell, encoding) == encoded(cell, rendered(cell), encoding).encode(encoding)


def some_cells(count: int) -> list[tuple[Cell, str]]:
    """Return so many cells with an encoding each, the same at every run."""
    chance = random.Random(SEED)
    return [
        (
            Cell(
                tuple(line := chance.choice(LINES)),
                chance.choice(texts_of(line)),
                chance.choice(WIDTHS),
                chance.choice(list(PLACES)),
            ),
            chance.choice(ENCODINGS),
        )
        for _ in range(count)
    ]


def main() -> int:
    """Try all, keep the record where nothing was found, and print what was."""
    work = [
        (tuple(line), format_, tuple(WIDTHS)[start::4])
        for line in LINES
        for format_, start in product(texts_of(line), range(4))
    ]
    cells = some_cells(IN_PROCESSES)
    seen: Counter[str] = Counter()
    with ProcessPoolExecutor() as pool:
        for found in pool.map(tried, *zip(*work, strict=True)):
            seen += found
        for found in pool.map(tried_as_pdf, map(tuple, LINES)):
            seen += found
        for cell, same in zip(
            cells, pool.map(same_by_a_process, *zip(*cells, strict=True)), strict=True
        ):
            seen.update([] if same else [f"another output by a process: {cell}"])
    outputs = seen.pop("outputs")
    for fault in seen:
        print(fault)
    if not seen:
        facts = {
            "command lines": len(LINES),
            "formats": ", ".join([*TEXTS, Format.PDF]),
            "widths": f"{min(WIDTHS)} to {max(WIDTHS)}, each",
            "encodings": ", ".join(ENCODINGS),
            "written to": ", ".join(PLACES),
            "outputs": outputs,
            "written again by a process of its own": len(cells),
            "faults": 0,
        }
        records.write("matrix", "python -m tests.release.matrix", facts)
    return 1 if seen else 0


if __name__ == "__main__":
    sys.exit(main())
