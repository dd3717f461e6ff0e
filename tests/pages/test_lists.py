"""Risks, contraindications, checks and evidence: complete, in two layers, each with its source."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ketaref.model.checklist_item import Category, Effect, Layer
from ketaref.model.statement import Statement, Verdict
from ketaref.store import load_dataset
from tests.conftest import Run

# The article's lists, read by eye in its section on side effects and risks.
COMMON = {
    "Nausea and vomiting",
    "Increased heart rate and blood pressure",
    "Dizziness and dissociation",
    "Blurred vision and confusion",
    "Headache and fatigue",
}
SERIOUS = {
    "psychological": {"Dependency and addiction", "Psychological distress or agitation"},
    "physical": {
        "Respiratory depression or failure",
        "Seizures or convulsions",
        "Liver damage or failure",
    },
}


def results(run: Run, *line: str) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = json.loads(run(*line, "-f", "json").stdout)["results"]
    return answer


def test_the_articles_lists_are_there_by_name_and_number(run: Run) -> None:
    article = [row for row in results(run, "risks") if row["layer"] == "article"]
    assert len(article) == 10
    assert {row["text"] for row in article if row["group"] == "common"} == COMMON
    for group, texts in SERIOUS.items():
        assert {row["text"] for row in article if row["group"] == group} == texts
    assert {source["source_id"] for row in article for source in row["sources"]} == {"article"}


ADDED = [
    "bladder",
    "intracranial",
    "intraocular",
    "anaphylaxis",
    "emergence",
    "arrhythmia",
    "low blood pressure",
    "suicidal",
    "days to weeks",
    "bile ducts",
    "abuse",
]


@pytest.mark.parametrize("word", ADDED)
def test_what_the_article_leaves_out_is_added(run: Run, word: str) -> None:
    added = [row for row in results(run, "risks") if row["layer"] == "added"]
    assert any(word in row["text"].lower() for row in added)
    assert all(source["source_id"] != "article" for row in added for source in row["sources"])


def test_a_frequency_has_its_drug_its_people_and_its_comparator(run: Run) -> None:
    found = {row["id"]: row["frequency"] for row in results(run, "risks") if row["frequency"]}
    assert len(found) >= 20
    for ((each),) in found.values():
        assert each["drug"] == "esketamine"
        assert "346 people" in each["arms"]
        assert "222 people" in each["arms"]
        assert "depression" in each["population"]
        assert each["source_id"] == "spravato-hcp-safety"
    # The label's own table, as the maker's page gives it.
    for name, percent, comparator in (
        ("dissociation", 41, 9),
        ("dizziness", 29, 8),
        ("nausea", 28, 9),
        ("sedation", 23, 9),
        ("headache", 20, 17),
        ("vomiting", 9, 2),
        ("pollakiuria", 3, 0.5),
        ("slurred-speech", 4, 0),
    ):
        assert (found[name][0]["percent"], found[name][0]["comparator_percent"]) == (
            percent,
            comparator,
        )


def test_the_boxed_warnings_are_dated(run: Run) -> None:
    boxed = [row for row in results(run, "risks") if row["layer"] == "boxed"]
    assert len(boxed) >= 3
    assert all(re.search(r"20\d\d", row["dated"]) and row["jurisdiction"] for row in boxed)
    assert any("REMS" in row["text"] for row in boxed)


def test_all_38_contraindications_are_there_with_their_class(run: Run) -> None:
    rows = results(run, "contraindications")
    assert [row["number"] for row in rows] == list(range(1, 39))
    # As merged and corrected: theophylline is a precaution, pregnancy not a label contraindication.
    classes = {row["number"]: row["class"] for row in rows}
    assert [n for n in classes if classes[n] == "label contraindication"] == list(range(1, 11))
    assert [n for n in classes if classes[n] == "do not use"] == [12, 13, 14, 15, 16, 17, 18, 31]
    assert [n for n in classes if classes[n] == "relative"] == [19, 20, 21, 22]
    assert classes[11] == "precaution"
    by_number = {row["number"]: row for row in rows}
    assert by_number[6]["jurisdictions"] == ["US", "EU"]
    assert by_number[9]["jurisdictions"] == ["CH"]
    assert by_number[3]["carried_over"] == "from esketamine to ketamine by analogy only"


def test_the_program_says_that_the_article_has_no_such_list(run: Run) -> None:
    for format_ in ("table", "plain", "markdown", "html"):
        text = " ".join(run("contraindications", "-f", format_).stdout.split())
        assert "The base article has no list of contraindications." in text


@pytest.mark.parametrize(
    ("filters", "keeps"),
    [
        (["--class", "relative"], {19, 20, 21, 22}),
        (["--class", "Label-Contraindication", "--jurisdiction", "ch"], {1, 2, 7, 9, 10}),
        (["--jurisdiction", "UK", "--class", "label contraindication"], {1, 2, 7, 8}),
        (["-d", "esketamine", "--class", "relative"], {20, 22}),
        (["-d", "ketamine", "--class", "relative"], {19, 20, 21, 22}),
    ],
)
def test_contraindications_are_filtered(run: Run, filters: list[str], keeps: set[int]) -> None:
    assert {row["number"] for row in results(run, "contraindications", *filters)} == keeps


def test_a_filter_that_keeps_nothing_still_carries_the_label(run: Run) -> None:
    line = ["contraindications", "--class", "relative", "--jurisdiction", "CH"]
    assert results(run, *line) == []
    assert "0 of 38 items" in run(*line).stdout
    assert "This list is not complete" in run(*line).stdout
    assert run(*line, "-f", "csv").stdout.rstrip('\n"').endswith("prescribing guidance.")


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


def test_the_checks_stand_in_the_order_of_a_session(run: Run) -> None:
    phases = [row["phase"] for row in results(run, "checklist")]
    assert phases == sorted(phases, key=["before", "during", "after"].index)
    assert set(phases) == {"before", "during", "after"}


def test_a_route_has_its_own_checks(run: Run) -> None:
    nasal = {row["id"] for row in results(run, "checklist", "-r", "nasal")}
    iv = {row["id"] for row in results(run, "checklist", "-r", "iv")}
    assert "devices-counted" in nasal - iv
    assert {"diluted", "weight-today"} <= iv - nasal


def test_a_figure_of_a_clinic_is_called_an_example_and_not_a_standard() -> None:
    dataset = load_dataset()
    clinics = {s.id for s in dataset.sources if s.kind == "clinic_document"}
    for check in dataset.checks:
        only_clinics = {source.source_id for source in check.sources} <= clinics
        if only_clinics:
            assert "clinic example, not a standard" in (check.note or ""), check.id


def test_the_sheet_ends_with_what_it_does_not_mean(run: Run) -> None:
    text = " ".join(run("checklist").stdout.split())
    assert text.endswith(
        "A full list does not mean that treatment is safe, and the list is not complete. "
        "Reference information, not prescribing guidance."
    )
    assert "patient's name" not in text
    assert "Write no name or number of a patient" in text


def test_a_clinic_is_printed_as_it_was_typed(run: Run) -> None:
    clinic = "Caf\u00e9 \u0642\u0644\u0628 <b> \U0001f600"
    assert clinic in run("checklist", "--clinic", clinic).stdout
    assert clinic in run("checklist", "--clinic", f" {clinic}\x1b\u202e ").stdout
    assert results(run, "checklist", "--clinic", "")


CONTRADICTED = [
    ("low-dependence-risk", "spravato-us-2019"),
    ("mild-short-side-effects", "ketalar-section-6"),
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


def test_every_topic_of_the_article_has_statements(run: Run) -> None:
    counts = Counter(row["topic"] for row in results(run, "evidence"))
    assert len(counts) == 12
    assert sum(counts.values()) >= 30
    assert results(run, "evidence", "Long", "Term") == results(run, "evidence", "long-term")


@pytest.mark.parametrize("statement", load_dataset().statements, ids=lambda s: s.id)
def test_a_standing_has_sources_that_fit_it(statement: Statement) -> None:
    relations = {source.relation.value for source in statement.sources}
    match statement.standing:
        case Verdict.NOT_CHECKED:
            assert not relations
        case Verdict.CONTRADICTED:
            assert "contradicts" in relations
        case Verdict.SUPPORTED:
            assert "agrees" in relations
        case _:
            assert relations


@pytest.mark.parametrize("command", ["risks", "contraindications", "checklist", "evidence"])
@pytest.mark.parametrize("format_", ["table", "plain", "csv", "markdown", "html"])
def test_every_item_has_its_source_in_every_format(run: Run, command: str, format_: str) -> None:
    text = "".join(run(command, "-f", format_).stdout.replace("\\", "").split())
    for row in results(run, command):
        for source_id in row["source_ids"]:
            assert source_id in text, row["id"]


def test_the_article_corrects_nothing_and_gives_no_frequency() -> None:
    effect = next(e for e in load_dataset().effects if e.layer is Layer.ADDED and e.frequency)
    with pytest.raises(ValueError, match="the article's own entries"):
        Effect.model_validate(effect.model_dump() | {"layer": "article"})


def test_the_classes_stand_from_the_strongest_down(run: Run) -> None:
    text = run("contraindications", "-f", "markdown").stdout
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == [category.value.capitalize() for category in Category]


def test_the_template_and_the_page_are_in_the_package() -> None:
    import ketaref.writers

    folder = Path(ketaref.writers.__file__).parent
    assert (folder / "page.typ").is_file()
    assert (folder / "page.html.j2").is_file()
