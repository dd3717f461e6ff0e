"""Every entry of the data as something to decide on: what it says, and what it rests on."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from ketaref.model.base import Frozen
from ketaref.model.checklists import Effect
from ketaref.model.dataset import Dataset
from ketaref.model.doses import DoseRow, RowCaution, StandingCode
from ketaref.model.evidence import Verdict
from ketaref.model.protocol import LocalSource
from ketaref.model.sources import Citation, Evidence, Relation
from ketaref.reports.evidence import ARTICLE
from ketaref.reports.rows import duration, duration_in_words, published, range_in_words, steps

DECISIONS = ("accept", "amend", "reject")


class Group(StrEnum):
    """In which order a committee reads: what is weakest first."""

    UNSUPPORTED = "unsupported, or read in secondary copies only"
    PARTLY_SECONDARY = "read in part in secondary copies"
    PRIMARY = "read in the sources themselves"


class LocalReviewItem(Frozen):
    """One thing of the clinic's own to decide on; ``origin`` marks it."""

    origin: str
    number: int
    part: str
    id: str
    text: str
    difference: str | None
    decisions: tuple[str, ...] = DECISIONS
    decision: None = None
    initials: None = None
    date: None = None
    local_sources: tuple[LocalSource, ...]


class Cites(NamedTuple):
    """A citation, and what it does to the entry where that is said."""

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
    citations: tuple[Cites, ...]


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield every dose row, caution, strength, checklist item and statement, in data order."""
    read = _Reader({source.id for source in dataset.sources if source.checked == "secondary"})
    for row in dataset.rows:
        yield read.row(row)
        for caution in row.cautions:
            yield read.caution(caution, row)
    yield from _beside_the_rows(dataset, read)
    yield from _checklists(dataset, read)
    for statement in dataset.statements:
        weak = statement.standing in (Verdict.NOT_CHECKED, Verdict.CONTRADICTED)
        text = f"the article says: {statement.says} Because: {statement.because}"
        cites = (
            Cites(ARTICLE, statement.place, Relation.STATES),
            *map(_evidence, statement.sources),
        )
        entry = read.entry("statement", statement.id, text, cites)
        yield standing_so(entry, statement.standing, weak=weak)


def _beside_the_rows(dataset: Dataset, read: "_Reader") -> Iterator[Entry]:
    for caution in dataset.every_row:
        yield read.caution(caution, None)
    for strength in dataset.strengths:
        name = f"{strength.drug}-{strength.value}"
        text = f"{strength.value} mg per mL, {strength.kind}"
        text += f"; {strength.note}" if strength.note else ""
        yield read.entry("strength", name, text, _plain(strength.sources))
    for left_out in dataset.not_included:
        name = left_out.name.replace(" ", "-")
        text = f"{left_out.name}: not included, because {left_out.reason}"
        yield read.entry("not included", name, text, _plain(left_out.sources))


def _checklists(dataset: Dataset, read: "_Reader") -> Iterator[Entry]:
    for effect in dataset.effects:
        cites = (*_plain(effect.sources), *_plain(effect.frequency))
        yield read.entry("effect", effect.id, _effect(effect), cites)
    for boxed in dataset.boxed:
        text = f"{boxed.text} ({boxed.jurisdiction}, {boxed.dated})"
        yield read.entry("boxed warning", boxed.id, text, _plain(boxed.sources))
    for item in dataset.contraindications:
        text = f"{item.category}: {item.text}"
        text += "".join(f"; {note}" for note in (item.carried_over, item.note) if note)
        yield read.entry("contraindication", item.id, text, _plain(item.sources))
    for check in dataset.checks:
        text = f"{check.phase} the session: {check.text}"
        text += f"; {check.note}" if check.note else ""
        yield read.entry("check", check.id, text, _plain(check.sources))


def standing_so(entry: Entry, standing: str, *, weak: bool) -> Entry:
    """Return an entry with its standing; a weak one is read first, however it was checked."""
    return entry._replace(standing=standing, group=Group.UNSUPPORTED if weak else entry.group)


class _Reader(NamedTuple):
    """What turns entries of the data into items, knowing which sources were read second-hand."""

    secondary: set[str]

    def entry(self, part: str, name: str, text: str, cites: Iterable[Cites]) -> Entry:
        cites = tuple(cites)
        return Entry(self.group(cites), part, name, text, None, cites)

    def group(self, cites: tuple[Cites, ...]) -> Group:
        found = {cite.source_id in self.secondary for cite in cites}
        if found in (set(), {True}):
            return Group.UNSUPPORTED
        return Group.PARTLY_SECONDARY if True in found else Group.PRIMARY

    def row(self, row: DoseRow) -> Entry:
        text = (
            f"{row.drug.full_name}, {range_in_words(published(row), steps(row))} per dose, over "
            f"{duration_in_words(duration(row))}. {row.standing.text}"
        )
        cites = map(_evidence, row.standing.sources)
        entry = self.entry("dose row", row.route.full_name, text, cites)
        weak = row.standing.code is StandingCode.UNSUPPORTED
        return standing_so(entry, row.standing.code, weak=weak)

    def caution(self, caution: RowCaution, row: DoseRow | None) -> Entry:
        places = {s.source_id: s.place for s in row.standing.sources} if row else {}
        cites = (Cites(name, places.get(name, "as the row cites it")) for name in caution.sources)
        where = row.route.full_name if row else "every-row"
        name = f"{where}-{caution.code.replace('_', '-')}"
        if caution.at_dose:
            name += f"-{caution.at_dose}"
        return self.entry("caution", name, caution.text, cites)


def _evidence(evidence: Evidence) -> Cites:
    return Cites(evidence.source_id, evidence.place, evidence.relation, evidence.note)


def _plain(citations: Iterable[Citation]) -> tuple[Cites, ...]:
    return tuple(Cites(citation.source_id, citation.place) for citation in citations)


def _effect(effect: Effect) -> str:
    shares = "".join(
        f"; {f.percent} % against {f.comparator_percent} % ({f.arms}; {f.population})"
        for f in effect.frequency
    )
    note = f"; {effect.note}" if effect.note else ""
    corrects = f"; corrects {effect.corrects}" if effect.corrects else ""
    return f"{effect.text} ({effect.layer}){note}{corrects}{shares}"
