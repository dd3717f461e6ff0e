"""The contract of the command line: keys, codes, exit statuses, and the label everywhere."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ketaref.cli import app, commands
from ketaref.errors import DataError, ErrorCode, ExitCode, InputError, KetarefError, OutputError
from ketaref.label import LABEL, NOTICE
from tests.conftest import Run
from tests.samples import COMMANDS, ERRORS, IN_EVERY_FORMAT, NOT_REPORTS, REPORTS

ENVELOPE = [
    "schema_version",
    "kind",
    "status",
    "notice",
    "intended_use",
    "tool",
    "data",
    "protocol",
    "inputs",
    "results",
    "local",
    "cautions",
    "sources",
    "errors",
]

# From the design, by hand: the keys of one result of each kind.
RESULT_KEYS = {
    "routes": "route route_name drug salt_basis basis published steps duration standing advantages "
    "disadvantages cautions source_ids",
    "dose": "route route_name drug basis published duration standing cautions source_ids dose "
    "working volume rate",
    "check": "route drug dose per_kg published place standing cautions source_ids",
    "chart": "weight dose volume",
    "sources": "id title authors year kind identifier checked version_read current not_read "
    "cited_by",
    "risks": "id layer group text drug note corrects jurisdiction dated frequency sources "
    "source_ids",
    "contraindications": "id number class text jurisdictions drug carried_over note sources "
    "source_ids",
    "checklist": "id phase text routes note answers answer sources source_ids",
    "evidence": "id topic says place standing because sources source_ids",
    "review": "number group part id text standing sources contradicted_by decisions decision "
    "initials date source_ids",
    "protocol_check": "origin id route route_name drug basis range duration body_weight maximum "
    "rounding_step difference outside_published_range_reason cautions local_sources",
    "audit": "section origin row name count of share",
    "about": "intended_user intended_use limits review hazards",
}


@pytest.fixture(autouse=True)
def _in_a_folder_where_one_name_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken.json").write_text("mine")
    monkeypatch.chdir(tmp_path)


def name(line: list[str]) -> str:
    return " ".join(argument[:30] for argument in line)


def words(text: str) -> str:
    return " ".join(text.split())


def test_every_command_has_a_sample() -> None:
    callbacks = [command.callback for command in app.registered_commands]
    groups = {group.name for group in app.registered_groups}
    assert {callback.__name__ for callback in callbacks if callback} | groups == COMMANDS.keys()


def kind_of(line: list[str]) -> str:
    return "protocol_check" if line[0] == "protocol" else line[0]


def test_every_error_code_has_a_sample_or_a_test_of_its_own() -> None:
    elsewhere = {
        ErrorCode.DATA_INVALID,
        ErrorCode.DEFECT,
        ErrorCode.NOT_INSTALLED,
        ErrorCode.PDF_TO_TERMINAL,
        ErrorCode.PROTOCOL_INVALID,
    }
    assert set(ErrorCode) - elsewhere == ERRORS.keys()


@pytest.mark.parametrize("line", REPORTS, ids=name)
def test_json_has_every_key_and_fits_its_schema(run: Run, line: list[str]) -> None:
    result = run(*line, "-f", "json")
    report = json.loads(result.stdout)
    assert list(report) == ENVELOPE
    assert report["kind"] == kind_of(line)
    assert report["status"] == "ok"
    assert report["notice"] == NOTICE
    assert report["results"] or report["local"]
    for row in report["results"]:
        assert row.keys() == set(RESULT_KEYS[kind_of(line)].split())
    schema = json.loads(run("schema", kind_of(line)).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema)
    jsonschema.validate(report, json.loads(run("schema").stdout))


@pytest.mark.parametrize("line", REPORTS, ids=name)
def test_every_quantity_in_json_has_its_unit_its_code_and_its_exact_value(
    run: Run, line: list[str]
) -> None:
    def quantities(value: Any) -> Any:
        if isinstance(value, dict):
            if "value" in value:
                yield value
            for inner in value.values():
                yield from quantities(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from quantities(inner)

    report = json.loads(run(*line, "-f", "json").stdout)
    for quantity in quantities(report["results"]):
        assert quantity.keys() == {"value", "unit", "ucum", "exact"}
        assert isinstance(quantity["exact"], str)
        assert "E" not in quantity["exact"].upper()


@pytest.mark.parametrize("kind", RESULT_KEYS)
def test_a_schema_lists_the_codes_and_requires_every_key(run: Run, kind: str) -> None:
    schema = json.loads(run("schema", kind).stdout)
    assert schema["$id"] == f"urn:ketaref:schema:{kind}:1"
    assert schema["$comment"] == LABEL
    title = {"protocol_check": "Protocol"}.get(kind, kind.capitalize())
    report = schema["$defs"][f"{title}Report"]
    assert report["required"] == ENVELOPE
    assert set(schema["$defs"]["ErrorCode"]["enum"]) == {code.value for code in ErrorCode}
    assert schema["$defs"]["CautionCode"]["enum"]


@pytest.mark.parametrize("line", ERRORS.values(), ids=ERRORS.keys())
def test_an_error_says_what_is_wrong_and_leaves_stdout_empty(run: Run, line: list[str]) -> None:
    result = run(*line)
    assert result.exit_code == ExitCode.REFUSED
    assert result.stdout == ""
    assert result.stderr.startswith("ketaref: ")
    assert "Traceback" not in result.stderr
    assert len(result.stderr) < 600


@pytest.mark.parametrize(
    "line",
    [
        ["dose"],
        ["dose", ""],
        ["dose", "-r", "iv"],
        ["check", "35 mg", "-r", "iv"],
        ["check", "35 mg", "-r", "iv", "-w", ""],
        ["check", "35 mg", "-r", "sublingual"],
    ],
    ids=name,
)
def test_no_weight_is_ever_assumed(run: Run, line: list[str]) -> None:
    result = run(*line)
    assert (result.exit_code, result.stdout) == (ExitCode.REFUSED, "")
    assert "weight" in result.stderr.lower()
    assert not re.search(r"\d (?:mg|kg)\b", result.stderr.replace('"35 mg"', ""))


# The formats' own errors cannot be had in another format; and a schema takes no format.
NOT_IN_JSON = {ErrorCode.FORMAT_DISAGREES, ErrorCode.FORMAT_NOT_HERE, ErrorCode.KIND_UNKNOWN}
IN_JSON = {code: line for code, line in ERRORS.items() if code not in NOT_IN_JSON}


@pytest.mark.parametrize(("code", "line"), IN_JSON.items(), ids=IN_JSON.keys())
def test_an_error_in_json_comes_in_the_same_envelope(
    run: Run, code: ErrorCode, line: list[str]
) -> None:
    result = run(*line, "-f", "json")
    report = json.loads(result.stdout)
    assert list(report) == ENVELOPE
    assert report["kind"] == line[0]
    assert (report["status"], report["results"], report["inputs"]) == ("error", [], None)
    assert [error["code"] for error in report["errors"]] == [code.value]
    assert report["notice"] == NOTICE
    jsonschema.validate(report, json.loads(run("schema", line[0]).stdout))


@pytest.mark.parametrize("line", IN_EVERY_FORMAT, ids=name)
def test_the_label_is_last_in_every_command_and_format(run: Run, line: list[str]) -> None:
    result = run(*line, "--no-color")
    assert result.exit_code in (ExitCode.DONE, ExitCode.OUTSIDE)
    format_ = line[-1]
    if format_ == "json":
        assert json.loads(result.stdout)["notice"].startswith(LABEL)
    elif format_ == "html":
        shown = re.sub(r"<[^>]+>", " ", result.stdout)
        assert words(shown).endswith(LABEL)
    elif format_ == "csv":
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        assert rows
        assert all(row["notice"] == LABEL and list(row)[-1] == "notice" for row in rows)
    else:
        assert words(result.stdout).rstrip("*").endswith(LABEL)


ASKED = {
    "50 mg per mL": ("dose", "154 lb", "-r", "iv", "-s", "50mg/mL", "--over", "40min"),
    "70.01 mg": ("check", "70.01 mg", "-r", "iv", "-w", "154 lb", "--over", "40min"),
}


@pytest.mark.parametrize("asked", ASKED)
def test_an_answer_repeats_what_it_was_asked(run: Run, asked: str) -> None:
    for format_ in ("table", "plain", "note", "markdown"):
        text = words(run(*ASKED[asked], "-f", format_).stdout)
        for each in ("154 lb", "40 minutes", asked):
            assert each in text, format_
    inputs = json.loads(run(*ASKED[asked], "-f", "json").stdout)["inputs"]
    assert inputs["weight"]["entered"] == "154 lb"
    assert (inputs["over"]["value"], inputs["over"]["unit"]) == (40, "min")
    given = inputs["strength" if ASKED[asked][0] == "dose" else "dose"]
    assert str(given["value"]) == asked.partition(" ")[0]


@pytest.mark.parametrize("line", IN_EVERY_FORMAT, ids=name)
def test_every_output_names_the_data_and_when_it_was_read(run: Run, line: list[str]) -> None:
    text = run(*line).stdout
    version, reviewed = "2026.11.1", "2026-11-23"  # as data/reviews.toml has them
    if line[-1] == "json":
        data = json.loads(text)["data"]
        assert (data["version"], data["reviewed"]) == (version, reviewed)
    elif line[-1] == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert {(row["data_version"], row["data_reviewed"]) for row in rows} == {
            (version, reviewed)
        }
    elif line[-1] == "note":
        sourced = [each for each in text.splitlines() if each.startswith("Source: ")]
        assert sourced
        assert all(f"; data {version} of {reviewed}, " in each for each in sourced)
    else:
        shown = words(re.sub(r"<[^>]+>|[*\\]", " ", text).replace("&#160;", " "))
        assert f"version {version}, read against its sources {reviewed}" in shown


@pytest.mark.parametrize("line", [COMMANDS[name][0] for name in sorted(NOT_REPORTS)], ids=name)
def test_what_is_not_a_report_carries_the_label_in_its_own_syntax(
    run: Run, line: list[str]
) -> None:
    assert f"# A clinic's own protocol for ketaref. {LABEL}" in run("protocol", "new").stdout
    assert json.loads(run(*line).stdout)["$comment"] == LABEL
    query = run("audit", "--sql", "postgres", "--table", "doses").stdout
    assert f"-- {LABEL}\n" in query


def test_a_dose_outside_the_range_is_an_answer_with_an_exit_status_of_its_own(run: Run) -> None:
    result = run("check", "70.01mg", "-r", "iv", "-w", "70kg", "-f", "json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["status"] == "ok"


@pytest.mark.parametrize(
    ("error", "status"), [(InputError, 2), (OutputError, 2), (DataError, 4), (KetarefError, 1)]
)
def test_each_kind_of_error_has_its_exit_status(error: type[KetarefError], status: int) -> None:
    assert error.exit_code == status


def test_a_defect_says_how_to_report_it_and_shows_no_variables(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(**_: object) -> None:
        weight_of_a_patient = "123.4 kg"
        raise RuntimeError(len(weight_of_a_patient))

    monkeypatch.setattr(commands, "delivery", lambda *_, **__: break_down())
    result = run("dose", "70 kg", "-f", "json")
    assert result.exit_code == 1
    assert "123.4" not in result.stderr.replace('weight_of_a_patient = "123.4 kg"', "")
    assert "report the lines above" in result.stderr
    assert json.loads(result.stdout)["errors"][0]["code"] == "defect"


def test_an_interrupt_ends_quietly_with_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "delivery", interrupt)
    result = run("dose", "70 kg")
    assert result.exit_code == 130
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "line",
    [
        ["check", "35mg", "-r", "iv", "-r", "nasal", "-w", "70kg"],
        ["check", "70mg", "-r", "iv", "-w", "70kg", "--weight=100kg"],
        ["dose", "70kg", "-s", "10mg/mL", "-s50mg/mL"],
        ["dose", "70kg", "-f", "csv", "-f", "json"],
        ["chart", "--from", "40kg", "--from", "50kg"],
    ],
    ids=name,
)
def test_an_option_given_twice_is_refused(run: Run, line: list[str]) -> None:
    result = run(*line)
    assert result.exit_code == 2
    assert "is given more than once" in result.stderr


def test_a_route_may_be_repeated_in_dose(run: Run) -> None:
    result = run("dose", "70kg", "-r", "iv", "-r", "nasal", "-f", "json")
    assert [row["route"] for row in json.loads(result.stdout)["results"]] == ["iv", "nasal"]


def test_what_is_said_of_a_strength_has_its_sources(run: Run) -> None:
    for strength, source in (
        ("100mg/mL", "ketalar-relabel-2024"),
        ("2mg/mL", "injectable-drugs-handbook"),
    ):
        for line in (["dose", "70kg", "-r", "iv"], ["chart"]):
            report = json.loads(run(*line, "-s", strength, "-f", "json").stdout)
            assert source in {entry["id"] for entry in report["sources"]}


@pytest.mark.parametrize("line", [["dose", "-70kg"], ["check", "-35 mg", "-r", "nasal"]])
def test_a_sign_is_not_taken_for_an_option(run: Run, line: list[str]) -> None:
    result = run(*line)
    assert result.exit_code == 2
    assert "no quantity has a sign" in result.stderr


@pytest.mark.parametrize("option", [["--format=json"], ["-fjson"], ["--format", "json"]])
def test_json_is_asked_for_in_any_way_that_an_option_is_written(
    run: Run, option: list[str]
) -> None:
    result = run("dose", "70", *option)
    assert json.loads(result.stdout)["errors"][0]["code"] == "unit_missing"
