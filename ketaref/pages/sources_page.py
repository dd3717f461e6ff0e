"""The page of one source in full, or of all of them in a list."""

from ketaref.answers.sources import SourceResult, SourcesAnswer
from ketaref.document import Column, Document, Facts, Heading, Points, Table
from ketaref.model.source import Source


def body(answer: SourcesAnswer) -> Document:
    """Lay out one source in full, or all of them in a list."""
    if answer.inputs.id is not None:
        return _one(answer.results[0])
    columns = (
        Column("Source"),
        Column("Year", joins=True),
        Column("Kind", joins=True),
        Column("Checked"),
        Column("Title"),
    )
    rows = tuple(
        (source.id, _year(source), source.kind.full_name, _checked(source), source.title)
        for source in answer.results
    )
    return (Heading("Sources", 1), Table(columns, rows), _how_to_read())


def _one(source: SourceResult) -> Document:
    not_read = [("not read", source.not_read)] if source.not_read else []
    return (
        Heading(source.title, 1),
        Facts(
            (
                ("source", source.id),
                ("authors", source.authors),
                ("year", _year(source)),
                ("kind", source.kind.full_name),
                *([("published in", source.published_in)] if source.published_in else []),
                *source.identifiers,
                ("open at", source.link or "no address found"),
                ("checked", _checked(source)),
                ("version read", source.version_read),
                ("current version", "read" if source.current else "not read"),
                *not_read,
            )
        ),
        Points("cited by", tuple((cited.what, cited.place) for cited in source.cited_by)),
    )


def _year(source: Source) -> str:
    return str(source.year) if source.year else "not stated"


def _checked(source: Source) -> str:
    return source.how_read if source.current else f"{source.how_read}, current version not read"


def _how_to_read() -> Points:
    return Points(
        "key",
        (
            ("primary", "the cited facts were read in the publisher's own text, or its abstract"),
            ("secondary", "some or all were read in a third party's copy, quotation or summary"),
            ("", "No article or label was read in full; ketaref sources ID says what was."),
        ),
    )
