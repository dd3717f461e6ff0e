"""A tagged PDF (PDF/UA-1) by typst: the document goes in as JSON, so that nothing is markup."""

import json
import re
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from ketaref.document import (
    BOX,
    Band,
    Facts,
    Heading,
    Paragraph,
    Points,
    Table,
    title_of,
    unbroken,
    without_pictures,
)
from ketaref.errors import ErrorCode, OutputError
from ketaref.reports.base import LABEL, Report
from ketaref.writers import Page

_LAST_SHOWN = "\xff"  # the fonts in typst hold Latin-1; what lies beyond is shown escaped
_SHORT, _WIDEST = 16, 60  # characters
_TALL = 600  # characters in a cell that may go on over the page
_LONG_IN_CELL = 30  # characters of a word, such as an address, that may be broken in a cell
_BREAK = "\u200b"  # where a line may end, and nothing is shown


def write(report: Report, page: Page) -> bytes:
    """Return the report as a PDF; the same bytes for the same report and date."""
    try:
        import typst
    except ModuleNotFoundError:
        raise OutputError(
            ErrorCode.NOT_INSTALLED,
            "the PDF writer is not installed",
            'pip install "ketaref[pdf]", or -f html and print that',
        ) from None
    document = report.document()
    told = {
        "title": title_of(document),
        "label": LABEL,
        "edition": _edition(report),
        "written": page.written.isoformat(),
        "tool": f"ketaref {report.tool.version}",
        "box": BOX,
        "wide": report.wide,
        "blocks": [_block(block) for block in without_pictures(document)],
    }
    template = Path(__file__).with_name("page.typ").read_bytes()
    midnight = datetime.combine(page.written, time(), tzinfo=UTC)
    pdf = typst.compile(
        template,
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"document": json.dumps(_shown(told))},
        pdf_standards=["ua-1"],
        timestamp=midnight,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst returned no single PDF")
    return pdf


def _edition(report: Report) -> str:
    if report.data is None:
        return "no data could be read"
    return f"data {report.data.version}, {report.data.clinical_review}"


def _block(block: Heading | Facts | Table | Points | Paragraph | Band) -> dict[str, Any]:
    fields = block._asdict() | {"kind": type(block).__name__.lower()}
    if isinstance(block, Table):
        fields["tall"] = [any(len(cell) > _TALL for cell in row) for row in block.rows]
        fields["rows"] = [tuple(_parted(cell, _LONG_IN_CELL) for cell in row) for row in block.rows]
        fields["columns"] = [column.title for column in block.columns]
        fields["widths"] = [_share(column) for column in zip(*_cells(block), strict=True)]
    return fields


def _parted(text: str, longest: int) -> str:
    return re.sub(rf"(\S{{{longest}}})(?=\S)", rf"\1{_BREAK}", text)


def _cells(table: Table) -> list[tuple[str, ...]]:
    return [tuple(column.title for column in table.columns), *table.rows]


def _share(column: tuple[str, ...]) -> int:
    """Return how wide a column is beside the other wide ones, or 0 for as wide as its text."""
    longest = max(len(cell) for cell in column)
    return 0 if longest <= _SHORT else min(longest, _WIDEST)


def _shown(value: Any) -> Any:  # noqa: ANN401 - any part of the document
    """Return the document with every character that the fonts cannot show escaped."""
    match value:
        case str():
            return "".join(
                c if c <= _LAST_SHOWN or c == _BREAK else _escaped(c) for c in unbroken(value)
            )
        case dict():
            return {key: _shown(part) for key, part in value.items()}
        case list() | tuple():
            return [_shown(part) for part in value]
        case _:
            return value


def _escaped(character: str) -> str:
    return character.encode("ascii", "backslashreplace").decode("ascii")
