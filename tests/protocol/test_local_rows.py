"""A clinic's own row where it is a fixed dose, has other steps or has another duration."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.protocol.clinics import (
    BODY,
    FIXED,
    INTRANASAL,
    INTRAVENOUS,
    OVER,
    PER_KG,
    REASON,
    SUBCUTANEOUS_PER_KG,
    Edited,
    answer,
    checked,
    ends,
    printed,
)


@pytest.fixture
def fixed(protocol: Edited) -> Path:
    """Return a protocol whose infusion is a fixed dose; the published one is per kg."""
    return protocol((PER_KG, FIXED), (BODY, REASON))


def test_a_fixed_row_where_the_published_one_is_per_kg_says_that_the_basis_differs(
    run: Run, fixed: Path
) -> None:
    (row,) = answer(run, "dose", "70 kg", "-r", "iv", protocol=fixed)["local"]
    assert ends(row["dose"]) == (30, 60)
    assert row["body_weight"] is None
    assert row["deviation"]["code"] == "other_basis"
    text = "other basis: the published intravenous row is 0.5 to 1 mg/kg; over 40 to 60 minutes"
    assert row["deviation"]["text"] == text
    assert "by ideal body weight" not in printed(run, "dose", "70 kg", "-r", "iv", protocol=fixed)


def test_a_dose_is_compared_with_a_fixed_row_whatever_the_weight(run: Run, fixed: Path) -> None:
    line = ["check", "60 mg", "-r", "iv", "-w", "70kg", "--over", "40min"]
    report = answer(run, *line, protocol=fixed)
    assert report["local"][0]["position"] == "inside"
    assert report["local"][0]["per_kg"] is None
    assert "30 to 60 mg" in printed(run, *line, protocol=fixed)
    assert report["results"][0]["per_kg"]["value"] == pytest.approx(0.857)  # by hand: 60 / 70


# By hand: the controlled intravenous trials gave 0.2 and 0.5 mg/kg, at 70 kg 14 mg and 35 mg.
@pytest.mark.parametrize(
    ("dose", "above", "says"),
    [
        ("35 mg", False, "35 mg (0.5 mg/kg): 9 controlled intravenous trials"),
        ("45 mg", True, "Above 0.5 mg/kg, the highest dose of a controlled intravenous trial"),
    ],
)
def test_a_fixed_row_is_compared_with_trials_per_kg_for_a_weight(
    run: Run, fixed: Path, dose: str, says: str, *, above: bool
) -> None:
    line = ["check", dose, "-r", "iv", "-w", "70kg", "--over", "40min"]
    (row,) = answer(run, *line, protocol=fixed)["local"]
    assert row["above_controlled"] is above
    assert row["evidence_here"].startswith(says)
    tried = {each["dose"]["value"]: each["position"] for each in row["evidence"]["doses"]}
    assert tried == {0.2: "below", 0.5: "inside", 1: "above"}  # 30 to 60 mg: 0.43 to 0.86 mg/kg
    assert "no controlled intravenous trial of a dose" not in printed(run, *line, protocol=fixed)


def test_a_row_per_kg_is_compared_with_trials_of_a_fixed_dose(run: Run, protocol: Edited) -> None:
    file = protocol((INTRAVENOUS, INTRANASAL), (BODY, f"{BODY}{REASON}"))
    (row,) = answer(run, "dose", "70kg", "-r", "nasal", "-d", "esketamine", protocol=file)["local"]
    tried = {each["dose"]["value"]: each["position"] for each in row["evidence"]["doses"]}
    assert tried == {56: "above", 84: "above"}  # by hand: 0.5 to 0.75 x 70 = 35 to 52.5 mg


def test_a_fixed_row_is_not_compared_with_trials_per_kg_without_a_weight(
    run: Run, protocol: Edited
) -> None:
    per_kg_route = ('"subcutaneous"', '"intramuscular"'), (SUBCUTANEOUS_PER_KG, FIXED)
    file = protocol(*per_kg_route)
    line = ["check", "45 mg", "-r", "im"]
    (row,) = answer(run, *line, protocol=file)["local"]
    assert row["above_controlled"] is None
    needed = "Controlled intramuscular trials gave 0.5 to 1 mg/kg: a weight is needed to compare."
    assert (row["evidence_here"], row["evidence"]["doses"]) == (needed, [])
    verdict = "not compared with controlled intramuscular trials without a weight"
    assert verdict in printed(run, *line, "--format", "plain", protocol=file)


def test_a_fixed_row_does_not_use_body_weight(run: Run, protocol: Edited) -> None:
    fixed_oral = ('"subcutaneous"', '"oral"'), (SUBCUTANEOUS_PER_KG, FIXED)
    (row,) = answer(run, "dose", "70kg", "-r", "oral", protocol=protocol(*fixed_oral))["local"]
    assert (ends(row["dose"]), row["body_weight"]) == ((30, 60), None)
    assert row["working"][0] == "body weight not used: a fixed dose"


def test_a_reason_for_differing_stands_in_the_review_pack(run: Run, fixed: Path) -> None:
    texts = [item["text"] for item in answer(run, "review", protocol=fixed)["local"]]
    assert any(text.endswith("; reason: Agreed for the trial") for text in texts)


def test_a_nasal_row_in_other_steps_says_so(run: Run, protocol: Edited) -> None:
    file = protocol((INTRAVENOUS, INTRANASAL), (PER_KG, FIXED), (BODY, REASON), (OVER, ""))
    (row,) = answer(run, "dose", "70 kg", "-r", "nasal", protocol=file)["local"]
    assert row["deviation"] == {
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
def test_another_duration_is_named_after_the_range(
    run: Run, protocol: Edited, over: str, code: str, says: str
) -> None:
    file = protocol((OVER, f"duration = {{ {over} }}\n"))
    (row,) = answer(run, "dose", "70 kg", "-r", "iv", protocol=file)["local"]
    assert row["deviation"]["code"] == code
    assert says in row["deviation"]["text"]


def test_a_duration_where_none_is_published_is_named_and_is_no_other_duration(
    run: Run, protocol: Edited
) -> None:
    sublingual = INTRAVENOUS.replace("intravenous", "sublingual")
    range_ = PER_KG.replace("0.5", "0.2").replace("0.75", "0.3")
    over = 'duration = { low = 5, high = 10, unit = "min" }\n'
    file = protocol((INTRAVENOUS, sublingual), (PER_KG, range_), (OVER, over))
    (row,) = answer(run, "dose", "70 kg", "-r", "sublingual", protocol=file)["local"]
    assert row["deviation"]["code"] == "inside"
    assert row["deviation"]["text"].endswith("; over 5 to 10 minutes, published varies")


def test_another_duration_does_not_hide_another_range(run: Run, protocol: Edited) -> None:
    over = "duration = { low = 30, high = 50, unit = 'min' }\n"
    file = protocol(("low = 0.5\n", "low = 0.3\n"), (OVER, over))
    (row,) = answer(run, "dose", "70 kg", "-r", "iv", protocol=file)["local"]
    assert row["deviation"]["code"] == "wider"
    assert "over 30 to 50 minutes" in row["deviation"]["text"]


def test_a_range_inside_the_published_over_another_duration_is_not_called_inside(
    run: Run, protocol: Edited
) -> None:
    file = protocol(("low = 40, high = 60", "low = 30, high = 60"))
    row = checked(run, file)["results"][0]
    assert row["deviation"]["code"] == "other_duration"


def test_a_dose_inside_a_local_range_over_another_duration_is_not_called_inside_alone(
    run: Run,
) -> None:
    line = ("check", "35mg", "-r", "iv", "-w", "70kg")
    for format_ in ("plain", "note"):
        slow = printed(run, *line, "--over", "40min", "-f", format_)
        fast = printed(run, *line, "--over", "1min", "-f", format_)
        assert "but not over its duration" not in slow
        assert fast.count("but not over its duration") == 2, format_  # published, and local
