"""Every number in the data with its source, one to a line: what a reviewer reads in a change.

``python -m tests.data.statements > tests/numbers.txt`` writes the table anew; a test compares the two, so
that no value can change without showing there.
"""

import re
from collections.abc import Iterator

from ketaref.model.dataset import Dataset
from ketaref.store import load_dataset


def table(dataset: Dataset) -> str:
    """Return the table as text."""
    return "".join(f"{' | '.join(line)}\n" for line in lines(dataset))


def lines(dataset: Dataset) -> Iterator[tuple[str, ...]]:
    """Yield what each line says: where the number stands, the number, its source."""
    yield "version", dataset.edition.version
    yield "reviewed", f"{dataset.edition.reviewed}, again by {dataset.edition.review_due}"
    yield from _rows(dataset)
    for caution in dataset.every_row:
        yield from _texts("every row", caution.code, caution.text, *caution.sources)
    for strength in dataset.strengths:
        sources = (f"{s.source_id}, {s.place}" for s in strength.sources)
        what = f"{strength.kind} {strength.drug}"
        yield "strength", what, f"{strength.value} mg/mL", strength.note or "-", *sources
    for left_out in dataset.not_included:
        sources = (f"{s.source_id}, {s.place}" for s in left_out.sources)
        yield from _texts("not included", left_out.name, left_out.reason, *sources)
    yield from _checklists(dataset)
    yield from _statements(dataset)
    for read in dataset.sources:
        yield "source", read.id, str(read.year or "-"), read.identifier, read.checked


def _rows(dataset: Dataset) -> Iterator[tuple[str, ...]]:
    for row in dataset.rows:
        where = f"row {row.route}"
        stated = f"{row.stated_in.source_id}, {row.stated_in.place}"
        duration = row.duration
        yield where, "as written", f"{row.as_written}; {duration.as_written}", stated
        yield where, "range", f"{row.low} to {row.high} {row.unit}", stated
        if row.steps:
            yield where, "steps", ", ".join(map(str, row.steps)) + f" {row.unit}", stated
        if duration.low:
            yield where, "duration", f"{duration.low} to {duration.high} {duration.unit}", stated
        yield from _texts(where, "salt or base", row.salt_basis, *row.salt_basis_sources)
        yield from _texts(where, "standing", row.standing.text, "the sources below")
        for evidence in row.standing.sources:
            source = f"{evidence.source_id}, {evidence.place}"
            yield from _texts(where, evidence.relation, evidence.note, source)
        for caution in row.cautions:
            at = f" at {caution.at_dose} {row.unit}" if caution.at_dose else ""
            yield from _texts(where, f"{caution.code}{at}", caution.text, *caution.sources)


def _statements(dataset: Dataset) -> Iterator[tuple[str, ...]]:
    for statement in dataset.statements:
        where = f"statement {statement.id}"
        yield where, "standing", statement.standing
        yield from _texts(where, "says", statement.says, f"article, {statement.place}")
        yield from _texts(where, "because", statement.because, "the sources below")
        for evidence in statement.sources:
            source = f"{evidence.source_id}, {evidence.place}"
            yield from _texts(where, evidence.relation, evidence.note, source)


def _checklists(dataset: Dataset) -> Iterator[tuple[str, ...]]:
    for effect in dataset.effects:
        for often in effect.frequency:
            percent = f"{often.percent} %, comparator {often.comparator_percent} %"
            arms = f"{often.drug}: {often.arms}; {often.population}"
            yield f"effect {effect.id}", percent, arms, f"{often.source_id}, {often.place}"
        yield from _texts(f"effect {effect.id}", effect.layer, f"{effect.text}; {effect.note}")
    for boxed in dataset.boxed:
        yield from _texts(f"boxed warning {boxed.id}", boxed.text, boxed.dated)
    for item in dataset.contraindications:
        where = f"contraindication {item.number}, {item.category}"
        yield (
            where,
            item.text,
            item.note or "-",
            *(f"{s.source_id}, {s.place}" for s in item.sources),
        )
    for check in dataset.checks:
        sources = (f"{s.source_id}, {s.place}" for s in check.sources)
        yield from _texts(f"check {check.id}", check.text, check.note or "", *sources)


def _texts(where: str, what: str, text: str, *sources: str) -> Iterator[tuple[str, ...]]:
    """Yield a text only if there is a number in it."""
    if re.search(r"\d", text):
        yield where, what, text, *sources


if __name__ == "__main__":
    print(table(load_dataset()), end="")
