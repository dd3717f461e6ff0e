"""What was tried at which dose: computed from the studies, never typed.

A study counts for a row where it gave the same drug by the same route, to adults, in the row's
unit. People who are in two studies are counted once.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from ketaref import notation
from ketaref.dosing import Position, Span, one_value
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.dose_row import Basis, RangeRow
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


def row_evidence(dataset: Dataset, row: RangeRow, weight: Weight | None) -> RowEvidence:
    """Return what supports which part of a row's range, for a weight where there is one."""
    trials = trials_for(dataset, row)
    per_kg = row.basis is Basis.PER_KG
    doses = sorted({dose for trial in trials if trial.unit == row.unit for dose in trial.doses})
    found = tuple(_at_dose(row, dose, trials, weight if per_kg else None) for dose in doses)
    return RowEvidence(doses=found, text=_summary(row, found, trials))


def of_this_dose(
    dataset: Dataset, row: RangeRow, mg: Fraction, weight: Weight | None
) -> tuple[bool, str]:
    """Return whether a dose is above all that controlled studies gave, and what was tried there.

    A dose that differs from a studied one by less than a dose is rounded by is that dose: 35 mg at
    70.5 kg is 0.5 mg/kg.
    """
    trials = trials_for(dataset, row)
    per_kg = row.basis is Basis.PER_KG and weight is not None
    factor = weight.kg if per_kg and weight else Fraction(1)
    controlled = _doses_of(trials, row.unit, Group.CONTROLLED)
    if not controlled:
        return True, f"No controlled {_kind(row)} trial with a dose in {row.unit} was found."
    for dose in controlled:
        exact = Fraction(dose) * factor
        if one_value(exact) == one_value(mg):
            return False, _sentence(_at_dose(row, dose, trials, weight if per_kg else None))
    least, most = controlled[0], controlled[-1]
    if mg > Fraction(most) * factor:
        above = _uncontrolled_above(row, trials, most)
        return True, (
            f"Above {_amount(most, row)}, the highest dose of a controlled {_kind(row)} trial "
            f"found.{above}"
        )
    if mg < Fraction(least) * factor:
        lowest = f"the lowest dose of a controlled {_kind(row)} trial found"
        return False, f"Below {_amount(least, row)}, {lowest}."
    lower = max(dose for dose in controlled if Fraction(dose) * factor < mg)
    upper = min(dose for dose in controlled if Fraction(dose) * factor > mg)
    return False, (
        f"Between {_amount(lower, row)} and {_amount(upper, row)}, which controlled "
        f"{_kind(row)} trials gave."
    )


def _doses_of(trials: Iterable[Trial], unit: str, group: Group) -> list[Decimal]:
    return sorted(
        {
            dose
            for trial in trials
            if trial.unit == unit and trial.design.group is group
            for dose in trial.doses
        }
    )


def _at_dose(
    row: RangeRow, dose: Decimal, trials: list[Trial], weight: Weight | None
) -> DoseEvidence:
    gave = [trial for trial in trials if trial.unit == row.unit and dose in trial.doses]
    ids = {trial.id for trial in gave}
    counted = [trial for trial in gave if trial.same_people_as not in ids]
    groups = {group: [trial for trial in counted if trial.design.group is group] for group in Group}
    mg = Fraction(dose) * weight.kg if weight else None
    return DoseEvidence(
        dose=unrounded(dose, row.unit),
        for_weight=None if mg is None else rounded(notation.terminating(one_value(mg)), mg, "mg"),
        position=Span(Fraction(row.low), Fraction(row.high)).position(Fraction(dose)),
        controlled=tuple(trial.id for trial in groups[Group.CONTROLLED]),
        uncontrolled=tuple(trial.id for trial in groups[Group.UNCONTROLLED]),
        registered=tuple(trial.id for trial in groups[Group.REGISTERED]),
        text=_counts(row, groups),
    )


def _counts(row: RangeRow, groups: dict[Group, list[Trial]]) -> str:
    """Return how many studies there are of each kind, and what the controlled ones found."""
    parts = []
    if controlled := groups[Group.CONTROLLED]:
        count = _trials(len(controlled), f"controlled {_kind(row)}")
        people = _people(controlled)
        whom = "; ".join(filter(None, (people, _diagnoses(controlled))))
        parts.append(f"{count} ({whom}): {_findings(controlled)}")
    else:
        parts.append(f"no controlled {_kind(row)} trial found")
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


def _summary(row: RangeRow, found: tuple[DoseEvidence, ...], trials: list[Trial]) -> str:
    """Say what supports which part of the range, highest controlled dose first to be named."""
    controlled = [each for each in found if each.controlled]
    if not controlled:
        none = f"No controlled {_kind(row)} trial with a dose in {row.unit} was found."
        return none + _others(row, trials)
    sentences = [_sentence(each) for each in controlled]
    highest = controlled[-1].dose.value
    if highest < row.high:
        above = _uncontrolled_above(row, trials, highest)
        sentences.append(
            f"Above {_amount(highest, row)} no controlled {_kind(row)} trial was found.{above}"
        )
    return " ".join(sentences)


def _sentence(evidence: DoseEvidence) -> str:
    dose = evidence.dose.text
    if evidence.for_weight:
        about = "" if evidence.for_weight.fraction == evidence.for_weight.value else "about "
        dose = f"{about}{evidence.for_weight.text} ({dose})"
    return f"{dose}: {evidence.text}."


def _uncontrolled_above(row: RangeRow, trials: list[Trial], dose: Decimal) -> str:
    higher = [
        trial
        for trial in trials
        if trial.unit == row.unit
        and trial.design.group is Group.UNCONTROLLED
        and any(each > dose for each in trial.doses)
    ]
    if not higher:
        return ""
    most, is_mean = max((each, trial.is_mean) for trial in higher for each in trial.doses)
    unread = sum(trial.design.group is Group.UNCONTROLLED and not trial.doses for trial in trials)
    more = f"; of {unread} more the dose was not read" if unread else ""
    up_to = f"{'mean' if is_mean else 'up to'} {_amount(most, row)}{more}"
    count = f"{len(higher)} {'study' if len(higher) == 1 else 'studies'}"
    people = _people(higher)
    return f" Without a control: {count} ({people}), {up_to}."


def _others(row: RangeRow, trials: list[Trial]) -> str:
    """Say what was given in the other unit, or without a dose that was read."""
    uncontrolled = [trial for trial in trials if trial.design.group is Group.UNCONTROLLED]
    other = [trial for trial in uncontrolled if trial.doses and trial.unit != row.unit]
    unread = [trial for trial in uncontrolled if not trial.doses]
    parts = []
    for trial in other:
        ends = notation.amount_range(trial.doses[0], trial.doses[-1], trial.unit or "")
        parts.append(f"{trial.id} gave {ends} at a time")
    if unread:
        parts.append(f"of {_trials(len(unread), '')} the dose was not read")
    return f" Without a control: {'; '.join(parts)}." if parts else ""


def _trials(count: int, kind: str) -> str:
    return " ".join(f"{count} {kind} {'trial' if count == 1 else 'trials'}".split())


def _kind(row: RangeRow) -> str:
    return row.route.full_name


def _amount(dose: Decimal, row: RangeRow) -> str:
    return notation.amount(dose, row.unit)
