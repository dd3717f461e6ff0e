"""The page of what was tried is the one that the records of the runs give."""

import pytest

from tests import records, verification


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
