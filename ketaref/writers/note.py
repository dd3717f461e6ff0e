"""Two lines for each result, to paste into a record."""

from ketaref.answers.answer import Answer
from ketaref.pages.frame import note
from ketaref.writers import Page


def write(answer: Answer, _page: Page) -> str:
    """Return the lines of the note."""
    return "".join(f"{line}\n" for line in note(answer))
