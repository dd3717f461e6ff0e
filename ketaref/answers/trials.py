"""The studies: which drug, route and doses, against what, in whom, and what was found."""

from typing import ClassVar, Literal

from ketaref.answers.answer import Answer, data_stamp, sources_with
from ketaref.errors import ErrorCode, InputError, echo
from ketaref.model.base import Frozen
from ketaref.model.names import Drug, Route
from ketaref.model.source import Citation
from ketaref.model.trial import Design, Diagnosis, Finding, Group, Trial
from ketaref.ranges.cautions import row_cautions
from ketaref.ranges.library import Library
from ketaref.ranges.row import RowAnswer, row_answer
from ketaref.ranges.selection import did_you_mean
from ketaref.ranges.values import Quantity, unrounded

# What a user may type for a diagnosis, besides its name in the data.
_SHORT = {
    "gad": Diagnosis.GENERALISED,
    "generalised anxiety": Diagnosis.GENERALISED,
    "generalized anxiety disorder": Diagnosis.GENERALISED,
    "sad": Diagnosis.SOCIAL,
    "social anxiety": Diagnosis.SOCIAL,
    "panic": Diagnosis.PANIC,
    "phobia": Diagnosis.PHOBIA,
    "depression": Diagnosis.WITH_DEPRESSION,
}
DIAGNOSIS_SPELLINGS = {each.value.lower(): each for each in Diagnosis} | _SHORT


class TrialsInputs(Frozen):
    """The question; null for all."""

    route: Route | None
    drug: Drug | None
    diagnosis: Diagnosis | None


class TrialResult(Frozen):
    """One study; what is null was not in the text read."""

    id: str
    group: Group
    design: Design
    drug: Drug
    route: Route | None
    route_name: str
    doses: tuple[Quantity, ...]
    titrated: bool
    is_mean: bool
    dose_note: str | None
    infusion: Quantity | None
    sessions: str | None
    comparator: str | None
    diagnoses: tuple[Diagnosis, ...]
    population: str
    people: int | None
    finding: Finding
    outcome: str
    dose_response: str | None
    follow_up: str | None
    adverse: str | None
    under_18: bool
    same_people_as: str | None
    note: str | None
    sources: tuple[Citation, ...]
    source_ids: tuple[str, ...]


class TrialsAnswer(Answer):
    """The studies, and the published rows of their routes with what supports which dose."""

    kind: Literal["trials"] = "trials"
    inputs: TrialsInputs
    results: tuple[TrialResult, ...]
    rows: tuple[RowAnswer, ...]
    result_model: ClassVar[type[Frozen]] = TrialResult


def parse_diagnosis(text: str) -> Diagnosis:
    """Return a diagnosis by its name or a short form; any other is refused."""
    if found := DIAGNOSIS_SPELLINGS.get(" ".join(text.lower().split())):
        return found
    known = ", ".join(each.value for each in Diagnosis)
    raise InputError(
        ErrorCode.DIAGNOSIS_UNKNOWN,
        f'unknown diagnosis "{echo(text)}"; known: {known}',
        did_you_mean(text, list(DIAGNOSIS_SPELLINGS)),
    )


def trials_answer(
    library: Library, route: Route | None, drug: Drug | None, diagnosis: Diagnosis | None
) -> TrialsAnswer:
    """Return the studies of a route, a drug and a diagnosis, those with a control first."""
    dataset = library.dataset
    found = [
        trial
        for trial in dataset.trials
        if route in (None, trial.route)
        and drug in (None, trial.drug)
        and (diagnosis is None or diagnosis in trial.diagnoses)
    ]
    groups = list(Group)
    found.sort(key=lambda trial: groups.index(trial.design.group))
    results = tuple(trial_result(trial) for trial in found)
    rows = [row for row in dataset.rows if route in (None, row.route) and drug in (None, row.drug)]
    return TrialsAnswer(
        data=data_stamp(dataset),
        inputs=TrialsInputs(route=route, drug=drug, diagnosis=diagnosis),
        results=results,
        rows=tuple(row_answer(library, row, tuple(row_cautions(library, row))) for row in rows),
        cautions=library.overdue(),
        sources=sources_with(dataset, (s for trial in results for s in trial.source_ids)),
    )


def trial_result(trial: Trial) -> TrialResult:
    """Return a study as answers carry it."""
    minutes = trial.infusion_minutes
    return TrialResult(
        id=trial.id,
        group=trial.design.group,
        design=trial.design,
        drug=trial.drug,
        route=trial.route,
        route_name=trial.route.full_name if trial.route else "not stated",
        doses=tuple(unrounded(dose, trial.unit) for dose in trial.doses) if trial.unit else (),
        titrated=trial.titrated,
        is_mean=trial.is_mean,
        dose_note=trial.dose_note,
        infusion=None if minutes is None else unrounded(minutes, "min"),
        sessions=trial.sessions,
        comparator=trial.comparator,
        diagnoses=trial.diagnoses,
        population=trial.population,
        people=trial.people,
        finding=trial.finding,
        outcome=trial.outcome,
        dose_response=trial.dose_response,
        follow_up=trial.follow_up,
        adverse=trial.adverse,
        under_18=trial.under_18,
        same_people_as=trial.same_people_as,
        note=trial.note,
        sources=trial.sources,
        source_ids=tuple(source.source_id for source in trial.sources),
    )
