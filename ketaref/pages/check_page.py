"""The page and the note of where a dose lies in the ranges of its route."""

from collections.abc import Iterable

from ketaref.answers.check import CheckAnswer
from ketaref.document import Column, Document, Facts, Heading, Points, Table
from ketaref.dosing import Position
from ketaref.pages.dose_page import difference_text
from ketaref.pages.frame import note_cautions, note_ending
from ketaref.pages.row_parts import (
    caution_points,
    local_name,
    local_section,
    local_sources_text,
    row_notes,
    stated_in,
)
from ketaref.ranges.caution import Caution, CautionCode
from ketaref.ranges.computed import CheckResult

_QUALIFIERS = {
    CautionCode.DURATION_OUTSIDE: " but not over its duration",
    CautionCode.DURATION_NOT_GIVEN: " but its duration was not given",
}


def qualifier(position: Position, cautions: Iterable[Caution]) -> str:
    """Return what must follow "inside" where the dose was not given as the range states."""
    codes = {caution.code for caution in cautions} if position is Position.INSIDE else set()
    return next((words for code, words in _QUALIFIERS.items() if code in codes), "")


def body(answer: CheckAnswer) -> Document:
    """Lay out the position of the dose, then how it was found."""
    given = answer.inputs.dose.text
    if not answer.results:
        facts = Facts((("dose", f"{given} per dose"), *_weight_and_over(answer)))
        title = f"{given}, {answer.inputs.route.full_name}: no published range"
        return (Heading(title, 1), facts, *_local(answer))
    row = answer.results[0]
    return (
        Heading(f"{given} of {row.drug_and_route}", 1),
        Facts(
            (
                ("position", _position(row)),
                ("evidence", row.evidence_here),
                *_facts(answer, row),
                ("published range", f"{row.range_text} per dose"),
                ("published over", row.duration_text),
            )
        ),
        *_local(answer),
        Points("working", tuple(("", line) for line in row.working)),
        caution_points([("", row.cautions)]),
        Points("source", (("", stated_in(answer, row)),)),
    )


def _position(row: CheckResult) -> str:
    """Return the position in words, never inside alone where there is more to say."""
    text = f"{row.position} the published range{qualifier(row.position, row.cautions)}"
    if row.position is Position.BETWEEN:
        text = f"between the published doses of {row.range_text}: it is none of them"
    return f"{text}; {row.standing_label}{above_controlled(row)}"


def above_controlled(row: CheckResult) -> str:
    """Return what must follow a position that no controlled study is known to support."""
    if row.above_controlled is False or row.position is Position.BELOW:
        return ""
    if row.above_controlled is None:
        return f"; not compared with controlled {row.route_name} trials without a weight"
    if not any(each.controlled for each in row.evidence.doses):
        return f"; no controlled {row.route_name} trial of a dose was found"
    return f"; above every dose of a controlled {row.route_name} trial found"


def _facts(answer: CheckAnswer, row: CheckResult) -> list[tuple[str, str]]:
    facts = [("dose", f"{row.given.text} per dose"), *_weight_and_over(answer)]
    if row.per_kg:
        facts.append(("dose by weight", f"{row.per_kg.text} of body weight"))
    return facts


def _weight_and_over(answer: CheckAnswer) -> list[tuple[str, str]]:
    over, weight = answer.inputs.over, answer.inputs.weight
    facts = [("over", over.text)] if over else []
    return facts + ([("weight", weight.text)] if weight else [])


def _local(answer: CheckAnswer) -> Document:
    rows = answer.local
    if answer.protocol is None or not rows:
        return ()
    columns = (
        Column("Local row"),
        Column("Position"),
        Column("Local range per dose", joins=True),
        Column("Difference", joins=True),
    )
    cells = tuple(
        (
            local_name(row),
            f"{row.position}{qualifier(row.position, row.cautions)}{above_controlled(row)}",
            _range_text(row),
            difference_text(row),
        )
        for row in rows
    )
    return (local_section(answer.protocol, (Table(columns, cells), *row_notes(rows))),)


def _range_text(row: CheckResult) -> str:
    text = row.range.text
    if row.body_weight:
        text += f" of {row.body_weight} body weight, {row.dose.accepted_text}"
    if row.maximum:
        text += f", at most {row.maximum.text}"
    return text


def note(answer: CheckAnswer) -> tuple[str, ...]:
    """Return two lines for each row: the position of the dose, then the source and label."""
    lines: list[str] = []
    for row in answer.results:
        facts = [
            row.drug_and_route,
            _position_text(answer, row, f"published range of {row.range_text} per dose"),
            *(f"{key} {value}" for key, value in _facts(answer, row)[1:]),
            *row.working,
            f"standing {row.standing}: {row.standing_label}",
            f"evidence: {row.evidence_here.rstrip('.')}",
            *note_cautions(answer, row.cautions),
        ]
        lines += ["; ".join(facts), f"Source: {stated_in(answer, row)}; {note_ending(answer)}"]
    for row in answer.local:
        facts = [
            f"{row.origin_name}, row {row.id}",
            row.drug_and_route,
            _position_text(answer, row, f"local range of {_range_text(row)}"),
            *(f"{key} {value}" for key, value in _weight_and_over(answer)),
            *([row.deviation.text] if row.deviation else []),
            *(caution.sentence for caution in row.cautions),
            *note_cautions(answer),
        ]
        source = local_sources_text(row.local_sources)
        lines += ["; ".join(facts), f"Source: {source}; {note_ending(answer)}"]
    return tuple(lines)


def _position_text(answer: CheckAnswer, row: CheckResult, range_: str) -> str:
    given = answer.inputs.dose.text
    where = f"{given} is {row.position} the {range_}{qualifier(row.position, row.cautions)}"
    if row.position is Position.BETWEEN:
        where = f"{given} is between the published doses of {row.range_text}, none of them"
    return where + above_controlled(row)
