"""Every cell of a chart: worked out again with whole numbers, and compared with ``dose``."""

import json
from fractions import Fraction
from typing import Any

import pytest

from tests.conftest import Run

KILOGRAMS = range(20, 351)


def points(run: Run, *line: str) -> list[dict[str, Any]]:
    answer = json.loads(run("chart", *line, "--confirm-weight", "-f", "json").stdout)
    results: list[dict[str, Any]] = answer["results"]
    return results


def ends(quantities: dict[str, Any]) -> tuple[Any, Any]:
    low, high = (Fraction(str(quantities[end]["value"])) for end in ("low", "high"))
    return low, high


def test_each_cell_in_kg_is_the_bound_times_its_own_weight(run: Run) -> None:
    series = ["--from", "20kg", "--to", "350kg", "--step", "1kg"]
    found = points(run, *series, "-s", "50mg/mL")
    assert [point["weight"]["entered"] for point in found] == [f"{kg} kg" for kg in KILOGRAMS]
    assert [point["weight"]["kg"]["value"] for point in found] == [*KILOGRAMS]
    for kg, point in zip(KILOGRAMS, found, strict=True):
        # By hand: 0.5 x kg, up to a whole mg, to 1 x kg; the exact ends divided by 50 mg/mL, of
        # which 0.01 mL is the last place, or 0.1 mL from 10 mL.
        assert ends(point["dose"]) == ((kg + 1) // 2, kg)
        assert ends(point["volume"]) == (Fraction(kg, 100), Fraction(kg, 50))
    sublingual = points(run, "-r", "sublingual", *series)
    for kg, point in zip(KILOGRAMS, sublingual, strict=True):
        # 0.2 x kg and 0.4 x kg: fifths of a mg end at 0.1 mg; whole mg from 10 mg, inward.
        low, high = Fraction(kg, 5), Fraction(2 * kg, 5)
        expected = (-(-kg // 5) if low >= 10 else low, 2 * kg // 5 if high >= 10 else high)
        assert ends(point["dose"]) == expected, kg


@pytest.mark.parametrize(
    ("series", "entered"),
    [
        (("90lb", "130lb", "10lb"), ["90 lb", "100 lb", "110 lb", "120 lb", "130 lb"]),
        (("8st", "10st", "1st"), ["8 st", "9 st", "10 st"]),
        (("70.5kg", "72kg", "0.5kg"), ["70.5 kg", "71 kg", "71.5 kg", "72 kg"]),
    ],
    ids=["lb", "st", "kg"],
)
def test_a_cell_is_what_dose_answers_for_its_weight(
    run: Run, series: tuple[str, str, str], entered: list[str]
) -> None:
    lightest, heaviest, step = series
    found = points(run, "--from", lightest, "--to", heaviest, "--step", step, "-s", "10mg/mL")
    assert [point["weight"]["entered"] for point in found] == entered
    for weight, point in zip(entered, found, strict=True):
        answer = json.loads(run("dose", weight, "-r", "iv", "-s", "10mg/mL", "-f", "json").stdout)
        (alone,) = answer["results"]
        assert point["weight"] == answer["inputs"]["weight"]
        assert point["dose"] == alone["dose"]
        assert point["volume"] == {end: alone["volume"][end] for end in ("low", "high")}
