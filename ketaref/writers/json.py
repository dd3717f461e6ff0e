"""One JSON object: the answer itself."""

from ketaref.answers.answer import Answer
from ketaref.writers import Page


def write(answer: Answer, _page: Page) -> str:
    """Return the answer as one JSON object."""
    return answer.to_json()
