"""The checks of a session; a claim that is contradicted; every item with its source."""

import pytest

from tests.conftest import Run
from tests.pages.lists import results


def test_an_unanswered_check_is_not_no(run: Run) -> None:
    for row in results(run, "checklist"):
        assert row["answers"] == ["yes", "no", "not assessed"]
        assert row["answer"] is None
    text = " ".join(run("checklist").stdout.split())
    assert "An item without an answer is not assessed; it is never no." in text


NEEDED = [
    "read aloud",
    "weight measured today, in kg",
    "consent",
    "off-label",
    "fasted",
    "blood pressure",
    "pulse",
    "saturation",
    "opioids",
    "theophylline",
    "pregnancy",
    "urinary",
    "liver",
    "psychosis",
    "drug use",
    "age checked",
    "airway equipment",
    "trained",
    "oximetry",
    "observed",
    "not to drive",
    "emergencies and overdose",
]


@pytest.mark.parametrize("words", NEEDED)
def test_the_checklist_asks_for(run: Run, words: str) -> None:
    assert any(words in row["text"].lower() for row in results(run, "checklist"))


def test_the_checks_are_in_the_order_of_a_session(run: Run) -> None:
    phases = [row["phase"] for row in results(run, "checklist")]
    assert phases == sorted(phases, key=["before", "during", "after"].index)
    assert set(phases) == {"before", "during", "after"}


def test_a_route_has_its_own_checks(run: Run) -> None:
    nasal = {row["id"] for row in results(run, "checklist", "-r", "nasal")}
    iv = {row["id"] for row in results(run, "checklist", "-r", "iv")}
    assert "devices-counted" in nasal - iv
    assert {"dose-double-checked", "weight-today", "rate-kept"} <= iv - nasal


def test_the_sheet_ends_with_what_it_does_not_mean(run: Run) -> None:
    text = " ".join(run("checklist").stdout.split())
    assert text.endswith(
        "A full list does not mean that treatment is safe, and the list is not complete. "
        "Reference information, not prescribing guidance."
    )
    assert "patient's name" not in text
    assert "identification" not in text
    assert "Write no name or number of a patient" in text


def test_a_clinic_is_printed_as_it_was_typed(run: Run) -> None:
    clinic = "Caf\u00e9 \u0642\u0644\u0628 <b> \U0001f600"
    assert clinic in run("checklist", "--clinic", clinic).stdout
    assert clinic in run("checklist", "--clinic", f" {clinic}\x1b\u202e ").stdout
    assert results(run, "checklist", "--clinic", "")


CONTRADICTED = [
    ("acute-no-same-effects", "spravato-dailymed-2025"),
    ("dose-by-anxiety", "spravato-hcp"),
    ("veterans-half", "ptsd-review"),
]


@pytest.mark.parametrize(("name", "by"), CONTRADICTED)
def test_a_claim_that_is_contradicted_is_shown_as_such_and_by_whom(
    run: Run, name: str, by: str
) -> None:
    row = next(row for row in results(run, "evidence") if row["id"] == name)
    assert row["standing"] == "contradicted"
    assert by in {s["source_id"] for s in row["sources"] if s["relation"] == "contradicts"}
    line = next(
        fact for fact in run("evidence", "-f", "plain").stdout.splitlines() if row["says"] in fact
    )
    assert line.startswith("standing: contradicted, the article says ")


@pytest.mark.parametrize("command", ["risks", "contraindications", "checklist", "evidence"])
@pytest.mark.parametrize("format_", ["table", "plain", "csv", "markdown", "html"])
def test_every_item_has_its_source_in_every_format(run: Run, command: str, format_: str) -> None:
    text = "".join(run(command, "-f", format_).stdout.replace("\\", "").split())
    for row in results(run, command):
        for source_id in row["source_ids"]:
            assert source_id in text, row["id"]
