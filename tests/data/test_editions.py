"""No clinical sentence enters unseen: what the data says is what its edition says, line by line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ketaref.model.dataset import Dataset
from ketaref.model.entries import entries
from ketaref.store import load_dataset
from tests.places import DATA
from tests.release import edition

CUT = "python -m tests.release.edition"


def test_the_data_says_what_its_edition_says() -> None:
    dataset = load_dataset()
    file = edition.file_of(dataset)
    assert file.is_file(), f"edition {dataset.edition.version} has not been cut: {CUT}"
    assert edition.edition(dataset) == file.read_text(encoding="ascii"), (
        f"the data is not as in edition {dataset.edition.version}: give it another version, in "
        f"data/reviews.toml, and cut that: {CUT}"
    )


def test_a_reviewer_finds_every_statement_in_the_table() -> None:
    written = edition.STATEMENTS.read_text(encoding="ascii").splitlines()
    assert list(edition.statements(load_dataset())) == written, f"write the table anew: {CUT}"


def test_no_text_of_the_data_is_missing_from_its_entries() -> None:
    dataset = load_dataset()
    found = [text for e in entries(dataset) for _, text in e.fields]
    found += [part for e in entries(dataset) for citation in e.citations for part in citation]
    said = "\n".join(found)
    parts = set(Dataset.model_fields) - {"edition", "reviews", "sha256", "caution_codes"}
    missing = [text for text in _texts(dataset.model_dump(include=parts)) if text not in said]
    assert missing == []


def _texts(value: Any) -> Iterator[str]:
    match value:
        case dict():
            yield from (text for part in value.values() for text in _texts(part))
        case list() | tuple():
            yield from (text for part in value for text in _texts(part))
        case None | bool():
            return
        case _:
            yield str(value)


def test_each_entry_has_a_name_of_its_own() -> None:
    names = [(entry.part, entry.id) for entry in entries(load_dataset())]
    assert len(names) == len(set(names))


def test_an_edition_that_has_been_cut_is_not_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(edition, "DATA", tmp_path)
    monkeypatch.setattr(edition, "STATEMENTS", tmp_path / "statements.txt")
    edition.main()
    edition.main()  # the same again is no change
    dataset = load_dataset()
    row = dataset.rows[0].model_copy(update={"as_written": "5-10 mg/kg"})
    changed = dataset.model_copy(update={"rows": (row, *dataset.rows[1:])})
    monkeypatch.setattr(edition, "load_dataset", lambda: changed)
    with pytest.raises(SystemExit, match="has been cut, and says something else"):
        edition.main()


def test_every_edition_that_was_cut_can_still_be_read() -> None:
    files = sorted((DATA / "editions").glob("*.json"))
    assert files
    for file in files:
        kept = json.loads(file.read_text(encoding="ascii"))
        assert kept["version"] == file.stem
        assert kept["entries"]
