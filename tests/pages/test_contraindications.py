"""Contraindications and precautions: complete, by class, drug and jurisdiction."""

import re

import pytest

from ketaref.model.checklist_item import Category, Contraindication
from ketaref.store import load_dataset
from tests.conftest import Run
from tests.pages.lists import LISTS, results

ITEMS = load_dataset().lists.contraindications
KINDS = {source.id: source.kind.value for source in load_dataset().sources}


def kinds(item: Contraindication) -> set[str]:
    return {KINDS[source.source_id] for source in item.sources}


def items_of(category: Category) -> list[Contraindication]:
    return [item for item in ITEMS if item.category is category]


def test_every_contraindication_is_listed_under_its_number(run: Run) -> None:
    rows = results(run, "contraindications")
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    for field in ("id", "class"):
        assert [row[field] for row in rows] == [row[field] for row in LISTS["contraindication"]]


# ------------------------------------------------------------ class, drug, jurisdiction


@pytest.mark.parametrize("item", items_of(Category.LABEL), ids=lambda item: item.id)
def test_a_label_contraindication_cites_a_label(item: Contraindication) -> None:
    assert "label" in kinds(item)


@pytest.mark.parametrize("item", items_of(Category.DO_NOT_USE), ids=lambda item: item.id)
def test_do_not_use_cites_a_label_or_a_guideline(item: Contraindication) -> None:
    assert {"label", "guideline"} & kinds(item)


LABELLED = [item for item in ITEMS if item.jurisdictions.ketamine or item.jurisdictions.esketamine]


@pytest.mark.parametrize("item", LABELLED, ids=lambda item: item.id)
def test_a_jurisdiction_is_named_only_where_a_label_or_a_regulator_is_cited(
    item: Contraindication,
) -> None:
    assert {"label", "regulator"} & kinds(item)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_no_item_rests_on_a_clinic_or_on_a_consumers_page(item: Contraindication) -> None:
    assert not {"clinic_document", "consumer_article"} & kinds(item)


# Each as the text that was read words it: its class, and whose label says so of which drug.
WORDED = {
    "hypersensitivity": ("label contraindication", ["US", "UK", "CH", "DE"], ["US", "EU"]),
    "pressure-rise-hazard": ("label contraindication", ["US", "UK", "CH", "DE"], []),
    "uncontrolled-hypertension": ("label contraindication", ["CH", "DE"], []),
    "eclampsia": ("label contraindication", ["UK", "CH", "DE", "DK", "SE"], []),
    "coronary-disease-stroke-trauma": ("label contraindication", ["UK"], []),
    "recent-cardiovascular-event": ("label contraindication", [], ["EU"]),
    "pressure-or-intracranial-pressure": ("label contraindication", [], ["US", "EU", "UK"]),
    "theophylline": ("do not use", ["US"], []),  # "Do not co-administer" (7.1)
    "psychosis": ("do not use", [], []),  # a guideline; no US label says so
    "substance-use-disorder": ("do not use", [], []),
    "severe-liver-disease": ("not recommended", [], []),
    "acute-porphyria": ("do not use", [], []),
    "no-supervision-or-equipment": ("do not use", ["US"], ["US"]),
    "not-fasted": ("not recommended", ["US"], []),
    "pregnancy": ("not recommended", ["US", "CH"], ["US"]),
    "breastfeeding": ("do not use", ["CH"], []),  # CH: should not be used
    "breastfeeding-esketamine": ("not recommended", [], ["US"]),
    "severe-liver-disease-esketamine": ("not recommended", [], ["US"]),
    "psychosis-esketamine": ("weigh benefit against risk", [], ["US"]),
    "substance-use-disorder-esketamine": ("weigh benefit against risk", [], ["US"]),
    "hypertensive-encephalopathy": ("weigh benefit against risk", [], ["US"]),
    "age-under-18": ("not established", ["US"], ["US"]),
    "seizure-disorder-esketamine": ("not established", [], []),
    "unstable-angina-or-mi": ("precaution", ["CH", "DE"], []),
    "dehydration-or-hypovolaemia": ("precaution", ["DK", "SE"], []),
    "raised-intraocular-pressure": ("precaution", ["CH", "DE"], []),
    "age-from-65": ("precaution", ["US"], ["EU", "UK"]),
}


@pytest.mark.parametrize("name", WORDED)
def test_contraindications_are_as_the_sources_word_them(run: Run, name: str) -> None:
    category, ketamine, esketamine = WORDED[name]
    row = next(row for row in results(run, "contraindications") if row["id"] == name)
    assert row["class"] == category
    assert row["jurisdictions"] == {"ketamine": ketamine, "esketamine": esketamine}


MISSING_BEFORE = [
    "acute porphyria",
    "recent seizures",
    "unstable angina",
    "heart failure",
    "hydrocephalus",
    "perforating eye injury",
    "hypertensive encephalopathy",
    "dehydration",
    "memantine",
    "antihypertensives",
]


@pytest.mark.parametrize("words", MISSING_BEFORE)
def test_a_condition_or_medicine_is_listed(run: Run, words: str) -> None:
    assert any(words in row["text"].lower() for row in results(run, "contraindications"))


VALID = {
    "id": "x",
    "text": "x",
    "class": "label contraindication",
    "drug": "ketamine",
    "jurisdictions": {"ketamine": ["US"]},
    "sources": [{"source_id": "x", "place": "x"}],
}
WRONG = {
    "no label named": ({"jurisdictions": {}}, "needs a jurisdiction of each drug"),
    "a label of one drug of two": ({"drug": "both"}, "needs a jurisdiction of each drug"),
    "a label of the other drug": (
        {"class": "precaution", "jurisdictions": {"esketamine": ["US"]}},
        "names a drug that the item is not about",
    ),
    "carried over from both": (
        {"class": "precaution", "drug": "both", "carried_over": "x"},
        "carried over to neither",
    ),
    "an old class": ({"class": "relative"}, "class"),
    "an unknown place": ({"jurisdictions": {"ketamine": ["FR"]}}, "jurisdictions.ketamine.0"),
}


@pytest.mark.parametrize(("changes", "problem"), WRONG.values(), ids=WRONG)
def test_an_item_that_says_more_than_its_labels_is_refused(
    changes: dict[str, object], problem: str
) -> None:
    assert Contraindication.model_validate(VALID).category is Category.LABEL
    with pytest.raises(ValueError, match=re.escape(problem)):
        Contraindication.model_validate(VALID | changes)


# ------------------------------------------------------------ the question


def test_the_program_says_that_the_article_has_no_such_list(run: Run) -> None:
    for format_ in ("table", "plain", "markdown", "html"):
        text = " ".join(run("contraindications", "-f", format_).stdout.split())
        assert "The base article has no list of contraindications." in text


FILTERS = [
    (["--class", "not recommended"], "not recommended", None, None),
    (
        ["--class", "Label-Contraindication", "--jurisdiction", "ch"],
        "label contraindication",
        None,
        "CH",
    ),
    (["--jurisdiction", "UK"], None, None, "UK"),
    (["--jurisdiction", "de", "-d", "ketamine"], None, "ketamine", "DE"),
    (["-d", "esketamine"], None, "esketamine", None),
    (["-d", "ketamine", "--class", "do-not-use"], "do not use", "ketamine", None),
]


@pytest.mark.parametrize(
    ("filters", "category", "drug", "jurisdiction"), FILTERS, ids=[" ".join(f[0]) for f in FILTERS]
)
def test_contraindications_are_filtered(
    run: Run, filters: list[str], category: str | None, drug: str | None, jurisdiction: str | None
) -> None:
    def wanted(row: dict[str, object]) -> bool:
        of_drug = drug is None or row["drug"] in (drug, "both")
        labels: dict[str, list[str]] = row.get("jurisdictions", {})  # type: ignore[assignment]
        asked = [drug] if drug and of_drug else list(labels)
        there = jurisdiction is None or any(jurisdiction in labels.get(d, []) for d in asked)
        of_class = category is None or row["class"] == category
        return of_class and there and (of_drug or "carried_over" in row)

    kept = [row["id"] for row in results(run, "contraindications", *filters)]
    assert set(kept) == {row["id"] for row in LISTS["contraindication"] if wanted(row)}
    assert 0 < len(kept) < len(LISTS["contraindication"])


def test_the_us_label_of_ketamine_has_two_and_they_come_first(run: Run) -> None:
    two = ["hypersensitivity", "pressure-rise-hazard"]
    assert [row["id"] for row in results(run, "contraindications", "-d", "ketamine")][:2] == two
    label = ["--class", "label-contraindication", "-d", "ketamine", "--jurisdiction", "US"]
    own = [r for r in results(run, "contraindications", *label) if not r["is_carried_over"]]
    assert [row["id"] for row in own] == two


@pytest.mark.parametrize(
    ("drug", "other", "carried", "own"),
    [
        ("ketamine", "esketamine", "aneurysm-or-malformation", "pressure-rise-hazard"),
        ("esketamine", "ketamine", "raised-intraocular-pressure", "aneurysm-or-malformation"),
    ],
)
def test_what_is_carried_over_to_a_drug_comes_last_and_marked(
    run: Run, drug: str, other: str, carried: str, own: str
) -> None:
    rows = results(run, "contraindications", "-d", drug)
    marked = [row["is_carried_over"] for row in rows]
    assert marked == sorted(marked)
    for row in rows:
        assert row["is_carried_over"] == (row["drug"] == other)
        assert not row["is_carried_over"] or row["carried_over"]
    ids = [row["id"] for row in rows]
    assert ids.index(own) < ids.index(carried)
    pages = run("contraindications", "-d", drug, "-f", "markdown").stdout
    before, after = pages.split(f"## Carried over from {other}\n")
    texts = {row["id"]: row["text"] for row in rows}
    assert texts[own] in before
    assert texts[carried] not in before
    assert texts[carried] in after
    ground = next(row["carried_over"] for row in rows if row["id"] == carried)
    assert ground in after
    assert f"No text that was read says these of {drug} itself." in after


def test_nothing_is_carried_over_where_no_drug_is_asked_for(run: Run) -> None:
    assert not any(row["is_carried_over"] for row in results(run, "contraindications"))
    text = " ".join(run("contraindications", "-f", "plain").stdout.split())
    assert "Carried over from" not in text
    assert "note: carried over to ketamine: by analogy; the UK ketamine label names stroke" in text


def test_a_filter_that_keeps_nothing_still_carries_the_label(run: Run) -> None:
    line = ["contraindications", "--class", "not-established", "--jurisdiction", "CH"]
    assert results(run, *line) == []
    assert f"0 of {len(LISTS['contraindication'])} items" in run(*line).stdout
    assert "This list is not complete" in run(*line).stdout
    assert run(*line, "-f", "csv").stdout.rstrip('\n"').endswith("prescribing guidance.")


def test_the_classes_come_from_the_strongest_down(run: Run) -> None:
    text = run("contraindications", "-f", "markdown").stdout
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == [category.value.capitalize() for category in Category]
