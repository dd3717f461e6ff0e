"""Cut an edition of the data: ``python -m tests.release.edition``.

It keeps what the data says as data/editions/VERSION.json, one entry to a line, and writes the table
of statements, tests/data/statements.txt, which a reviewer reads. An edition that has been cut never
changes: other content needs another version, in data/reviews.toml.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from ketaref.model.dataset import Dataset
from ketaref.model.entries import entries
from ketaref.store import load_dataset
from tests.places import DATA, ROOT

STATEMENTS = ROOT / "tests" / "data" / "statements.txt"


def edition(dataset: Dataset) -> str:
    """Return an edition as it is kept: its name and hash, then each entry on a line."""
    head = {
        "version": dataset.edition.version,
        "reviewed": str(dataset.edition.reviewed),
        "review_due": str(dataset.edition.review_due),
        "sha256": dataset.sha256,
    }
    lines = (json.dumps([e.part, e.id, dict(e.fields), e.citations]) for e in entries(dataset))
    every = ",\n".join(lines)
    return f'{json.dumps(head)[:-1]}, "entries": [\n{every}\n]}}\n'


def statements(dataset: Dataset) -> Iterator[str]:
    """Yield every entry on a line: what it is, each of its fields, and its sources."""
    yield f"edition {dataset.edition.version}"
    for entry in entries(dataset):
        said = (f"{name}: {text}" for name, text in entry.fields if name != "id")
        cited = "; ".join(f"{source_id}, {place}" for source_id, place in entry.citations)
        yield " | ".join([f"{entry.part} {entry.id}", *said, *([cited] if cited else [])])


def file_of(dataset: Dataset) -> Path:
    """Return where the edition of this version is kept."""
    return DATA / "editions" / f"{dataset.edition.version}.json"


def main() -> None:
    """Write both; refuse to change an edition that has been cut."""
    dataset = load_dataset()
    file, text = file_of(dataset), edition(dataset)
    if file.exists() and file.read_text(encoding="ascii") != text:
        raise SystemExit(
            f"edition {dataset.edition.version} has been cut, and says something else: give what "
            "the data says now another version, in data/reviews.toml"
        )
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="ascii")
    STATEMENTS.write_text("".join(f"{line}\n" for line in statements(dataset)), encoding="ascii")


if __name__ == "__main__":
    main()
