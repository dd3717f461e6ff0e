"""RIS, for a reference manager: a record of tagged lines for each source."""

from collections.abc import Iterator

from ketaref.answers.answer import Answer
from ketaref.answers.sources import SourceResult
from ketaref.writers import Page, references


def write(answer: Answer, _page: Page) -> str:
    """Return the sources as RIS, with a blank line between the records."""
    records = (_record(answer, source) for source in references.results(answer))
    return "\n".join(records)


def _record(answer: Answer, source: SourceResult) -> str:
    tags = ((tag, value) for tag, value in _tags(answer, source) if value)
    lines = "".join(f"{tag}  - {value}\n" for tag, value in tags)
    return f"{lines}ER  - \n"


def _tags(answer: Answer, source: SourceResult) -> Iterator[tuple[str, str | None]]:
    """Yield the tags of a record in their order; the kind comes first."""
    yield "TY", references.kind_of(source).ris
    yield "ID", source.id
    yield "TI", source.title
    for author in references.authors_of(source):
        yield "AU", _author(author)
    yield "PY", str(source.year) if source.year else None
    if published := references.published(source):
        first, _, last = published.pages.partition("-")
        yield "T2", published.title
        yield "VL", published.volume
        yield "IS", published.issue
        yield "SP", first
        yield "EP", last
    yield "DO", source.doi
    yield "AN", source.pmid
    yield "C2", source.pmcid
    yield "SN", references.isbn(source)
    yield "UR", source.address
    for note in references.notes(answer, source):
        yield "N1", note


def _author(author: references.Author) -> str:
    """Return an author; in a body's name, a comma would part it from its first name."""
    if not author.initials:
        return author.name.replace(", ", "; ")
    return f"{author.name}, {references.spaced(author.initials)}"
