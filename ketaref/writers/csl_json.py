"""CSL-JSON, for a reference manager: a list with one item for each source."""

from typing import Any

from ketaref.answers.answer import Answer
from ketaref.answers.exact_json import dumps
from ketaref.answers.sources import SourceResult
from ketaref.writers import Page, references


def write(answer: Answer, _page: Page) -> str:
    """Return the sources as CSL-JSON."""
    items = [_item(answer, source) for source in references.results(answer)]
    return dumps(items) + "\n"


def _item(answer: Answer, source: SourceResult) -> dict[str, Any]:
    """Return the fields that a source has, by the names of CSL."""
    published = references.published(source)
    fields = {
        "id": source.id,
        "type": references.kind_of(source).csl,
        "title": source.title,
        "author": [_author(author) for author in references.authors_of(source)],
        "issued": {"date-parts": [[source.year]]} if source.year else None,
        "container-title": published and published.title,
        "volume": published and published.volume,
        "issue": published and published.issue,
        "page": published and published.pages,
        "DOI": source.doi,
        "PMID": source.pmid,
        "PMCID": source.pmcid,
        "ISBN": references.isbn(source),
        "URL": source.address,
        # On one line: a reference manager may read a line of a note as another field.
        "note": " | ".join(references.notes(answer, source)),
    }
    return {name: value for name, value in fields.items() if value}


def _author(author: references.Author) -> dict[str, str]:
    if not author.initials:
        return {"literal": author.name}
    return {"family": author.name, "given": references.spaced(author.initials)}
