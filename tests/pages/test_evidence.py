"""What the article says beyond doses and how it stands, and what guidelines say."""

import csv
import io
import json
import re
import tomllib
from typing import Any

import pytest

from ketaref.model.guideline import Guideline, Stance
from ketaref.model.source import Evidence, Relation
from ketaref.model.statement import Statement, Topic, Verdict
from ketaref.store import load_dataset
from tests.conftest import Run
from tests.pages.lists import STATEMENTS, results
from tests.places import DATA

FILE = tomllib.loads((DATA / "guidelines.toml").read_text())
GUIDELINES: list[dict[str, Any]] = FILE["guideline"]


def statement(run: Run, name: str) -> dict[str, Any]:
    return next(row for row in results(run, "evidence") if row["id"] == name)


def words(text: str) -> str:
    return " ".join(text.split())


# ------------------------------------------------------------ statements

# Read by eye in the sources named: who speaks for a claim of the article, and who against it.
STANDINGS = [
    # a claim, its standing, a source for it, a source against it
    ("duration-weeks", "contested", "ray-2016", "glue-2020"),
    ("low-dependence-risk", "contested", "abuse-review", "spravato-us-2019"),
    ("mild-short-side-effects", "contested", "feder-2021", "ketalar-section-6"),
    ("ptsd-sustained", "contested", "feder-2021", "dadabayev-2020"),
    ("ocd", "contested", "beaglehole-ocd-2024", "bloch-2012"),
    ("bdnf", "contested", "haile-2013", "glue-2020"),
    ("other-weeks", "contested", "treatment-2009", "benzodiazepines-long-term"),
    ("other-gaba", "contradicted", None, "bandelow-2017"),
    ("veterans-half", "contradicted", None, "dadabayev-2020"),
    ("acute-no-same-effects", "contradicted", None, "ketamine-pfizer-us"),
    ("schedule-iii-difficult", "contradicted", None, "dea-manual-2006"),
    ("nmda", "supported", "ketamine-pfizer-us", None),
    ("varies-by-country", "supported", "dea-1999", None),
    ("five-weeks", "searched, nothing found", None, None),
    ("cited-source", "searched, nothing found", None, None),
]


@pytest.mark.parametrize(
    ("name", "standing", "agrees", "contradicts"), STANDINGS, ids=[row[0] for row in STANDINGS]
)
def test_a_claim_has_its_standing_and_who_is_for_and_against_it(
    run: Run, name: str, standing: str, agrees: str | None, contradicts: str | None
) -> None:
    row = statement(run, name)
    assert row["standing"] == standing
    for relation, source in (("agrees", agrees), ("contradicts", contradicts)):
        found = {s["source_id"] for s in row["sources"] if s["relation"] == relation}
        assert (source in found) if source else not found
    line = next(
        fact for fact in run("evidence", "-f", "plain").stdout.splitlines() if row["says"] in fact
    )
    assert line.startswith(f"standing: {standing}, the article says ")


def test_every_topic_of_the_article_has_statements(run: Run) -> None:
    rows = results(run, "evidence")
    assert [row["id"] for row in rows] == [each["id"] for each in STATEMENTS]
    assert {row["topic"] for row in rows} == set(Topic)
    assert results(run, "evidence", "Long", "Term") == results(run, "evidence", "long-term")


def test_no_claim_is_left_without_a_verdict_or_a_search() -> None:
    text = (DATA / "evidence.toml").read_text()
    assert not re.search(r"(?i)not (?:been )?(?:checked|appraised|looked into)", text)
    assert len(STATEMENTS) >= 59  # the 44 of edition 2026.11.1 and the 15 it had left out


# A claim of the article that edition 2026.11.1 left out, and words of it that are now told.
LEFT_OUT = {
    "other-gaba": "GABA",
    "other-weeks": "several weeks to start",
    "other-effect-duration": "lasts hours",
    "other-dependence": "high potential for tolerance and dependence",
    "relief-within-hours": "within a few hours",
    "monitored-use": "close monitoring",
    "cited-source": "PMC5800823",
    "kap-emotional": "emotional regulation",
    "hallucinogenic-later": "hallucinogenic",
    "abuse-underscores-protocol": "abuse and addiction underscores",
    "nasal-less-predictable": "less predictable",
    "iv-most-common": "most commonly used",
    "nasal-popular": "gaining popularity",
    "sublingual-inconclusive": "inconclusive",
    "schedule-iii-difficult": "difficult for providers to give it legally",
}


@pytest.mark.parametrize(("name", "said"), LEFT_OUT.items(), ids=LEFT_OUT)
def test_a_claim_that_was_left_out_is_in(run: Run, name: str, said: str) -> None:
    assert said in statement(run, name)["says"]


SENTENCES = {
    # what was false or one-sided, and what the sources say
    "onset-hours": "Midazolam, a benzodiazepine, was the comparator in several trials",
    "duration-weeks": "for up to 1 to 2 weeks",
    "better-option": "against saline or one dose of midazolam",
    "anecdotal": "pools anxiety disorders with mood disorders and chronic pain",
    "low-dependence-risk": "physical dependence with prolonged use",
    "access": "On payment clinics differ",
}


@pytest.mark.parametrize(("name", "said"), SENTENCES.items(), ids=SENTENCES)
def test_a_sentence_that_was_false_or_one_sided_is_mended(run: Run, name: str, said: str) -> None:
    assert said in statement(run, name)["because"]


NOTHING = [each for each in STATEMENTS if each["standing"] == "searched, nothing found"]


@pytest.mark.parametrize("each", NOTHING, ids=lambda each: each["id"])
@pytest.mark.parametrize("format_", ["table", "plain", "csv", "markdown"])
def test_where_nothing_was_found_it_says_what_was_searched(
    run: Run, each: dict[str, Any], format_: str
) -> None:
    text = run("evidence", each["topic"], "-f", format_).stdout.replace("\\", "")
    searched = "".join(each["searched"].split())
    if format_ == "table":  # its cells are wrapped beside one another
        assert all(word in text for word in each["searched"].split())
    else:
        assert searched in "".join(text.split())


def test_a_search_is_told_only_where_nothing_was_found(run: Run) -> None:
    for row in results(run, "evidence"):
        assert (row["searched"] is not None) == (row["standing"] == "searched, nothing found")


# Which relations of its sources a standing takes; those that concern something else do not count.
FIT = [
    ("supported", "agrees", True),
    ("supported", "agrees narrows", True),
    ("supported", "agrees contradicts", False),
    ("supported", "narrows", False),
    ("small trials", "narrows", True),
    ("small trials", "agrees contradicts", False),
    ("small trials", "concerns-other", False),
    ("contested", "agrees contradicts", True),
    ("contested", "narrows contradicts", True),
    ("contested", "contradicts concerns-other", False),
    ("contested", "agrees", False),
    ("contradicted", "contradicts narrows", True),
    ("contradicted", "contradicts agrees", False),
    ("contradicted", "narrows", False),
    ("searched, nothing found", "", True),
    ("searched, nothing found", "concerns-other", True),
    ("searched, nothing found", "narrows", False),
]


@pytest.mark.parametrize(("standing", "relations", "fits"), FIT, ids=str)
def test_a_standing_takes_only_sources_that_make_it(
    standing: str, relations: str, *, fits: bool
) -> None:
    sources = [
        Evidence(source_id="a", place="abstract", relation=Relation(relation), note="a note")
        for relation in relations.split()
    ]
    fields: dict[str, Any] = {"id": "a", "topic": "cost", "says": "a", "place": "a"}
    fields |= {"because": "a", "standing": standing, "sources": sources}
    if standing == "searched, nothing found":
        fields["searched"] = "pages, 2026-11-26"
    if fits:
        assert Statement.model_validate(fields).standing is Verdict(standing)
    else:
        with pytest.raises(ValueError, match="do not make it"):
            Statement.model_validate(fields)


# ------------------------------------------------------------ guidelines


def guidelines(run: Run, *line: str) -> list[dict[str, Any]]:
    answer: dict[str, Any] = json.loads(run("evidence", *line, "-f", "json").stdout)
    rows: list[dict[str, Any]] = answer["guidelines"]
    return rows


# Read by eye: whose it is, and what it says of ketamine or esketamine.
STANCES = [
    ("nice-ta854", "against", "treatment-resistant depression", "esketamine", "nasal"),
    ("smc-2258", "for", "treatment-resistant depression", "esketamine", "nasal"),
    ("canmat-2021", "for, with limits", "depression", "ketamine", "intravenous and others"),
    ("apna", "not first line", "depression, bipolar disorder, PTSD", "ketamine", "intravenous"),
    ("fda-2022-nasal", "warning", "any", "ketamine", "nasal"),
    ("nice-ng116", "silent in the part read", "PTSD", "none named", None),
    ("va-dod-ptsd-2023", "not read", "PTSD", "not read", None),
]


@pytest.mark.parametrize("row", STANCES, ids=[row[0] for row in STANCES])
def test_a_guideline_says_on_what_it_is_and_how_it_stands(
    run: Run, row: tuple[str | None, ...]
) -> None:
    found = next(each for each in guidelines(run) if each["id"] == row[0])
    fields = ("id", "stance", "condition", "drug", "route")
    assert tuple(found[field] for field in fields) == row


def test_the_guidelines_come_after_the_statements_and_by_themselves(run: Run) -> None:
    ids = [each["id"] for each in GUIDELINES]
    assert len(ids) >= 33
    assert [row["id"] for row in guidelines(run)] == ids
    assert [row["id"] for row in guidelines(run, "Guidelines")] == ids
    assert results(run, "evidence", "guidelines") == []
    assert guidelines(run, "cost") == []
    whole = run("evidence", "-f", "markdown").stdout
    heading = "What guidelines, professional bodies and agencies say"
    assert whole.index("## Legal status") < whole.index(f"## {heading}")
    alone = run("evidence", "guidelines", "-f", "markdown").stdout
    assert alone.startswith(f"# {heading}\n")
    assert heading not in run("evidence", "cost").stdout


@pytest.mark.parametrize("each", GUIDELINES, ids=lambda each: each["id"])
def test_a_guideline_has_its_title_place_and_how_it_was_read_in_every_format(
    run: Run, each: dict[str, Any]
) -> None:
    source = load_dataset().source(each["source_id"])
    read = "primary" if source.checked == "primary" else "secondary"
    told = (each["says"], source.title, each["source_id"], each["place"], read, each["stance"])
    for format_ in ("plain", "markdown", "html", "csv", "json"):
        shown = run("evidence", "guidelines", "-f", format_).stdout.replace("\\", "")
        shown = words(shown.replace("&#160;", " ").replace("&#39;", "'"))
        for text in told:
            assert text in shown, (format_, text)


def test_the_csv_says_which_lines_are_guidelines(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("evidence", "-f", "csv").stdout)))
    lines = [(row["topic"], row["id"]) for row in rows]
    statements = [(each["topic"], each["id"]) for each in STATEMENTS]
    assert lines == [*statements, *(("guidelines", each["id"]) for each in GUIDELINES)]
    for row in rows:
        assert bool(row["stance"]) == (row["topic"] == "guidelines") != bool(row["standing"])


@pytest.mark.parametrize("each", load_dataset().lists.guidelines, ids=lambda each: each.id)
def test_what_was_not_read_is_not_told(each: Guideline) -> None:
    """A text that names no drug in the part read has no stance, and the other way round."""
    unknown = each.stance in (Stance.SILENT, Stance.NOT_READ)
    assert unknown == (each.drug in ("none named", "not read"))
    assert not (unknown and each.route)


def test_no_guideline_about_anxiety_is_said_to_be_for_it() -> None:
    """None that was read is; one is reported to be, in social anxiety disorder, and says so."""
    about = [g for g in load_dataset().lists.guidelines if "anxiety disorder" in g.condition]
    assert len(about) >= 5
    assert not {g.stance for g in about} & {Stance.FOR, Stance.WITH_LIMITS}
    reported = next(g for g in about if g.id == "wfsbp-anxiety")
    assert "social anxiety disorder" in reported.says
    assert "slide" in reported.says
