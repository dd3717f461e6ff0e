"""The template of a protocol, and its JSON Schema."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema

from ketaref.protocol.read import TEMPLATE
from tests.conftest import Run
from tests.places import NARROW, PROTOCOLS


def filled(template: str) -> str:
    """Return the template with every blank filled in."""
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


def with_options(template: str) -> str:
    """Return the template with what is commented out as well, but for the review."""
    before_review = template.partition("# A review of exactly this file")[0]
    text = re.sub(r"^# (?=\[|[a-z_]+ = )", "", before_review, flags=re.MULTILINE)
    text = text.replace('reason = ""', 'reason = "Because"').replace('text = ""', 'text = "T"')
    return text.replace('{ title = "", place = "" }', '{ title = "T", place = "p" }')


def test_the_template_is_printed_as_it_is(run: Run) -> None:
    assert run("protocol", "new").stdout == TEMPLATE.read_text(encoding="ascii")


def test_the_template_is_accepted_once_its_blanks_are_filled(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    template = TEMPLATE.read_text(encoding="ascii")
    file.write_text(template)
    blank = run("protocol", "check", str(file))
    assert blank.exit_code == 4
    assert blank.stderr.count("is blank") >= 6
    for text in (filled(template), with_options(filled(template))):
        file.write_text(text)
        result = run("protocol", "check", str(file))
        assert result.exit_code == 0, result.stderr


def as_json(text: str) -> Any:
    """Return a protocol as an editor hands it to a schema, with its dates as texts."""
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def test_the_schema_of_a_protocol_accepts_what_the_program_accepts(run: Run) -> None:
    schema = json.loads(run("schema", "protocol").stdout)
    validator = jsonschema.Draft202012Validator(schema)
    for file in PROTOCOLS.glob("*.toml"):
        validator.validate(as_json(file.read_text(encoding="utf-8")))
    template = filled(TEMPLATE.read_text(encoding="ascii"))
    for text in (template, with_options(template)):
        validator.validate(as_json(text))
    narrow = NARROW.read_text(encoding="utf-8")
    assert not validator.is_valid(as_json(narrow.replace('"mg/kg"', '"mcg/kg"')))
    assert schema["$id"] == "urn:ketaref:schema:protocol:1"
