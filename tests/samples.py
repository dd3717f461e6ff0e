"""One command line for each command, and one for each error: the tests of the contract use them."""

from ketaref.errors import ErrorCode
from ketaref.formats import Format
from tests import places

TABLE = str(places.TABLE)
NARROW, EXPIRED = str(places.NARROW), str(places.EXPIRED)
TWICE, FAR = str(places.PROTOCOLS / "twice.toml"), str(places.PROTOCOLS / "far.toml")

# A clinic's name that reads from right to left, and that markup or a template would act on.
HOSTILE_NAME = '\u0642\u0644\u0628 <script>alert(1)</script> \U0001f600 & "quoted" {{ 7*7 }}'

# Every command must be here; a test fails for a command that is not.
COMMANDS: dict[str, list[list[str]]] = {
    "routes": [["routes"], ["routes", "iv"], ["routes", "nasal"]],
    "dose": [
        ["dose", "70 kg"],
        ["dose", "154 lb", "-s", "50mg/mL", "--over", "40min"],
        ["dose", "11 st 4 lb", "-r", "iv", "-s", "100mg/mL", "--over", "1.5h"],
        ["dose", "210 kg", "--confirm-weight", "-d", "ketamine", "-s", "3mg/mL"],
        ["dose", "70.5 kg", "--over", "40min", "--infusion", "1mg/mL", "-s", "50mg/mL"],
    ],
    "check": [
        ["check", "35 mg", "-r", "iv", "-w", "70kg", "--over", "40min"],
        ["check", "70.01 mg", "-r", "iv", "-w", "70kg"],
        ["check", "60 mg", "-r", "nasal", "-d", "esketamine"],
        ["check", "70000.5 mcg", "-r", "sublingual", "-w", "154lb"],
    ],
    "chart": [
        ["chart", "-s", "50mg/mL"],
        ["chart", "-r", "sublingual", "--from", "8st", "--to", "18st", "--step", "1st"],
    ],
    "sources": [["sources"], ["sources", "spravato-us-2019"]],
    "schema": [["schema"], ["schema", "dose"]],
    "risks": [["risks"]],
    "contraindications": [
        ["contraindications"],
        [
            "contraindications",
            "--class",
            "not recommended",
            "-d",
            "esketamine",
            "--jurisdiction",
            "US",
        ],
    ],
    "checklist": [["checklist"], ["checklist", "-r", "nasal", "--clinic", "A clinic"]],
    "evidence": [["evidence"], ["evidence", "long-term"], ["evidence", "guidelines"]],
    "trials": [
        ["trials"],
        ["trials", "-r", "iv"],
        ["trials", "--diagnosis", "ocd", "-d", "s-ketamine"],
    ],
    "drug": [
        ["drug", "ketamine"],
        ["drug", "spravato"],
        ["drug", "s-ketamine", "--section", "interactions"],
    ],
    "about": [["about"], ["about", "--hazards"]],
    "review": [["review"], ["review", "--protocol", NARROW]],
    "protocol": [["protocol", "check", NARROW]],
    "audit": [["audit", TABLE], ["audit", TABLE, "--protocol", NARROW]],
}

# Reports with a clinic's protocol beside them.
WITH_PROTOCOL = [
    ["routes", "--protocol", NARROW],
    ["routes", "iv", "--protocol", EXPIRED],
    ["dose", "120 kg", "-s", "50mg/mL", "--over", "40min", "--protocol", NARROW],
    ["dose", "154 lb", "-r", "sc", "--protocol", EXPIRED],
    ["check", "35 mg", "-r", "sc", "-w", "70kg", "--protocol", NARROW],
    ["check", "60 mg", "-r", "iv", "-w", "120kg", "--protocol", NARROW],
    ["chart", "-s", "50mg/mL", "--protocol", NARROW],
    ["chart", "-r", "sc", "--protocol", NARROW],
    ["checklist", "--protocol", NARROW],
]

# Commands that are not reports: they take no format, and carry the label in their own syntax.
NOT_REPORTS = {"schema"}

WITH_NOTES = {"dose", "check"}
WITH_REFERENCES = {"sources"}

REPORTS = [line for name in COMMANDS.keys() - NOT_REPORTS for line in COMMANDS[name]]
REPORTS = sorted([*REPORTS, *WITH_PROTOCOL])

# PDF has tests of its own, which read it back with other programs.
TEXTS = [format_ for format_ in Format if format_ is not Format.PDF]

# The formats that only some commands write.
NOT_EVERYWHERE = {
    Format.NOTE: WITH_NOTES,
    Format.CSL_JSON: WITH_REFERENCES,
    Format.RIS: WITH_REFERENCES,
}


def texts_of(line: list[str]) -> list[Format]:
    """Return the formats of text that a command line can be written in."""
    return [each for each in TEXTS if line[0] in NOT_EVERYWHERE.get(each, line)]


IN_EVERY_FORMAT = [[*line, "-f", format_] for line in REPORTS for format_ in texts_of(line)]

# What a user may type that ends in each error; a test fails for a code that is not here.
ERRORS: dict[ErrorCode, list[str]] = {
    ErrorCode.AUDIT_AMBIGUOUS: ["audit", TABLE, "--protocol", TWICE],
    ErrorCode.AUDIT_BEYOND: ["audit", TABLE, "--protocol", FAR],
    ErrorCode.AUDIT_COLUMNS: ["audit", TABLE, "--columns", "dose=amount"],
    ErrorCode.AUDIT_INPUT: ["audit", "nowhere.csv"],
    ErrorCode.CHART_ENDS: ["chart", "--from", "90kg", "--to", "50kg"],
    ErrorCode.CHART_TOO_LONG: ["chart", "--step", "0.1kg"],
    ErrorCode.CHART_UNITS: ["chart", "--from", "90lb"],
    ErrorCode.CLASS_UNKNOWN: ["contraindications", "--class", "absolute"],
    ErrorCode.DIAGNOSIS_UNKNOWN: ["trials", "--diagnosis", "asthma"],
    ErrorCode.DRUG_MISSING: ["check", "56 mg", "-r", "nasal"],
    ErrorCode.DRUG_NOT_OF_ROUTE: ["dose", "70 kg", "-r", "nasal", "-d", "ketamine"],
    ErrorCode.DRUG_UNKNOWN: ["dose", "70 kg", "-d", "norketamine"],
    ErrorCode.DURATION_MISSING: ["dose", "70 kg", "--infusion", "1 mg/mL"],
    ErrorCode.FIXED_DOSE: ["chart", "-r", "nasal"],
    ErrorCode.FORMAT_DISAGREES: ["dose", "70 kg", "-f", "csv", "-o", "x.json"],
    ErrorCode.FORMAT_NOT_HERE: ["routes", "-f", "note"],
    ErrorCode.INFUSION_STRENGTH: ["dose", "70 kg", "--over", "40min", "--infusion", "10mg/mL"],
    ErrorCode.JURISDICTION_UNKNOWN: ["contraindications", "--jurisdiction", "Mars"],
    ErrorCode.KIND_UNKNOWN: ["schema", "doze"],
    ErrorCode.NOT_A_QUANTITY: ["dose", "70,5 kg"],
    ErrorCode.NOT_POSITIVE: ["check", "0 mg", "-r", "nasal"],
    ErrorCode.OUTPUT_ENDING: ["dose", "70 kg", "-o", "x.doc"],
    ErrorCode.OUTPUT_EXISTS: ["dose", "70 kg", "-o", "taken.json"],
    ErrorCode.OUTPUT_FAILED: ["dose", "70 kg", "-o", "nowhere/x.json"],
    ErrorCode.RATE_NOT_APPLICABLE: ["dose", "70 kg", "-r", "nasal", "--over", "40min"],
    ErrorCode.ROUTE_NOT_INCLUDED: ["routes", "subcutaneous"],
    ErrorCode.ROUTE_UNKNOWN: ["routes", "intraosseous"],
    ErrorCode.SECTION_UNKNOWN: ["drug", "ketamine", "--section", "dosage"],
    ErrorCode.SOURCE_UNKNOWN: ["sources", "tailor-2018"],
    ErrorCode.STRENGTH_RANGE: ["dose", "70 kg", "-s", "500 mg/mL"],
    ErrorCode.TEXT_TOO_LONG: ["checklist", "--clinic", "x" * 1000],
    ErrorCode.TOO_LONG: ["dose", "7" * 10_000],
    ErrorCode.TOO_MANY_DIGITS: ["dose", "1000 kg"],
    ErrorCode.TOPIC_UNKNOWN: ["evidence", "mechanics"],
    ErrorCode.UNIT_MISSING: ["dose", "70"],
    ErrorCode.UNIT_UNKNOWN: ["dose", "70 t"],
    ErrorCode.USAGE: ["dose", "70 kg", "--no-such-option"],
    ErrorCode.VOLUME_NOT_APPLICABLE: ["dose", "70 kg", "-r", "nasal", "-s", "50mg/mL"],
    ErrorCode.WEIGHT_MISSING: ["check", "70 mg", "-r", "iv"],
    ErrorCode.WEIGHT_RANGE: ["dose", "400 kg"],
    ErrorCode.WEIGHT_UNUSUAL: ["dose", "210 kg"],
}
