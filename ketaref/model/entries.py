"""The dataset as entries: whatever can be stated, cited, reviewed or changed by itself.

An entry has a part of the data that it belongs to, an id that stays, its fields as text, and its
citations. Fields are found, not listed: one that is added to a model shows here by itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.dose_row import DoseRow
from ketaref.model.source import Citation

if TYPE_CHECKING:
    from ketaref.model.drug import Monograph


class Entry(NamedTuple):
    """One entry: ``part`` and ``id`` name it, in every edition alike."""

    part: str
    id: str
    fields: tuple[tuple[str, str], ...]
    citations: tuple[tuple[str, str], ...]


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield every entry of the data, in its order; each name once."""
    seen: Counter[tuple[str, str]] = Counter()
    for entry in _entries(dataset):
        seen[entry.part, entry.id] += 1
        number = seen[entry.part, entry.id]
        yield entry if number == 1 else entry._replace(id=f"{entry.id}-{number}")


def _entries(dataset: Dataset) -> Iterator[Entry]:
    yield from _doses(dataset)
    for trial in dataset.trials:
        yield _entry("trial", trial.id, trial, trial.sources)
    yield from _checklists(dataset)
    for statement in dataset.lists.statements:
        yield _entry("statement", statement.id, statement, ())
        for evidence in statement.sources:
            name = f"{statement.id}/{evidence.source_id}"
            yield _entry("evidence", name, evidence, (evidence,))
    for guideline in dataset.lists.guidelines:
        yield _entry("guideline", guideline.id, guideline, (guideline,))
    for drug in dataset.drugs:
        yield from _of_drug(drug)
    for source in dataset.sources:
        yield _entry("source", source.id, source, ())


def _doses(dataset: Dataset) -> Iterator[Entry]:
    for row in dataset.rows:
        yield from _of_row(row)
    for caution in dataset.every_row:
        yield _entry("caution", f"every-row/{caution.code}", caution, caution.sources)
    for strength in dataset.strengths:
        yield _entry("strength", f"{strength.drug}/{strength.value}", strength, strength.sources)
    for left_out in dataset.not_included:
        yield _entry("not included", left_out.name, left_out, left_out.sources)


def _checklists(dataset: Dataset) -> Iterator[Entry]:
    for counted in dataset.lists.counted:
        yield _entry("counted", counted.id, counted, (counted,))
    for effect in dataset.lists.effects:
        yield _entry("effect", effect.id, effect, effect.sources)
        for often in effect.frequency:
            yield _entry("frequency", f"{effect.id}/{often.counted}", often, ())
    for boxed in dataset.lists.boxed:
        yield _entry("boxed warning", boxed.id, boxed, boxed.sources)
    for item in dataset.lists.contraindications:
        yield _entry("contraindication", item.id, item, item.sources)
    for check in dataset.lists.checks:
        yield _entry("check", check.id, check, check.sources)


def _of_row(row: DoseRow) -> Iterator[Entry]:
    name = row.route.value
    yield _entry("row", name, row, (row.stated_in, *row.salt_basis_sources))
    yield _entry("standing", name, row.standing, ())
    for evidence in row.standing.sources:
        yield _entry("evidence", f"{name}/{evidence.source_id}", evidence, (evidence,))
    for caution in row.cautions:
        yield _entry("caution", f"{name}/{caution.code}", caution, caution.sources)


def _of_drug(drug: "Monograph") -> Iterator[Entry]:
    name = drug.drug.value
    yield _entry("drug", name, drug, drug.sources)
    for stated in drug.stated:
        part = f"{name} {stated.section}"
        yield _entry(part, stated.id, stated, stated.sources)


def _entry(part: str, name: str, record: Frozen, citations: Iterable[Citation]) -> Entry:
    cited = tuple((citation.source_id, citation.place) for citation in citations)
    is_its_own = isinstance(record, Citation)
    skipped = {"source_id", "place"} if is_its_own else set()
    fields = ((n, t) for n, t in _fields(record) if n.partition(".")[0] not in skipped)
    return Entry(part, name, tuple(fields), cited)


def _fields(record: Frozen, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name in type(record).model_fields:
        value: Any = getattr(record, name)
        if isinstance(value, Frozen) and not prefix and name == "standing":
            continue  # an entry of its own
        if isinstance(value, Frozen):
            yield from _fields(value, f"{prefix}{name}.")
        elif isinstance(value, tuple):
            # Cited texts, cautions and frequencies are entries of their own, or its citations.
            if value and not any(isinstance(each, Frozen) for each in value):
                yield f"{prefix}{name}", "; ".join(map(str, value))
        elif value is not None and value is not False:
            yield f"{prefix}{name}", str(value)
