"""The page of an audit: what was read, the classes by row, the reasons, how far outside."""

from ketaref.answers.audit import AuditAnswer, Count
from ketaref.document import Column, Document, Facts, Heading, Paragraph, Points, Table
from ketaref.model.names import Route
from ketaref.pages.row_parts import local_section
from ketaref.ranges.row import Origin

LINES_NAMED = 20  # line numbers of malformed lines; the others are counted
_ABOUT = (
    "These numbers are about ranges published for anxiety in adults. Doses given for anaesthesia, "
    "pain or other conditions, or to children, do not belong in the table. A dose outside a range "
    "is not an error of judgement: rounding to a vial moves a dose by some percent."
)
_SECTIONS = (
    ("outside", "How far outside, in percent of the bound that is passed"),
    ("reason", "Not assessable, by reason"),
    ("duration", "Duration of what was assessed"),
    ("weight", "Weights"),
)


def body(answer: AuditAnswer) -> Document:
    """Lay out the counts of the published rows, then those of a protocol."""
    blocks: list[Document] = []
    for origin in Origin:
        found = [c for c in answer.results if c.section == "class" and c.origin is origin]
        if not found:
            continue
        counts = _of_origin(answer, origin, found)
        if origin is Origin.LOCAL and answer.protocol:
            counts = (local_section(answer.protocol, counts),)
        blocks.append(counts)
    return (
        Heading(f"Where the doses of {answer.inputs.file} lie in the published ranges", 1),
        Facts(tuple(_input_facts(answer))),
        Paragraph("what the numbers are about", _ABOUT),
        *(block for part in blocks for block in part),
    )


def _input_facts(answer: AuditAnswer) -> list[tuple[str, str]]:
    inputs = answer.inputs
    facts = [
        (count.name, f"{count.count:,}") for count in answer.results if count.section == "input"
    ]
    if inputs.malformed_lines:
        lines = ", ".join(f"{line:,}" for line in inputs.malformed_lines)
        more = len(inputs.malformed_lines) == LINES_NAMED
        facts.append(("malformed, on lines", lines + (" and after" if more else "")))
    if inputs.floating:
        names = ", ".join(inputs.floating)
        text = f"{names}: each value as the nearest number with 9 decimals"
        facts.append(("floating columns", text))
    named = ", ".join(f"{field} is {name}" for field, name in inputs.columns.items())
    return [*facts, ("columns", named)]


def _of_origin(answer: AuditAnswer, origin: Origin, classes: list[Count]) -> Document:
    rows = tuple(dict.fromkeys(count.row for count in classes))
    columns = (
        Column("Row"),
        Column("Class"),
        Column("Rows", joins=True),
        Column("Of", joins=True),
        Column("Percent (95 % interval)", joins=True),
    )
    cells = tuple(_cells(count) for row in rows for count in classes if count.row == row)
    name = "published" if origin is Origin.PUBLISHED else classes[0].origin_name
    blocks: Document = (Heading(f"Classes, {name}"), Table(columns, cells))
    for section, title in _SECTIONS:
        counts = [c for c in answer.results if c.origin is origin and c.section == section]
        if counts:
            items = tuple((_row_name(c), f"{c.name}: {c.count:,} of {c.of:,}") for c in counts)
            blocks = (*blocks, Heading(title), Points(section, items))
    return blocks


def _cells(count: Count) -> tuple[str, ...]:
    name = count.name.replace("_", " ")
    return (_row_name(count), name, f"{count.count:,}", f"{count.of:,}", _share(count))


def _row_name(count: Count) -> str:
    """Return a published row by its route in whole words, a protocol's by its own name."""
    routes = Route if count.origin is Origin.PUBLISHED else ()
    return next((route.full_name for route in routes if route == count.row), count.row)


def _share(count: Count) -> str:
    if count.share is None:
        return "not computed"
    return f"{count.share.percent} ({count.share.low} to {count.share.high})"
