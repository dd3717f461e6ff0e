"""What is shown: safe notation in every output, and no number parted from its unit at any width."""

import html
import re
import tomllib
from datetime import date, timedelta
from itertools import pairwise

import pytest

from ketaref import Reference
from ketaref.document import wrap
from ketaref.label import LABEL
from ketaref.store import load_dataset
from ketaref.writers import Page, screen
from tests.outputs import output
from tests.places import DATA, NARROW
from tests.samples import COMMANDS, IN_EVERY_FORMAT, REPORTS

# Exempt by name: what is quoted letter for letter, and what only looks like a quantity.
AS_WRITTEN = (
    *("0.5-1.0 mg/kg body weight", "28-84 mg", "0.2-0.4 mg/kg", "40-60 minutes"),
    "Bakker IM",  # an author
)
SOURCES = load_dataset().sources
TITLES = sorted((source.title for source in SOURCES), key=len, reverse=True)
ADDRESSES = sorted({a for s in SOURCES for a in (s.url, s.link) if a}, key=len, reverse=True)
EXEMPT = re.compile(
    "|".join(
        [
            *map(re.escape, (*AS_WRITTEN, *TITLES)),
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


# As published, and so not ours to word: the titles of the sources, and their addresses.
QUOTED = re.compile(
    "|".join(
        [
            r"https?://[^\s;,|\"<]+",
            *(re.escape(source.title) for source in load_dataset().sources),
        ]
    )
)


def exempted(text: str) -> str:
    """Take out what is exempt, in wrapped text too."""
    marks = re.compile(r"^[|>] ?", re.MULTILINE)  # before each line of a clinic's own
    one_line = " ".join(marks.sub("", text).replace("\\", "").split())
    return EXEMPT.sub("", QUOTED.sub("", one_line))


@pytest.mark.parametrize(
    "line", [line for line in IN_EVERY_FORMAT if line[-1] in FOR_PEOPLE], ids=name
)
def test_every_number_is_in_safe_notation(line: list[str]) -> None:
    text = exempted(output(*line))
    for rule, pattern in RULES.items():
        wrong = re.search(pattern, text)
        assert not wrong, f"{rule}: {text[max(wrong.start() - 30, 0) : wrong.end() + 10]}"


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
def test_every_output_is_ascii_and_ends_with_one_new_line(line: list[str]) -> None:
    text = output(*line)
    assert text.isascii()
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)


@pytest.mark.parametrize("width", [20, 24, 32, 40, 60, 80, 200])
@pytest.mark.parametrize("format_", ["table", "plain"])
@pytest.mark.parametrize("line", REPORTS, ids=name)
def test_no_number_is_parted_from_its_unit_at_any_width(
    line: list[str], format_: str, width: int
) -> None:
    text = output(*line, "-f", format_, columns=width)
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


# By hand: each quantity, and the same with its unit after each number, for a line too short for it.
QUANTITIES = {
    "35 mg": "35 mg",
    "0.5 to 1 mg/kg": "0.5 mg/kg to 1 mg/kg",
    "40 to 60 minutes": "40 minutes to 60 minutes",
    "28, 56 or 84 mg": "28 mg, 56 mg or 84 mg",
    "69.85322498 kg": "69.85322498 kg",
    "0.874 to 1.74 mg/min": "0.874 mg/min to 1.74 mg/min",
    "10, 50 and 100 mg per mL": "10 mg per mL, 50 mg per mL and 100 mg per mL",
    "11 st 4 lb": "11 st 4 lb",
    "17, 13 and 11 %": "17 %, 13 % and 11 %",
}


def test_a_hash_longer_than_the_line_is_cut_and_loses_nothing() -> None:
    lines = wrap("7" * 64, 20)
    assert [len(line) for line in lines] == [20, 20, 20, 4]
    assert "".join(lines) == "7" * 64


@pytest.mark.parametrize("width", range(12, 60))
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_wrapping_keeps_a_number_with_its_unit(quantity: str, width: int) -> None:
    text = f"some words before {quantity} and some words after {quantity} at an end"
    lines = wrap(text, width, " ")
    unit = quantity.rsplit(maxsplit=1)[-1] if "per mL" not in quantity else "mg per mL"
    whole = quantity if len(quantity) < width else QUANTITIES[quantity]
    assert " ".join(" ".join(lines).split()) == text.replace(quantity, whole)
    number = re.findall(r"\d[\d.,]*", quantity)[-1]
    assert sum(line.count(f"{number} {unit}") for line in lines) == 2


def test_wrapping_cuts_only_what_is_longer_than_a_line() -> None:
    assert wrap("hash " + "a" * 30, 20, " ") == ["hash", " " + "a" * 19, " " + "a" * 11]


def test_plain_has_one_fact_on_each_line_in_a_pipe() -> None:
    for line in REPORTS:
        for fact in output(*line, "-f", "plain").splitlines():
            assert re.match(r"[A-Za-z0-9][^:]*: \S", fact), fact


def test_plain_reads_well_aloud() -> None:
    facts = output("dose", "154 lb", "-f", "plain").splitlines()
    assert facts[:6] == [
        "heading: Published ranges for 154 lb = 69.9 kg",
        "route: intravenous",
        "drug: racemic ketamine",
        "range per dose: 35 to 69 mg, standing supported at 0.5 mg/kg only",
        "over: 40 to 60 minutes",
        "route: intranasal",
    ]
    assert facts[-1] == f"notice: {LABEL}"


@pytest.mark.parametrize("format_", ["table", "plain", "markdown", "csv"])
def test_the_standing_is_on_the_line_of_the_range(format_: str) -> None:
    lines = output("dose", "154 lb", "-f", format_).splitlines()
    assert any("no source" in line and "14" in line and "27" in line for line in lines)


def test_the_nasal_row_says_that_the_weight_is_not_used() -> None:
    for format_ in FOR_PEOPLE:
        text = output("dose", "70 kg", "-r", "nasal", "-f", format_)
        assert "body weight not used" in text
        assert "28, 56 or 84 mg" in text


# How a volume is written in the working: after the strength that it is divided by.
DIVIDED = re.compile(r"/ 50 mg per mL = [\d.]+ mL, shown as [\d.]+ mL")


@pytest.mark.parametrize("format_", FOR_PEOPLE)
def test_no_volume_is_shown_without_its_strength(format_: str) -> None:
    text = " ".join(output("dose", "154 lb", "-r", "iv", "-s", "50mg/mL", "-f", format_).split())
    assert len(DIVIDED.findall(text)) == 2  # both ends
    results = re.findall(r"\d mL.{0,16}", DIVIDED.sub("", text))
    assert results == ["9 mL at 50 mg per mL"]  # of 0.7 to 1.39 mL
    assert "Check the vial: 10, 50 and 100 mg per mL are marketed" in text
    assert " mL" not in output("dose", "154 lb", "-f", format_).replace("mg per mL", "")


DUE: date = tomllib.loads((DATA / "reviews.toml").read_text())["dataset"]["review_due"]


@pytest.mark.parametrize("line", IN_EVERY_FORMAT, ids=name)
def test_every_output_says_so_once_the_data_is_overdue(line: list[str]) -> None:
    overdue = f"was due for review by {DUE}"
    on_the_day, after = (output(*line, day=DUE + timedelta(days)) for days in (0, 1))
    assert overdue not in " ".join(on_the_day.split())
    assert overdue in " ".join(after.replace("\\", "").split())


# Where these words may stand: in a denial, and as the status of an answer, not of a dose.
NEGATIONS = (
    '"status": "ok"',
    *TITLES,  # not ours to change, and addresses
    *ADDRESSES,
    "Guidance on the Safe",  # a title too, where a cell is wrapped
    "ot recommended",  # what a label says
    "Institute for Safe Medication Practices",  # a name
    "A full list does not mean that treatment is safe",
    "that nothing on it applies does not make treatment safe",
    "every number is in safe notation",  # what a test is named
    "ot recommended",  # a class of contraindications, and the words of a label
)
VERDICTS = re.compile(
    r"\b(?:safe|safely|OK|okay|recommended|appropriate|inappropriate)\b", re.IGNORECASE
)


@pytest.mark.parametrize("line", IN_EVERY_FORMAT, ids=name)
def test_no_output_passes_a_verdict_on_a_dose_or_a_patient(line: list[str]) -> None:
    text = html.unescape(" ".join(output(*line).replace("\\", "").split()))
    text = QUOTED.sub("", text)
    for allowed in NEGATIONS:
        text = text.replace(allowed, "")
    assert not VERDICTS.findall(text)


def test_the_samples_are_not_empty() -> None:
    assert len(REPORTS) >= 13
    assert len(IN_EVERY_FORMAT) >= 5 * len(REPORTS)
    assert all(COMMANDS.values())


def test_a_row_of_a_longer_name_leaves_the_page_its_tables() -> None:
    answer = Reference.open().dose("70 kg")
    longer = answer.results[0].model_copy(update={"route_name": "intramuscular"})
    answer = answer.model_copy(update={"results": (*answer.results, longer)})
    lines = screen.write(answer, Page(width=80)).splitlines()
    assert max(map(len, lines)) <= 80
    assert any(re.match(r"intramuscular +racemic +35 to 70 mg +supported at", x) for x in lines)


def test_a_table_that_does_not_fit_leaves_the_others_as_they_are() -> None:
    text = output("chart", "-s", "50 mg/mL", "--protocol", str(NARROW), columns=44)
    assert "weight: 40 kg = 88.2 lb, range per dose\n" in text
    assert "route            intravenous\n" in text


@pytest.mark.parametrize("width", range(20, 100, 3))
def test_a_range_is_whole_in_its_cell_or_the_layout_is_plain(width: int) -> None:
    text = output("dose", "70 kg", columns=width)
    for whole in ("35 to 70 mg", "28, 56 or 84 mg", "14 to 28 mg", "40 to 60 minutes"):
        assert whole in text
    assert "0.5 to 1 mg/kg" in output("routes", columns=width)
