"""Some of each of what ``python -m tests.release.matrix`` tries; and that it would notice."""

import random

import pytest

from ketaref.formats import Format
from tests.release.matrix import (
    LINES,
    PLACES,
    WIDTHS,
    Cell,
    encoded,
    faults,
    quantities,
    rendered,
    tried,
    tried_as_pdf,
)
from tests.samples import COMMANDS, NOT_REPORTS, texts_of

CHANCE = random.Random(20261124)
# Not the review pack and the list of sources, each of hundreds of entries that are laid out alike:
# the whole matrix has them before a release.
LONG = {"review", "sources"}
NAMES = sorted(COMMANDS.keys() - NOT_REPORTS - LONG)
SOME = [*(COMMANDS[name][0] for name in NAMES), ["sources", "ross-2019"], LINES[-1]]


@pytest.mark.parametrize("line", SOME, ids=" ".join)
def test_nothing_is_lost_on_any_page(line: list[str]) -> None:
    for format_ in texts_of(line):
        found = tried(tuple(line), format_, (CHANCE.choice(WIDTHS),))
        assert found.pop("outputs") == 28  # seven encodings, four places
        assert not found


@pytest.mark.parametrize("line", SOME, ids=" ".join)
def test_nothing_is_lost_on_paper(line: list[str]) -> None:
    assert tried_as_pdf(tuple(line)) == {"outputs": 1}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("35 to 70 mg", "35 to 7 mg", "lost or parted: 35 to 70 mg"),
        ("35 to 70 mg", "35 to 70\nmg", "lost or parted: 35 to 70 mg"),
        ("35 to 70 mg", "35 to 70", "lost or parted: 35 to 70 mg"),
        ("Reference information", "Information", "no label"),
        ("35", "\x1b[1m35\x1b[0m", "an escape byte"),
        ("35", "\x1b]0;title\x07 35", "an escape that is no style"),
    ],
)
def test_what_is_lost_is_noticed(old: str, new: str, fault: str) -> None:
    cell = Cell(("dose", "70 kg"), Format.TABLE, 80, "pipe")
    text = rendered(cell)
    assert faults(cell, text, quantities(text)) == []
    assert fault in faults(cell, text.replace(old, new), quantities(text))


def test_only_a_terminal_that_shows_them_is_sent_styles() -> None:
    shown = {place: rendered(Cell(("dose", "70 kg"), Format.TABLE, 80, place)) for place in PLACES}
    assert [place for place, text in shown.items() if "\x1b[" in text] == ["terminal"]


def test_what_an_encoding_has_not_is_escaped() -> None:
    cell = Cell(("checklist", "--clinic", "Z\u00fcrich"), Format.PLAIN, 80, "pipe")
    assert "Z\u00fcrich" in encoded(cell, rendered(cell), "cp437")
    assert "Z\\xfcrich" in encoded(cell, rendered(cell), "ascii")
