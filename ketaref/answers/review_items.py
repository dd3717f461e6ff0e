"""Every entry of the data as something to decide on: what it says, and what it rests on."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from ketaref.answers.evidence import ARTICLE
from ketaref.model.base import Frozen
from ketaref.model.checklist_item import Effect
from ketaref.model.dataset import Dataset
from ketaref.model.dose_row import DoseRow, RowCaution, StandingCode
from ketaref.model.source import Citation, Evidence, Relation
from ketaref.model.statement import Verdict
from ketaref.protocol.deviation import duration_text, range_text


class Group(StrEnum):
    """In which order a committee reads: what is weakest first."""

    UNSUPPORTED = "unsupported, or read in secondary copies only"
    PARTLY_SECONDARY = "read in part in secondary copies"
    PRIMARY = "read in the sources themselves"


class EntryCitation(NamedTuple):
    """A citation, and what it does to the entry where that is known."""

    source_id: str
    place: str
    relation: Relation | None = None
    note: str | None = None


class Entry(NamedTuple):
    """What an entry of the data says, and what it rests on."""

    group: Group
    part: str
    id: str
    text: str
    standing: str | None
    citations: tuple[EntryCitation, ...]


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield every dose row, caution, strength, checklist item and statement, in data order."""
    grouped = _Grouping({source.id for source in dataset.sources if source.checked == "secondary"})
    for row in dataset.rows:
        yield grouped.row(row)
        for caution in row.cautions:
            yield grouped.caution(caution, row.route.full_name)
    yield from _other_doses(dataset, grouped)
    yield from _checklists(dataset, grouped)
    for drug in dataset.drugs:
        for stated in drug.stated:
            name, part = f"{drug.drug}-{stated.id}", f"drug: {stated.section}"
            yield grouped.entry(part, name, _stated(stated), _plain(stated.sources))
    for statement in dataset.statements:
        weak = statement.standing in (Verdict.NOT_CHECKED, Verdict.CONTRADICTED)
        text = f"the article says: {statement.says} Because: {statement.because}"
        cited = (
            EntryCitation(ARTICLE, statement.place, Relation.STATES),
            *map(_evidence, statement.sources),
        )
        entry = grouped.entry("statement", statement.id, text, cited)
        yield with_standing(entry, statement.standing, weak=weak)


def _other_doses(dataset: Dataset, grouped: "_Grouping") -> Iterator[Entry]:
    for caution in dataset.every_row:
        yield grouped.caution(caution, "every-row")
    for strength in dataset.strengths:
        name = f"{strength.drug}-{strength.value}"
        text = f"{strength.value} mg per mL, {strength.kind}"
        text += f"; {strength.note}" if strength.note else ""
        yield grouped.entry("strength", name, text, _plain(strength.sources))
    for left_out in dataset.not_included:
        name = left_out.name.replace(" ", "-")
        text = f"{left_out.name}: not included, because {left_out.reason}"
        yield grouped.entry("not included", name, text, _plain(left_out.sources))


def _checklists(dataset: Dataset, grouped: "_Grouping") -> Iterator[Entry]:
    for effect in dataset.effects:
        cited = (*_plain(effect.sources), *_plain(effect.frequency))
        yield grouped.entry("effect", effect.id, _effect(effect), cited)
    for boxed in dataset.boxed:
        text = f"{boxed.text} ({boxed.jurisdiction}, {boxed.dated})"
        yield grouped.entry("boxed warning", boxed.id, text, _plain(boxed.sources))
    for item in dataset.contraindications:
        text = f"{item.category}: {item.text}"
        text += "".join(f"; {note}" for note in (item.carried_over, item.note) if note)
        yield grouped.entry("contraindication", item.id, text, _plain(item.sources))
    for check in dataset.checks:
        text = f"{check.phase} the session: {check.text}"
        text += f"; {check.note}" if check.note else ""
        yield grouped.entry("check", check.id, text, _plain(check.sources))


def with_standing(entry: Entry, standing: str, *, weak: bool) -> Entry:
    """Return an entry with its standing; a weak one is read first, however it was checked."""
    return entry._replace(standing=standing, group=Group.UNSUPPORTED if weak else entry.group)


class _Grouping(NamedTuple):
    """Builds entries of the groups that they belong to, by how their sources were read."""

    secondary: set[str]

    def entry(self, part: str, name: str, text: str, cited: Iterable[EntryCitation]) -> Entry:
        cited = tuple(cited)
        return Entry(self.group(cited), part, name, text, None, cited)

    def group(self, cited: tuple[EntryCitation, ...]) -> Group:
        second_hand = {cite.source_id in self.secondary for cite in cited}
        if second_hand in (set(), {True}):
            return Group.UNSUPPORTED
        return Group.PARTLY_SECONDARY if True in second_hand else Group.PRIMARY

    def row(self, row: DoseRow) -> Entry:
        text = (
            f"{row.drug.full_name}, {range_text(row)} per dose, over {duration_text(row)}. "
            f"{row.standing.text}"
        )
        cited = map(_evidence, row.standing.sources)
        entry = self.entry("dose row", row.route.full_name, text, cited)
        weak = row.standing.code is StandingCode.UNSUPPORTED
        return with_standing(entry, row.standing.code, weak=weak)

    def caution(self, caution: RowCaution, where: str) -> Entry:
        name = f"{where}-{caution.code.replace('_', '-')}"
        if caution.at_dose:
            name += f"-{caution.at_dose}"
        return self.entry("caution", name, caution.text, _plain(caution.sources))


def _evidence(evidence: Evidence) -> EntryCitation:
    return EntryCitation(evidence.source_id, evidence.place, evidence.relation, evidence.note)


def _plain(citations: Iterable[Citation]) -> tuple[EntryCitation, ...]:
    return tuple(EntryCitation(citation.source_id, citation.place) for citation in citations)


def _stated(stated: Frozen) -> str:
    said = stated.model_dump(exclude={"id", "section", "sources"}, exclude_defaults=True)
    return "; ".join(f"{n}: {', '.join(t) if isinstance(t, tuple) else t}" for n, t in said.items())


def _effect(effect: Effect) -> str:
    shares = "".join(
        f"; {f.percent} % against {f.comparator_percent} % ({f.arms}; {f.population})"
        for f in effect.frequency
    )
    note = f"; {effect.note}" if effect.note else ""
    corrects = f"; corrects {effect.corrects}" if effect.corrects else ""
    return f"{effect.text} ({effect.layer}){note}{corrects}{shares}"
