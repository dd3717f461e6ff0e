"""The page of what was tried is the one that the records of the runs give."""

from collections import Counter

import pytest

from ketaref.store import load_hazards
from tests import mutation, records, verification
from tests.take_away import hash_of


def test_the_page_is_written_from_the_records() -> None:
    assert verification.PAGE.read_text(encoding="utf-8") == verification.page()


def test_a_column_of_the_page_holds_what_its_head_says(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"command": "c", "day": "d", "program": "p", "data": "x", "python": "3"}
    kinds = [{"read": 1, "refused": 2}, {"refused": 4, "read": 3}]
    table = list(verification._facts({**said, "kinds": kinds}))[-1]
    assert table.splitlines() == [
        "| read | refused |",
        "| --- | --- |",
        "| 1 | 2 |",
        "| 3 | 4 |",
    ]


def test_every_record_is_on_the_page() -> None:
    names = {file.stem for file in records.FOLDER.glob("*.json")} - {"sbom.cdx"}
    assert names <= {section.record for section in verification.SECTIONS}


def test_the_record_of_the_controls_is_of_the_hazards_of_today() -> None:
    found = {row["hazard"]: row for row in records.read("controls")["controls"]}
    assert list(found) == [hazard.id for hazard in load_hazards()]
    for hazard in load_hazards():
        assert found[hazard.id]["hash of both"] == hash_of(hazard), hazard.id


def test_nearly_every_change_was_found_and_the_others_are_listed() -> None:
    files = {row["file"]: row for row in records.read("mutation")["files"]}
    # Names and patterns alone: there is nothing to change.
    with_none = {"ketaref/units/grammar.py", "ketaref/units/__init__.py"}
    assert files.keys() == mutation.PARTS.keys() - with_none
    changes, found = Counter[str](), Counter[str]()
    for file, row in files.items():
        assert row["code"] == mutation.code(file), f"{file} was edited since: try it again"
        listed = sum(change.file == file for change in mutation.explained())
        # Some stand more than once in a function.
        assert row["not found, and listed with the reason"] >= listed, file
        room = file.removeprefix("ketaref/").partition("/")[0]
        changes[room] += row["changes"]
        found[room] += row["found by a test"]
    assert all(found[room] >= 0.95 * changes[room] for room in changes), found
