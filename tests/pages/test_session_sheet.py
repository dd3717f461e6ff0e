"""The sheet of a session: each drug's own figures, whose they are, what stops, what to fill in."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from ketaref.document import BLANK
from ketaref.model.checklist_item import Check
from ketaref.model.citations import citations
from ketaref.store import load_dataset
from tests.conftest import Run
from tests.outputs import output
from tests.pages.lists import LISTS, results
from tests.pages.paper import pages, pdf
from tests.protocol.clinics import Edited

TEXTS = ("table", "plain", "json", "csv", "markdown", "html")


def sheet(format_: str, *route: str) -> str:
    """Return the text of a sheet in any format, on one line."""
    line = ["checklist", *route]
    text = "".join(pages(pdf(*line))) if format_ == "pdf" else output(*line, "-f", format_)
    return " ".join(text.replace("\\", "").replace("&#160;", " ").replace("\u00a0", " ").split())


def said() -> Iterator[tuple[str, str, str]]:
    """Yield every note and stop of the data, with its check and its drug."""
    for check in LISTS["check"]:
        for drug in ("ketamine", "esketamine"):
            for field in ("note", "stops"):
                if text := check.get(drug, {}).get(field):
                    yield check["id"], drug, text


SAID = list(said())
named = pytest.mark.parametrize(
    ("check", "drug", "text"), SAID, ids=[f"{check}-{drug}" for check, drug, _ in SAID]
)

# ------------------------------------------------------------ each drug's own

# Read in the texts of the nasal spray; none of them is ketamine's.
OF_ESKETAMINE = [
    "140/90",
    "150/90",
    "93 %",
    "2 hours",
    "no drink for 30 minutes",
    "1 hour before",
    "about 40 minutes",
    "12 hours",
    "6 weeks",
    "restful sleep",
    "7 days",
    "28 mg",
    "certified, no prescriber",
]
# Of ketamine, its vials and its infusions.
OF_KETAMINE = ["180/100", "vial", "mL", "pump", "infusion", "24 hours", "684", "1.5 hours", "Rate"]


@pytest.mark.parametrize("format_", [*TEXTS, "pdf"])
def test_an_intravenous_sheet_has_no_figure_of_esketamine(format_: str) -> None:
    text = sheet(format_, "-r", "iv")
    assert "180/100" in text
    assert [figure for figure in OF_ESKETAMINE if figure in text] == []


@pytest.mark.parametrize("format_", [*TEXTS, "pdf"])
def test_a_nasal_sheet_has_no_vial_and_no_figure_of_ketamine(format_: str) -> None:
    text = sheet(format_, "-r", "nasal")
    assert "140/90" in text
    assert [figure for figure in OF_KETAMINE if figure in text] == []


def test_the_figures_that_are_kept_apart_are_in_the_data() -> None:
    for drug, figures in (("esketamine", OF_ESKETAMINE), ("ketamine", OF_KETAMINE[:1])):
        texts = " ".join(text for _, of, text in SAID if of == drug)
        texts += " ".join(c["text"] for c in LISTS["check"] if list(c) and drug in c)
        assert [figure for figure in figures if figure not in f"{texts};"] == []


@named
def test_a_note_is_printed_on_the_sheets_of_its_drug_alone(
    check: str, drug: str, text: str
) -> None:
    own, other = ("iv", "nasal") if drug == "ketamine" else ("nasal", "iv")
    of_check = next(row for row in LISTS["check"] if row["id"] == check)
    if not {"sublingual", "oral"} & set(of_check.get("routes", [])) or check == "weight-today":
        assert text in sheet("plain", "-r", own)
    assert text not in sheet("plain", "-r", other)


def test_a_sheet_for_all_routes_marks_what_is_said_for_each_drug() -> None:
    lines = output("checklist", "-f", "plain").splitlines()
    fasting = lines.index(next(line for line in lines if "Fasted as instructed" in line))
    note = lines[fasting + 1]
    assert note.startswith("note: KETAMINE: the US label gives no hours")
    assert " ESKETAMINE: maker, US: no food for 2 hours" in note


@pytest.mark.parametrize(
    ("route", "drugs"),
    [
        ("iv", ["ketamine"]),
        ("sublingual", ["ketamine"]),
        ("nasal", ["esketamine"]),
    ],
)
def test_a_sheet_says_for_which_drug_it_is(run: Run, route: str, drugs: list[str]) -> None:
    answer = json.loads(run("checklist", "-r", route, "-f", "json").stdout)
    assert answer["inputs"]["drugs"] == drugs
    assert run("checklist", "-r", route).stdout.splitlines()[0].endswith(drugs[-1])
    (other,) = {"ketamine", "esketamine"} - set(drugs)
    for row in answer["results"]:
        assert row[f"{other}_note"] is row[f"{other}_stops"] is None


def test_a_clinics_row_of_nasal_ketamine_brings_ketamines_notes_marked(
    run: Run, protocol: Edited
) -> None:
    file = protocol(('route = "subcutaneous"', 'route = "nasal"'))
    answer = run("checklist", "-r", "nasal", "--protocol", str(file), "-f", "plain").stdout
    assert answer.startswith("heading: Session checklist, intranasal racemic ketamine and esket")
    assert "note: KETAMINE: the US label gives no hours" in answer
    iv = run("checklist", "-r", "iv", "--protocol", str(file), "-f", "plain").stdout
    assert "ESKETAMINE" not in iv


# ------------------------------------------------------------ whose it is, and what stops

OWNER = re.compile(
    r"\b(?:labels?|US|UK|EU|CH|DE|SE|FDA|ISMP|ASA|RCEM|maker|programme|guideline|handbook|consensus"
    r"|trials?|society|series|meta-analysis)\b"
)


@named
def test_every_figure_names_whose_it_is(check: str, drug: str, text: str) -> None:
    del check, drug
    for part in re.split(r"; |\. ", text):
        if re.search(r"\d", part):
            assert OWNER.search(part), part


def test_no_check_has_a_figure_of_one_drug_in_its_common_text() -> None:
    # 28 mg is what a device holds; only esketamine has devices.
    of_both = [check for check in LISTS["check"] if "ketamine" in check and "esketamine" in check]
    assert len(of_both) > 10
    assert [check["id"] for check in of_both if re.search(r"\d", check["text"])] == []


STOPS = [(check["id"], drug) for check in LISTS["check"] for drug in ("ketamine", "esketamine")]
STOPS = [
    (name, drug)
    for name, drug in STOPS
    if "stops" in next(c for c in LISTS["check"] if c["id"] == name).get(drug, {})
]


@pytest.mark.parametrize(("name", "drug"), STOPS)
def test_what_stops_a_session_says_who_says_so(name: str, drug: str) -> None:
    check = next(check for check in LISTS["check"] if check["id"] == name)
    stops = check[drug]["stops"]
    assert re.search(r"\((?=.*(?:label|programme|guideline|consensus|text))", stops) or (
        "no text read gives" in stops
    )


@pytest.mark.parametrize(
    ("route", "name", "stops"),
    [
        ("iv", "vital-signs-before", "above 180/100 mmHg at rest (CH and DE labels)"),
        ("iv", "fasting", "advises against it (US label)"),
        ("iv", "stop-and-help", "no text read gives a pressure, pulse or saturation"),
        ("nasal", "stop-and-help", "hypertensive crisis or encephalopathy"),
        ("nasal", "staff-and-equipment", "no prescriber or no pulse oximeter on site"),
    ],
)
def test_a_check_says_what_stops_the_session(route: str, name: str, stops: str) -> None:
    answer = json.loads(output("checklist", "-r", route, "-f", "json"))
    row = next(row for row in answer["results"] if row["id"] == name)
    drug = answer["inputs"]["drugs"][0]
    assert stops in row[f"{drug}_stops"]
    assert row[f"{drug}_stops"] in sheet("plain", "-r", route)


WITHDRAWN = {
    "migraine-checklist",
    "clinic-protocol",
    "toronto-clinic",
    "psyon",
    "field-trip-2024",
    "ketalar-quotes-2026",
    "ketalar-digest",
    "ketalar-mpr",
    "spravato-change-2023",
    "spravato-food",
    "spravato-highlights-clinic",
}


def test_no_list_rests_on_a_source_that_was_withdrawn() -> None:
    dataset = load_dataset()
    files = {"effects.toml", "contraindications.toml", "checks.toml"}
    cited = {each.source_id for each in citations(dataset) if each.file in files}
    assert cited & WITHDRAWN == set()
    assert len(cited) > 50


@pytest.mark.parametrize(
    "figure", ["160/100", "50 to 110", "every 15 minutes", "20 %", "within 12 months", "QTc"]
)
def test_a_figure_without_a_source_is_nowhere_in_the_lists(figure: str) -> None:
    for command in ("checklist", "contraindications"):
        assert figure not in " ".join(output(command, "-f", "plain").split())


# ------------------------------------------------------------ how long, and what is filled in


@pytest.mark.parametrize(("route", "counts"), [("iv", (13, 5, 5)), ("nasal", (12, 5, 5))])
def test_a_sheet_is_short_enough_to_be_used(
    run: Run, route: str, counts: tuple[int, int, int]
) -> None:
    phases = [row["phase"] for row in results(run, "checklist", "-r", route)]
    assert tuple(phases.count(phase) for phase in ("before", "during", "after")) == counts


BEFORE = ["dose-double-checked", "staff-and-equipment", "weight-today", "consent", "escort"]


@pytest.mark.parametrize("name", BEFORE)
def test_what_is_done_before_stands_before(run: Run, name: str) -> None:
    phase = {row["id"]: row["phase"] for row in results(run, "checklist")}[name]
    assert phase == "before"


FIELDS = {
    "iv": ["Weight in kg", "Dose in mg", "Strength", "Volume in mL", "Rate in mL/h"],
    "nasal": ["Dose in mg", "Number of devices"],
    "oral": ["Weight in kg", "Dose in mg", "Amount given"],
}
EVERYWHERE = ["Start", "Stop", "Second checker", "Wastage", "Wastage witnessed by", "Time"]
EVERYWHERE += ["Blood pressure in mmHg", "Pulse per minute", "Saturation in %", "Initials"]
EVERYWHERE += ["identification 1", "identification 2"]


@pytest.mark.parametrize("route", ["iv", "nasal"])
@pytest.mark.parametrize("format_", ["html", "pdf"])
def test_a_sheet_on_paper_has_lines_to_write_on(format_: str, route: str) -> None:
    text = sheet(format_, "-r", route)
    for field in (*FIELDS[route], *EVERYWHERE):
        assert field in text, field
    assert text.count(BLANK) > 50
    assert "Write no name or number of a patient into a file" in text


@pytest.mark.parametrize("format_", ["table", "plain", "markdown", "csv", "json"])
def test_only_paper_has_lines_for_an_identification(format_: str) -> None:
    text = sheet(format_, "-r", "iv")
    assert "identification" not in text
    assert "Second checker" not in text


def test_a_route_without_a_vial_has_no_volume_on_paper(run: Run, protocol: Edited) -> None:
    file = protocol(('phase = "after"', 'phase = "after"\nroutes = ["oral"]'))
    text = run("checklist", "-r", "oral", "--protocol", str(file), "-f", "html").stdout
    assert all(field in text for field in FIELDS["oral"])
    assert "Volume in mL" not in text


def test_the_vital_signs_are_together_on_one_page() -> None:
    sheets = pages(pdf("checklist", "-r", "iv"))
    assert len(sheets) <= 3
    (whole,) = [page for page in sheets if "Breaths" in page]
    table = whole[whole.index("Breaths") :]
    assert table.count("during") >= 4
    assert "before leaving" in table


def test_a_check_for_no_drug_is_refused() -> None:
    check: dict[str, Any] = {"id": "x", "phase": "before", "text": "x"}
    with pytest.raises(ValueError, match="a check needs a table"):
        Check.model_validate(check)
    sources = [{"source_id": "x", "place": "x"}]
    assert Check.model_validate(check | {"ketamine": {"sources": sources}}).sources
