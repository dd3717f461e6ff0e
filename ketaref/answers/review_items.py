"""Every entry of the data as something to decide on: what it says, and what it rests on."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from ketaref.answers.evidence import ARTICLE
from ketaref.model.base import Frozen
from ketaref.model.checklist_item import Contraindication, Counted, DrugCheck, Effect, Frequency
from ketaref.model.dataset import Dataset
from ketaref.model.dose_row import DoseRow, RowCaution, StandingCode
from ketaref.model.names import Drug
from ketaref.model.source import Citation, Evidence, Relation
from ketaref.model.statement import Verdict
from ketaref.model.trial import Trial
from ketaref.protocol.deviation import duration_text, range_text


class Block(StrEnum):
    """What a committee decides on together, by importance."""

    DOSES = "dose ranges, their cautions, strengths, what is not included"
    CONTRAINDICATIONS = "contraindications and precautions"
    CHECKS = "checks of a session"
    EFFECTS = "side effects, risks and boxed warnings"
    TRIALS = "studies"
    STATEMENTS = "statements of the article"
    GUIDELINES = "guidelines"


_BLOCKS = {
    "contraindication": Block.CONTRAINDICATIONS,
    "check": Block.CHECKS,
    "effect": Block.EFFECTS,
    "boxed warning": Block.EFFECTS,
    "study": Block.TRIALS,
    "statement": Block.STATEMENTS,
    "guideline": Block.GUIDELINES,
}


class Group(StrEnum):
    """In which order a committee reads a block: what is weakest first."""

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

    @property
    def block(self) -> Block:
        """What it is decided on together with."""
        return _BLOCKS.get(self.part, Block.DOSES)

    @property
    def order(self) -> tuple[int, int]:
        """Where it stands in the pack: by importance, then the weakest first."""
        return list(Block).index(self.block), list(Group).index(self.group)


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield every dose row, caution, strength, checklist item and statement, in data order."""
    grouped = _Grouping({source.id for source in dataset.sources if source.checked == "secondary"})
    for row in dataset.rows:
        yield grouped.row(row)
        for caution in row.cautions:
            yield grouped.caution(caution, row.route.full_name)
    yield from _other_doses(dataset, grouped)
    yield from _checklists(dataset, grouped)
    for trial in dataset.trials:
        yield grouped.entry("study", trial.id, _study(trial), _plain(trial.sources))
    for drug in dataset.drugs:
        for stated in drug.stated:
            name, part = f"{drug.drug}-{stated.id}", f"drug: {stated.section}"
            yield grouped.entry(part, name, _stated(stated), _plain(stated.sources))
    for statement in dataset.lists.statements:
        weak = statement.standing in (Verdict.NOTHING_FOUND, Verdict.CONTRADICTED)
        text = f"the article says: {statement.says} Because: {statement.because}"
        text += f" Searched: {statement.searched}" if statement.searched else ""
        cited = (
            EntryCitation(ARTICLE, statement.place, Relation.STATES),
            *map(_evidence, statement.sources),
        )
        entry = grouped.entry("statement", statement.id, text, cited)
        yield with_standing(entry, statement.standing, weak=weak)
    for guideline in dataset.lists.guidelines:
        text = f"{guideline.body}, on {guideline.condition}: {guideline.stance}. {guideline.says}"
        yield grouped.entry("guideline", guideline.id, text, _plain((guideline,)))


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
    counted = {each.id: each for each in dataset.lists.counted}
    for effect in dataset.lists.effects:
        figures = (counted[each.counted] for each in effect.frequency)
        cited = (*_plain(effect.sources), *_plain(figures))
        yield grouped.entry("effect", effect.id, _effect(effect, counted), cited)
    for boxed in dataset.lists.boxed:
        text = f"{boxed.text} ({boxed.jurisdiction}, {boxed.dated})"
        yield grouped.entry("boxed warning", boxed.id, text, _plain(boxed.sources))
    for item in dataset.lists.contraindications:
        yield grouped.entry("contraindication", item.id, _item(item), _plain(item.sources))
    for check in dataset.lists.checks:
        text = f"{check.phase} the session: {check.text}"
        text += "".join(_for_drug(drug, said) for drug in Drug if (said := check.of(drug)))
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


def _study(trial: Trial) -> str:
    route = trial.route.full_name if trial.route else "route not stated"
    doses = ", ".join(f"{dose} {trial.unit}" for dose in trial.doses) or "dose not read"
    against = f" against {trial.comparator}" if trial.comparator else ""
    people = f", {trial.people} people" if trial.people is not None else ""
    return (
        f"{trial.drug.full_name}, {route}, {doses}; {trial.design}{against}{people}; "
        f"{', '.join(trial.diagnoses)}: {trial.finding}. {trial.outcome}"
    )


def _for_drug(drug: Drug, said: DrugCheck) -> str:
    note = f": {said.note}" if said.note else ""
    stops = f"; stops the session: {said.stops}" if said.stops else ""
    return f"; {drug}{note}{stops}" if note or stops else ""


def _effect(effect: Effect, counted: Mapping[str, Counted]) -> str:
    shares = "".join(_share(each, counted[each.counted]) for each in effect.frequency)
    note = f"; {effect.note}" if effect.note else ""
    corrects = f"; corrects {effect.corrects}" if effect.corrects else ""
    return f"{effect.text} ({effect.layer}){note}{corrects}{shares}"


def _share(frequency: Frequency, counted: Counted) -> str:
    comparator = frequency.comparator_percent
    against = "" if comparator is None else f" against {comparator} %"
    return f"; {frequency.percent} %{against} ({counted.arms}; {counted.population})"


def _item(item: Contraindication) -> str:
    labelled = ((drug, ", ".join(item.jurisdictions.of(drug))) for drug in Drug)
    where = "".join(f"; {drug}: {labels}" for drug, labels in labelled if labels)
    carried = item.carried_over and f"carried over to the other drug: {item.carried_over}"
    notes = (carried, item.note)
    return f"{item.category}: {item.text}{where}" + "".join(f"; {note}" for note in notes if note)
