"""From what the query counted to the lines of the report."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from ketaref.answers.audit import AuditFindings, AuditInputs, Count, wilson
from ketaref.audit.query import FAR, FARTHER
from ketaref.audit.rules import Classification, Reason, RuleSet
from ketaref.audit.run import Tally
from ketaref.errors import printable
from ketaref.ranges.row import Origin
from ketaref.units.parse import WEIGHT_USUAL_FROM_KG, WEIGHT_USUAL_TO_KG

NO_ROW = "no row"
MALFORMED = "malformed lines"
ALL = "all"
_OUTSIDE = (Classification.BELOW, Classification.BETWEEN, Classification.ABOVE)
_CLASSES = (
    Classification.BELOW,
    Classification.INSIDE,
    Classification.BETWEEN,
    Classification.ABOVE,
)
_FAR = (*(name for _, name in FAR), FARTHER)
_DURATIONS = {
    "no": "not given",
    "unread": "given but not read",
    "inside": "inside the stated one",
    "outside": "outside it",
}

Finding = dict[str, str | None]


def findings_of(tally: Tally, rows_to: Path | None) -> AuditFindings:
    """Return what an audit found, as an answer carries it."""
    findings = [(dict(found), count) for found, count in tally.counts.items()]
    counts = [*_input(tally)]
    for rules in tally.sets:
        counts += _Counting(rules, findings).all()
    return AuditFindings(
        AuditInputs(
            file=printable(tally.source.name),
            columns={field: printable(name) for field, name in tally.columns.names.items()},
            floating=tuple(tally.floating),
            rows_to=printable(rows_to.name) if rows_to else None,
            malformed_lines=tally.malformed.lines,
        ),
        tuple(counts),
    )


def any_outside(counts: tuple[Count, ...]) -> bool:
    """Return whether any row lies outside a range, of any origin."""
    return any(c.count for c in counts if c.section == "class" and c.name in _OUTSIDE)


def any_not_assessed(counts: tuple[Count, ...]) -> bool:
    """Return whether the published rows could not place a row, or a line is none."""
    left = (("class", Classification.NOT_ASSESSABLE), ("input", MALFORMED))
    return any(
        c.count for c in counts if (c.section, c.name) in left and c.origin is Origin.PUBLISHED
    )


def _input(tally: Tally) -> Iterator[Count]:
    def line(name: str, count: int, of: int) -> Count:
        return Count(
            section="input",
            origin=Origin.PUBLISHED,
            origin_name=f"edition {tally.sets[0].name}",
            row=ALL,
            name=name,
            count=count,
            of=of,
            share=None,
        )

    lines = tally.rows + tally.malformed.total
    yield line("rows read", tally.rows, lines)
    yield line(MALFORMED, tally.malformed.total, lines)
    files, others = len(tally.source.files), tally.source.found.not_read
    if files + others > 1:
        yield line("files read", files, files + others)
        yield line("other files in the folder, not read", others, files + others)
    if breaks := tally.malformed.breaks_inside:
        yield line("line breaks inside quoted cells", breaks, breaks)
    for name, count in tally.floating.items():
        yield line(f"floating values in {name}", count, tally.rows)
    if tally.neutralised is not None:
        yield line("cells neutralised in the CSV", tally.neutralised, tally.rows)


class _Counting:
    """The counts of one set of rules."""

    def __init__(self, rules: RuleSet, findings: list[tuple[Finding, int]]) -> None:
        self.rules, self.findings = rules, findings

    @property
    def origin_name(self) -> str:
        """The edition or the protocol that the rows are of."""
        published = self.rules.origin is Origin.PUBLISHED
        return f"edition {self.rules.name}" if published else self.rules.name

    def of(self, finding: Finding, name: str) -> str | None:
        return finding[f"{self.rules.prefix}_{name}"]

    def tally(self, key: Callable[[Finding], str | None]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for finding, count in self.findings:
            if (name := key(finding)) is not None:
                counts[name] += count
        return counts

    def all(self) -> Iterator[Count]:
        named = [rule.name for rule in self.rules.rules]
        for row in (*named, NO_ROW, ALL):
            yield from self.classes(row)
        yield from self.outside()
        reasons = self.tally(lambda f: self.of(f, "reason"))
        total = sum(count for _, count in self.findings)
        for reason in Reason:
            if reasons[reason]:
                yield self.line("reason", ALL, reason, reasons[reason], total)
        yield from self.durations()
        if self.rules.origin is Origin.PUBLISHED:
            yield from self.weights()

    def is_row(self, finding: Finding, row: str) -> bool:
        return row == ALL or (self.of(finding, "row") or NO_ROW) == row

    def classes(self, row: str) -> Iterator[Count]:
        counts = self.tally(lambda f: self.of(f, "class") if self.is_row(f, row) else None)
        if not counts:
            return
        assessed = sum(counts[name] for name in _CLASSES)
        if row != NO_ROW:
            for name in self.classes_of(row):
                yield self.line("class", row, name, counts[name], assessed)
        name = Classification.NOT_ASSESSABLE
        yield self.line("class", row, name, counts[name], counts.total())

    def classes_of(self, row: str) -> Iterator[Classification]:
        """Yield the classes of a row's doses; only among fixed doses is there a between."""
        fixed = any(rule.doses_mcg for rule in self.rules.rules if row in (ALL, rule.name))
        yield from (name for name in _CLASSES if fixed or name is not Classification.BETWEEN)

    def outside(self) -> Iterator[Count]:
        for klass in (Classification.BELOW, Classification.ABOVE):
            counts = self.tally(
                lambda f, klass=klass: self.of(f, "far") if self.of(f, "class") == klass else None  # type: ignore[misc]
            )
            for name in _FAR:
                if counts.total():
                    words = f"{klass}, {name} percent"
                    yield self.line("outside", ALL, words, counts[name], counts.total())

    def durations(self) -> Iterator[Count]:
        for rule in self.rules.rules:
            if rule.minutes is None:
                continue
            counts = self.tally(lambda f, name=rule.name: self.timed(f, name))  # type: ignore[misc]
            for key, words in _DURATIONS.items():
                if counts.total():
                    yield self.line("duration", rule.name, words, counts[key], counts.total())

    def timed(self, finding: Finding, row: str) -> str | None:
        assessed = self.of(finding, "class") != Classification.NOT_ASSESSABLE
        return self.of(finding, "timed") if assessed and self.is_row(finding, row) else None

    def weights(self) -> Iterator[Count]:
        def weight(finding: Finding) -> str | None:
            assessed = self.of(finding, "class") != Classification.NOT_ASSESSABLE
            return finding["weight_is"] if assessed else None

        counts = self.tally(weight)
        if counts.total():
            words = f"unusual, outside {WEIGHT_USUAL_FROM_KG} to {WEIGHT_USUAL_TO_KG} kg"
            yield self.line("weight", ALL, words, counts["unusual"], counts.total())

    def line(self, section: str, row: str, name: str, count: int, of: int) -> Count:
        share = wilson(count, of) if section == "class" else None
        return Count.model_validate(
            {
                "section": section,
                "origin": self.rules.origin,
                "origin_name": self.origin_name,
                "row": row,
                "name": str(name),
                "count": count,
                "of": of,
                "share": share,
            }
        )
