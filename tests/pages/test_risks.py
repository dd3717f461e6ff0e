"""Side effects and risks: the article's lists, and what others add and correct."""

import re

import pytest

from ketaref.model.checklist_item import Effect, Layer
from ketaref.store import load_dataset
from tests.conftest import Run
from tests.pages.lists import LISTS, results

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


def test_the_articles_lists_are_complete_and_have_nothing_else(run: Run) -> None:
    article = [row for row in results(run, "risks") if row["layer"] == "article"]
    found = sorted((row["group"], row["text"]) for row in article)
    lists = SERIOUS | {"common": COMMON}
    assert found == sorted((group, text) for group, texts in lists.items() for text in texts)
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
    "biliary",
    "bradycardia",
    "memory",
    "abuse",
]


@pytest.mark.parametrize("word", ADDED)
def test_what_the_article_leaves_out_is_added(run: Run, word: str) -> None:
    added = [row for row in results(run, "risks") if row["layer"] == "added"]
    assert any(word in row["text"].lower() for row in added)
    assert all(source["source_id"] != "article" for row in added for source in row["sources"])


def test_a_frequency_has_its_drug_its_people_and_its_comparator(run: Run) -> None:
    found = {row["id"]: row["frequency"] for row in results(run, "risks") if row["frequency"]}
    assert found.keys() == {row["id"] for row in LISTS["effect"] if "frequency" in row}
    in_short_trials = {
        name: next((each for each in frequency if each["name"] == "short trials"), None)
        for name, frequency in found.items()
    }
    in_the_label = {name: each for name, each in in_short_trials.items() if each}
    assert len(in_the_label) == 28  # the rows of the maker's table
    for each in in_the_label.values():
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
        each = in_the_label[name]
        assert (each["percent"], each["comparator_percent"]) == (percent, comparator)


# As each source gives it, of one arm: the drug, the share, and who was counted.
WITHOUT_COMPARATOR = {
    "emergence-reactions": ("ketamine", 12, "anaesthetic doses"),
    "raised-pressure": ("ketamine", 0.98, "people with depression at one university"),
    "liver-esketamine": ("esketamine", 7.9, "SUSTAIN-3"),
}


@pytest.mark.parametrize("name", WITHOUT_COMPARATOR)
def test_a_figure_without_a_comparator_says_so(run: Run, name: str) -> None:
    drug, percent, population = WITHOUT_COMPARATOR[name]
    row = next(row for row in results(run, "risks") if row["id"] == name)
    each = next(each for each in row["frequency"] if each["comparator_percent"] is None)
    assert (each["drug"], each["percent"]) == (drug, percent)
    assert population in each["population"]
    assert "no comparator" in each["arms"]


def test_a_figure_stands_on_the_line_of_its_effect(run: Run) -> None:
    lines = run("risks", "-f", "plain").stdout.splitlines()
    line = next(line for line in lines if line.startswith("effect: Vertigo"))
    assert "esketamine only: 23 %, comparator 3 % (short trials)" in line
    assert next(line for line in lines if line.startswith("effect: Anaphylaxis")).startswith(
        "effect: Anaphylaxis, how often not counted"
    )


@pytest.mark.parametrize("name", ["bradycardia-esketamine", "seizure-esketamine"])
def test_the_effects_that_the_eu_text_gained_are_esketamines(run: Run, name: str) -> None:
    row = next(row for row in results(run, "risks") if row["id"] == name)
    assert row["drug"] == "esketamine"
    assert "EU text in December 2024" in row["note"]
    assert "spravato-ie-history" in row["source_ids"]


def test_dissociation_has_its_figure_by_a_scale_beside_the_one_reported(run: Run) -> None:
    row = next(row for row in results(run, "risks") if row["id"] == "dissociation")
    assert row["frequency"][0]["percent"] == 41
    assert "by a scale (CADSS) 61 to 84 %, placebo 5 to 16 %" in row["note"]


def test_the_boxed_warnings_are_dated(run: Run) -> None:
    boxed = [row for row in results(run, "risks") if row["layer"] == "boxed"]
    assert [row["id"] for row in boxed] == [row["id"] for row in LISTS["boxed"]]
    assert all(re.search(r"20\d\d", row["dated"]) and row["jurisdiction"] for row in boxed)
    assert any("REMS" in row["text"] for row in boxed)
    # The title of the box, as the label of January 2025 has it.
    title = "sedation dissociation respiratory depression abuse misuse suicidal thoughts behaviours"
    warning = next(row["text"].lower() for row in boxed if row["drug"] == "esketamine")
    assert all(word in warning for word in title.split())


def test_the_article_corrects_nothing_and_gives_no_frequency() -> None:
    effect = next(e for e in load_dataset().lists.effects if e.layer is Layer.ADDED and e.frequency)
    with pytest.raises(ValueError, match="the article's own entries"):
        Effect.model_validate(effect.model_dump() | {"layer": "article"})
