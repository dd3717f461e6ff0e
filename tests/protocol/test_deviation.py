"""How a clinic's row differs from what is published, and when that needs a reason."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.protocol.clinics import (
    SUBCUTANEOUS_PER_KG,
    Edited,
    answer,
    checked,
    ends,
    printed,
)


@pytest.mark.parametrize(
    ("figures", "code", "says"),
    [
        (("0.5", "1"), "inside", "the same as the published 0.5 to 1 mg/kg"),
        (("0.6", "1"), "inside", "inside the published"),
        (("0.3", "1.2"), "wider", "below it by 0.2 mg/kg, above it by 0.2 mg/kg"),
        (("0.3", "0.4"), "outside", "all of it below"),
        (("1.5", "2"), "outside", "all of it above"),
    ],
)
def test_a_row_says_how_it_differs(
    run: Run, protocol: Edited, figures: tuple[str, str], code: str, says: str
) -> None:
    low, high = figures
    file = protocol(("low = 0.5", f"low = {low}"), ("high = 0.75", f"high = {high}"))
    deviation = checked(run, file)["results"][0]["deviation"]
    assert deviation["code"] == code
    assert says in deviation["text"]


# ------------------------------------------------------------ figures that need a reason


def test_a_reason_lets_figures_far_outside_in_and_is_shown(run: Run, protocol: Edited) -> None:
    reason = 'outside_published_range_reason = "A trial of ours"\nhigh = 7.5'
    line = ("dose", "70 kg", "-r", "iv")
    file = protocol(("high = 0.75", reason))
    (row,) = answer(run, *line, protocol=file)["local"]
    assert row["deviation_reason"] == "A trial of ours"
    text = "The protocol's reason for differing from what is published: A trial of ours."
    assert {"code": "deviation_reason", "text": text} in row["cautions"]
    assert text in printed(run, *line, protocol=file)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "low = 40, high = 60",
            "low = 1, high = 2",
            "over 1 to 2 minutes is far from the published",
        ),
        (
            "value = 50",
            "value = 0.001",
            "a maximum of 0.001 mg is far below what is published, from 15 mg",
        ),
        ('drug = "ketamine"', 'drug = "esketamine"', "nothing is published for esketamine per kg"),
    ],
)
def test_what_is_far_from_published_in_another_way_needs_a_reason_too(
    run: Run, protocol: Edited, old: str, new: str, says: str
) -> None:
    result = run("protocol", "check", str(protocol((old, new))))
    assert result.exit_code == 4
    assert f"outside_published_range_reason: is missing: {says}" in result.stderr
    reason = 'outside_published_range_reason = "A trial of ours"\nid = "iv-capped"'
    reasoned = protocol((old, new), ('id = "iv-capped"', reason))
    assert run("protocol", "check", str(reasoned)).exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("high = 0.75", "high = 2", 0),
        ("high = 0.75", "high = 2.001", 4),
        ("low = 0.5", "low = 0.25", 0),
        ("low = 0.5", "low = 0.249", 4),
    ],
)
def test_twice_a_bound_is_not_yet_far_and_any_more_is(
    run: Run, protocol: Edited, old: str, new: str, status: int
) -> None:
    # by hand: the published 0.5 to 1 mg/kg, half of its low end and twice its high end
    assert run("protocol", "check", str(protocol((old, new)))).exit_code == status


def test_a_fixed_dose_is_compared_with_the_range_over_usual_weights(
    run: Run, protocol: Edited
) -> None:
    # by hand: 0.2 mg/kg x 30 kg = 6 mg, 1 mg/kg x 200 kg = 200 mg; twice as far is let in
    def fixed(low: float, high: int) -> Path:
        figures = f'basis = "fixed"\nlow = {low}\nhigh = {high}\nunit = "mg"\n'
        return protocol(('"subcutaneous"', '"oral"'), (SUBCUTANEOUS_PER_KG, figures))

    assert run("protocol", "check", str(fixed(3, 400))).exit_code == 0
    assert run("protocol", "check", str(fixed(3, 401))).exit_code == 4
    assert run("protocol", "check", str(fixed(2.9, 400))).exit_code == 4
    (row,) = answer(run, "dose", "70kg", "-r", "oral", protocol=fixed(50, 100))["local"]
    assert (ends(row["dose"]), row["body_weight"]) == ((50, 100), None)
