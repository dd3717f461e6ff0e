"""The contract of JSON: the keys of every answer, its quantities, its errors, its schemas."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ketaref.answers.schema import FILES, KINDS
from ketaref.errors import ErrorCode
from ketaref.label import LABEL, NOTICE
from tests.conftest import Run
from tests.contract.lines import line_id
from tests.contract.schemas import KEPT
from tests.outputs import output
from tests.places import SCHEMAS
from tests.samples import ERRORS, REPORTS


def keys(names: str) -> list[str]:
    return names.split()


ENVELOPE = keys(
    "schema_version kind status notice intended_use tool data protocol inputs results local "
    "cautions sources errors"
)

# From the design, by hand: the keys of one result of each kind.
ROW = keys(
    "origin origin_name id route route_name drug basis range published steps duration body_weight "
    "maximum rounding_step standing standing_label evidence deviation deviation_reason cautions "
    "stated_in source_ids local_sources"
)
COMPUTED = [*ROW, *keys("dose past_published working")]
CHECK_ITEM = keys(
    "origin origin_name id phase text routes note ketamine_note ketamine_stops esketamine_note "
    "esketamine_stops answers answer sources source_ids local_sources"
)
RESULT = {
    "routes": [*ROW, *keys("salt_basis advantages disadvantages trials handling")],
    "dose": [*COMPUTED, *keys("volume rate infusion")],
    "check": [*COMPUTED, *keys("given per_kg position above_controlled evidence_here")],
    "chart": keys("origin origin_name id weight dose volume cautions"),
    "sources": keys(
        "id title authors year published_in kind pmid pmcid doi nct actrn registry set_id "
        "label_revision ndc licence isbn url checked part_read version_read current not_read "
        "address cited_by"
    ),
    "risks": keys(
        "id layer group text drug note corrects jurisdiction dated frequency sources source_ids"
    ),
    "contraindications": keys(
        "id number class text drug jurisdictions is_carried_over carried_over note sources "
        "source_ids"
    ),
    "checklist": CHECK_ITEM,
    "evidence": keys("id topic says place standing because searched sources source_ids"),
    "trials": keys(
        "id group design drug route route_name doses titrated is_mean dose_note infusion sessions "
        "comparator diagnoses population people finding outcome dose_response follow_up adverse "
        "under_18 same_people_as note sources source_ids"
    ),
    "drug": keys(
        "id section section_name text see jurisdictions about note searched agent mechanism size "
        "route people what when whose strength form pack ndc licence holder only_secondary sources "
        "source_ids"
    ),
    "review": keys(
        "origin origin_name number block group part id text standing deviation sources "
        "contradicted_by decisions decision initials date source_ids local_sources"
    ),
    "protocol_check": ROW,
    "audit": keys("section origin origin_name row name count of share"),
    "about": keys("intended_user intended_use limits review hazards"),
}
# A clinic's rows have the same keys; of a protocol that is checked, `local` are its checks.
LOCAL = RESULT | {"protocol_check": CHECK_ITEM}
# What an answer has beside the envelope.
MORE = {
    "chart": ["rows"],
    "drug": ["head"],
    "evidence": ["guidelines"],
    "trials": ["rows"],
    "review": ["rows"],
}
GUIDELINE = keys("id topic body year title condition drug route stance says place read source_ids")


def kind_of(line: list[str]) -> str:
    return "protocol_check" if line[0] == "protocol" else line[0]


@cache
def validator(*kind: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(output("schema", *kind))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("line", REPORTS, ids=line_id)
def test_json_has_every_key_and_fits_its_schema(line: list[str]) -> None:
    answer, kind = json.loads(output(*line, "-f", "json")), kind_of(line)
    assert list(answer) == [*ENVELOPE, *MORE.get(kind, [])]
    assert answer["kind"] == kind
    assert answer["status"] == "ok"
    assert answer["notice"] == NOTICE
    assert answer["results"] or answer["local"] or answer.get("guidelines")
    assert all(row.keys() == set(RESULT[kind]) for row in answer["results"])
    assert all(row.keys() == set(LOCAL[kind]) for row in answer["local"])
    assert all(row.keys() == set(ROW) for row in answer.get("rows", []))
    assert all(row.keys() == set(GUIDELINE) for row in answer.get("guidelines", []))
    validator(kind).validate(answer)
    if len(line) < 3:
        validator().validate(answer)


@pytest.mark.parametrize("line", [line for line in REPORTS if "--protocol" in line], ids=line_id)
def test_a_row_says_who_states_it(line: list[str]) -> None:
    answer = json.loads(output(*line, "-f", "json"))
    if kind_of(line) == "audit":
        assert {row["origin"] for row in answer["results"]} == {"published", "local"}
        return
    assert answer["local"]
    for row in answer["results"]:
        assert (row["origin"], row["origin_name"]) == (
            "published",
            f"edition {answer['data']['version']}",
        )
    for row in answer["local"]:
        assert (row["origin"], row["origin_name"]) == ("local", answer["protocol"]["label"])


def quantities(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "value" in value:
            yield value
        for inner in value.values():
            yield from quantities(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from quantities(inner)


@pytest.mark.parametrize("line", REPORTS, ids=line_id)
def test_every_quantity_in_json_has_its_unit_its_code_and_its_exact_value(line: list[str]) -> None:
    for quantity in quantities(json.loads(output(*line, "-f", "json"))):
        assert quantity.keys() == {"value", "unit", "ucum", "exact"}
        assert isinstance(quantity["exact"], str)
        assert "E" not in quantity["exact"].upper()


# The formats' own errors cannot be had in another format; and a schema takes no format.
NOT_IN_JSON = {ErrorCode.FORMAT_DISAGREES, ErrorCode.FORMAT_NOT_HERE, ErrorCode.KIND_UNKNOWN}
IN_JSON = {code: line for code, line in ERRORS.items() if code not in NOT_IN_JSON}


@pytest.mark.parametrize(("code", "line"), IN_JSON.items(), ids=IN_JSON.keys())
def test_an_error_in_json_comes_in_the_same_envelope(
    run: Run, folder: Path, code: ErrorCode, line: list[str]
) -> None:
    answer = json.loads(run(*line, "-f", "json").stdout)
    assert list(answer) == ENVELOPE
    assert answer["kind"] == line[0]
    assert (answer["status"], answer["results"], answer["inputs"]) == ("error", [], None)
    assert [error["code"] for error in answer["errors"]] == [code.value]
    assert answer["notice"] == NOTICE
    validator(line[0]).validate(answer)


@pytest.mark.parametrize("option", [["--format=json"], ["-fjson"], ["--format", "json"]])
def test_an_error_is_json_however_the_option_is_written(run: Run, option: list[str]) -> None:
    result = run("dose", "70", *option)
    assert json.loads(result.stdout)["errors"][0]["code"] == "unit_missing"


# ------------------------------------------------------------ schemas


def test_every_kind_of_answer_has_its_keys_here() -> None:
    assert set(KINDS) == RESULT.keys()


@pytest.mark.parametrize("kind", RESULT)
def test_a_schema_lists_the_codes_and_requires_every_key(kind: str) -> None:
    found = json.loads(output("schema", kind))
    assert found["$id"] == f"urn:ketaref:schema:{kind}:1"
    assert found["$comment"] == LABEL
    title = "".join(part.capitalize() for part in kind.split("_"))
    answer = found["$defs"][f"{title}Answer"]
    assert answer["required"] == [*ENVELOPE, *MORE.get(kind, [])]
    assert set(found["$defs"]["ErrorCode"]["enum"]) == {code.value for code in ErrorCode}
    code = found["$defs"]["Caution"]["properties"]["code"]
    assert "check_vial" in code["anyOf"][0]["enum"]


def test_the_schemas_in_the_repository_are_current() -> None:
    files = {file.name: file for file in SCHEMAS.glob("*.json")}
    assert files.keys() == {f"{kind}.schema.json" for kind in KEPT}
    assert set(KEPT) == {"report", *FILES}
    for kind in KEPT:
        printed = output("schema", *([] if kind == "report" else [kind]))
        assert files[f"{kind}.schema.json"].read_text() == printed, (
            "write the schemas anew: python -m tests.contract.schemas"
        )
