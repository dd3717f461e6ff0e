"""Where a table of doses lies in the published ranges: counts, never a verdict."""

from datetime import date
from decimal import Decimal
from statistics import NormalDist
from typing import ClassVar, Literal, NamedTuple

from ketaref import notation
from ketaref.document import Column, Document, Facts, Heading, Local, Paragraph, Points, Table
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.names import Route
from ketaref.reports.base import Report, cited, overdue, stamp
from ketaref.reports.local import Laid, local_cautions
from ketaref.reports.local_layout import heading

ABOUT = (
    "These numbers are about ranges published for anxiety in adults. Doses given for anaesthesia, "
    "pain or other conditions, or to children, do not belong in the table. A dose outside a range "
    "is not an error of judgement: rounding to a vial moves a dose by some percent."
)
LINES_NAMED = 20  # line numbers of malformed lines; the others are counted

_Z = NormalDist().inv_cdf(0.975)  # of a 95 percent interval


class Share(Frozen):
    """A proportion and its 95 percent interval by Wilson's score, in percent to 0.1."""

    percent: str
    low: str
    high: str


class Count(Frozen):
    """How many rows, of how many: one line of what an audit counted."""

    section: Literal["input", "class", "reason", "outside", "duration", "weight", "age"]
    origin: str
    row: str
    name: str
    count: int
    of: int
    share: Share | None


class AuditInputs(Frozen):
    """What was audited, and how its columns were read."""

    file: str
    columns: dict[str, str]
    floating: tuple[str, ...]
    rows_to: str | None
    malformed_lines: tuple[int, ...]


class Counted(NamedTuple):
    """What an audit counted, from wherever it was counted."""

    inputs: AuditInputs
    counts: tuple[Count, ...]


class AuditReport(Report):
    """The counts of an audit."""

    kind: Literal["audit"] = "audit"
    inputs: AuditInputs
    results: tuple[Count, ...]
    row_model: ClassVar[type[Frozen]] = Count

    def body(self) -> Document:
        """Lay out what was read, the classes by row, the reasons, and how far outside."""
        origins = list(dict.fromkeys(c.origin for c in self.results if c.section == "class"))
        blocks: list[Document] = []
        for origin in origins:
            if origin != PUBLISHED and self.protocol:
                blocks.append((Local((*heading(self.protocol), *self._of(origin))),))
            else:
                blocks.append(self._of(origin))
        return (
            Heading(f"Where the doses of {self.inputs.file} lie in the published ranges", 1),
            Facts(tuple(self._read())),
            Paragraph("what the numbers are about", ABOUT),
            *(block for part in blocks for block in part),
        )

    def _read(self) -> list[tuple[str, str]]:
        facts = [
            (count.name, f"{count.count:,}") for count in self.results if count.section == "input"
        ]
        if self.inputs.malformed_lines:
            lines = ", ".join(f"{line:,}" for line in self.inputs.malformed_lines)
            more = len(self.inputs.malformed_lines) == LINES_NAMED
            facts.append(("malformed, on lines", lines + (" and after" if more else "")))
        if self.inputs.floating:
            names = ", ".join(self.inputs.floating)
            words = f"{names}: each value as the nearest number with 9 decimals"
            facts.append(("floating columns", words))
        named = ", ".join(f"{field} is {name}" for field, name in self.inputs.columns.items())
        return [*facts, ("columns", named)]

    def _section(self, origin: str, section: str) -> list[Count]:
        return [c for c in self.results if (c.origin, c.section) == (origin, section)]

    def _of(self, origin: str) -> Document:
        classes = self._section(origin, "class")
        rows = tuple(dict.fromkeys(count.row for count in classes))
        columns = (
            Column("Row"),
            Column("Class"),
            Column("Rows", joins=True),
            Column("Of", joins=True),
            Column("Percent (95 % interval)", joins=True),
        )
        cells = tuple(_cells(count) for row in rows for count in classes if count.row == row)
        blocks: Document = (Heading(f"Classes, {origin}"), Table(columns, cells))
        for section, title in (
            ("outside", "How far outside, in percent of the bound that is passed"),
            ("reason", "Not assessable, by reason"),
            ("duration", "Duration of what was assessed"),
            ("weight", "Weights"),
        ):
            counts = self._section(origin, section)
            if counts:
                items = tuple((_row(c), _in_words(c)) for c in counts)
                blocks = (*blocks, Heading(title), Points(section, items))
        return blocks


PUBLISHED = "published"


def _cells(count: Count) -> tuple[str, ...]:
    name = count.name.replace("_", " ")
    return (_row(count), name, f"{count.count:,}", f"{count.of:,}", _share(count))


def _row(count: Count) -> str:
    """Return a published row by its route in whole words, a protocol's by its own name."""
    routes = Route if count.origin == PUBLISHED else ()
    return next((route.full_name for route in routes if route == count.row), count.row)


def _share(count: Count) -> str:
    if count.share is None:
        return "not computed"
    return f"{count.share.percent} ({count.share.low} to {count.share.high})"


def _in_words(count: Count) -> str:
    return f"{count.name}: {count.count:,} of {count.of:,}"


def wilson(count: int, of: int) -> Share | None:
    """Return a proportion with its 95 percent interval by Wilson's score; None of nothing.

    E. B. Wilson, Journal of the American Statistical Association 1927;22:209-212.

    >>> wilson(5, 10)
    Share(percent='50', low='23.7', high='76.3')
    """
    if not of:
        return None
    share = count / of
    middle = share + _Z**2 / (2 * of)
    half = _Z * (share * (1 - share) / of + _Z**2 / (4 * of**2)) ** 0.5
    ends = [(middle + sign * half) / (1 + _Z**2 / of) for sign in (-1, 1)]
    low, high = max(0.0, ends[0]), min(1.0, ends[1])
    percent, low_percent, high_percent = (
        notation.plain(Decimal(f"{100 * value:.1f}")) for value in (share, low, high)
    )
    return Share(percent=percent, low=low_percent, high=high_percent)


def audit_report(
    dataset: Dataset, counted: Counted, laid: Laid | None = None, *, today: date
) -> AuditReport:
    """Return the report of what was counted."""
    ids = (row.stated_in.source_id for row in dataset.rows)
    return AuditReport(
        data=stamp(dataset),
        protocol=laid and laid.stamp(),
        inputs=counted.inputs,
        results=counted.counts,
        cautions=(*local_cautions(laid), *overdue(dataset, today)),
        sources=cited(dataset, ids),
    )
