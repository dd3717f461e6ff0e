"""What each format makes of an answer: CSV, JSON, Markdown, and the note for a record."""

import csv
import io
import re
from decimal import Decimal

import pytest

from ketaref.answers.exact_json import dumps
from ketaref.ranges.computed import DoseResult
from ketaref.store import load_dataset
from ketaref.writers import csv as csv_writer
from ketaref.writers.markdown import escaped
from tests.conftest import Run


def csv_rows(run: Run, *line: str) -> list[dict[str, str]]:
    """Return the lines of an answer as CSV, by column."""
    return list(csv.DictReader(io.StringIO(run(*line, "-f", "csv").stdout)))


def test_csv_has_one_line_for_each_result_and_the_same_columns_for_every_answer(run: Run) -> None:
    plain = list(csv.reader(io.StringIO(run("dose", "70 kg", "-f", "csv").stdout)))
    rows = csv_rows(run, "dose", "154 lb", "-s", "50mg/mL", "--over", "40min")
    assert [len(line) for line in plain] == [len(plain[0])] * (1 + len(rows))
    assert plain[0] == list(rows[0])
    assert [row["route"] for row in rows] == [row.route for row in load_dataset().rows]
    assert {row["weight"] for row in rows} == {"154 lb"}
    by_route = {row["route"]: row for row in rows}
    # by hand: 154 x 0.45359237 = 69.85322498 kg, times 0.5 and times 0.2; / 50 = 1.3970644996 mL
    for route, exact, volume in (
        ("iv", "34.92661249", "1.39"),
        ("nasal", "28", ""),
        ("sublingual", "13.970644996", ""),
    ):
        assert by_route[route]["dose_low_exact"] == exact
        assert by_route[route]["volume_high_value"] == volume


def test_no_line_of_csv_has_a_dose_without_its_drug(run: Run) -> None:
    for line in (["dose", "70 kg"], ["check", "35 mg", "-r", "iv", "-w", "70 kg"], ["chart"]):
        rows = csv_rows(run, *line)
        drugs = {(row.route.value, row.drug.value) for row in load_dataset().rows}
        assert {(row["route"], row["drug"]) for row in rows} <= drugs, line
        assert all(row["standing"] and row["dose_low_value"] for row in rows), line


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(cell: str) -> None:
    assert csv_writer._cell(cell) == f"'{cell}"


def test_a_cell_that_a_spreadsheet_shows_as_it_is_is_left_alone() -> None:
    assert csv_writer._cell("35 mg") == "35 mg"


def test_an_exact_fraction_is_no_date_in_a_spreadsheet(run: Run) -> None:
    (row,) = csv_rows(run, "dose", "70kg", "-r", "iv", "--over", "1h")
    assert (row["rate_low_exact"], row["rate_low_value"]) == ("'7/12", "0.584")


def test_csv_columns_do_not_depend_on_the_values() -> None:
    assert "volume_strength_exact" in csv_writer.flatten(DoseResult, None)


def test_json_has_no_exponent_and_nothing_that_is_not_json() -> None:
    assert dumps(Decimal("1E+2")) == "100"
    assert dumps(Decimal("0.00000012")) == "0.00000012"
    assert dumps({}) == "{}"
    assert dumps([]) == "[]"
    assert dumps({"a": [Decimal("0.50"), None, True]}) == (
        '{\n  "a": [\n    0.5,\n    null,\n    true\n  ]\n}'
    )
    with pytest.raises(ValueError, match="JSON"):
        dumps(float("nan"))


def test_markdown_shows_markup_as_it_is() -> None:
    assert escaped("[mg/kg] <b> *x* a|b") == r"\[mg/kg\] \<b\> \*x\* a\|b"


def test_a_note_is_two_lines_for_each_row(run: Run) -> None:
    lines = run("dose", "70 kg", "-r", "iv", "-f", "note").stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(
        "racemic ketamine, intravenous; published range 0.5 to 1 mg/kg per dose over 40 to 60 "
        "minutes; for this weight 35 to 70 mg per dose; weight 70 kg = 154.3 lb; "
    )
    for part in (
        "Racemic ketamine only. Not esketamine",
        "0.5 mg/kg x 70 kg = 35 mg",
        "standing partly-corroborated: supported at 0.5 mg/kg only",
        "evidence: 14 mg (0.2 mg/kg): 1 controlled intravenous trial",
    ):
        assert part in lines[0]
    assert lines[1].startswith("Source: article (consumer article), ")
    assert lines[1].endswith("Reference information, not prescribing guidance.")
    every = run("dose", "70 kg", "-f", "note").stdout.splitlines()
    assert len(every) == 2 * len(load_dataset().rows)
    assert (
        len(
            run(
                "check", "60 mg", "-r", "nasal", "-d", "esketamine", "-f", "note"
            ).stdout.splitlines()
        )
        == 2
    )


def test_a_note_has_the_cautions_that_the_question_calls_up(run: Run) -> None:
    note = run("check", "70 mg", "-r", "iv", "-w", "154kg", "-f", "note").stdout
    assert "Duration not given" in note
    assert "154 lb is 69.9 kg" in note
    note = run("dose", "70 kg", "-r", "iv", "-s", "100mg/mL", "-f", "note").stdout
    assert "dilute before intravenous use" in note


@pytest.mark.parametrize(
    ("line", "but"),
    [
        (["35 mg", "-r", "iv", "-w", "70 kg", "--over", "1min"], "but not over its duration"),
        (["35 mg", "-r", "iv", "-w", "70 kg"], "but its duration was not given"),
        (["56 mg", "-r", "nasal", "-d", "esketamine"], None),
        (["35 mg", "-r", "iv", "-w", "70 kg", "--over", "40min"], None),
        (
            ["20 mg", "-r", "nasal", "-d", "esketamine"],
            None,
        ),  # below: it is no matter how it was given
        (["20 mg", "-r", "iv", "-w", "70 kg"], None),
    ],
)
def test_a_dose_that_was_not_given_as_the_range_states_is_not_called_inside_alone(
    run: Run, line: list[str], but: str | None
) -> None:
    buts = r"but (?:not over its duration|its duration was not given)"
    for format_ in ("table", "plain", "note", "markdown", "html"):
        text = run("check", *line, "-f", format_).stdout
        words = " ".join(text.replace("&#160;", " ").split())
        assert re.findall(buts, words) == ([but] if but else []), format_
