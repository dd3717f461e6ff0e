"""What was tried at which dose: computed from the studies, never typed.

A study counts for a row where it gave the same drug by the same route, to adults. Doses compare in
the row's unit, or, where no controlled study used that, in theirs, for a body weight. People who
are in two studies are counted once.
"""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ketaref import notation
from ketaref.dosing import Position, Span, one_value
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.dose_row import RangeRow
from ketaref.model.trial import Finding, Group, Trial
from ketaref.ranges.values import Quantity, rounded, unrounded
from ketaref.units import Weight


class DoseEvidence(Frozen):
    """The studies of one dose.

    ``for_weight`` is what the dose comes to, in mg to the nearest; null without a weight.
    ``position`` is where the dose lies in the row's range.
    """

    dose: Quantity
    for_weight: Quantity | None
    position: Position
    controlled: tuple[str, ...]
    uncontrolled: tuple[str, ...]
    registered: tuple[str, ...]
    text: str


class RowEvidence(Frozen):
    """What supports which part of a row's range: the doses, and the same in one sentence."""

    doses: tuple[DoseEvidence, ...]
    text: str


def trials_for(dataset: Dataset, row: RangeRow) -> list[Trial]:
    """Return the studies that gave a row's drug by its route to adults."""
    return [
        trial
        for trial in dataset.trials
        if trial.route is row.route and trial.drug is row.drug and not trial.under_18
    ]


class _Studies(NamedTuple):
    """The studies that count for a row, in the unit in which their doses compare."""

    kind: str
    found: list[Trial]
    unit: str
    weight: Weight | None

    @property
    def doses(self) -> list[Decimal]:
        """Every dose that was given in the unit."""
        return sorted({dose for trial in self.found if self.has(trial) for dose in trial.doses})

    def doses_of(self, group: Group) -> list[Decimal]:
        """Return the doses that studies of one kind gave."""
        trials = (trial for trial in self.of(group) if self.has(trial))
        return sorted({dose for trial in trials for dose in trial.doses})

    def of(self, group: Group) -> list[Trial]:
        """Return the studies of one kind, in whatever unit."""
        return [trial for trial in self.found if trial.design.group is group]

    def has(self, trial: Trial) -> bool:
        """Return whether a study's doses are in the unit."""
        return trial.unit == self.unit

    def mg(self, dose: Decimal) -> Fraction | None:
        """Return what a studied dose comes to in mg; None where it is per kg and no weight is."""
        if self.unit == "mg":
            return Fraction(dose)
        return Fraction(dose) * self.weight.kg if self.weight else None

    def span(self, row: RangeRow) -> Span | None:
        """Return the row's range in the unit; None where that takes a weight and none is given."""
        ends = Span(Fraction(row.low), Fraction(row.high))
        if self.unit == row.unit:
            return ends
        if self.weight is None:
            return None
        factor = 1 / self.weight.kg if row.unit == "mg" else self.weight.kg
        return Span(ends.low * factor, ends.high * factor)

    def amount(self, dose: Decimal) -> str:
        """Return a studied dose in words."""
        return notation.amount(dose, self.unit)


def _studies(dataset: Dataset, row: RangeRow, weight: Weight | None) -> _Studies:
    """Return the studies of a row, in its unit, or in the one that controlled studies used.

    A clinic may give a fixed dose where studies gave theirs per kg: to call that dose untried would
    be wrong.
    """
    found = trials_for(dataset, row)
    controlled = {trial.unit for trial in found if trial.design.group is Group.CONTROLLED}
    units = [unit for unit in (row.unit, "mg/kg", "mg") if unit in controlled]
    unit = units[0] if units else row.unit
    return _Studies(row.route.full_name, found, unit, weight)


def row_evidence(dataset: Dataset, row: RangeRow, weight: Weight | None) -> RowEvidence:
    """Return what supports which part of a row's range, for a weight where there is one."""
    studies = _studies(dataset, row, weight)
    span = studies.span(row)
    if span is None:
        return RowEvidence(doses=(), text=_weight_needed(studies))
    found = tuple(_at_dose(span, dose, studies) for dose in studies.doses)
    return RowEvidence(doses=found, text=_summary(span, found, studies))


def of_this_dose(
    dataset: Dataset, row: RangeRow, mg: Fraction, weight: Weight | None
) -> tuple[bool | None, str]:
    """Return whether a dose is above all that controlled studies gave, and what was tried there.

    None where that takes a weight and none is given. A dose that differs from a studied one by less
    than a dose is rounded by is that dose: 35 mg at 70.5 kg is 0.5 mg/kg.
    """
    studies = _studies(dataset, row, weight)
    controlled = studies.doses_of(Group.CONTROLLED)
    if not controlled:
        return True, _none_found(studies)
    span = studies.span(row)
    in_mg = {dose: exact for dose in controlled if (exact := studies.mg(dose)) is not None}
    if span is None or not in_mg:
        return None, _weight_needed(studies)
    for dose, exact in in_mg.items():
        if one_value(exact) == one_value(mg):
            return False, _sentence(_at_dose(span, dose, studies))
    below = [dose for dose, exact in in_mg.items() if exact < mg]
    above = [dose for dose, exact in in_mg.items() if exact > mg]
    kind = f"controlled {studies.kind}"
    if not above:
        return True, (
            f"Above {studies.amount(below[-1])}, the highest dose of a {kind} trial "
            f"found.{_uncontrolled_above(studies, below[-1])}"
        )
    if not below:
        lowest = studies.amount(above[0])
        return False, f"Below {lowest}, the lowest dose of a {kind} trial found."
    ends = f"{studies.amount(below[-1])} and {studies.amount(above[0])}"
    return False, f"Between {ends}, which {kind} trials gave."


def _none_found(studies: _Studies) -> str:
    return f"No controlled {studies.kind} trial with a dose in {studies.unit} was found."


def _weight_needed(studies: _Studies) -> str:
    doses = studies.doses_of(Group.CONTROLLED)
    gave = notation.amount_range(doses[0], doses[-1], studies.unit)
    return f"Controlled {studies.kind} trials gave {gave}: a weight is needed to compare."


def _at_dose(span: Span, dose: Decimal, studies: _Studies) -> DoseEvidence:
    gave = [trial for trial in studies.found if studies.has(trial) and dose in trial.doses]
    ids = {trial.id for trial in gave}
    counted = [trial for trial in gave if trial.same_people_as not in ids]
    groups = {group: [trial for trial in counted if trial.design.group is group] for group in Group}
    mg = studies.mg(dose) if studies.unit == "mg/kg" else None
    return DoseEvidence(
        dose=unrounded(dose, studies.unit),
        for_weight=None if mg is None else rounded(notation.terminating(one_value(mg)), mg, "mg"),
        position=span.position(Fraction(dose)),
        controlled=tuple(trial.id for trial in groups[Group.CONTROLLED]),
        uncontrolled=tuple(trial.id for trial in groups[Group.UNCONTROLLED]),
        registered=tuple(trial.id for trial in groups[Group.REGISTERED]),
        text=_counts(studies.kind, groups),
    )


def _counts(kind: str, groups: dict[Group, list[Trial]]) -> str:
    """Return how many studies there are of each kind, and what the controlled ones found."""
    parts = []
    if controlled := groups[Group.CONTROLLED]:
        count = _trials(len(controlled), f"controlled {kind} ")
        people = _people(controlled)
        whom = "; ".join(filter(None, (people, _diagnoses(controlled))))
        parts.append(f"{count} ({whom}): {_findings(controlled)}")
    else:
        parts.append(f"no controlled {kind} trial found")
    if uncontrolled := groups[Group.UNCONTROLLED]:
        people = _people(uncontrolled)
        parts.append(f"{len(uncontrolled)} without a control{f' ({people})' if people else ''}")
    return "; ".join(parts)


def _findings(trials: list[Trial]) -> str:
    counts = Counter(trial.finding for trial in trials)
    words = {
        Finding.FAVOURS: "in favour",
        Finding.MIXED: "mixed",
        Finding.NO_DIFFERENCE: "no difference",
        Finding.NO_RESULT: "result not read",
    }
    if len(counts) == 1:
        return words[trials[0].finding]
    return ", ".join(f"{counts[kind]} {text}" for kind, text in words.items() if counts[kind])


def _diagnoses(trials: list[Trial]) -> str:
    counts = Counter(each for trial in trials for each in trial.diagnoses)
    if len(trials) == 1:
        return ", ".join(counts)
    return ", ".join(f"{diagnosis} {count}" for diagnosis, count in counts.most_common())


def _people(trials: list[Trial]) -> str:
    numbers = sorted(trial.people for trial in trials if trial.people)
    if not numbers:
        return ""
    if len(numbers) == 1:
        return f"{numbers[0]:,} people" if numbers[0] > 1 else "1 person"
    ends = dict.fromkeys(f"{number:,}" for number in (numbers[0], numbers[-1]))
    return f"{' to '.join(ends)} people each"


def _summary(span: Span, found: tuple[DoseEvidence, ...], studies: _Studies) -> str:
    """Say what supports which part of the range, highest controlled dose first to be named."""
    controlled = [each for each in found if each.controlled]
    if not controlled:
        return _none_found(studies) + _uncontrolled(studies)
    sentences = [_sentence(each) for each in controlled]
    highest = controlled[-1].dose.value
    if highest < span.high:
        above = _uncontrolled_above(studies, highest)
        sentences.append(
            f"Above {studies.amount(highest)} no controlled {studies.kind} trial was found.{above}"
        )
    return " ".join(sentences)


def _sentence(evidence: DoseEvidence) -> str:
    dose = evidence.dose.text
    if evidence.for_weight:
        about = "" if evidence.for_weight.fraction == evidence.for_weight.value else "about "
        dose = f"{about}{evidence.for_weight.text} ({dose})"
    return f"{dose}: {evidence.text}."


def _uncontrolled_above(studies: _Studies, dose: Decimal) -> str:
    uncontrolled = studies.of(Group.UNCONTROLLED)
    higher = [
        trial
        for trial in uncontrolled
        if studies.has(trial) and any(each > dose for each in trial.doses)
    ]
    if not higher:
        return ""
    most, is_mean = max((each, trial.is_mean) for trial in higher for each in trial.doses)
    unread = sum(not trial.doses for trial in uncontrolled)
    more = f"; of {unread} more the dose was not read" if unread else ""
    up_to = f"{'mean' if is_mean else 'up to'} {studies.amount(most)}{more}"
    count = f"{len(higher)} {'study' if len(higher) == 1 else 'studies'}"
    people = _people(higher)
    return f" Without a control: {count} ({people}), {up_to}."


def _uncontrolled(studies: _Studies) -> str:
    """Say what was given in the other unit, or without a dose that was read."""
    uncontrolled = studies.of(Group.UNCONTROLLED)
    other = [trial for trial in uncontrolled if trial.doses and not studies.has(trial)]
    unread = sum(not trial.doses for trial in uncontrolled)
    parts = []
    for trial in other:
        ends = notation.amount_range(trial.doses[0], trial.doses[-1], trial.unit or "")
        parts.append(f"{trial.id} gave {ends} at a time")
    if unread:
        parts.append(f"of {_trials(unread)} the dose was not read")
    return f" Without a control: {'; '.join(parts)}." if parts else ""


def _trials(count: int, kind: str = "") -> str:
    return f"{count} {kind}{'trial' if count == 1 else 'trials'}"
