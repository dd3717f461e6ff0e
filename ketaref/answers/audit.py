"""Where a table of doses lies in the ranges: counts, never a verdict."""

from decimal import Decimal
from statistics import NormalDist
from typing import ClassVar, Literal, NamedTuple

from ketaref import notation
from ketaref.answers.answer import Answer, data_stamp, protocol_stamp, sources_with
from ketaref.model.base import Frozen
from ketaref.ranges.library import Library
from ketaref.ranges.row import Origin

_Z = NormalDist().inv_cdf(0.975)  # of a 95 percent interval


class Share(Frozen):
    """A proportion and its 95 percent interval by Wilson's score, in percent to 0.1."""

    percent: str
    low: str
    high: str


class Count(Frozen):
    """How many rows, of how many: one line of what an audit counted."""

    section: Literal["input", "class", "reason", "outside", "duration", "weight", "age"]
    origin: Origin
    origin_name: str
    row: str
    name: str
    count: int
    of: int
    share: Share | None


class AuditInputs(Frozen):
    """What was audited, and which columns were read."""

    file: str
    columns: dict[str, str]
    floating: tuple[str, ...]
    rows_to: str | None
    malformed_lines: tuple[int, ...]


class AuditFindings(NamedTuple):
    """What an audit counted, from wherever it was counted."""

    inputs: AuditInputs
    counts: tuple[Count, ...]


class AuditAnswer(Answer):
    """The counts of an audit."""

    kind: Literal["audit"] = "audit"
    inputs: AuditInputs
    results: tuple[Count, ...]
    result_model: ClassVar[type[Frozen]] = Count


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


def audit_answer(library: Library, findings: AuditFindings) -> AuditAnswer:
    """Return the report of what was counted."""
    ids = (row.stated_in.source_id for row in library.dataset.rows)
    return AuditAnswer(
        data=data_stamp(library.dataset),
        protocol=protocol_stamp(library),
        inputs=findings.inputs,
        results=findings.counts,
        cautions=library.dates(),
        sources=sources_with(library.dataset, ids),
    )
