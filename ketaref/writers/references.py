"""What a reference manager is told of a source, whichever format it reads: csl_json.py, ris.py."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ketaref.answers.answer import Answer
from ketaref.answers.sources import SourceResult, SourcesAnswer
from ketaref.model.source import Source, SourceKind
from ketaref.pages.frame import note_ending


class Author(NamedTuple):
    """A person with initials; or without, what is not parted: a body, a surname, "and others"."""

    name: str
    initials: str = ""


class Published(NamedTuple):
    """Where a text was published, as far as its citation says."""

    title: str
    volume: str
    issue: str
    pages: str


class Kind(NamedTuple):
    """A kind of source in the words of each format."""

    csl: str
    ris: str


_ARTICLE = Kind("article-journal", "JOUR")
_REPORT = Kind("report", "RPRT")
_PAGE = Kind("webpage", "ELEC")
_KINDS = {
    SourceKind.LABEL: Kind("document", "GEN"),
    SourceKind.REGULATOR: Kind("report", "GOVDOC"),
    SourceKind.GUIDELINE: _REPORT,
    SourceKind.SYSTEMATIC_REVIEW: _ARTICLE,
    SourceKind.NARRATIVE_REVIEW: _ARTICLE,
    SourceKind.TRIAL: _ARTICLE,
    SourceKind.OBSERVATIONAL_STUDY: _ARTICLE,
    SourceKind.PHARMACOKINETIC_STUDY: _ARTICLE,
    SourceKind.REGISTRY: _PAGE,
    SourceKind.SAFETY_REPORT: _REPORT,
    SourceKind.HANDBOOK: Kind("book", "BOOK"),
    SourceKind.LETTER: _ARTICLE,
    SourceKind.CLINIC_DOCUMENT: _PAGE,
    SourceKind.CONSUMER_ARTICLE: _PAGE,
}

_OTHERS = "and others"
_PERSON = re.compile(r"((?:[a-z]{1,3} )*[A-Z][A-Za-z' -]*) ([A-Z]{1,3})")
_ASIDE = re.compile(r" \([^)]*\bnot\b[^)]*\)")  # as in "(order not read)"
_NOT_SEEN = re.compile(r"\bnot (?:in|kept|known|named|noted|read|shown|stated)\b")
_CITATION = re.compile(
    r"(\D+) (?:\d{4};(\d*)(?:\(([^)]+)\))?|(\d+)\(([^)]+)\))(?::([A-Za-z]?\d[\w-]*))?"
)
# What has a field of its own in either format; the rest of the identifiers go into the notes.
_IN_FIELDS = {"DOI", "PMID", "PMCID", "ISBN"}


def results(answer: Answer) -> tuple[SourceResult, ...]:
    """Return the sources of an answer about sources: of nothing else are references written."""
    if not isinstance(answer, SourcesAnswer):
        raise TypeError(f"references are not written of {answer.kind}")
    return answer.results


def kind_of(source: Source) -> Kind:
    """Return what kind of reference a source is: a report that has a DOI or PMID is an article."""
    found = _KINDS[source.kind]
    return _ARTICLE if found is _REPORT and (source.doi or source.pmid) else found


def authors_of(source: Source) -> tuple[Author, ...]:
    """Return the authors, none where they were not seen; no label is written by a person."""
    said = _ASIDE.sub("", source.authors)
    if _NOT_SEEN.search(said):
        return ()
    named = said.removesuffix(_OTHERS).rstrip(", ")
    found: list[Author] = []
    for part in named.split("; "):
        people = [_PERSON.fullmatch(name) for name in part.split(", ")]
        if all(people) and source.kind is not SourceKind.LABEL:
            found += [Author(person[1], person[2]) for person in people if person]
        else:
            found.append(Author(part))
    return (*found, Author(_OTHERS)) if said.endswith(_OTHERS) else tuple(found)


def spaced(initials: str) -> str:
    """Return initials as reference managers write them.

    >>> spaced("JKE")
    'J. K. E.'
    """
    return " ".join(f"{initial}." for initial in initials)


def published(source: Source) -> Published | None:
    """Return where a source was published, if what is known of it reads as a citation."""
    parts = _CITATION.fullmatch(source.published_in or "")
    if parts is None:
        return None
    title, volume, issue, other_volume, other_issue, pages = (part or "" for part in parts.groups())
    return Published(title, volume or other_volume, issue or other_issue, pages)


def isbn(source: Source) -> str:
    """Return an ISBN without what is said of it."""
    return (source.isbn or "").partition(" ")[0]


def notes(answer: Answer, source: SourceResult) -> Iterator[str]:
    """Yield what has no field in a reference: how it was read, for what, and last the label."""
    yield f"Read: {source.how_read}"
    yield f"Version read: {source.version_read}"
    if source.not_read:
        yield f"Not read: {source.not_read}"
    if not authors_of(source):
        yield f"Authors: {source.authors}"
    if source.published_in and not published(source):
        yield f"Published in: {source.published_in}"
    for name, value in source.identifiers:
        if name not in _IN_FIELDS and value != source.address:
            yield f"{name[:1].upper()}{name[1:]}: {value}"
    cited = dict.fromkeys(f"{cited.what} ({cited.place})" for cited in source.cited_by)
    yield f"Cited for: {'; '.join(cited)}"
    yield from (caution.sentence for caution in answer.cautions)
    yield f"ketaref {answer.tool.version}; {note_ending(answer)}"
