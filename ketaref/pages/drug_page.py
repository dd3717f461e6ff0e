"""The page of a drug: its sections in order, each statement with its sources, then the sources."""

from collections.abc import Iterator

from ketaref.answers.drug import DrugAnswer, DrugResult
from ketaref.document import Document, Facts, Heading, Points
from ketaref.model.drug import Section
from ketaref.model.source import Source
from ketaref.pages.row_parts import citations_text

CLOSING = "No label was read in full; that something is not here does not mean that it is not so."


def body(answer: DrugAnswer) -> Document:
    """Lay out the sections asked for."""
    head, section = answer.head, answer.inputs.section
    title = head.name if section is None else f"{head.name}: {section.full_name}"
    sections = tuple(
        Points(section.full_name, points, heading=True)
        for section in Section
        if (points := tuple(_points(answer, section)))
    )
    return (
        Heading(title[:1].upper() + title[1:], 1),
        Facts(
            (
                ("drug", f"{head.name}; not {head.not_to_be_taken_for}"),
                ("brand", ", ".join(head.brands)),
                ("code", f"ATC {head.atc}"),
                ("not read", head.not_read),
                ("source", citations_text(head.sources)),
            )
        ),
        *sections,
        Points("Sources", tuple(map(_source, answer.sources)), heading=True),
    )


def _points(answer: DrugAnswer, section: Section) -> Iterator[tuple[str, str]]:
    other = answer.inputs.drug.other.full_name
    for row in answer.results:
        if row.section is section:
            yield _topic(row), " ".join(_sentences(row, other))


def _topic(row: DrugResult) -> str:
    """Return whom or what a statement is about: the agent, what is watched, whose label it is."""
    topic, where = row.agent or row.what, ", ".join(row.jurisdictions)
    return f"{topic} ({where})" if topic and where else topic or where


def _sentences(row: DrugResult, other: str) -> Iterator[str]:
    """Yield what is stated, then how it was found out, then where."""
    if row.when:
        yield _sentence(f"{row.when} ({row.whose})")
    pack = (row.pack, row.ndc and f"NDC {row.ndc}", row.licence, row.holder)
    more = "; ".join(filter(None, pack))
    yield _sentence(f"{row.text}; {more}" if more else row.text)
    found = ("mechanism", row.mechanism), ("size", row.size), ("route", row.route)
    details = [f"{name}: {text}" for name, text in (*found, ("people", row.people)) if text]
    if details:
        yield _sentence("; ".join(details))
    if row.note:
        yield _sentence(row.note)
    if row.about:
        yield "About both drugs." if row.about == "both" else f"About {other}, not the drug here."
    if row.searched:
        yield _sentence(f"Searched: {row.searched}")
    if row.sources:
        only = "read in copies only: " if row.only_secondary else ""
        yield f"[{only}{citations_text(row.sources)}]"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _source(source: Source) -> tuple[str, str]:
    year = f", {source.year}" if source.year else ""
    return source.id, f"{source.title}; {source.authors}{year}; read: {source.how_read}."
