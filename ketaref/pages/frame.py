"""What every page has around its own part: the cautions, the edition, the label as its last words.

A page is the module named for the kind of its answer. It has ``body``, which lays out the answer's
own part; and if it needs them, ``CLOSING``, the last words before the label; ``WIDE``, for paper
that is wider than high; ``IN_BODY``, the cautions that the body has already; and ``note``.
"""

from collections.abc import Iterable
from importlib import import_module
from types import ModuleType

from ketaref.answers.answer import Answer
from ketaref.document import Document, Facts, Paragraph, Points
from ketaref.label import LABEL
from ketaref.ranges.caution import Caution


def lay_out(answer: Answer, *, on_paper: bool = False) -> Document:
    """Return an answer laid out, with the label as its last words.

    On paper, a page that has ``paper`` is laid out by that: it has lines to write on by hand.
    """
    page = _page_of(answer)
    in_body = getattr(page, "IN_BODY", ())
    cautions = tuple(("", c.text) for c in answer.cautions if c.code not in in_body)
    closing = getattr(page, "CLOSING", "")
    body = getattr(page, "paper", page.body) if on_paper else page.body
    return (
        *body(answer),
        *([Points("caution", cautions)] if cautions else []),
        Facts((("data", _edition(answer)),)),
        *([Paragraph("limit", closing)] if closing else []),
        Paragraph("notice", LABEL),
    )


def is_wide(answer: Answer) -> bool:
    """Return whether a sheet of it is wider than high."""
    return bool(getattr(_page_of(answer), "WIDE", False))


def note(answer: Answer) -> tuple[str, ...]:
    """Return the lines to paste into a record, two for each row."""
    lines: tuple[str, ...] = _page_of(answer).note(answer)
    return lines


def note_ending(answer: Answer) -> str:
    """Return what ends a note: the data's version, its review, the label."""
    if answer.data is None:
        return LABEL
    edition = f"data {answer.data.version} of {answer.data.reviewed}"
    return f"{edition}, {answer.data.clinical_review}. {LABEL}"


def note_cautions(answer: Answer, cautions: Iterable[Caution] = ()) -> list[str]:
    """Return the cautions that a note carries: the answer's, and of these those it must have."""
    return [*(c.sentence for c in cautions if c.in_note), *(c.sentence for c in answer.cautions)]


def _page_of(answer: Answer) -> ModuleType:
    return import_module(f"ketaref.pages.{answer.kind}_page")


def _edition(answer: Answer) -> str:
    if answer.data is None:
        return "none could be read"
    return (
        f"version {answer.data.version}, sources checked {answer.data.reviewed}, review due "
        f"{answer.data.review_due}; {answer.data.clinical_review}"
    )
