"""A tagged PDF (PDF/UA-1) by typst: the document goes in as JSON, so that nothing is markup."""

import json
import re
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from ketaref.answers.answer import Answer
from ketaref.document import (
    BLANK,
    BOX,
    Block,
    Local,
    Table,
    title_of,
    unbroken,
    without_pictures,
)
from ketaref.errors import ErrorCode, OutputError
from ketaref.label import LABEL
from ketaref.pages.frame import is_wide, lay_out
from ketaref.writers import Page

_LAST_SHOWN = "\xff"  # the fonts in typst hold Latin-1; what lies beyond is shown escaped
_TALL = 600  # characters in a cell that may go on over the page
_LONG_WORD = 30  # characters; a longer word, such as an address, may be broken every few of them
_EVERY = 10
_BREAK = "\u200b"  # where a line may end, and nothing is shown


def write(answer: Answer, page: Page) -> bytes:
    """Return the answer as a PDF; the same bytes for the same report and date."""
    try:
        import typst
    except ModuleNotFoundError:
        raise OutputError(
            ErrorCode.NOT_INSTALLED,
            "the PDF writer is not installed",
            'pip install "ketaref[pdf]", or -f html and print that',
        ) from None
    document = lay_out(answer, on_paper=True)
    fields = {
        "title": _shown(title_of(document)).replace(_BREAK, ""),
        "label": LABEL,
        "edition": _edition(answer),
        "written": page.written.isoformat(),
        "tool": f"ketaref {answer.tool.version}",
        "box": BOX,
        "blank": BLANK,
        "wide": is_wide(answer),
        "blocks": [_block(block) for block in without_pictures(document)],
    }
    template = Path(__file__).with_name("page.typ").read_bytes()
    midnight = datetime.combine(page.written, time(), tzinfo=UTC)
    pdf = typst.compile(
        template,
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"document": json.dumps(fields)},
        pdf_standards=["ua-1"],
        timestamp=midnight,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst returned no single PDF")
    return pdf


def _edition(answer: Answer) -> str:
    if answer.data is None:
        return "no data could be read"
    return f"data {answer.data.version}, {answer.data.clinical_review}"


def _block(block: Block) -> dict[str, Any]:
    fields: dict[str, Any] = _shown(block._asdict() | {"kind": type(block).__name__.lower()})
    if isinstance(block, Local):
        fields["blocks"] = [_block(inner) for inner in block.blocks]
    if isinstance(block, Table):
        fields["columns"] = _shown([column.title for column in block.columns])
        fields["title-pieces"] = [_pieces(title) for title in fields["columns"]]
        columns = zip(*fields["rows"], strict=True) if block.rows else ([] for _ in block.columns)
        fields["pieces"] = [
            sorted({p for cell in column for p in _pieces(cell)}) for column in columns
        ]
        fields["series"] = block.series or [len(block.columns) - 1]
        fields["tall"] = [any(len(cell) > _TALL for cell in row) for row in block.rows]
    return fields


def _pieces(text: str) -> list[str]:
    """Return what no line may end inside of: a box to tick has none."""
    return [] if text == BOX else re.split(f"[ {_BREAK}]", text)


def _shown(value: Any) -> Any:  # noqa: ANN401 - any part of the document
    """Return the document with every character that the fonts cannot show escaped."""
    match value:
        case str():
            shown = "".join(c if c <= _LAST_SHOWN else _escaped(c) for c in unbroken(value))
            return re.sub(rf"\S{{{_LONG_WORD + 1},}}", _breakable, shown)
        case dict():
            return {key: _shown(part) for key, part in value.items()}
        case list() | tuple():
            return [_shown(part) for part in value]
        case _:
            return value


def _breakable(word: re.Match[str]) -> str:
    return re.sub(rf"(.{{{_EVERY}}})(?=.)", rf"\1{_BREAK}", word[0])


def _escaped(character: str) -> str:
    return character.encode("ascii", "backslashreplace").decode("ascii")
