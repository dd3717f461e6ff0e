"""One writer per format: each turns a report into text."""

from typing import NamedTuple

from ketaref.formats import Format
from ketaref.reports.base import Report


class Page(NamedTuple):
    """What a report is written on: its width in characters, or None; and whether bold shows."""

    width: int | None = None
    styled: bool = False


def write(report: Report, format_: Format, page: Page) -> str:
    """Return the report as text that ends with a new line."""
    match format_:
        case Format.TABLE:
            from ketaref.writers import table

            return table.write(report, page.width or table.DEFAULT_WIDTH, styled=page.styled)
        case Format.PLAIN:
            from ketaref.writers import plain

            return plain.write(report, page.width)
        case Format.NOTE:
            return "\n".join(report.note()) + "\n"
        case Format.JSON:
            from ketaref.writers import json

            return json.write(report)
        case Format.CSV:
            from ketaref.writers import csv

            return csv.write(report)
        case Format.MARKDOWN:
            from ketaref.writers import markdown

            return markdown.write(report)
