"""Every cell of a chart: worked out again with whole numbers, and asked of ``dose`` alone."""

import json
from fractions import Fraction
from typing import Any

import pytest

from tests.conftest import Run

KILOGRAMS = range(20, 351)


def rungs(run: Run, *line: str) -> list[dict[str, Any]]:
    report = json.loads(run("chart", *line, "--confirm-weight", "-f", "json").stdout)
    results: list[dict[str, Any]] = report["results"]
    return results


def ends(quantities: dict[str, Any]) -> tuple[Any, Any]:
    low, high = (Fraction(str(quantities[end]["value"])) for end in ("low", "high"))
    return low, high


def test_each_cell_in_kg_is_the_bound_times_its_own_weight(run: Run) -> None:
    ladder = ["--from", "20kg", "--to", "350kg", "--step", "1kg"]
    rows = rungs(run, *ladder, "-s", "50mg/mL")
    assert [row["weight"]["value"] for row in rows] == [*KILOGRAMS]
    for kg, row in zip(KILOGRAMS, rows, strict=True):
        # By hand: 0.5 x kg, up to a whole mg, to 1 x kg; the exact ends divided by 50 mg/mL, of
        # which 0.01 mL is the last place, or 0.1 mL from 10 mL.
        assert ends(row["dose"]) == ((kg + 1) // 2, kg)
        assert ends(row["volume"]) == (Fraction(kg, 100), Fraction(kg, 50))
    sublingual = rungs(run, "-r", "sublingual", *ladder)
    for kg, row in zip(KILOGRAMS, sublingual, strict=True):
        # 0.2 x kg and 0.4 x kg: fifths of a mg end at 0.1 mg; whole mg from 10 mg, inward.
        low, high = Fraction(kg, 5), Fraction(2 * kg, 5)
        expected = (-(-kg // 5) if low >= 10 else low, 2 * kg // 5 if high >= 10 else high)
        assert ends(row["dose"]) == expected, kg


@pytest.mark.parametrize(
    ("ladder", "entered"),
    [
        (("90lb", "130lb", "10lb"), ["90 lb", "100 lb", "110 lb", "120 lb", "130 lb"]),
        (("8st", "10st", "1st"), ["8 st", "9 st", "10 st"]),
        (("70.5kg", "72kg", "0.5kg"), ["70.5 kg", "71 kg", "71.5 kg", "72 kg"]),
    ],
    ids=["lb", "st", "kg"],
)
def test_a_cell_is_what_dose_answers_for_its_weight(
    run: Run, ladder: tuple[str, str, str], entered: list[str]
) -> None:
    options = [
        word for pair in zip(("--from", "--to", "--step"), ladder, strict=True) for word in pair
    ]
    rows = rungs(run, *options)
    assert len(rows) == len(entered)
    for weight, row in zip(entered, rows, strict=True):
        alone = json.loads(run("dose", weight, "-r", "iv", "-f", "json").stdout)["results"][0]
        assert row["dose"] == {end: alone["dose"][end] for end in ("low", "high")}, weight
