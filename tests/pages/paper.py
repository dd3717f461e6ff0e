"""A PDF read back by other programs: the text of its pages, and where each word is."""

import io
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pypdf import PdfReader

from tests.outputs import output_bytes

_MM = 72 / 25.4
_LEFT, _TOP, _RIGHT, _BOTTOM = 16 * _MM, 18 * _MM, 16 * _MM, 5 * _MM  # the footer is in the margin
_BOX = " ".join(f'{name}="([-\\d.]+)"' for name in ("xMin", "yMin", "xMax", "yMax"))
_WORD = re.compile(f"<word {_BOX}>(.*?)</word>")


def pdf(*line: str) -> bytes:
    """Return the answer to a command line as a PDF."""
    return output_bytes(*line, "-f", "pdf")


@cache
def pages(data: bytes) -> tuple[str, ...]:
    """Return the text of each page of a PDF."""
    return tuple(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def squeezed(text: str) -> str:
    """Return a text without its white space, which a page is free to change."""
    return re.sub(r"\s", "", text)


def words(text: str) -> set[str]:
    """Return the words of a text, in lower case."""
    return set(re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKC", text).lower()))


class Word(NamedTuple):
    """A word on a page, and the box that it takes, in points from the upper left."""

    top: float
    bottom: float
    left: float
    right: float
    text: str

    def is_over(self, other: "Word") -> bool:
        """Return whether it covers another; boxes that touch do not: ascenders reach up."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0.5 and down > 0.4 * min(self.bottom - self.top, other.bottom - other.top)

    def is_outside(self, width: float, height: float) -> bool:
        """Return whether it reaches out of the margins of a page."""
        return (
            self.left < _LEFT - 1
            or self.right > width - _RIGHT + 1
            or self.top < _TOP - 5  # the box of a letter reaches above its ink
            or self.bottom > height - _BOTTOM
        )


def misplaced(data: bytes) -> list[str]:
    """Return the words of a PDF that cover one another or are outside the margins, by poppler."""
    command = ["pdftotext", "-bbox", "-", "-"]
    shown = subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()
    return [fault for page in shown.split("<page ")[1:] for fault in _misplaced(page)]


def _misplaced(page: str) -> Iterator[str]:
    size = re.match(r'width="([\d.]+)" height="([\d.]+)"', page)
    assert size
    width, height = map(float, size.groups())
    found = sorted(
        Word(float(top), float(bottom), float(left), float(right), text)
        for left, top, right, bottom, text in _WORD.findall(page)
    )
    assert found
    for number, word in enumerate(found):
        if word.is_outside(width, height):
            yield f"outside: {word}"
        for other in found[number + 1 :]:
            if other.top > word.bottom:
                break
            if word.is_over(other):
                yield f"over one another: {word} / {other}"
