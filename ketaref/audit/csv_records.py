"""A CSV file, counted once more by its bytes.

An engine reads CSV in its own way: it may leave out what it cannot read, or swallow lines after a
quote that is never closed. Both counts must agree, or the file is refused.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ketaref.audit.paths import refused

# Two stray quotes make one cell of all that lies between them, and a valid file.
MOST_LINES_IN_A_CELL = 1_000
CHUNK = 1 << 22  # bytes that are read at once
_LINES_NAMED = 20
SAVE_AS_UTF8 = "save it as UTF-8; a file in Latin-1: iconv -f latin1 -t utf-8 FILE"


class Malformed(NamedTuple):
    """Lines that are not rows: how many, and the numbers of the first of them in the file."""

    total: int
    lines: tuple[int, ...]
    breaks_inside: int = 0


class Counted(NamedTuple):
    """How many records a CSV file has, its header among them; and where a quote was left open."""

    records: int
    open_quote: int | None
    breaks_inside: int  # line breaks inside quotes
    longest: tuple[int, int]  # the quoted cell of the most lines: how many breaks, and from where
    not_utf8: int | None = None  # the first byte that is not UTF-8 text


def reconciled(file: Path, name: str, rows_read: int, rejected: list[int]) -> Malformed:
    """Return the lines that are not rows; refuse where the counts do not agree.

    ``rejected`` are the byte positions of what the engine could not read, in rising order.
    """
    counted = count_records(file)
    if counted.not_utf8 is not None:
        raise refused(name, f"is not UTF-8 text, from byte {counted.not_utf8:,} on", SAVE_AS_UTF8)
    if counted.open_quote:
        raise refused(
            name, f"has a quote that is never closed, from line {counted.open_quote:,} on"
        )
    if counted.longest[0] > MOST_LINES_IN_A_CELL:
        lines, start = counted.longest
        raise refused(
            name, f"has a quoted cell of {lines + 1:,} lines, from line {start:,} on: is it stray?"
        )
    if rows_read + len(rejected) != counted.records - 1:
        raise refused(
            name,
            f"was read as {rows_read:,} rows and {len(rejected):,} malformed lines, but has "
            f"{counted.records - 1:,} records under its header: look for a stray quote, or "
            "line ends of two kinds",
        )
    lines_of = tuple(_line_numbers(file, name, rejected))
    return Malformed(len(rejected), lines_of[:_LINES_NAMED], counted.breaks_inside)


def count_records(file: Path) -> Counted:
    """Count the records of a CSV file by its bytes: line ends outside quotes, no blank lines."""
    records, line, inside = 0, 1, False
    opened = line
    breaks, longest = 0, (0, 0)
    something = False  # on the record that is being read
    text = _Utf8()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            text.add(chunk)
            for number, part in enumerate(chunk.split(b'"')):
                if number:
                    inside = not inside
                    something = True
                    if inside:
                        opened = line
                    else:
                        breaks += line - opened
                        longest = max(longest, (line - opened, opened))
                if inside:
                    line += part.count(b"\n")
                    continue
                lines = part.split(b"\n")
                line += len(lines) - 1
                for each in lines[:-1]:
                    records += something or bool(each.strip(b"\r"))
                    something = False
                something = something or bool(lines[-1].strip(b"\r"))
    text.end()
    return Counted(
        records + something, opened if inside else None, breaks, longest, text.wrong_from
    )


class _Utf8:
    """Finds the first byte of a file that is not UTF-8 text."""

    def __init__(self) -> None:
        self.wrong_from: int | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._read = 0

    def add(self, chunk: bytes, *, last: bool = False) -> None:
        kept = len(self._decoder.getstate()[0])  # bytes of a character that was cut in two
        if self.wrong_from is None and not (chunk.isascii() and not kept):
            try:
                self._decoder.decode(chunk, last)
            except UnicodeDecodeError as error:
                self.wrong_from = self._read - kept + error.start
        self._read += len(chunk)

    def end(self) -> None:
        self.add(b"", last=True)


def _line_numbers(file: Path, name: str, places: list[int]) -> Iterator[int]:
    """Yield the line of each of these positions; refuse one that lies inside a quoted cell."""
    line, quotes, read = 1, 0, 0
    with file.open("rb") as stream:
        for place in places:
            while chunk := stream.read(min(CHUNK, place - read)):
                line += chunk.count(b"\n")
                quotes += chunk.count(b'"')
                read += len(chunk)
            if quotes % 2:
                raise refused(name, f"was read from inside a quoted cell, on line {line:,}")
            yield line + _blank_lines(stream, read)


def _blank_lines(stream: BinaryIO, read: int) -> int:
    """Return how many blank lines stand here, before the line that was meant."""
    blank = 0
    while (byte := stream.read(1)) in (b"\r", b"\n"):
        blank += byte == b"\n"
    stream.seek(read)
    return blank
