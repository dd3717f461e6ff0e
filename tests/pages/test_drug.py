"""The page of a drug: the sections in order, each statement with its source, nothing lost."""

import json
import re
from typing import Any

import pytest

from ketaref import Reference
from ketaref.errors import InputError
from ketaref.model.drug import Section
from ketaref.model.names import Drug
from tests.conftest import Run
from tests.outputs import output
from tests.pages.lists import results

each_drug = pytest.mark.parametrize("drug", list(Drug))

# By hand, as a reader finds them from the top of the page down.
HEADINGS = [
    "Indications and dose",
    "Contraindications and cautions",
    "Interactions",
    "Age",
    "Hepatic impairment",
    "Renal impairment",
    "Pregnancy",
    "Breastfeeding",
    "Side effects",
    "Overdose and emergence (use the local protocol)",
    "Monitoring requirements",
    "Preparation and dilution",
    "Incompatibilities",
    "Infusion",
    "Pharmacokinetics",
    "Driving and skilled tasks",
    "Storage",
    "Legal schedule",
    "Products",
    "Sources",
]


@each_drug
@pytest.mark.parametrize(
    ("format_", "heading"),
    [
        ("table", r"^([A-Z].*[a-z)])$(?=\n- )"),
        ("markdown", r"^## (.*)$"),
        ("html", r"^<h2>(.*)</h2>$"),
    ],
)
def test_the_sections_are_in_order_under_their_headings(
    drug: str, format_: str, heading: str
) -> None:
    text = output("drug", drug, "-f", format_).replace("\\", "")
    assert re.findall(heading, text, re.MULTILINE) == HEADINGS


def test_in_plain_each_statement_names_its_section() -> None:
    lines = output("drug", "ketamine", "-f", "plain").splitlines()
    keys = [line.partition(":")[0] for line in lines]
    assert "overdose and emergence (use the local protocol), US" in keys
    assert "interactions, clarithromycin" in keys


@each_drug
def test_the_page_says_first_which_drug_it_is_and_is_not(drug: str) -> None:
    told_apart = {
        "ketamine": "racemic ketamine; not esketamine",
        "esketamine": "esketamine; not racemic ketamine",
    }
    assert told_apart[drug] in "\n".join(output("drug", drug).splitlines()[:4])


@each_drug
@pytest.mark.parametrize("width", [40, 80])
def test_no_number_is_lost_on_a_narrow_page(drug: str, width: int) -> None:
    def numbers(text: str) -> list[str]:
        return sorted(re.findall(r"\d[\d.,/]*\d|\d", text))

    narrow, wide = (output("drug", drug, columns=columns) for columns in (width, 400))
    assert max(map(len, narrow.splitlines())) <= width
    assert numbers(narrow) == numbers(wide)


@each_drug
def test_every_statement_has_its_sources_on_the_page(run: Run, drug: str) -> None:
    page = " ".join(output("drug", drug, columns=400).split())
    for row in results(run, "drug", drug):
        cited = "; ".join(f"{s['source_id']}, {s['place']}" for s in row["sources"])
        assert not cited or f"{cited}]" in page
        assert row["text"] in page
        assert cited or row["searched"] or row["see"]


@each_drug
def test_what_was_read_in_copies_only_says_so(run: Run, drug: str) -> None:
    answer = json.loads(output("drug", drug, "-f", "json"))
    checked = {source["id"]: source["checked"] for source in answer["sources"]}
    for row in answer["results"]:
        copies = {checked[name] for name in row["source_ids"]} == {"secondary"}
        assert row["only_secondary"] is copies
    page = " ".join(output("drug", drug).split())
    copies_only = sum(row["only_secondary"] for row in answer["results"])
    assert page.count("[read in copies only: ") == copies_only


def test_what_was_found_with_the_other_drug_says_so() -> None:
    page = " ".join(output("drug", "ketamine", columns=400).split())
    assert "10 healthy volunteers. About esketamine, not the drug here. [hagelberg-2010" in page
    assert "About both drugs. [himmelseher-1998, abstract]" in page


def test_the_lists_are_referred_to_and_not_repeated(run: Run) -> None:
    for drug in Drug:
        rows = results(run, "drug", drug)
        seen = {row["section"]: row["see"] for row in rows if row["see"]}
        assert seen == {
            "indications": "ketaref routes",
            "contraindications": f"ketaref contraindications -d {drug}",
            "side-effects": "ketaref risks",
        }
        items = len(results(run, "contraindications", "-d", drug))
        text = next(r["text"] for r in rows if r["section"] == "contraindications")
        assert text == f"{items} items, by class and jurisdiction: {seen['contraindications']}"


def test_one_section_is_shown_with_its_own_sources_only() -> None:
    answer = json.loads(output("drug", "ketamine", "--section", "driving", "-f", "json"))
    assert {row["section"] for row in answer["results"]} == {"driving"}
    cited = {name for row in answer["results"] for name in row["source_ids"]}
    assert {source["id"] for source in answer["sources"]} == cited | {"ketalar-uk-emc-2024"}
    assert output("drug", "ketamine", "--section", "driving").startswith(
        "Racemic ketamine: Driving and skilled tasks\n"
    )


@pytest.mark.parametrize(
    ("typed", "drug"),
    [
        ("ketamine", Drug.KETAMINE),
        ("Ketalar", Drug.KETAMINE),
        ("ketamine hydrochloride", Drug.KETAMINE),
        ("ketamine HCl", Drug.KETAMINE),
        ("racemic ketamine", Drug.KETAMINE),
        ("esketamine", Drug.ESKETAMINE),
        ("SPRAVATO", Drug.ESKETAMINE),
        ("s-ketamine", Drug.ESKETAMINE),
        ("Esketamine Hydrochloride", Drug.ESKETAMINE),
    ],
)
def test_a_name_a_brand_or_a_salt_leads_to_the_drug(run: Run, typed: str, drug: Drug) -> None:
    line = ["drug", *typed.split(), "--section", "legal-schedule", "-f", "json"]
    assert json.loads(run(*line).stdout)["inputs"]["drug"] == drug
    assert Reference.open().drug(typed).inputs.drug is drug


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("spravatto", 'did you mean "spravato"?'), ("norketamine", None), ("arketamine", None)],
)
def test_another_name_is_refused(run: Run, typed: str, hint: str | None) -> None:
    result = run("drug", typed)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f'unknown drug "{typed}"; known: ketamine, ' in result.stderr
    assert ("did you mean" in result.stderr) is bool(hint)
    assert (hint or "") in result.stderr


def test_a_brand_names_a_page_and_the_row_of_its_drug(run: Run) -> None:
    assert "Esketamine" in run("drug", "spravato").stdout
    rows = json.loads(run("dose", "70 kg", "-d", "spravato", "-f", "json").stdout)["results"]
    assert [row["drug"] for row in rows] == ["esketamine"]


def test_an_unknown_section_is_refused_with_the_known_ones(run: Run) -> None:
    result = run("drug", "ketamine", "--section", "interaction")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'unknown section "interaction"; known: indications, ' in result.stderr
    assert 'did you mean "interactions"?' in result.stderr
    with pytest.raises(InputError, match="unknown section"):
        Reference.open().drug("ketamine", section="dosage")


@pytest.mark.parametrize(
    "typed", ["hepatic impairment", "Hepatic-Impairment", " hepatic  impairment"]
)
def test_a_section_is_read_with_spaces_or_hyphens(typed: str) -> None:
    answer = Reference.open().drug("ketamine", section=typed)
    assert answer.inputs.section is Section.HEPATIC_IMPAIRMENT


def test_a_section_may_be_named_by_its_own_type() -> None:
    assert Reference.open().drug(Drug.ESKETAMINE, section=Section.AGE).results


def test_the_data_is_the_same_edition_in_every_command() -> None:
    def stamp(*line: str) -> Any:
        return json.loads(output(*line, "-f", "json"))["data"]

    assert stamp("drug", "ketamine") == stamp("routes") == stamp("about") == stamp("sources")


def test_a_source_says_which_statement_of_a_drug_cites_it() -> None:
    page = output("sources", "himmelseher-1998", columns=200)
    assert "- racemic ketamine, Pharmacokinetics: potency: abstract" in page
    assert "- esketamine, Pharmacokinetics: potency: abstract" in page


def test_the_review_pack_has_every_statement_of_a_drug() -> None:
    items = json.loads(output("review", "-f", "json"))["results"]
    found = {item["id"]: item["text"] for item in items if item["part"].startswith("drug: ")}
    assert len(found) == sum(
        len(list(each.stated)) for each in Reference.open().library.dataset.drugs
    )
    assert "mechanism: inhibition of CYP3A" in found["ketamine-clarithromycin"]
    assert "ndc: 50458-028-02" in found["esketamine-spravato-us-56"]


SECTIONS_OF_A_ROW = ("Preparation and dilution", "Infusion", "Monitoring requirements")


@pytest.mark.parametrize(
    ("route", "headings"),
    [
        ("iv", ["Preparation and dilution", "Infusion", "Monitoring requirements"]),
        ("nasal", ["Preparation and dilution", "Monitoring requirements"]),
        ("sublingual", []),
    ],
)
def test_the_page_of_a_row_says_how_it_is_prepared_and_watched(
    run: Run, route: str, headings: list[str]
) -> None:
    text = run("routes", route).stdout
    found = [line for line in text.splitlines() if line in SECTIONS_OF_A_ROW]
    assert found == headings
    rows = json.loads(run("routes", route, "-f", "json").stdout)["results"][0]["handling"]
    assert all(row["sources"] for row in rows)
    assert {row["section"] for row in rows} == set(headings)
