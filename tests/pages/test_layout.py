"""What is shown: safe notation in every output, and no number parted from its unit at any width."""

import re
from datetime import date
from itertools import pairwise

import pytest

from ketaref.cli import audit, commands, governance, lists, reference
from ketaref.document import wrap
from ketaref.label import LABEL
from tests.conftest import TODAY, Run
from tests.release.matrix import spelled_out
from tests.samples import COMMANDS, IN_EVERY_FORMAT, REPORTS

# Exempt by name: what is quoted letter for letter, and what only looks like a quantity.
AS_WRITTEN = ("0.5-1.0 mg/kg body weight", "28-84 mg", "0.2-0.4 mg/kg", "40-60 minutes")
EXEMPT = re.compile(
    "|".join(
        [
            *map(re.escape, AS_WRITTEN),
            r"10\.\d{4,}/[^\s;,|]+",  # DOI
            r"\b[0-9a-f]{64}\b",  # hash
            r"\b20\d\d\.\d+\.\d+\b",  # version of the data
            r"\bketaref \d+\.\d+\.\d+\b",
            r"\b\d+\.\d+\.\d+\b",
        ]
    )
)
UNITS = r"(?:mg/kg|mg/min|mg|mcg|g|kg|mL|lb|st|min|h)"
RULES = {
    "N1 naked decimal": r"(?<![\d.\w])\.\d",
    "N2 trailing zero": rf"\d\.\d*0(?= {UNITS}\b| to \d| per )",
    "N3 number touching unit": rf"(?<![\w.-])\d[\d.,]*{UNITS}(?![\w/-])",
    "N4 unsafe unit": r"\d ?(?:µg|μg|ug|cc|ml|ML|mgs|kgs|IU|U)\b|\d (?:mg|mcg|mL|kg|lb|g)\.(?!\d)",
    "N5 symbol beside a number": r"[<>@&≥≤] ?\d|\d ?[<>@&≥≤]",
    "N6 no comma from 1,000": rf"(?<![\d.,])\d{{4,}}(?:\.\d+)? {UNITS}\b",
    # In a command it is what is to be typed; a protocol's row may be named as the clinic likes.
    "N7 route abbreviated": r"\bIN\b|(?<!routes )(?<!-r )\b(?i:IV|NAS|SL|SC|IM|PO)\b(?!-[a-z])",
    "N9 dash as a range": rf"\d ?[-\u2013] ?\d[\d.]* {UNITS}\b",
    "N10 exponent": r"\d[eE][+-]?\d",
}
FOR_PEOPLE = ("table", "plain", "note", "markdown")


def name(line: list[str]) -> str:
    return " ".join(line)


def exempted(text: str) -> str:
    """Take out what is exempt, in wrapped text too."""
    marks = re.compile(r"^[|>] ?", re.MULTILINE)  # before each line of a clinic's own
    return EXEMPT.sub("", " ".join(marks.sub("", text).replace("\\", "").split()))


@pytest.mark.parametrize(
    "line", [line for line in IN_EVERY_FORMAT if line[-1] in FOR_PEOPLE], ids=name
)
def test_every_number_is_in_safe_notation(run: Run, line: list[str]) -> None:
    text = exempted(run(*line).stdout)
    for rule, pattern in RULES.items():
        assert not re.findall(rf".{{0,30}}(?:{pattern}).{{0,10}}", text), rule


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_notation_can_fail(rule: str) -> None:
    wrong = {
        "N1 naked decimal": "take .5 mg",
        "N2 trailing zero": "35.0 mg",
        "N3 number touching unit": "35mg",
        "N4 unsafe unit": "35 ug",
        "N5 symbol beside a number": "<10 mg",
        "N6 no comma from 1,000": "70000 mg",
        "N7 route abbreviated": "given IV",
        "N9 dash as a range": "35-70 mg",
        "N10 exponent": "1E+2 mg",
    }[rule]
    assert re.search(RULES[rule], exempted(wrong))


@pytest.mark.parametrize("line", IN_EVERY_FORMAT, ids=name)
def test_every_output_is_ascii_and_ends_with_one_new_line(run: Run, line: list[str]) -> None:
    text = run(*line).stdout
    assert text.isascii()
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)


@pytest.mark.parametrize("width", [20, 24, 32, 40, 60, 80, 200])
@pytest.mark.parametrize("format_", ["table", "plain"])
@pytest.mark.parametrize("line", REPORTS, ids=name)
def test_no_number_is_parted_from_its_unit_at_any_width(
    run: Run, monkeypatch: pytest.MonkeyPatch, line: list[str], format_: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = run(*line, "-f", format_).stdout
    lines = text.splitlines()
    if format_ == "table":
        assert max(map(len, lines)) <= width
    for first, second in pairwise(lines):
        start = second.split()[0] if second.split() else ""
        number = re.search(r"\d[\d.,]*$", first)
        parted = number and re.fullmatch(rf"{UNITS}[,;.:]?|%|minutes?|hours?|per", start)
        # In a table the next line may belong to another cell; there each cell is checked below.
        if parted and "  " not in first.strip():
            pytest.fail(f"{first!r} / {second!r}")
    assert " ".join(text.split()).endswith(LABEL)
    assert not re.search(r"\.\.\.$|…", text, re.MULTILINE)


QUANTITIES = [
    "35 mg",
    "0.5 to 1 mg/kg",
    "40 to 60 minutes",
    "28, 56 or 84 mg",
    "69.85322498 kg",
    "0.874 to 1.74 mg/min",
    "10, 50 and 100 mg per mL",
    "11 st 4 lb",
    "17, 13 and 11 %",
]


@pytest.mark.parametrize("width", range(12, 60))
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_wrapping_keeps_a_number_with_its_unit(quantity: str, width: int) -> None:
    text = f"some words before {quantity} and some words after {quantity} at an end"
    lines = wrap(text, width, " ")
    last = quantity.rsplit(maxsplit=1)[-1] if "per mL" not in quantity else "mg per mL"
    said = text if len(quantity) < width else text.replace(quantity, spelled_out(quantity))
    assert " ".join(" ".join(lines).split()) == said
    number = re.findall(r"\d[\d.,]*", quantity)[-1]
    assert sum(line.count(f"{number} {last}") for line in lines) == 2


def test_wrapping_cuts_only_what_is_longer_than_a_line() -> None:
    assert wrap("hash " + "a" * 30, 20, " ") == ["hash", " " + "a" * 19, " " + "a" * 11]


def test_plain_has_one_fact_on_each_line_in_a_pipe(run: Run) -> None:
    for line in REPORTS:
        for fact in run(*line, "-f", "plain").stdout.splitlines():
            assert re.match(r"[a-z0-9][^:]*: \S", fact), fact


def test_plain_reads_well_aloud(run: Run) -> None:
    facts = run("dose", "154 lb", "-f", "plain").stdout.splitlines()
    assert facts[:6] == [
        "heading: Published ranges for 154 lb = 69.9 kg",
        "route: intravenous",
        "drug: racemic ketamine",
        "range per dose: 35 to 69 mg, standing partly-corroborated",
        "over: 40 to 60 minutes",
        "route: intranasal",
    ]
    assert facts[-1] == f"notice: {LABEL}"


@pytest.mark.parametrize("format_", ["table", "plain", "markdown", "csv"])
def test_the_standing_is_on_the_line_of_the_range(run: Run, format_: str) -> None:
    lines = run("dose", "154 lb", "-f", format_).stdout.splitlines()
    assert any("unsupported" in line and "14" in line and "27" in line for line in lines)


def test_the_nasal_row_says_that_the_weight_is_not_used(run: Run) -> None:
    for format_ in FOR_PEOPLE:
        text = run("dose", "70 kg", "-r", "nasal", "-f", format_).stdout
        assert "body weight not used" in text
        assert "28, 56 or 84 mg" in text


# How a volume is written in the working: after the strength that it is divided by.
DIVIDED = re.compile(r"/ 50 mg per mL = [\d.]+ mL, shown as [\d.]+ mL")


@pytest.mark.parametrize("format_", FOR_PEOPLE)
def test_no_volume_is_shown_without_its_strength(run: Run, format_: str) -> None:
    text = " ".join(run("dose", "154 lb", "-s", "50mg/mL", "-f", format_).stdout.split())
    assert len(DIVIDED.findall(text)) == 2  # both ends
    results = re.findall(r"\d mL.{0,16}", DIVIDED.sub("", text))
    assert results == ["9 mL at 50 mg per mL"]  # of 0.7 to 1.39 mL
    assert "Check the vial: 10, 50 and 100 mg per mL are marketed" in text
    assert " mL" not in run("dose", "154 lb", "-f", format_).stdout.replace("mg per mL", "")


@pytest.mark.parametrize("line", IN_EVERY_FORMAT, ids=name)
def test_every_output_says_so_once_the_data_is_overdue(
    run: Run, monkeypatch: pytest.MonkeyPatch, line: list[str]
) -> None:
    says_so = "was to be read again by 2027-05-23"
    _on(monkeypatch, TODAY.replace(year=2027, month=5, day=23))
    assert says_so not in " ".join(run(*line).stdout.split())
    _on(monkeypatch, TODAY.replace(year=2027, month=5, day=24))
    assert says_so in " ".join(run(*line).stdout.replace("\\", "").split())


def _on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    for module in (audit, commands, governance, lists, reference):
        monkeypatch.setattr(module, "today", lambda: day)


# Where these words may stand: in a denial, and as the status of an answer, not of a dose.
NEGATIONS = (
    '"status": "ok"',
    "Guidance on the Safe Use of Ketamine",  # a title, which is not ours to change
    "ketamine-safe-use",  # and its address
    "Institute for Safe Medication Practices",  # a name
    "A full list does not mean that treatment is safe",
    "that nothing on it applies does not make treatment safe",
    "every number is in safe notation",  # what a test is named
)
VERDICTS = re.compile(
    r"\b(?:safe|safely|OK|okay|recommended|appropriate|inappropriate)\b", re.IGNORECASE
)


@pytest.mark.parametrize("line", IN_EVERY_FORMAT, ids=name)
def test_no_output_passes_a_verdict_on_a_dose_or_a_patient(run: Run, line: list[str]) -> None:
    text = " ".join(run(*line).stdout.split())
    for allowed in NEGATIONS:
        text = text.replace(allowed, "")
    assert not VERDICTS.findall(text)


def test_the_samples_are_not_empty() -> None:
    assert len(REPORTS) >= 13
    assert len(IN_EVERY_FORMAT) >= 5 * len(REPORTS)
    assert all(COMMANDS.values())


@pytest.mark.parametrize("width", range(20, 100, 3))
def test_a_range_is_whole_in_its_cell_or_the_layout_is_plain(
    run: Run, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = run("dose", "70 kg").stdout
    for whole in ("35 to 70 mg", "28, 56 or 84 mg", "14 to 28 mg", "40 to 60 minutes"):
        assert whole in text
    assert "0.5 to 1 mg/kg" in run("routes").stdout
