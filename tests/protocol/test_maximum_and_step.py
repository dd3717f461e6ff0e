"""What a clinic's row comes to after its maximum and its rounding step, in every answer."""

import re

import pytest

from tests.conftest import Run
from tests.places import NARROW
from tests.protocol.clinics import MAXIMUM, Edited, answer, codes, ends, exact_ends, printed


def maximum(mg: float, step: float | None = None) -> tuple[str, str]:
    """Return the edit that gives the infusion another maximum, and a rounding step."""
    text = f"maximum = {{ value = {mg}, unit = 'mg' }}\n"
    text += f"rounding_step = {{ value = {step}, unit = 'mg' }}\n" if step else ""
    return MAXIMUM, text


# ------------------------------------------------------------ the maximum


def test_a_maximum_that_bites_is_shown_with_what_was_calculated(run: Run) -> None:
    # by hand: 0.5 x 120 = 60, 0.75 x 120 = 90, both above 50
    (row,) = answer(run, "dose", "120 kg", "-r", "iv")["local"]
    assert ends(row["dose"]["calculated"]) == (60, 90)
    assert row["maximum"]["value"] == 50
    assert ends(row["dose"]) == (50, 50)
    assert row["dose"]["capped"] is True
    assert "calculated 60 to 90 mg, cap 50 mg, result 50 mg" in row["working"]
    for format_ in ("table", "plain", "note", "markdown", "html"):
        text = run("dose", "120 kg", "-r", "iv", "--protocol", str(NARROW), "-f", format_).stdout
        words = " ".join(re.sub(r"&#160;|\\|\u00a0", " ", text).split())
        assert "calculated 60 to 90 mg, cap 50 mg" in words, format_
        assert "60 to 120 mg" in words, format_  # what is published


def test_a_maximum_that_cuts_one_end_leaves_the_other(run: Run) -> None:
    # by hand: 0.5 x 80 = 40, 0.75 x 80 = 60, above 50
    (row,) = answer(run, "dose", "80 kg", "-r", "iv")["local"]
    assert ends(row["dose"]) == (40, 50)
    assert row["dose"]["capped"] is True
    (row,) = answer(run, "dose", "60 kg", "-r", "iv")["local"]
    assert ends(row["dose"]) == (30, 45)
    assert row["dose"]["capped"] is False


def test_a_result_below_what_is_published_for_the_weight_says_so(run: Run) -> None:
    (row,) = answer(run, "dose", "120 kg", "-r", "iv")["local"]
    texts = [c["text"] for c in row["cautions"] if c["code"] == "outside_published"]
    assert texts == [
        "For this weight it goes below the published range: 50 mg against 60 to 120 mg per dose"
    ]
    assert row["past_published"] == ["below"]


@pytest.mark.parametrize("line", [["dose", "120 kg"], ["check", "50 mg", "-w", "120 kg"]])
def test_a_row_whose_maximum_takes_it_below_the_published_is_not_called_inside(
    run: Run, line: list[str]
) -> None:
    assert "difference below for this weight" in printed(run, *line, "-r", "iv", "-f", "plain")
    assert "For this weight it goes below the published range: 50 mg against 60 to 120 mg" in (
        printed(run, *line, "-r", "iv")
    )


# ------------------------------------------------------------ the step


def test_a_dose_in_steps_is_not_rounded_again(run: Run, protocol: Edited) -> None:
    # by hand: 17.5 to 35 in steps of 2.5
    file = protocol(("rounding_step = { value = 5", "rounding_step = { value = 2.5"))
    (row,) = answer(run, "dose", "70 kg", "-r", "sc", protocol=file)["local"]
    assert ends(row["dose"]) == (17.5, 35)


def test_a_step_rounds_inward_and_a_dose_between_the_exact_end_and_the_step_is_outside(
    run: Run,
) -> None:
    # by hand: 0.25 x 70 = 17.5, 0.5 x 70 = 35; in steps of 5, inward: 20 to 35
    for dose, position in (("17.5 mg", "below"), ("20 mg", "inside"), ("35.001 mg", "above")):
        (row,) = answer(run, "check", dose, "-r", "sc", "-w", "70 kg")["local"]
        assert row["position"] == position, dose
        assert exact_ends(row["dose"]["accepted"]) == ("20", "35")


def test_a_dose_that_is_no_multiple_of_the_step_says_so(run: Run) -> None:
    line = ["check", "36 mg", "-r", "sc", "-w", "70kg"]
    assert "36 mg is not a multiple of 5 mg" in printed(run, *line)
    (row,) = answer(run, *line)["local"]
    assert "not_a_step" in codes(row)


@pytest.mark.parametrize(
    ("row_for", "shown", "accepted"),
    [
        # by hand: 0.25 x 41 = 10.25, 0.3 x 41 = 12.3; the middle, 11.275, is nearer to 10 than 15
        (("0.3", "41 kg"), 10, ("10", "12.3")),
        # 0.25 x 52 = 13, 0.275 x 52 = 14.3; the middle, 13.65, is nearer to 15
        (("0.275", "52 kg"), 15, ("13", "15")),
        # 0.25 x 48 = 12, 0.271 x 48 = 13.008; the middle, 12.504, is nearer to 15
        (("0.271", "48 kg"), 15, ("12", "15")),
        # 0.25 x 50 = 12.5 twice: half of the way goes up
        (("0.25", "50 kg"), 15, ("12.5", "15")),
    ],
)
def test_where_no_step_fits_it_is_the_nearest_step_and_the_range_reaches_to_it(
    run: Run, protocol: Edited, row_for: tuple[str, str], shown: int, accepted: tuple[str, str]
) -> None:
    high, weight = row_for
    file = protocol(("high = 0.5\n", f"high = {high}\n"))
    (row,) = answer(run, "dose", weight, "-r", "sc", protocol=file)["local"]
    assert ends(row["dose"]) == (shown, shown)
    assert exact_ends(row["dose"]["accepted"]) == accepted
    text = f"No multiple of 5 mg lies in the range; {shown} mg is the nearest."
    assert {"code": "nearest_step", "text": text} in row["cautions"]
    assert f"the nearest multiple of 5 mg: {shown} mg" in row["working"]


def test_a_step_that_no_dose_fits_is_marked_in_a_chart(run: Run, protocol: Edited) -> None:
    # by hand as above: the multiple of 5 that is nearest to 10.25 to 12.3 is 10
    file = protocol(("high = 0.5\n", "high = 0.3\n"))
    line = ("chart", "-r", "sc", "--from", "41 kg", "--to", "41 kg", "--step", "1 kg")
    assert "10 mg (no step fits)" in printed(run, *line, "-f", "plain", protocol=file)
    (point,) = answer(run, *line, protocol=file)["local"]
    assert codes(point) == ["nearest_step"]


# ------------------------------------------------------------ both, and neither


@pytest.mark.parametrize(
    ("edit", "shown", "accepted"),
    [
        # by hand at 120 kg: 60 to 90 mg, which each maximum makes one value
        (maximum(48, 5), 45, ("45", "48")),  # 50 is nearer, and above the maximum
        (maximum(42.5, 5), 40, ("40", "42.5")),  # half of the way up would be above it
        (maximum(46, 5), 45, ("45", "46")),
        (maximum(45, 5), 45, ("45", "45")),
        (maximum(48), 48, ("48", "48")),
        (maximum(48.2), 48, ("48", "48.2")),
        (maximum(48.5), 48, ("48", "48.5")),  # 49 would be above it
        (maximum(9.96), 9.9, ("9.9", "9.96")),  # below 10 mg to 0.1 mg; 10 would be above it
    ],
)
def test_a_maximum_is_kept_whatever_the_rounding(
    run: Run, protocol: Edited, edit: tuple[str, str], shown: float, accepted: tuple[str, str]
) -> None:
    file = protocol(edit)
    (row,) = answer(run, "dose", "120 kg", "-r", "iv", protocol=file)["local"]
    assert ends(row["dose"]) == (shown, shown)
    assert exact_ends(row["dose"]["accepted"]) == accepted


def test_a_maximum_below_the_least_step_is_shown_without_the_step(
    run: Run, protocol: Edited
) -> None:
    # by hand: 0.5 x 120 = 60 and 90, both above 48; no multiple of 100 is below it
    file = protocol(maximum(48, 100))
    (row,) = answer(run, "dose", "120 kg", "-r", "iv", protocol=file)["local"]
    assert ends(row["dose"]) == (48, 48)
    assert "no_step_inside" in codes(row)


@pytest.mark.parametrize(
    ("weight", "shown", "exact"),
    [
        # by hand: 0.5 x 70.2 = 35.1 and 0.5 x 70.8 = 35.4 to 35; 0.5 x 71 = 35.5 up to 36
        ("70.2 kg", 35, ("35", "35.1")),
        ("70.8 kg", 35, ("35", "35.4")),
        ("71 kg", 36, ("35.5", "36")),
    ],
)
def test_equal_ends_are_one_value_to_the_nearest_mg(
    run: Run, protocol: Edited, weight: str, shown: int, exact: tuple[str, str]
) -> None:
    file = protocol(("high = 0.75", "high = 0.5"))
    (row,) = answer(run, "dose", weight, "-r", "iv", protocol=file)["local"]
    assert ends(row["dose"]) == (shown, shown)
    assert exact_ends(row["dose"]["accepted"]) == exact
    calculated = next(end for end in exact if end != str(shown))
    text = f"The range is one value, {calculated} mg, shown as {shown} mg."
    assert {"code": "nearest_value", "text": text} in row["cautions"]


def test_a_narrow_range_is_not_shown_as_one_number(run: Run, protocol: Edited) -> None:
    # by hand: 0.5 x 70.2 = 35.1, 0.51 x 70.2 = 35.802
    file = protocol(("high = 0.75", "high = 0.51"))
    (row,) = answer(run, "dose", "70.2 kg", "-r", "iv", protocol=file)["local"]
    assert ends(row["dose"]) == (35.1, 35.8)


@pytest.mark.parametrize("edit", [maximum(48, 5), maximum(48.2), (MAXIMUM, "")])
def test_what_dose_and_chart_show_is_inside_for_check(
    run: Run, protocol: Edited, edit: tuple[str, str]
) -> None:
    """A maximum may leave only a step, or a rounded value, below it."""
    file = protocol(edit)
    for weight in ("64 kg", "92 kg", "96 kg", "97 kg", "120 kg", "154 lb", "11 st 4 lb"):
        (row,) = answer(run, "dose", weight, "-r", "iv", protocol=file)["local"]
        for end in ("low", "high"):
            shown = f"{row['dose'][end]['value']} mg"
            line = ["check", shown, "-r", "iv", "-w", weight, "--over", "40min"]
            (position,) = answer(run, *line, protocol=file)["local"]
            assert position["position"] == "inside", (weight, shown)
    series = ("--from", "92 kg", "--to", "97 kg", "--step", "1 kg")
    points = answer(run, "chart", "-r", "iv", *series, protocol=file)["local"]
    for point in points:
        (row,) = answer(run, "dose", point["weight"]["entered"], "-r", "iv", protocol=file)["local"]
        assert point["dose"] == row["dose"]


# ------------------------------------------------------------ volumes and rates


def test_a_strength_and_a_duration_apply_to_local_rows_too(run: Run) -> None:
    # by hand at 80 kg: 40 to 50 mg; / 50 mg per mL = 0.8 to 1 mL; / 20 min = 2 to 2.5 mg/min
    (row,) = answer(run, "dose", "80 kg", "-r", "iv", "-s", "50mg/mL", "--over", "20min")["local"]
    assert ends(row["volume"]) == (0.8, 1)
    assert ends(row["rate"]) == (2, 2.5)
    assert {"check_vial", "duration_outside"} <= set(codes(row))
    assert row["working"][-4:] == [
        "40 mg / 50 mg per mL = 0.8 mL",
        "50 mg / 50 mg per mL = 1 mL",
        "40 mg / 20 minutes = 2 mg/min",
        "50 mg / 20 minutes = 2.5 mg/min",
    ]
    refused = run("dose", "80 kg", "-r", "sc", "--over", "20min", "--protocol", str(NARROW))
    assert "a duration does not apply" in refused.stderr


def test_the_volume_of_one_rounded_value_is_of_the_value_that_is_shown(
    run: Run, protocol: Edited
) -> None:
    # by hand at 120 kg: 45 mg, the step below 48; 45 / 50 = 0.9 mL; 48 / 50 would be 0.96
    file = protocol(maximum(48, 5))
    (row,) = answer(run, "dose", "120 kg", "-r", "iv", "-s", "50mg/mL", protocol=file)["local"]
    assert ends(row["volume"]) == (0.9, 0.9)
    assert row["working"][-1] == "45 mg / 50 mg per mL = 0.9 mL"
