"""A clinic's own protocol: beside the published rows, never in their place; or refused whole."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ketaref.reports.local import Laid
from ketaref.reports.protocol import protocol_report

from ketaref.errors import ExitCode
from ketaref.protocol.read import LARGEST, TEMPLATE, read_protocol
from ketaref.store import load_dataset
from tests.conftest import TODAY, Run
from tests.cpu_time import processor_seconds
from tests.places import NARROW, SCHEMAS
from tests.protocol.clinics import PROTOCOLS, answer, ends

ROW = NARROW.read_text()[NARROW.read_text().index("[[row]]") :]
HEAD = NARROW.read_text()[: NARROW.read_text().index("[[row]]")]
LABEL = "local protocol: Anxiety infusions 3"


def words(text: str) -> str:
    """Return what was printed on one line, without the marks before a clinic's own."""
    return " ".join(re.sub(r"^[|>] ", "", text, flags=re.MULTILINE).split())


# ------------------------------------------------------------ beside the reference


@pytest.mark.parametrize(
    "line",
    [
        ["routes"],
        ["routes", "iv"],
        ["dose", "70 kg"],
        ["check", "35 mg", "-r", "iv", "-w", "70kg", "--over", "40min"],
        ["chart"],
        ["checklist"],
        ["review"],
    ],
    ids=" ".join,
)
def test_a_protocol_changes_nothing_that_is_published(run: Run, line: list[str]) -> None:
    published = json.loads(run(*line, "-f", "json").stdout)
    beside = answer(run, *line)
    assert published["protocol"] is None
    assert published["local"] == []
    assert beside["results"] == published["results"]
    assert beside["sources"] == published["sources"]
    assert beside["local"]
    assert all(row["origin"] == LABEL for row in beside["local"])
    assert beside["protocol"]["institution"] == "A hospital"


def test_a_maximum_that_bites_is_shown_with_what_was_calculated(run: Run) -> None:
    # by hand: 0.5 x 120 = 60, 0.75 x 120 = 90, both above 50
    (row,) = answer(run, "dose", "120 kg", "-r", "iv")["local"]
    assert ends(row["calculated"]) == (60, 90)
    assert row["maximum"]["value"] == 50
    assert ends(row["dose"]) == (50, 50)
    assert row["capped"] is True
    assert "calculated 60 to 90 mg, cap 50 mg, result 50 mg" in row["working"]
    for format_ in ("table", "plain", "note", "markdown", "html"):
        text = run("dose", "120 kg", "-r", "iv", "--protocol", str(NARROW), "-f", format_).stdout
        words = " ".join(re.sub(r"&#160;|\\|\u00a0", " ", text).split())
        assert "calculated 60 to 90 mg, cap 50 mg" in words, format_
        assert "60 to 120 mg" in words, format_  # what is published, beside it


def test_a_maximum_that_cuts_one_end_leaves_the_other(run: Run) -> None:
    # by hand: 0.5 x 80 = 40, 0.75 x 80 = 60, above 50
    (row,) = answer(run, "dose", "80 kg", "-r", "iv")["local"]
    assert ends(row["dose"]) == (40, 50)
    (row,) = answer(run, "dose", "60 kg", "-r", "iv")["local"]
    assert ends(row["dose"]) == (30, 45)
    assert row["capped"] is False


def test_an_intramuscular_row_answers_and_says_that_none_is_published(run: Run) -> None:
    # by hand: 0.25 x 70 = 17.5, 0.5 x 70 = 35; in steps of 5, inward: 20 to 35
    report = answer(run, "dose", "70 kg", "-r", "im")
    assert report["results"] == []
    (row,) = report["local"]
    assert (row["route_name"], ends(row["dose"])) == ("intramuscular", (20, 35))
    assert row["difference"]["code"] == "other_route"
    assert report["cautions"][0]["code"] == "not_included"
    refused = run("dose", "70 kg", "-r", "im")
    assert refused.exit_code == 2
    assert "not included" in refused.stderr


def test_the_body_weight_that_is_meant_is_named_on_every_result(run: Run) -> None:
    for line in (["dose", "70 kg"], ["check", "35 mg", "-r", "iv", "-w", "70kg"], ["routes"]):
        for row in answer(run, *line)["local"]:
            assert row["body_weight"] in ("ideal", "actual")
            assert any(c["code"] == "body_weight_meant" for c in row["cautions"])


def test_steps_that_no_dose_fits_are_said(run: Run, protocol: Callable[..., Path]) -> None:
    # by hand: 0.25 x 41 = 10.25, 0.3 x 41 = 12.3: no multiple of 5 between them
    file = protocol(("high = 0.5\n", "high = 0.3\n"))
    (row,) = answer(run, "dose", "41 kg", "-r", "im", protocol=file)["local"]
    assert "no_step_inside" in [caution["code"] for caution in row["cautions"]]
    assert ends(row["dose"]) == (11, 12)


def test_a_dose_in_steps_is_not_rounded_again(run: Run, protocol: Callable[..., Path]) -> None:
    # by hand: 17.5 to 35 in steps of 2.5
    file = protocol(("rounding_step = { value = 5", "rounding_step = { value = 2.5"))
    (row,) = answer(run, "dose", "70 kg", "-r", "im", protocol=file)["local"]
    assert ends(row["dose"]) == (17.5, 35)


def test_a_maximum_is_kept_to_the_steps_below_it(run: Run, protocol: Callable[..., Path]) -> None:
    # by hand: 0.5 x 120 = 60 and 90, both above 48; the greatest multiple of 5 below 48 is 45
    step = "maximum = { value = 48, unit = 'mg' }\nrounding_step = { value = 5, unit = 'mg' }"
    file = protocol(('maximum = { value = 50, unit = "mg" }', step))
    (row,) = answer(run, "dose", "120 kg", "-r", "iv", protocol=file)["local"]
    assert ends(row["dose"]) == (45, 45)


def test_a_narrow_range_is_not_shown_as_one_number(run: Run, protocol: Callable[..., Path]) -> None:
    # by hand: 0.5 x 70.2 = 35.1, 0.51 x 70.2 = 35.802
    file = protocol(("high = 0.75", "high = 0.51"))
    (row,) = answer(run, "dose", "70.2 kg", "-r", "iv", protocol=file)["local"]
    assert ends(row["dose"]) == (35.1, 35.8)


@pytest.mark.parametrize(
    ("dose", "published", "local", "status"),
    [
        ("60 mg", "inside", "above", 3),  # at 120 kg: published 60 to 120, local at most 50
        ("50 mg", "below", "inside", 3),
        ("49.999 mg", "below", "below", 3),
    ],
)
def test_check_lays_a_dose_against_both(
    run: Run, dose: str, published: str, local: str, status: int
) -> None:
    line = ["check", dose, "-r", "iv", "-w", "120kg", "--over", "40min"]
    report = answer(run, *line)
    assert report["results"][0]["place"] == published
    assert report["local"][0]["place"] == local
    assert run(*line, "--protocol", str(NARROW)).exit_code == status


def test_check_of_a_dose_inside_both_is_done(run: Run) -> None:
    line = ["check", "40 mg", "-r", "iv", "-w", "70kg", "--over", "40min"]
    assert run(*line, "--protocol", str(NARROW)).exit_code == 0
    outside = ["check", "36 mg", "-r", "im", "-w", "70kg"]  # by hand: 0.5 x 70 = 35
    result = run(*outside, "--protocol", str(NARROW))
    assert result.exit_code == 3
    assert "36 mg is not a multiple of 5 mg" in " ".join(result.stdout.split())


def test_a_local_row_per_kg_needs_a_weight(run: Run) -> None:
    result = run("check", "36 mg", "-r", "im", "--protocol", str(NARROW))
    assert result.exit_code == 2
    assert "a weight is needed" in result.stderr


def test_a_strength_and_a_duration_apply_to_local_rows_too(run: Run) -> None:
    # by hand at 80 kg: 40 to 50 mg; / 50 mg per mL = 0.8 to 1 mL; / 20 min = 2 to 2.5 mg/min
    (row,) = answer(run, "dose", "80 kg", "-r", "iv", "-s", "50mg/mL", "--over", "20min")["local"]
    assert ends(row["volume"]) == (0.8, 1)
    assert ends(row["rate"]) == (2, 2.5)
    codes = [caution["code"] for caution in row["cautions"]]
    assert {"check_vial", "duration_outside"} <= set(codes)
    refused = run("dose", "80 kg", "-r", "im", "--over", "20min", "--protocol", str(NARROW))
    assert "a duration does not apply" in refused.stderr


def test_the_chart_has_a_column_for_the_protocol(run: Run) -> None:
    line = ["chart", "--from", "60kg", "--to", "120kg", "--step", "20kg"]
    # by hand: 0.5 and 0.75 times 60, 80, 100 and 120, at most 50
    doses = [ends(row["dose"]) for row in answer(run, *line)["local"]]
    assert doses == [(30, 45), (40, 50), (50, 50), (50, 50)]
    text = run(*line, "--protocol", str(NARROW)).stdout
    assert re.search(r"80 kg +40 to 80 mg +40 to 50 mg \(calculated 40 to 60 mg\)", text)
    own = run("chart", "-r", "im", "--protocol", str(NARROW)).stdout
    assert own.startswith("No published range by body weight, intramuscular")


def test_a_protocol_may_change_only_the_checklist(run: Run) -> None:
    file = PROTOCOLS / "checklist_only.toml"
    assert answer(run, "dose", "70 kg", protocol=file)["local"] == []
    assert len(answer(run, "checklist", protocol=file)["local"]) == 2
    assert [c["id"] for c in answer(run, "checklist", "-r", "iv", protocol=file)["local"]] == [
        "quiet-room"
    ]
    text = run("checklist", "--protocol", str(file)).stdout
    assert "Before the session, local protocol: Session checks 2026-2" in " ".join(text.split())


@pytest.mark.parametrize("command", ["routes", "dose", "check", "chart", "checklist", "review"])
@pytest.mark.parametrize("format_", ["table", "json", "csv", "markdown", "html"])
def test_an_expired_protocol_says_so_on_every_result(run: Run, command: str, format_: str) -> None:
    """H: stale data."""
    words = {"dose": ["70 kg"], "check": ["35 mg", "-r", "iv", "-w", "70kg"]}.get(command, [])
    file = str(PROTOCOLS / "expired.toml")
    result = run(command, *words, "--protocol", file, "-f", format_)
    text = " ".join(result.stdout.split())
    assert "Anxiety infusions 3 expired on 2026-11-22; today is 2026-11-23" in text


def test_a_protocol_on_its_last_day_has_not_expired(
    run: Run, protocol: Callable[..., Path]
) -> None:
    file = protocol(("2027-01-15", "2026-11-23"))
    assert answer(run, "routes", protocol=file)["protocol"]["expired"] is False


def test_the_environment_names_a_protocol_and_an_empty_name_none(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETAREF_PROTOCOL", str(NARROW))
    assert LABEL in run("routes").stdout
    assert LABEL not in run("routes", "--protocol", "").stdout
    monkeypatch.setenv("KETAREF_PROTOCOL", "")
    assert LABEL not in run("routes").stdout


def test_csv_marks_where_each_line_comes_from(run: Run) -> None:
    text = run("dose", "120 kg", "--protocol", str(NARROW), "-f", "csv").stdout
    lines = list(csv.DictReader(io.StringIO(text)))
    origins = [line["origin"] for line in lines]
    assert origins == ["published"] * 3 + [LABEL] * 2
    assert lines[3]["dose_high_value"] == "50"
    assert all(line["notice"] for line in lines)


def test_a_drug_of_the_protocol_is_answered_where_the_table_has_another(
    run: Run, protocol: Callable[..., Path]
) -> None:
    file = protocol(('route = "intramuscular"', 'route = "nasal"'), ('"actual"', '"actual"'))
    report = answer(run, "dose", "70 kg", "-r", "nasal", "-d", "ketamine", protocol=file)
    assert report["results"] == []
    assert report["local"][0]["difference"]["code"] == "other_drug"
    assert report["cautions"][0]["code"] == "row_left_out"


@pytest.mark.parametrize(
    ("ends", "code", "says"),
    [
        (("0.5", "1"), "inside", "the same as the published 0.5 to 1 mg/kg"),
        (("0.6", "1"), "inside", "inside the published"),
        (("0.3", "1.2"), "wider", "below it by 0.2 mg/kg, above it by 0.2 mg/kg"),
        (("0.3", "0.4"), "outside", "all of it below"),
        (("1.5", "2"), "outside", "all of it above"),
    ],
)
def test_a_row_says_how_it_differs(
    run: Run, protocol: Callable[..., Path], ends: tuple[str, str], code: str, says: str
) -> None:
    low, high = ends
    file = protocol(("low = 0.5", f"low = {low}"), ("high = 0.75", f"high = {high}"))
    report = json.loads(run("protocol", "check", str(file), "-f", "json").stdout)
    difference = report["results"][0]["difference"]
    assert difference["code"] == code
    assert says in difference["text"]


# ------------------------------------------------------------ the template and the schema


def filled(template: str) -> str:
    blanks = {
        'name = ""': 'name = "Name"',
        'institution = ""': 'institution = "A hospital"',
        '\nversion = ""': '\nversion = "1"',
        'approved_by = ""': 'approved_by = "Committee"',
        'approved = ""': "approved = 2026-11-01",
        'expires = ""': "expires = 2027-11-01",
        'route = ""': 'route = "subcutaneous"',
        'drug = ""': 'drug = "ketamine"',
        "\nlow = 0 ": "\nlow = 0.5 ",
        "\nhigh = 0\n": "\nhigh = 0.75\n",
        "low = 0, high = 0": "low = 40, high = 60",
        'body_weight = ""': 'body_weight = "actual"',
        '{ title = "", place = "" }, ': '{ title = "T", place = "p" }, ',
    }
    for blank, value in blanks.items():
        assert template.count(blank) >= 1, blank
        template = template.replace(blank, value, 1)
    return template


def test_the_template_is_accepted_once_its_blanks_are_filled(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    template = run("protocol", "new").stdout
    assert template == TEMPLATE.read_text()
    file.write_text(template)
    blank = run("protocol", "check", str(file))
    assert blank.exit_code == 4
    assert blank.stderr.count("is blank") >= 6
    file.write_text(filled(template))
    result = run("protocol", "check", str(file))
    assert result.exit_code == 0, result.stderr
    commented = re.sub(r"^# (?=\[|[a-z_]+ = )", "", filled(template), flags=re.MULTILINE)
    commented = commented.split("# A review of exactly this file")[0]
    commented = commented.replace('reason = ""', 'reason = "Because"').replace(
        'text = ""', 'text = "T"'
    )
    file.write_text(commented.replace('{ title = "", place = "" }', '{ title = "T", place = "p" }'))
    assert run("protocol", "check", str(file)).exit_code == 0, "with all that is optional"


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))


def test_the_schema_of_a_protocol_accepts_what_the_program_accepts(run: Run) -> None:
    import tomllib

    schema = json.loads(run("schema", "protocol").stdout)
    validator = jsonschema.Draft202012Validator(schema)
    for file in PROTOCOLS.glob("*.toml"):
        validator.validate(as_json(tomllib.loads(file.read_text())))
    validator.validate(as_json(tomllib.loads(filled(TEMPLATE.read_text()))))
    wrong = as_json(tomllib.loads(NARROW.read_text().replace('"mg/kg"', '"mcg/kg"')))
    assert not validator.is_valid(wrong)
    assert schema["$id"] == "urn:ketaref:schema:protocol:1"


def test_the_schemas_in_the_repository_are_current(run: Run) -> None:
    folder = SCHEMAS
    from ketaref.answers.schema import FILES, KINDS

    committed = {file.name for file in folder.glob("*.json")}
    assert committed == {f"{kind}.schema.json" for kind in ("report", *KINDS, *FILES)}
    for kind in ("report", *KINDS, *FILES):
        shown = run("schema", *([] if kind == "report" else [kind])).stdout
        assert (folder / f"{kind}.schema.json").read_text() == shown, (
            "write the schemas anew: python -m tests.contract.schemas"
        )


# ------------------------------------------------------------ hostile and broken files


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('body_weight = "ideal"\n', "", "iv-capped: body_weight: is missing: which body weight"),
        (
            'basis = "per_kg"\nlow = 0.5\nhigh = 0.75\nunit = "mg/kg"',
            'basis = "fixed"\nlow = 30\nhigh = 60\nunit = "mg"',
            "iv-capped: body_weight: a fixed row does not use body weight",
        ),
        (
            'basis = "per_kg"\nlow = 0.5\nhigh = 0.75\nunit = "mg/kg"',
            'basis = "fixed"\nlow = 30\nhigh = 60\nunit = "mg"',
            "iv-capped: maximum: 50 mg is below high, which is 60 mg",
        ),
        ('[[row]]\nid = "iv', 'row = 5\n[[sow]]\nid = "iv', "ours.toml"),
        ("low = 0.5", "low = 0.8", "row iv-capped: high: 0.75 is below low, which is 0.8"),
        ("low = 0.5", 'low = "0.5"', "row iv-capped: low: a number is needed"),
        ("low = 0.5", "low = nan", "row iv-capped: low: a finite number above 0 is needed"),
        ("low = 0.5", "low = inf", "row iv-capped: low: a finite number above 0 is needed"),
        ("low = 0.5", "low = -0.5", "row iv-capped: low: a finite number above 0 is needed"),
        ("low = 0.5", "low = true", "row iv-capped: low: a number is needed"),
        ("low = 0.5", "low = 1e999999999", "row iv-capped: low: has too many digits"),
        ("low = 0.5", "low = 1e-999999999", "row iv-capped: low: has too many digits"),
        ("low = 0.5", "low = 0.0001", "row iv-capped: low: has too many digits"),
        ("low = 0.5\n", "", "row iv-capped: low: is missing; accepted: a number above 0"),
        ("low = 0.5", "low = 0.5\nlows = 1", "row iv-capped: lows: is not a key here; keys: route"),
        ("low = 0.5", "low = 5", "row iv-capped: high: 0.75 is below low"),
        ("high = 0.75", "high = 7.5", "far outside what is published, 0.5 to 1 mg/kg"),
        ("low = 0.25\nhigh = 0.5", "low = 2.5\nhigh = 5", "row im-row: outside_published_range_"),
        (
            'unit = "mg/kg"',
            'unit = "mg"',
            "row iv-capped: unit: a per_kg row is in mg/kg, not in mg",
        ),
        ('unit = "mg/kg"', 'unit = "mL"', "row iv-capped: unit: Input should be 'mg/kg' or 'mg'"),
        (
            'unit = "min"',
            'unit = "mg"',
            "row iv-capped: duration.unit: Input should be 'min' or 'h'",
        ),
        (
            'value = 50, unit = "mg"',
            'value = 50, unit = "kg"',
            "maximum.unit: Input should be 'mg'",
        ),
        (
            'duration = { low = 40, high = 60, unit = "min" }\n',
            "",
            "duration: is missing: a dose for",
        ),
        (
            "low = 40, high = 60",
            "low = 60, high = 40",
            "duration.high: 40 is below low, which is 60",
        ),
        (
            'body_weight = "ideal"\n',
            "",
            "row iv-capped: body_weight: is missing: which body weight",
        ),
        ('body_weight = "ideal"', 'body_weight = "lean"', "Input should be 'actual', 'ideal'"),
        (
            'route = "intravenous"',
            'route = "intraosseous"',
            "route: is not a known route; accepted",
        ),
        ('drug = "ketamine"', 'drug = "norketamine"', "drug: is not a known drug; accepted"),
        (
            'sources = [{ title = "Infusion protocol", place = "section 5" }]',
            "",
            "sources: is missing",
        ),
        ('[{ title = "Infusion protocol", place = "section 5" }]', "[]", "sources: is empty"),
        ('place = "section 5"', 'place = ""', "sources.1.place: is blank"),
        (
            'place = "section 5"',
            'place = "\\u001b[31m"',
            "sources.1.place: has a control character",
        ),
        ('"Infusion protocol"', '"Infusion\\u202eprotocol"', "has a control character"),
        ('"Infusion protocol"', f'"{"x" * 301}"', "has 301 characters: at most 300 are read"),
        ('id = "im-row"', 'id = "iv-capped"', "id iv-capped is there 2 times"),
        ('id = "way-home"', 'id = "im-row"', "id im-row is there 2 times"),
        ('id = "im-row"', 'id = "IM row"', "id: a name of small letters"),
        ("[[check]]", "[[checks]]", "checks: is not a table here; tables: protocol, row, check"),
        ("[protocol]", "[protokol]", "[protocol]: is missing"),
        ("expires = 2027-01-15", "expires = 2026-01-15", "expires: 2026-01-15 is not later than"),
        ("expires = 2027-01-15", 'expires = "2027-01-15"', "expires: a date without quotes"),
        ("expires = 2027-01-15", "expires = 2027-01-15T10:00:00", "expires: a date without quotes"),
        ("expires = 2027-01-15", "expires = 20270115", "expires: a date without quotes"),
        ("approved = 2026-01-15", "approved = 2026-11-24", "it is not yet valid"),
        ("[[row]]", "[[row]", "cannot be read: "),
        ('phase = "after"', 'phase = "later"', "check way-home: phase: Input should be 'before'"),
        ("[[row]]", "row = 5\n[[rows]]", "row: "),
    ],
    ids=lambda value: None,
)
def test_a_wrong_protocol_is_refused_with_file_row_field_and_what_is_accepted(
    run: Run, protocol: Callable[..., Path], old: str, new: str, says: str
) -> None:
    file = protocol((old, new))
    for line in (["protocol", "check", str(file)], ["routes", "--protocol", str(file)]):
        result = run(*line)
        assert result.exit_code == ExitCode.BAD_DATA, result.stdout
        assert says in result.stderr
        assert "ours.toml: " in result.stderr
        assert result.stdout == "", "nothing is half applied"
        assert "\x1b" not in result.stderr


def test_all_problems_are_said_at_once_also_within_one_row(
    run: Run, protocol: Callable[..., Path]
) -> None:
    file = protocol(
        ("low = 0.5", "low = 5"),
        ('drug = "ketamine"', 'drug = "keta"'),
        ('"section 4"', '""'),
        ('phase = "after"', 'phase = ""'),
        ('version = "3"', 'version = ""'),
    )
    result = run("protocol", "check", str(file), "-f", "json")
    errors = [error["message"] for error in json.loads(result.stdout)["errors"]]
    assert len(errors) == 5
    assert {error["code"] for error in json.loads(result.stdout)["errors"]} == {"protocol_invalid"}


def test_a_reason_lets_figures_far_outside_in_and_is_shown(
    run: Run, protocol: Callable[..., Path]
) -> None:
    reason = 'outside_published_range_reason = "A trial of ours"\nhigh = 7.5'
    file = protocol(("high = 0.75", reason))
    result = run("dose", "70 kg", "-r", "iv", "--protocol", str(file))
    assert result.exit_code == 0
    assert "from what is published: A trial of ours." in words(result.stdout)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "low = 40, high = 60",
            "low = 1, high = 2",
            "over 1 to 2 minutes is far from the published",
        ),
        (
            "value = 50",
            "value = 0.001",
            "a maximum of 0.001 mg is far below what is published, from 15 mg",
        ),
        ('drug = "ketamine"', 'drug = "esketamine"', "nothing is published for esketamine per kg"),
    ],
)
def test_what_is_far_from_published_in_another_way_needs_a_reason_too(
    run: Run, protocol: Callable[..., Path], old: str, new: str, says: str
) -> None:
    result = run("protocol", "check", str(protocol((old, new))))
    assert result.exit_code == 4
    assert f"outside_published_range_reason: is missing: {says}" in result.stderr
    reason = 'outside_published_range_reason = "A trial of ours"\nid = "iv-capped"'
    reasoned = protocol((old, new), ('id = "iv-capped"', reason))
    assert run("protocol", "check", str(reasoned)).exit_code == 0


def test_a_range_inside_over_another_duration_is_not_called_inside(
    run: Run, protocol: Callable[..., Path]
) -> None:
    file = protocol(("low = 40, high = 60", "low = 30, high = 60"))
    report = json.loads(run("protocol", "check", str(file), "-f", "json").stdout)
    assert report["results"][0]["difference"]["code"] == "other_duration"


def test_a_result_outside_what_is_published_for_the_weight_says_so(run: Run) -> None:
    (row,) = answer(run, "dose", "120 kg", "-r", "iv")["local"]
    texts = [c["text"] for c in row["cautions"] if c["code"] == "outside_published"]
    assert texts == [
        "For this weight it goes below the published range: 50 mg against 60 to 120 mg per dose"
    ]


@pytest.mark.parametrize("line", [["dose", "120 kg"], ["check", "50 mg", "-w", "120 kg"]])
def test_a_row_that_its_maximum_takes_below_the_published_is_not_called_inside(
    run: Run, line: list[str]
) -> None:
    line += ["-r", "iv", "--protocol", str(NARROW)]
    assert "difference below for this weight" in run(*line, "-f", "plain").stdout
    assert "For this weight it goes below the published range: 50 mg against 60 to 120 mg" in (
        words(run(*line).stdout)
    )


def test_a_dose_inside_a_local_range_over_another_duration_is_not_called_inside_alone(
    run: Run,
) -> None:
    line = ("check", "35mg", "-r", "iv", "-w", "70kg", "--protocol", str(NARROW), "--over")
    for format_ in ("plain", "note"):
        slow = " ".join(run(*line, "40min", "-f", format_).stdout.split())
        fast = " ".join(run(*line, "1min", "-f", format_).stdout.split())
        assert "but not over its duration" not in slow
        assert fast.count("but not over its duration") == 2, format_  # published, and local


@pytest.mark.parametrize(
    "line",
    [
        ["dose", "70 kg", "-r", "sublingual"],
        ["check", "20 mg", "-r", "sublingual", "-w", "70 kg"],
        ["routes", "sublingual"],
        ["chart", "-r", "sublingual"],
    ],
)
def test_a_protocol_without_a_row_of_what_is_asked_says_so(run: Run, line: list[str]) -> None:
    report = answer(run, *line)
    assert report["local"] == []
    assert "no_local_row" in {caution["code"] for caution in report["cautions"]}
    words = " ".join(run(*line, "--protocol", str(NARROW)).stdout.split())
    assert "Anxiety infusions 3 has no row for this: what is shown is what is published." in words
    assert "no_local_row" not in run(*line, "-f", "json").stdout


def test_what_dose_shows_is_inside_for_check(run: Run, protocol: Callable[..., Path]) -> None:
    """A maximum may leave only a step, or a rounded value, below it."""
    step = "maximum = { value = 48, unit = 'mg' }\nrounding_step = { value = 5, unit = 'mg' }"
    for edit_ in (step, "maximum = { value = 48.2, unit = 'mg' }"):
        file = protocol(('maximum = { value = 50, unit = "mg" }', edit_))
        for weight in ("64 kg", "92 kg", "96 kg", "97 kg", "120 kg", "154 lb", "11 st 4 lb"):
            (row,) = answer(run, "dose", weight, "-r", "iv", protocol=file)["local"]
            for end in ("low", "high"):
                shown = f"{row['dose'][end]['value']} mg"
                line = ["check", shown, "-r", "iv", "-w", weight, "--over", "40min"]
                (place,) = answer(run, *line, protocol=file)["local"]
                assert place["place"] == "inside", (weight, shown)


def test_esketamine_drawn_up_has_a_volume_and_no_strength_of_ketamine(
    run: Run, protocol: Callable[..., Path]
) -> None:
    reason = 'drug = "esketamine"\noutside_published_range_reason = "A trial of ours"'
    file = protocol(('drug = "ketamine"', reason))
    for line in (["dose", "70 kg", "-r", "iv", "-d", "esketamine"], ["chart"]):
        result = run(*line, "-s", "5mg/mL", "--protocol", str(file))
        assert "no marketed strength of esketamine is listed" in " ".join(result.stdout.split())
    text = run("chart", "--protocol", str(file), "-f", "csv").stdout
    own = [line for line in csv.DictReader(io.StringIO(text)) if line["origin"] == LABEL]
    assert {(line["drug"], line["published"], line["standing"]) for line in own} == {
        ("esketamine", "", "")
    }


def test_what_holds_for_every_row_is_said_of_a_route_of_the_clinic_alone(run: Run) -> None:
    for line in (
        ["dose", "70 kg", "-r", "im"],
        ["check", "20 mg", "-r", "im", "-w", "70kg"],
        ["chart", "-r", "im"],
        ["routes", "im"],
    ):
        codes = [caution["code"] for caution in answer(run, *line)["cautions"]]
        assert "not_for_emergency" in codes


def test_twice_a_bound_is_not_yet_far_and_a_step_more_is(
    run: Run, protocol: Callable[..., Path]
) -> None:
    for high, status in (("2", 0), ("2.001", 4)):
        assert run("protocol", "check", str(protocol(("0.75", high)))).exit_code == status
    for low, status in (("0.25", 0), ("0.249", 4)):
        file = protocol(("low = 0.5", f"low = {low}"))
        assert run("protocol", "check", str(file)).exit_code == status


def test_a_fixed_dose_is_compared_with_the_range_over_usual_weights(
    run: Run, protocol: Callable[..., Path]
) -> None:
    # by hand: 0.2 mg/kg x 30 kg = 6 mg, 1 mg/kg x 200 kg = 200 mg; twice as far is let in
    def fixed(low: float, high: int) -> Path:
        return protocol(
            ('"intramuscular"', '"oral"'),
            (
                'basis = "per_kg"\nlow = 0.25\nhigh = 0.5\nunit = "mg/kg"\nbody_weight = "actual"',
                f'basis = "fixed"\nlow = {low}\nhigh = {high}\nunit = "mg"',
            ),
        )

    assert run("protocol", "check", str(fixed(3, 400))).exit_code == 0
    assert run("protocol", "check", str(fixed(3, 401))).exit_code == 4
    assert run("protocol", "check", str(fixed(2.9, 400))).exit_code == 4
    (row,) = answer(run, "dose", "70kg", "-r", "oral", protocol=fixed(50, 100))["local"]
    assert (ends(row["dose"]), row["body_weight"]) == ((50, 100), None)


HOSTILE: dict[str, tuple[bytes, str]] = {
    "10 MB of text": (b'x = "' + b"a" * 10_000_000 + b'"', "is larger than"),
    "10 MB of rows": (b"[[row]]\n" * 1_250_000, "is larger than"),
    "as many rows as fit": (b"[[row]]\n" * (LARGEST // 8), "more than 5,000 values"),
    "too many rows": (b"[[row]]\n" * 2_000, "2,000 tables [[row]]: at most 100 are read"),
    "as many wrong keys as fit": (
        HEAD.encode() + b"[[row]]\n" + b"".join(b"k%d=1\n" % n for n in range(4_900)),
        "more problems",
    ),
    "deep arrays": (b"x = " + b"[" * 90_000, "is nested too deeply"),
    "deep tables": (b"[" + b"a." * 40_000 + b"a]", "is nested too deeply"),
    "deep quoted tables": (b"[" + b"'a' . " * 15_000 + b"a]", "is nested too deeply"),
    "one long word": (b"a" * 99_999, "cannot be read"),
    "many quotes": (b'"' * 99_999, "cannot be read"),
    "many spaces": (b"a" + b" " * 99_998, "cannot be read"),
    "pairs of spaces": (b"a ." * 33_000, "nested too deeply"),
    "a long list": (b"x = [" + b"1," * 45_000 + b"]", "more than 5,000 values"),
    "a long string": (b'[protocol]\nname = """' + b"\\u0041" * 15_000 + b'"""', "characters"),
    "a long date": (b"x = 2026-01-01" + b"0" * 80_000, "cannot be read"),
    "deep inline tables": (b"x = " + b"{a=" * 30_000, "nested too deeply"),
    "dotted keys": (b"a." * 45_000 + b"a = 1", "is nested too deeply"),
    "many tables": (b"".join(b"[a.b%d.c]\n" % n for n in range(6_000)), "more than 5,000 values"),
    "many short dotted keys": (
        b"".join(b"[%s.k%d]\n" % (b".".join([b"a"] * 15), n) for n in range(2_500)),
        "is not a table here",
    ),
    "a long number": (b"x = " + b"9" * 80_000, "cannot be read"),
    "not UTF-8": (b"\xff\xfe[\x00p\x00", "is not UTF-8 text, from byte 0 on"),
    "Latin-1": (HEAD.replace("A hospital", "H\u00f4pital").encode("latin-1"), "is not UTF-8"),
    "a control character": (b'[protocol]\nname = "\x1b[31m"', "cannot be read"),
    "null bytes": (b"\x00" * 1000, "cannot be read"),
    "nothing": (b"", "[protocol]: is missing"),
    "a number with a long exponent": (b"x = 1e" + b"9" * 40, "cannot be read"),
    "a long hexadecimal number": (
        HEAD.encode() + b"[[row]]\nlow = 0x" + b"f" * 90_000,
        "low: has too many digits",
    ),
    "a long id": (HEAD.encode() + b'[[check]]\nid = "' + b"1" * 90_000 + b'"', "id: begins with"),
    "a long review": (
        HEAD.encode() + b'[[review]]\nrole = "' + b"1 " * 45_000 + b'"',
        "role: has 89,999 characters",
    ),
    "not TOML": (b"<html></html>", "cannot be read"),
    "no rows": (HEAD.encode(), "there is nothing to lay beside the reference"),
}


@pytest.mark.parametrize(("content", "says"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_within_a_second(
    run: Run, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "hostile.toml"
    file.write_bytes(content)
    run("routes")  # the dataset is read once
    with processor_seconds(at_most=1):
        result = run("protocol", "check", str(file))
    assert result.exit_code == 4
    assert says in result.stderr
    assert len(result.stderr) < 60_000
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize("name", ["missing.toml", ".", "\x00"])
def test_what_is_not_a_file_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("protocol", "check", name).exit_code == 4
    assert run("protocol", "check", "/dev/zero").exit_code == 4


def test_accents_and_a_byte_order_mark_are_read(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    text = NARROW.read_text().replace("A hospital", "H\u00f4pital Saint-\u00c9loi")
    file.write_text(text, encoding="utf-8-sig")
    assert answer(run, "routes", protocol=file)["protocol"]["institution"].startswith("H\u00f4")


def test_a_check_alone_opens_a_route_for_the_checklist(
    run: Run, protocol: Callable[..., Path]
) -> None:
    file = protocol(('phase = "after"', 'phase = "after"\nroutes = ["oral"]'))
    report = answer(run, "checklist", "-r", "oral", protocol=file)
    assert [row["id"] for row in report["local"]] == ["way-home"]


def test_a_fixed_row_is_named_as_not_charted(run: Run, protocol: Callable[..., Path]) -> None:
    file = protocol(
        ('route = "intramuscular"', 'route = "sublingual"'),
        (
            'basis = "per_kg"\nlow = 0.25\nhigh = 0.5\nunit = "mg/kg"\nbody_weight = "actual"\n',
            'basis = "fixed"\nlow = 20\nhigh = 40\nunit = "mg"\n',
        ),
    )
    report = answer(run, "chart", "-r", "sublingual", protocol=file)
    texts = [caution["text"] for caution in report["cautions"]]
    assert "Row im-row of the protocol is a fixed dose, and is not charted." in texts


def test_a_step_that_no_dose_fits_is_said_in_a_chart(
    run: Run, protocol: Callable[..., Path]
) -> None:
    # by hand, as in test_steps_that_no_dose_fits_are_said
    file = protocol(("high = 0.5\n", "high = 0.3\n"))
    line = ("chart", "-r", "im", "--from", "41 kg", "--to", "41 kg", "--step", "1 kg")
    shown = run(*line, "--protocol", str(file), "-f", "plain").stdout
    assert "11 to 12 mg (no step fits)" in " ".join(shown.split())


def test_a_report_of_a_protocol_is_not_laid_out_without_one() -> None:
    protocol = read_protocol(NARROW, load_dataset(), today=TODAY)
    report = protocol_report(Laid(load_dataset(), protocol, TODAY), "ours.toml", today=TODAY)
    with pytest.raises(ValueError, match="no protocol"):
        report.model_copy(update={"protocol": None}).body()
