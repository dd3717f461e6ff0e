"""What a clinic's own row says where it is fixed, or has other steps, or another duration."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.places import NARROW
from tests.protocol.clinics import answer, ends

Edited = Callable[..., Path]

PER_KG = 'basis = "per_kg"\nlow = 0.5\nhigh = 0.75\nunit = "mg/kg"\n'
BODY = 'body_weight = "ideal"\nmaximum = { value = 50, unit = "mg" }\n'
REASON = 'outside_published_range_reason = "Agreed for the trial"\n'
FIXED = 'basis = "fixed"\nlow = 30\nhigh = 60\nunit = "mg"\n'
OVER = 'duration = { low = 40, high = 60, unit = "min" }\n'
INTRAVENOUS = 'route = "intravenous"\ndrug = "ketamine"\n'
INTRANASAL = 'route = "intranasal"\ndrug = "esketamine"\n'


@pytest.fixture
def fixed(protocol: Edited) -> Path:
    """Return a protocol whose infusion is a fixed dose, beside the published one per kg."""
    return protocol((PER_KG, FIXED), (BODY, REASON))


def test_a_fixed_row_beside_one_per_kg_says_that_the_basis_differs(run: Run, fixed: Path) -> None:
    (row,) = answer(run, "dose", "70 kg", "-r", "iv", protocol=fixed)["local"]
    assert ends(row["dose"]) == (30, 60)
    assert row["body_weight"] is None
    assert row["difference"]["code"] == "other_basis"
    text = "other basis: the published intravenous row is 0.5 to 1 mg/kg; over 40 to 60 minutes"
    assert row["difference"]["text"] == text
    assert "by ideal body weight" not in run_words(run, "dose", "70 kg", "-r", "iv", protocol=fixed)


def test_a_dose_is_laid_against_a_fixed_row_without_its_weight(run: Run, fixed: Path) -> None:
    line = ["check", "60 mg", "-r", "iv", "-w", "70kg", "--over", "40min"]
    report = answer(run, *line, protocol=fixed)
    assert report["local"][0]["place"] == "inside"
    assert report["local"][0]["per_kg"] is None
    assert "30 to 60 mg" in run_words(run, *line, protocol=fixed)
    assert report["results"][0]["per_kg"]["value"] == pytest.approx(0.857)  # by hand: 60 / 70


def test_a_reason_for_differing_stands_in_the_review_pack(run: Run, fixed: Path) -> None:
    texts = [item["text"] for item in answer(run, "review", protocol=fixed)["local"]]
    assert any(text.endswith("; reason: Agreed for the trial") for text in texts)


def test_a_nasal_row_in_other_steps_says_so(run: Run, protocol: Edited) -> None:
    file = protocol((INTRAVENOUS, INTRANASAL), (PER_KG, FIXED), (BODY, REASON), (OVER, ""))
    (row,) = answer(run, "dose", "70 kg", "-r", "nasal", protocol=file)["local"]
    assert row["difference"] == {
        "code": "other_steps",
        "text": "not in the published steps, 28, 56 or 84 mg",
    }


@pytest.mark.parametrize(
    ("over", "code", "says"),
    [
        ("low = 45, high = 50, unit = 'min'", "inside", "; over 45 to 50 minutes, published 40 to"),
        ("low = 30, high = 50, unit = 'min'", "other_duration", "; over 30 to 50 minutes, publis"),
        ("low = 0.75, high = 1, unit = 'h'", "inside", "; over 0.75 to 1 hour, published 40 to"),
        ("low = 0.75, high = 1.5, unit = 'h'", "other_duration", "; over 0.75 to 1.5 hours, pub"),
    ],
)
def test_another_duration_is_said_beside_the_range(
    run: Run, protocol: Edited, over: str, code: str, says: str
) -> None:
    file = protocol((OVER, f"duration = {{ {over} }}\n"))
    (row,) = answer(run, "dose", "70 kg", "-r", "iv", protocol=file)["local"]
    assert row["difference"]["code"] == code
    assert says in row["difference"]["text"]


def test_a_duration_where_none_is_published_is_said_and_is_not_another_one(
    run: Run, protocol: Edited
) -> None:
    sublingual = INTRAVENOUS.replace("intravenous", "sublingual")
    range_ = PER_KG.replace("0.5", "0.2").replace("0.75", "0.3")
    over = 'duration = { low = 5, high = 10, unit = "min" }\n'
    file = protocol((INTRAVENOUS, sublingual), (PER_KG, range_), (OVER, over))
    (row,) = answer(run, "dose", "70 kg", "-r", "sublingual", protocol=file)["local"]
    assert row["difference"]["code"] == "inside"
    assert row["difference"]["text"].endswith("; over 5 to 10 minutes, published varies")


def test_another_duration_does_not_take_the_place_of_another_range(
    run: Run, protocol: Edited
) -> None:
    over = "duration = { low = 30, high = 50, unit = 'min' }\n"
    file = protocol(("low = 0.5\n", "low = 0.3\n"), (OVER, over))
    (row,) = answer(run, "dose", "70 kg", "-r", "iv", protocol=file)["local"]
    assert row["difference"]["code"] == "wider"
    assert "over 30 to 50 minutes" in row["difference"]["text"]


def test_a_cap_below_the_least_step_leaves_the_range_as_it_is(run: Run, protocol: Edited) -> None:
    # by hand: 0.5 x 120 = 60 and 90, both above 48; no multiple of 100 is below it
    step = "maximum = { value = 48, unit = 'mg' }\nrounding_step = { value = 100, unit = 'mg' }"
    file = protocol(('maximum = { value = 50, unit = "mg" }', step))
    (row,) = answer(run, "dose", "120 kg", "-r", "iv", protocol=file)["local"]
    assert ends(row["dose"]) == (48, 48)
    assert "no_step_inside" in [caution["code"] for caution in row["cautions"]]


def test_a_route_that_only_the_protocol_has_is_shown_as_not_published(run: Run) -> None:
    report = answer(run, "routes", "im")
    assert report["results"] == []
    assert [row["route_name"] for row in report["local"]] == ["intramuscular"]
    words = run_words(run, "routes", "im")
    assert words.startswith("No published range, intramuscular")


def test_a_chart_of_too_many_cells_of_a_protocol_is_refused(run: Run, protocol: Edited) -> None:
    text = protocol().read_text(encoding="utf-8")
    row = text[text.index('[[row]]\nid = "iv-capped"') : text.index('[[row]]\nid = "im-row"')]
    rows = "".join(row.replace("iv-capped", f"iv-{number}") for number in range(20))
    file = protocol((row, rows))
    line = ["chart", "--from", "50kg", "--to", "150kg", "--step", "0.5kg"]
    result = run(*line, "--protocol", str(file))
    assert result.exit_code == 2
    # by hand: 201 weights, 20 rows
    assert "4,020 cells of the protocol's 20 rows; at most 2,000" in " ".join(result.stderr.split())


def test_tables_that_are_no_tables_are_named(run: Run, protocol: Edited) -> None:
    file = protocol()
    text = file.read_text(encoding="utf-8")
    file.write_text("row = 5\n" + text[: text.index("[[row]]")], encoding="utf-8")
    result = run("protocol", "check", str(file))
    assert result.exit_code == 4
    assert "row: tables [[row]] are needed" in result.stderr


def test_a_review_that_cannot_be_read_is_named_and_not_judged(run: Run, protocol: Edited) -> None:
    file = protocol()
    with file.open("a", encoding="utf-8") as opened:
        opened.write('\n[[review]]\nrole = "pharmacist"\n')
    result = run("protocol", "check", str(file))
    assert result.exit_code == 4
    assert "review 1" in result.stderr
    assert "version" in result.stderr


def run_words(run: Run, *line: str, protocol: Path | None = None) -> str:
    """Return what a person reads, on one line."""
    more = ["--protocol", str(protocol)] if protocol else ["--protocol", str(NARROW)]
    return re.sub(r"\s+", " ", run(*line, *more).stdout)
