"""A protocol that is wrong is refused whole, with the file, the row and the field named."""

import json

import pytest

from ketaref.errors import ExitCode
from tests.conftest import Run
from tests.protocol.clinics import FIXED, PER_KG, Edited


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('body_weight = "ideal"\n', "", "row iv-capped: body_weight: is missing: which body"),
        (
            PER_KG,
            FIXED,
            "iv-capped: body_weight: a fixed row does not use body weight",
        ),
        (
            PER_KG,
            FIXED,
            "iv-capped: maximum: 50 mg is below high, which is 60 mg",
        ),
        (
            '[[row]]\nid = "iv',
            'row = 5\n[[sow]]\nid = "iv',
            "sow: is no known table; tables: protocol",
        ),
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
        (
            "low = 0.5",
            "low = 0.5\nlows = 1",
            "row iv-capped: lows: is no known key; keys: ",
        ),
        ("low = 0.5", "low = 5", "row iv-capped: high: 0.75 is below low"),
        ("high = 0.75", "high = 7.5", "far outside what is published, 0.5 to 1 mg/kg"),
        ("low = 0.25\nhigh = 0.5", "low = 2.5\nhigh = 5", "row sc-row: outside_published_range_"),
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
        ('"Infusion protocol"', f'"{"x" * 301}"', "has 301 characters: at most 300 are accepted"),
        ('id = "sc-row"', 'id = "iv-capped"', "id iv-capped occurs 2 times"),
        ('id = "way-home"', 'id = "sc-row"', "id sc-row occurs 2 times"),
        ('id = "sc-row"', 'id = "SC row"', "id: a name of small letters"),
        ("[[check]]", "[[checks]]", "checks: is no known table; tables: protocol, row, check"),
        ("[protocol]", "[protokol]", "[protocol]: is missing"),
        ("expires = 2027-01-15", "expires = 2026-01-15", "expires: 2026-01-15 is not later than"),
        ("expires = 2027-01-15", 'expires = "2027-01-15"', "expires: a date without quotes"),
        ("expires = 2027-01-15", "expires = 2027-01-15T10:00:00", "expires: a date without quotes"),
        ("expires = 2027-01-15", "expires = 20270115", "expires: a date without quotes"),
        ("approved = 2026-01-15", "approved = 2026-11-24", "it is not yet valid"),
        ("[[row]]", "[[row]", "cannot be read: "),
        ('phase = "after"', 'phase = "later"', "check way-home: phase: Input should be 'before'"),
        ("[[row]]", "row = 5\n[[rows]]", "rows: is no known table"),
    ],
)
def test_a_wrong_protocol_is_refused_with_file_row_field_and_what_is_accepted(
    run: Run, protocol: Edited, old: str, new: str, says: str
) -> None:
    file = protocol((old, new))
    for line in (["protocol", "check", str(file)], ["routes", "--protocol", str(file)]):
        result = run(*line)
        assert result.exit_code == ExitCode.BAD_DATA, result.stdout
        assert says in result.stderr
        assert "ours.toml: " in result.stderr
        assert result.stdout == "", "nothing is half applied"
        assert "\x1b" not in result.stderr


def test_all_problems_are_named_at_once_also_within_one_row(run: Run, protocol: Edited) -> None:
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


def test_tables_that_are_no_tables_are_named(run: Run, protocol: Edited) -> None:
    file = protocol()
    text = file.read_text(encoding="utf-8")
    file.write_text("row = 5\n" + text[: text.index("[[row]]")], encoding="utf-8")
    result = run("protocol", "check", str(file))
    assert result.exit_code == ExitCode.BAD_DATA
    assert "row: tables [[row]] are needed" in result.stderr


def test_a_review_with_fields_missing_is_named(run: Run, protocol: Edited) -> None:
    file = protocol()
    with file.open("a", encoding="utf-8") as opened:
        opened.write('\n[[review]]\nrole = "pharmacist"\n')
    result = run("protocol", "check", str(file))
    assert result.exit_code == ExitCode.BAD_DATA
    for field in ("organisation", "reviewed", "version", "covered", "sha256"):
        assert f"review 1: {field}: is missing" in result.stderr
