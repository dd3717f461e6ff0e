"""Who cites what: every citation in the data, with the file and the entry that makes it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ketaref.model.dataset import Dataset
from ketaref.model.dose_row import DoseRow

if TYPE_CHECKING:
    from ketaref.model.lists import Lists


class Cited(NamedTuple):
    """One citation: the source's id, the file and the entry that cites it, and the place or use."""

    source_id: str
    file: str
    what: str
    place: str


def citations(dataset: Dataset) -> Iterator[Cited]:
    """Yield every citation in the data, in the order of the data; it reads the drugs."""
    yield from citations_of_ranges(dataset)
    yield from citations_of_lists(dataset.lists)
    for drug in dataset.drugs:
        file = f"{drug.drug}.toml"
        for source in drug.sources:
            yield Cited(source.source_id, file, drug.drug.full_name, source.place)
        for stated in drug.stated:
            what = f"{drug.drug.full_name}, {stated.section.full_name}: {stated.id}"
            for source in stated.sources:
                yield Cited(source.source_id, file, what, source.place)


def citations_of_ranges(dataset: Dataset) -> Iterator[Cited]:
    """Yield every citation of the ranges and the studies."""
    yield from _in_doses(dataset)
    for trial in dataset.trials:
        for source in trial.sources:
            yield Cited(source.source_id, "trials.toml", f"trial {trial.id}", source.place)


def citations_of_lists(lists: "Lists") -> Iterator[Cited]:
    """Yield every citation of the lists."""
    yield from _in_checklists(lists)
    for statement in lists.statements:
        for evidence in statement.sources:
            place = f"{evidence.relation}: {evidence.place}"
            yield Cited(evidence.source_id, "evidence.toml", f"statement {statement.id}", place)
    for guideline in lists.guidelines:
        what = f"guideline {guideline.id}"
        yield Cited(guideline.source_id, "guidelines.toml", what, guideline.place)


def _in_doses(dataset: Dataset) -> Iterator[Cited]:
    file = "doses.toml"
    for row in dataset.rows:
        yield from _in_row(row, file)
    for caution in dataset.every_row:
        for source in caution.sources:
            yield Cited(source.source_id, file, f"every row, caution {caution.code}", source.place)
    for strength in dataset.strengths:
        what = f"strength {strength.value} mg per mL"
        for source in strength.sources:
            yield Cited(source.source_id, file, what, source.place)
    for left_out in dataset.not_included:
        for source in left_out.sources:
            yield Cited(source.source_id, file, f"not included: {left_out.name}", source.place)


def _in_row(row: DoseRow, file: str) -> Iterator[Cited]:
    name = f"{row.route.full_name} row"
    for evidence in row.standing.sources:
        yield Cited(evidence.source_id, file, name, f"{evidence.relation}: {evidence.place}")
    for source in row.salt_basis_sources:
        yield Cited(source.source_id, file, f"{name}, salt or base", source.place)
    for caution in row.cautions:
        for source in caution.sources:
            yield Cited(source.source_id, file, f"{name}, caution {caution.code}", source.place)


def _in_checklists(lists: "Lists") -> Iterator[Cited]:
    file = "effects.toml"
    for counted in lists.counted:
        yield Cited(counted.source_id, file, f"figures of {counted.id}", counted.place)
    for effect in lists.effects:
        for source in effect.sources:
            yield Cited(source.source_id, file, f"effect {effect.id}", source.place)
    for boxed in lists.boxed:
        for source in boxed.sources:
            yield Cited(source.source_id, file, f"boxed warning {boxed.id}", source.place)
    file = "contraindications.toml"
    for item in lists.contraindications:
        for source in item.sources:
            yield Cited(source.source_id, file, f"contraindication {item.id}", source.place)
    file = "checks.toml"
    for check in lists.checks:
        for source in check.sources:
            yield Cited(source.source_id, file, f"check {check.id}", source.place)
