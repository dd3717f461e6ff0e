"""The page of the studies: the doses given on the axis of the range, then study by study."""

from collections.abc import Iterable

from ketaref import notation
from ketaref.answers.trials import TrialResult, TrialsAnswer
from ketaref.document import (
    Block,
    Column,
    Document,
    DoseAxis,
    Facts,
    Heading,
    Mark,
    Paragraph,
    Points,
    Table,
)
from ketaref.model.names import Drug
from ketaref.model.trial import Group
from ketaref.ranges.row import RowAnswer

_HEADINGS = {
    Group.CONTROLLED: "With a control",
    Group.UNCONTROLLED: "Without a control",
    Group.REGISTERED: "Registered, without a result",
}
_NOT_READ = "not read"


def body(answer: TrialsAnswer) -> Document:
    """Lay out the doses, then the studies, those with a control first."""
    return (
        Heading("Studies in anxiety disorders, PTSD and OCD", 1),
        Facts(_inputs(answer)),
        *(block for row in answer.rows for block in dose_blocks(row)),
        *studies(answer.results),
        *(_details(answer) if answer.inputs.route or answer.inputs.diagnosis else ()),
        Paragraph(
            "key",
            "Read as abstracts or registry entries, except where ketaref sources ID says more. A "
            "study without a control can favour nothing. People in two studies are counted once.",
        ),
    )


def _inputs(answer: TrialsAnswer) -> tuple[tuple[str, str], ...]:
    inputs = answer.inputs
    return (
        ("route", inputs.route.full_name if inputs.route else "all"),
        ("drug", inputs.drug.full_name if inputs.drug else "both"),
        ("diagnosis", inputs.diagnosis.value if inputs.diagnosis else "all"),
        ("studies", f"{len(answer.results)}"),
    )


def dose_blocks(row: RowAnswer) -> Document:
    """Lay out what supports which dose of a row: a picture where there can be one, and a table."""
    if not row.evidence.doses:
        return (
            Heading(f"{row.route_name.capitalize()} {row.drug.full_name}"),
            Paragraph("evidence", row.evidence.text),
        )
    marks = tuple(
        Mark(each.dose.fraction, each.dose.text, len(each.controlled), len(each.uncontrolled))
        for each in row.evidence.doses
    )
    axis = DoseAxis(
        f"Doses that studies gave, {row.route_name} {row.drug.full_name}",
        row.range.low.fraction,
        row.range.high.fraction,
        row.range_text,
        marks,
    )
    cells = tuple(
        (
            each.dose.text,
            f"{each.position} the published range",
            f"{len(each.controlled)}",
            f"{len(each.uncontrolled)}",
            f"{len(each.registered)}",
        )
        for each in row.evidence.doses
    )
    columns = (
        Column("Dose"),
        Column("Position", joins=True),
        Column("With control"),
        Column("Without", joins=True),
        Column("Registered", joins=True),
    )
    return (
        Heading(f"{row.route_name.capitalize()} {row.drug.full_name}"),
        axis,
        Table(columns, cells),
        Paragraph("evidence", row.evidence.text),
    )


def studies(results: Iterable[TrialResult]) -> Document:
    """Lay out the studies by group, a line each."""
    every = tuple(results)
    blocks: list[Block] = []
    for group, heading in _HEADINGS.items():
        of_group = [trial for trial in every if trial.group is group]
        if of_group:
            blocks += [Heading(heading), _table(of_group)]
    if graded := tuple((t.id, t.dose_response) for t in every if t.dose_response):
        blocks.append(Points("one dose against another", graded))
    return tuple(blocks)


def _table(trials: list[TrialResult]) -> Table:
    columns = (Column("Study"), Column("What was given, and to whom"), Column("Finding"))
    return Table(
        columns,
        tuple((_study(trial), _given(trial), trial.finding.value) for trial in trials),
    )


def _study(trial: TrialResult) -> str:
    return f"{trial.id}: {', '.join(trial.diagnoses)}"


def _given(trial: TrialResult) -> str:
    parts = [_route_and_dose(trial)]
    if trial.comparator:
        parts.append(f"against {trial.comparator}")
    people = "number of people not read" if trial.people is None else f"{trial.people:,} people"
    return "; ".join([*parts, "1 person" if trial.people == 1 else people])


def _route_and_dose(trial: TrialResult) -> str:
    drug = "" if trial.drug is Drug.KETAMINE else " esketamine"
    if not trial.doses:
        return f"{trial.route_name}{drug}, dose {_NOT_READ}"
    values = tuple(dose.value for dose in trial.doses)
    if trial.titrated:
        text = notation.amount_range(values[0], values[-1], trial.doses[0].unit)
    else:
        text = notation.amount_choice(values, trial.doses[0].unit)
    text = f"mean {text}" if trial.is_mean else text
    over = f" over {trial.infusion.text}" if trial.infusion else ""
    return f"{trial.route_name}{drug}, {text}{over}"


def _details(answer: TrialsAnswer) -> Document:
    """Lay out what a table has no room for, where the question was narrow."""
    items: list[tuple[str, str]] = []
    for trial in answer.results:
        parts = {
            "population": trial.population + (" (under 18)" if trial.under_18 else ""),
            "sessions": trial.sessions,
            "dose": trial.dose_note,
            "outcome": trial.outcome,
            "follow-up": trial.follow_up,
            "adverse events": trial.adverse,
            "same people as": trial.same_people_as,
            "note": trial.note,
            "source": "; ".join(f"{s.source_id}, {s.place}" for s in trial.sources),
        }
        items += [(f"{trial.id}, {key}", text) for key, text in parts.items() if text]
    return (Heading("Study by study"), Points("detail", tuple(items)))
