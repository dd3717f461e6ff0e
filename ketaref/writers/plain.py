"""One fact per line, key before value: for a screen reader, for grep, for a narrow terminal."""

from collections.abc import Iterator

from ketaref.answers.answer import Answer
from ketaref.document import Document, Facts, Heading, Local, Paragraph, Points, Table, wrap
from ketaref.pages import frame
from ketaref.writers import Page

_INDENT, _NARROW_INDENT, _NARROW = "  ", " ", 40


def write(answer: Answer, page: Page) -> str:
    """Return the answer line by line; with a width, wrapped between words."""
    return lay_out(frame.lay_out(answer), page.width)


def lay_out(document: Document, width: int | None) -> str:
    """Return a document line by line."""
    lines: list[str] = []
    indent = _NARROW_INDENT if width and width < _NARROW else _INDENT
    for key, value in facts(document):
        fact = f"{key}: {value}"
        lines += [fact] if width is None else wrap(fact, width, indent)
    return "\n".join(lines) + "\n"


def facts(document: Document) -> Iterator[tuple[str, str]]:
    """Yield every fact of a document as a key and a value, in reading order."""
    for block in document:
        match block:
            case Heading():
                yield "heading", block.text
            case Facts():
                yield from block.items
            case Table():
                yield from _records(block)
            case Points():
                key = block.key[:1].lower() + block.key[1:] if block.heading else block.key
                for about, text in block.items:
                    yield f"{key}, {about}" if about else key, text
            case Paragraph():
                yield block.key, block.text
            case Local():
                for key, value in facts(block.blocks):
                    yield key if key.startswith("local") else f"local {key}", value


def _records(table: Table) -> Iterator[tuple[str, str]]:
    for row in table.rows:
        facts: list[tuple[str, str]] = []
        for column, cell in zip(table.columns, row, strict=True):
            key = column.title[:1].lower() + column.title[1:]  # not all of it: mL stays mL
            if not cell:
                continue  # nothing is said of it
            if facts and column.joins:
                about, said = facts[-1]
                facts[-1] = (about, f"{said}, {key} {cell}")
            else:
                facts.append((key, cell))
        yield from facts
