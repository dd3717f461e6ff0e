"""The studies, and what is computed from them: what supports which dose of a range."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from ketaref import store
from ketaref.model.dataset import Dataset
from ketaref.model.dose_row import DoseRow
from ketaref.model.names import Drug, Route
from ketaref.model.trial import Design, Diagnosis, Finding, Group, Trial
from ketaref.ranges.evidence import of_this_dose, row_evidence
from ketaref.units import parse_dose, parse_weight
from tests.conftest import Run
from tests.places import NARROW


def row_of(route: Route) -> DoseRow:
    row = store.load_dataset().row(route)
    assert row is not None
    return row


IV, NASAL, SUBLINGUAL = map(row_of, (Route.IV, Route.NASAL, Route.SUBLINGUAL))

StudiesOf = Callable[..., Dataset]


@pytest.fixture
def data() -> Dataset:
    return store.load_dataset()


def study(name: str, **more: Any) -> Trial:
    fields = {
        "id": name,
        "drug": "ketamine",
        "route": "iv",
        "design": "randomised",
        "diagnoses": ["PTSD"],
        "population": "adults",
        "outcome": "an outcome",
        "finding": "no difference",
        "sources": [{"source_id": "article", "place": "abstract"}],
    }
    return Trial.model_validate(fields | more)


@pytest.fixture
def studies(data: Dataset) -> StudiesOf:
    return lambda *trials: data.model_copy(update={"trials": trials})


# ------------------------------------------------------------ what the data says


# From the abstracts, by hand: dose per kg, people, and what was found against the control.
@pytest.mark.parametrize(
    ("name", "doses", "people", "finding"),
    [
        ("taylor-2018", "0.5", 18, Finding.MIXED),
        ("feder-2014", "0.5", 41, Finding.FAVOURS),
        ("feder-2021", "0.5", 30, Finding.FAVOURS),
        ("abdallah-2022", "0.2 0.5", 158, Finding.NO_DIFFERENCE),
        ("dadabayev-2020", "0.5", 41, Finding.NO_DIFFERENCE),
        ("duek-2023", "0.5", 27, Finding.NO_DIFFERENCE),
        ("rodriguez-2013", "0.5", 15, Finding.FAVOURS),
        ("glue-2020", "0.25 0.5 1", 12, Finding.FAVOURS),
        ("beaglehole-ocd-2024", "0.5 1", 12, Finding.FAVOURS),
        ("beaglehole-ptsd-2025", "0.5 1", 33, Finding.FAVOURS),
    ],
)
def test_a_controlled_study_is_as_its_abstract_says(
    data: Dataset, name: str, doses: str, people: int, finding: Finding
) -> None:
    trial = next(trial for trial in data.trials if trial.id == name)
    assert " ".join(map(str, trial.doses)) == doses
    assert (trial.unit, trial.people, trial.finding) == ("mg/kg", people, finding)
    assert trial.design.group is Group.CONTROLLED


def test_no_controlled_intravenous_study_of_adults_gave_more_than_half_a_mg_per_kg(
    data: Dataset,
) -> None:
    controlled = [
        trial
        for trial in data.trials
        if trial.route is Route.IV
        and trial.drug is Drug.KETAMINE
        and trial.design.group is Group.CONTROLLED
    ]
    assert len(controlled) >= 10
    assert {dose for trial in controlled for dose in trial.doses if dose > IV.low} == set()


def test_every_diagnosis_and_every_design_occurs(data: Dataset) -> None:
    assert {each for trial in data.trials for each in trial.diagnoses} == set(Diagnosis)
    assert {trial.design for trial in data.trials} == set(Design)


def test_a_study_that_shares_its_people_names_one_that_exists(data: Dataset) -> None:
    ids = {trial.id for trial in data.trials}
    shared = {trial.same_people_as for trial in data.trials if trial.same_people_as}
    assert shared
    assert shared <= ids


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"doses": [1]}, "doses and unit go together"),
        ({"doses": [2, 1], "unit": "mg"}, "rising order"),
        ({"design": "open", "finding": "favours ketamine"}, "favours nothing"),
        ({"design": "registered"}, "has no result"),
        ({"diagnoses": []}, "at least 1 item"),
        ({"people": -1}, "greater than or equal to 0"),
    ],
)
def test_a_study_that_contradicts_itself_is_refused(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        study("one", **fields)


# ------------------------------------------------------------ what is computed


def test_the_dose_of_the_studies_is_said_for_the_weight(data: Dataset) -> None:
    # By hand: 0.5 x 82 = 41; 0.2 x 82 = 16.4, about 16.
    evidence = row_evidence(data, IV, parse_weight("82 kg"))
    assert "41 mg (0.5 mg/kg): " in evidence.text
    assert (
        "about 16 mg (0.2 mg/kg): 1 controlled intravenous trial (158 people; PTSD)"
        in evidence.text
    )
    assert "Above 0.5 mg/kg no controlled intravenous trial was found." in evidence.text
    assert [dose.dose.text for dose in evidence.doses] == ["0.2 mg/kg", "0.5 mg/kg", "1 mg/kg"]
    assert [dose.position for dose in evidence.doses] == ["below", "inside", "inside"]
    assert evidence.doses[2].controlled == ()
    assert evidence.doses[2].uncontrolled == ("osmind-ptsd",)


def test_people_in_two_studies_are_counted_once(studies: StudiesOf) -> None:
    half = {"doses": [Decimal("0.5")], "unit": "mg/kg", "people": 20}
    data = studies(study("one", **half), study("two", **half, same_people_as="one"))
    (dose,) = row_evidence(data, IV, None).doses
    assert dose.controlled == ("one",)
    alone = studies(study("two", **half, same_people_as="one"))
    (dose,) = row_evidence(alone, IV, None).doses
    assert dose.controlled == ("two",)


@pytest.mark.parametrize(
    "other",
    [
        {"route": "subcutaneous"},
        {"drug": "esketamine"},
        {"route": None},
        {"under_18": True},
        {"unit": "mg"},
    ],
)
def test_a_study_of_something_else_supports_nothing_here(
    studies: StudiesOf, other: dict[str, Any]
) -> None:
    fields = {"doses": [Decimal("0.5")], "unit": "mg/kg", "people": 20} | other
    assert row_evidence(studies(study("one", **fields)), IV, None).doses == ()


def test_a_study_whose_people_were_not_read_counts_without_a_number(studies: StudiesOf) -> None:
    half = {"doses": [Decimal("0.5")], "unit": "mg/kg"}
    (dose,) = row_evidence(studies(study("one", **half)), IV, None).doses
    assert dose.text == "1 controlled intravenous trial (PTSD): no difference"


@pytest.mark.parametrize(
    ("route", "said"),
    [("troche", "it is a form"), ("buccal", "no buccal row"), ("rectal", 'unknown route "rectal"')],
)
def test_a_route_that_no_study_has_is_refused(run: Run, route: str, said: str) -> None:
    refused = run("trials", "-r", route)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr


def test_a_plan_supports_nothing(studies: StudiesOf) -> None:
    plan = {"doses": [Decimal("0.75")], "unit": "mg/kg", "people": 99}
    data = studies(study("plan", **plan, design="registered", finding="no result"))
    evidence = row_evidence(data, IV, None)
    assert evidence.doses[0].registered == ("plan",)
    assert evidence.text.startswith(
        "No controlled intravenous trial with a dose in mg/kg was found"
    )
    assert of_this_dose(data, IV, parse_dose("50 mg").mg, parse_weight("70 kg"))[0]


@pytest.mark.parametrize(
    ("dose", "weight", "above", "beginning"),
    [
        ("35 mg", "70 kg", False, "35 mg (0.5 mg/kg): "),
        ("35 mg", "70.5 kg", False, "about 35 mg (0.5 mg/kg): "),  # 35.25 mg, to the nearest
        ("36 mg", "70.5 kg", True, "Above 0.5 mg/kg, the highest dose of a controlled "),
        ("45 mg", "70 kg", True, "Above 0.5 mg/kg, the highest dose of a controlled "),
        ("20 mg", "70 kg", False, "Between 0.2 mg/kg and 0.5 mg/kg, "),
        ("10 mg", "70 kg", False, "Below 0.2 mg/kg, the lowest dose "),
    ],
)
def test_what_was_tried_at_this_dose_is_said(
    data: Dataset, dose: str, weight: str, *, above: bool, beginning: str
) -> None:
    found = of_this_dose(data, IV, parse_dose(dose).mg, parse_weight(weight))
    assert found[0] is above
    assert found[1].startswith(beginning)


def test_a_row_without_a_controlled_study_says_so(data: Dataset) -> None:
    text = row_evidence(data, SUBLINGUAL, parse_weight("70 kg")).text
    assert text.startswith("No controlled sublingual trial with a dose in mg/kg was found.")
    assert "swanson-2024 gave 50 to 400 mg at a time" in text


def test_a_fixed_row_is_read_in_mg(data: Dataset) -> None:
    evidence = row_evidence(data, NASAL, parse_weight("70 kg"))
    assert [dose.dose.text for dose in evidence.doses] == ["56 mg", "84 mg"]
    assert {dose.for_weight for dose in evidence.doses} == {None}


# ------------------------------------------------------------ where it is said


@pytest.mark.parametrize("format_", ["table", "plain", "note", "markdown", "html", "csv"])
def test_a_dose_says_what_supports_it_in_every_format(run: Run, format_: str) -> None:
    text = run("dose", "82 kg", "-r", "iv", "-f", format_).stdout
    words = " ".join(text.replace("&#160;", " ").replace("\\", "").split())
    assert "41 mg (0.5 mg/kg): " in words
    assert "no controlled intravenous trial was found" in words


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            ["45 mg", "-r", "iv", "-w", "70 kg", "--over", "40 min"],
            (
                "inside the published range; supported at 0.5 mg/kg only; above every dose of a "
                "controlled intravenous trial found"
            ),
        ),
        (
            ["20 mg", "-r", "sublingual", "-w", "70 kg"],
            (
                "inside the published range; no source but the article; no controlled sublingual "
                "trial of a dose was found"
            ),
        ),
        (
            ["84 mg", "-r", "nasal", "-d", "esketamine"],
            "inside the published range; esketamine (Spravato), labelled for depression",
        ),
        (
            ["50 mg", "-r", "nasal", "-d", "esketamine"],
            "between the published doses of 28, 56 or 84 mg: it is none of them",
        ),
    ],
)
def test_inside_never_stands_alone(run: Run, line: list[str], said: str) -> None:
    assert said in " ".join(run("check", *line).stdout.split())


def test_a_clinic_s_row_says_what_supports_it(run: Run) -> None:
    text = run("dose", "70 kg", "-r", "sc", "--protocol", str(NARROW)).stdout
    # By hand: 0.5 x 70 = 35.
    words = " ".join(re.sub(r"^\| ?", "", text, flags=re.MULTILINE).split())
    assert "sc-row: about 18 mg (0.25 mg/kg): 1 controlled subcutaneous trial (12 people; " in words
    assert "35 mg (0.5 mg/kg): 1 controlled subcutaneous trial (12 people; " in words


def test_studies_are_found_by_route_drug_and_diagnosis(run: Run) -> None:
    def ids(*line: str) -> set[str]:
        answer = json.loads(run("trials", *line, "-f", "json").stdout)
        return {row["id"] for row in answer["results"]}

    assert {"beaglehole-ocd-2024", "beaglehole-ptsd-2025"} <= ids("-r", "im")
    assert "beaglehole-ptsd-2025" not in ids("-r", "im", "--diagnosis", "ocd")
    assert ids("--diagnosis", "gad") == ids("--diagnosis", "generalised anxiety disorder")
    assert "taylor-2018" in ids("--diagnosis", "social anxiety")
    assert ids("-d", "spravato", "-r", "nasal") >= {"rotharmel-2022", "ocd-esketamine-8"}


def test_the_doses_are_drawn_over_the_range_where_there_is_room(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("trials", "-r", "iv").stdout.splitlines()
    band = next(line for line in lines if line.startswith("published range "))
    labels = next(line for line in lines if line.strip().startswith("0.2 mg/kg   "))
    assert band.index("|") == labels.index("0.5 mg/kg")
    assert band.rindex("|") == labels.rindex("1 mg/kg")
    monkeypatch.setenv("COLUMNS", "40")
    assert "published range   " not in run("trials", "-r", "iv").stdout
