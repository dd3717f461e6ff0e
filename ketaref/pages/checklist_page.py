"""The sheet of a session: to read out, to tick, to sign; on paper, to write on as well."""

from collections.abc import Sequence

from ketaref.answers.checklist import REPLIES, CheckItem, ChecklistAnswer, ChecklistInputs
from ketaref.document import (
    BLANK,
    BOX,
    Block,
    Column,
    Document,
    Facts,
    Heading,
    Paragraph,
    Points,
    Table,
)
from ketaref.model.checklist_item import Phase
from ketaref.model.names import Drug, Route
from ketaref.pages.row_parts import citations_text, local_section, local_sources_text

LINE = "_" * 20
CLOSING = "A full list does not mean that treatment is safe, and the list is not complete."
_HOW_TO_ANSWER = (
    "Answer each item yes, no or not assessed. An item without an answer is not assessed; it is "
    "never no. Where no stop is given, no text that was read gives one. Write no name or number of "
    "a patient into a file: identify by hand, on paper."
)
_BOXES = tuple(Column(reply.capitalize(), joins=True) for reply in REPLIES)

_DOSE = {
    None: ("Weight in kg", "Dose in mg", "Strength", "Volume in mL", "Rate in mL/h"),
    Route.IV: ("Weight in kg", "Dose in mg", "Strength", "Volume in mL", "Rate in mL/h"),
    Route.NASAL: ("Dose in mg", "Number of devices", "Lot of the devices"),
}
_OTHER_DOSE = ("Weight in kg", "Dose in mg", "Strength", "Amount given")
_HANDLING = ("Start", "Stop", "Prepared by", "Second checker", "Wastage", "Wastage witnessed by")
_VITAL_SIGNS = (
    "When",
    "Time",
    "Blood pressure in mmHg",
    "Pulse per minute",
    "Saturation in %",
    "Breaths per minute",
    "Initials",
)
_ROUNDS = ("before", *["during"] * 4, *["after"] * 2, "before leaving")


def body(answer: ChecklistAnswer) -> Document:
    """Lay out what to fill in, then the checks of each phase with their boxes, then the sources."""
    return (
        *_head(answer, ()),
        *_checks_by_phase(answer),
        *_local(answer),
        _sources(answer.results),
    )


def paper(answer: ChecklistAnswer) -> Document:
    """Lay out the same with lines to write on by hand: whom, how much, the vital signs."""
    identification = (("identification 1", LINE), ("identification 2", LINE))
    return (
        *_head(answer, identification),
        *_checks_by_phase(answer),
        *_local(answer),
        Heading("To write down"),
        _blanks(_DOSE.get(answer.inputs.route, _OTHER_DOSE)),
        _blanks(_HANDLING),
        _vital_signs(),
        _sources(answer.results),
    )


def _head(answer: ChecklistAnswer, identification: tuple[tuple[str, str], ...]) -> Document:
    inputs = answer.inputs
    route = inputs.route.full_name if inputs.route else "all routes"
    drugs = " and ".join(drug.full_name for drug in inputs.drugs)
    to_fill_in = (("clinic", inputs.clinic or LINE), ("date", LINE), ("initials", LINE))
    return (
        Heading(f"Session checklist, {route} {drugs}" if inputs.route else _title(drugs), 1),
        Facts((*to_fill_in, *identification)),
        Paragraph("how to answer", _HOW_TO_ANSWER),
    )


def _title(drugs: str) -> str:
    return f"Session checklist, all routes: {drugs}"


def _checks_by_phase(answer: ChecklistAnswer) -> Document:
    numbers = {row.id: number for number, row in enumerate(answer.results, start=1)}
    blocks: list[Block] = []
    for phase in Phase:
        rows = [row for row in answer.results if row.phase is phase]
        if rows:
            blocks += [
                Heading(f"{phase.value.capitalize()} the session"),
                _checks(rows, numbers, answer.inputs),
            ]
    return tuple(blocks)


def _checks(rows: list[CheckItem], numbers: dict[str, int], inputs: ChecklistInputs) -> Table:
    columns = (Column("Check"), *_BOXES, Column("Note"), Column("Stops the session"))
    cells = tuple(
        (
            f"{numbers[row.id]}. {row.text if inputs.route else row.full_text}",
            *(BOX for _ in REPLIES),
            _by_drug([(drug, row.note_for(drug)) for drug in inputs.drugs]),
            _by_drug([(drug, row.stops_for(drug)) for drug in inputs.drugs]),
        )
        for row in rows
    )
    return Table(columns, cells)


def _by_drug(said: Sequence[tuple[Drug, str | None]]) -> str:
    """Return what is said for each drug, by its name if the sheet is for more than one."""
    if len(said) == 1:
        return said[0][1] or ""
    return ". ".join(f"{drug.upper()}: {text}" for drug, text in said if text)


def _sources(rows: Sequence[CheckItem]) -> Points:
    named = ((f"{number}", citations_text(row.sources)) for number, row in enumerate(rows, start=1))
    return Points("sources of the checks", tuple(named))


def _blanks(titles: Sequence[str]) -> Table:
    columns = tuple(Column(title, joins=True) for title in titles)
    return Table(columns, (tuple(BLANK for _ in titles),))


def _vital_signs() -> Table:
    columns = tuple(Column(title, joins=True) for title in _VITAL_SIGNS)
    blanks = tuple(BLANK for _ in _VITAL_SIGNS[1:])
    return Table(columns, tuple((when, *blanks) for when in _ROUNDS))


# ------------------------------------------------------------ a clinic's own checks


def _local(answer: ChecklistAnswer) -> Document:
    if answer.protocol is None or not answer.local:
        return ()
    blocks: list[Block] = []
    for phase in Phase:
        rows = [row for row in answer.local if row.phase is phase]
        if rows:
            name = f"{phase.value.capitalize()} the session, {answer.protocol.label}"
            blocks += [Heading(name), _local_checks(rows)]
    return (local_section(answer.protocol, blocks),)


def _local_checks(rows: list[CheckItem]) -> Table:
    columns = (Column("Check"), *_BOXES, Column("Source"))
    cells = tuple(
        (row.full_text, *(BOX for _ in REPLIES), local_sources_text(row.local_sources))
        for row in rows
    )
    return Table(columns, cells)
