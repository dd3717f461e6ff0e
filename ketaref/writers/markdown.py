"""Markdown, for a wiki or a ticket: GitHub's tables, and text that cannot turn into markup."""

import re
from collections.abc import Iterator

from ketaref.answers.answer import Answer
from ketaref.document import (
    Block,
    Document,
    Facts,
    Heading,
    Local,
    Paragraph,
    Points,
    Table,
    without_pictures,
)
from ketaref.pages.frame import lay_out
from ketaref.writers import Page

# The last three are of addresses that GitHub would make links of: a@b.org, http://, www.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&$@]|(?<=\w):(?=//)|(?<=www)\.)", re.IGNORECASE)


def write(answer: Answer, _page: Page) -> str:
    """Return the answer as Markdown."""
    return _blocks(without_pictures(lay_out(answer))) + "\n"


def _blocks(document: Document) -> str:
    return "\n\n".join("\n".join(_block(block)) for block in document)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * block.level} {escaped(block.text)}"
        case Facts():
            yield from (f"- **{escaped(key)}**: {escaped(value)}" for key, value in block.items)
        case Table():
            yield _row(column.title for column in block.columns)
            yield _row("---" for _ in block.columns)
            yield from (_row(escaped(cell) for cell in row) for row in block.rows)
        case Points():
            key = escaped(block.key.capitalize())
            yield f"## {key}" if block.heading else f"**{key}**"
            yield ""
            for about, text in block.items:
                yield f"- {escaped(about)}: {escaped(text)}" if about else f"- {escaped(text)}"
        case Paragraph():
            text = escaped(block.text)
            yield f"**{text}**" if block.key == "notice" else f"**{escaped(block.key)}**: {text}"
        case Local():
            yield from (f"> {line}".rstrip() for line in _blocks(block.blocks).split("\n"))


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escaped(text: str) -> str:
    r"""Return text that Markdown shows as it is.

    >>> print(escaped("per_kg [0.5]"))
    per\_kg \[0.5\]
    """
    return _MARKUP.sub(r"\\\1", text)
