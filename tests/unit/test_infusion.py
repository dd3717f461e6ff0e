"""A prepared infusion: the volume to run in, the pump's rate, and what is refused."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketaref import Reference
from ketaref.errors import ErrorCode, InputError
from tests.conftest import Run
from tests.places import NARROW


@pytest.fixture
def reference() -> Reference:
    return Reference.open()


def infusion(run: Run, *line: str) -> dict[str, Any]:
    result = run("dose", *line, "-f", "json")
    assert result.exit_code == 0, result.stderr
    answer = json.loads(result.stdout)
    found: dict[str, Any] = (*answer["results"], *answer["local"])[-1]["infusion"]
    return found


# By hand: 0.5 and 1 mg/kg x 70 kg = 35 and 70 mg; over 40 min; mL = mg / (mg per mL); x 60 / 40.
@pytest.mark.parametrize(
    ("strength", "over", "volume", "rate"),
    [
        ("1 mg/mL", "40 min", (35, 70), (52.5, 105)),
        ("2 mg/mL", "40 min", (17.5, 35), (26.3, 52.5)),  # 26.25 rounded inward
        ("1 mg/mL", "1 h", (35, 70), (35, 70)),
        ("2 mg per mL", "60 min", (17.5, 35), (17.5, 35)),
    ],
)
def test_the_volume_and_the_rate_are_as_calculated_by_hand(
    run: Run, strength: str, over: str, volume: tuple[float, float], rate: tuple[float, float]
) -> None:
    found = infusion(run, "70 kg", "-r", "iv", "--infusion", strength, "--over", over)
    assert (found["volume"]["low"]["value"], found["volume"]["high"]["value"]) == volume
    assert (found["rate"]["low"]["value"], found["rate"]["high"]["value"]) == rate
    assert found["rate"]["low"]["unit"] == "mL/h"


@pytest.mark.parametrize("strength", ["10 mg/mL", "50 mg/mL", "100 mg/mL"])
def test_an_undiluted_vial_is_no_infusion(reference: Reference, strength: str) -> None:
    """H: pump-rate-mix-up."""
    with pytest.raises(InputError) as error:
        reference.dose("70 kg", infusion=strength, over="40 min")
    assert error.value.code is ErrorCode.INFUSION_STRENGTH
    times = strength.split(maxsplit=1)[0]
    assert f"set as mL/h on it gives {times} times the dose" in error.value.message


@pytest.mark.parametrize("strength", ["0.5 mg/mL", "1.5 mg/mL", "5 mg/mL", "1.001 mg/mL"])
def test_a_solution_that_no_source_names_is_refused(reference: Reference, strength: str) -> None:
    with pytest.raises(InputError, match="prepared infusion that a source names: those are 1 mg"):
        reference.dose("70 kg", infusion=strength, over="40 min")


def test_a_drug_without_a_prepared_infusion_says_so(reference: Reference) -> None:
    with pytest.raises(InputError, match="no prepared infusion of esketamine is named"):
        reference.dose("70 kg", drug="esketamine", infusion="1 mg/mL", over="40 min")


def test_a_rate_needs_its_time(reference: Reference) -> None:
    with pytest.raises(InputError) as error:
        reference.dose("70 kg", infusion="1 mg/mL")
    assert error.value.code is ErrorCode.DURATION_MISSING


@pytest.mark.parametrize("format_", ["table", "plain", "note", "markdown"])
def test_a_page_has_one_unit_of_rate(run: Run, format_: str) -> None:
    """H: pump-rate-mix-up. A rate in mg/min beside one in mL/h may be set on the pump."""
    line = ["dose", "70 kg", "-r", "iv", "--over", "40 min", "-f", format_]
    assert "mg/min" in run(*line).stdout.replace("mg/kg/min", "")
    with_pump = run(*line, "--infusion", "1 mg/mL").stdout.replace("mg/kg/min", "")
    assert "52.5 to 105 mL/h at 1 mg per mL over 40 minutes" in " ".join(with_pump.split())
    assert "mg/min" not in with_pump


def test_a_row_that_is_not_infused_has_no_rate(run: Run) -> None:
    line = ("70 kg", "--over", "40 min", "--infusion", "1 mg/mL", "-f", "json")
    rows = json.loads(run("dose", *line).stdout)["results"]
    assert {row["route"] for row in rows if row["infusion"]} == {"iv"}
    refused = run("dose", "70 kg", "-r", "nasal", "--infusion", "1 mg/mL", "--over", "40 min")
    assert refused.exit_code == 2


def test_a_clinic_s_infusion_stops_at_its_maximum(run: Run) -> None:
    # By hand: 0.5 and 0.75 x 80 = 40 and 60 mg, at most 50; / 1 mg per mL; x 60 / 40.
    line = ("80 kg", "-r", "iv", "--infusion", "1 mg/mL", "--over", "40 min")
    found = infusion(run, *line, "--protocol", str(NARROW))
    assert (found["volume"]["high"]["value"], found["rate"]["high"]["value"]) == (50, 75)


@given(
    grams=st.integers(30_000, 200_000), strength=st.sampled_from([1, 2]), minutes=st.integers(1, 99)
)
def test_what_the_pump_runs_in_is_inside_the_range(grams: int, strength: int, minutes: int) -> None:
    answer = Reference.open().dose(
        f"{grams / 1000} kg", route="iv", infusion=f"{strength} mg/mL", over=f"{minutes} min"
    )
    found = answer.results[0].infusion
    assert found is not None
    low, high = (Fraction(end.value) for end in (found.rate.low, found.rate.high))
    per_kg = [rate * minutes / 60 * strength * 1000 / grams for rate in (low, high)]
    assert Fraction(1, 2) <= per_kg[0] <= per_kg[1] <= 1
