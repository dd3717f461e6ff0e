"""Contraindications and precautions: complete, by class, drug and jurisdiction."""

import re

import pytest

from ketaref.model.checklist_item import Category
from ketaref.store import load_dataset
from tests.conftest import Run
from tests.pages.lists import LISTS, results


def test_every_contraindication_is_listed_under_its_number(run: Run) -> None:
    rows = results(run, "contraindications")
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    for field in ("id", "class"):
        assert [row[field] for row in rows] == [row[field] for row in LISTS["contraindication"]]


def test_a_label_contraindication_cites_a_label_of_a_jurisdiction(run: Run) -> None:
    kinds = {source.id: source.kind.value for source in load_dataset().sources}
    for row in results(run, "contraindications"):
        if row["class"] == "label contraindication":
            assert row["jurisdictions"], row["id"]
            assert "label" in {kinds[source_id] for source_id in row["source_ids"]}, row["id"]


def test_contraindications_are_as_the_sources_word_them(run: Run) -> None:
    rows = {row["id"]: row for row in results(run, "contraindications")}
    # Theophylline is a precaution of the US label; pregnancy stands in none of its section 4.
    assert rows["theophylline"]["class"] == "precaution"
    assert rows["pregnancy"]["class"] == "do not use"
    assert rows["age-under-18"]["class"] == "do not use"
    assert rows["raised-intraocular-pressure"]["class"] == "relative"
    assert rows["pressure-or-intracranial-pressure"]["jurisdictions"] == ["US", "EU"]
    assert rows["uncontrolled-hypertension"]["jurisdictions"] == ["CH"]
    carried_over = rows["aneurysm-or-malformation"]["carried_over"]
    assert carried_over == "from esketamine to ketamine by analogy only"


def test_the_program_says_that_the_article_has_no_such_list(run: Run) -> None:
    for format_ in ("table", "plain", "markdown", "html"):
        text = " ".join(run("contraindications", "-f", format_).stdout.split())
        assert "The base article has no list of contraindications." in text


FILTERS = [
    (["--class", "relative"], "relative", None, None),
    (
        ["--class", "Label-Contraindication", "--jurisdiction", "ch"],
        "label contraindication",
        None,
        "CH",
    ),
    (["--jurisdiction", "UK"], None, None, "UK"),
    (["-d", "esketamine"], None, "esketamine", None),
    (["-d", "ketamine", "--class", "relative"], "relative", "ketamine", None),
]


@pytest.mark.parametrize(
    ("filters", "category", "drug", "jurisdiction"), FILTERS, ids=[" ".join(f[0]) for f in FILTERS]
)
def test_contraindications_are_filtered(
    run: Run, filters: list[str], category: str | None, drug: str | None, jurisdiction: str | None
) -> None:
    kept = [row["id"] for row in results(run, "contraindications", *filters)]
    assert kept == [
        row["id"]
        for row in LISTS["contraindication"]
        if (category is None or row["class"] == category)
        and (jurisdiction is None or jurisdiction in row["jurisdictions"])
        and (drug is None or row["drug"] in (drug, "both") or "carried_over" in row)
    ]
    assert 0 < len(kept) < len(LISTS["contraindication"])


def test_what_is_carried_over_to_a_drug_belongs_to_it(run: Run) -> None:
    relative = ("contraindications", "--class", "relative", "-d")
    ketamine, esketamine = (
        {row["id"] for row in results(run, *relative, drug)} for drug in ("ketamine", "esketamine")
    )
    assert "mania-or-bipolar" in ketamine & esketamine  # of esketamine, carried over to ketamine
    assert "raised-intraocular-pressure" in ketamine - esketamine


def test_a_filter_that_keeps_nothing_still_carries_the_label(run: Run) -> None:
    line = ["contraindications", "--class", "relative", "--jurisdiction", "CH"]
    assert results(run, *line) == []
    assert f"0 of {len(LISTS['contraindication'])} items" in run(*line).stdout
    assert "This list is not complete" in run(*line).stdout
    assert run(*line, "-f", "csv").stdout.rstrip('\n"').endswith("prescribing guidance.")


def test_the_classes_come_from_the_strongest_down(run: Run) -> None:
    text = run("contraindications", "-f", "markdown").stdout
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == [category.value.capitalize() for category in Category]
