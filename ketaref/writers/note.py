"""Two lines for each result, to paste into a record."""

from ketaref.reports.base import Report
from ketaref.writers import Page


def write(report: Report, _page: Page) -> str:
    """Return the lines of the note."""
    return "".join(f"{line}\n" for line in report.note())
