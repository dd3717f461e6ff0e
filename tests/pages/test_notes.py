"""Notes for a record: no caution that the question or the clinic's row calls up is left out."""

import pytest

from tests.conftest import Run
from tests.places import NARROW


@pytest.mark.parametrize(
    "caution",
    [
        "36 mg is not a multiple of 5 mg, the step of the protocol",
        "The weight given must be the actual body weight",
    ],
)
def test_a_note_has_every_caution_of_the_clinics_row(run: Run, caution: str) -> None:
    line = ["check", "36 mg", "-r", "sc", "-w", "70kg", "--protocol", str(NARROW), "-f", "note"]
    assert caution in run(*line).stdout


def test_a_note_says_that_the_protocol_has_no_row(run: Run) -> None:
    line = ["dose", "70 kg", "-r", "sublingual", "--protocol", str(NARROW), "-f", "note"]
    assert "has no row for this: only what is published is shown" in run(*line).stdout


def test_a_note_says_that_a_solution_is_prepared(run: Run) -> None:
    note = run("dose", "70 kg", "-r", "iv", "-s", "1mg/mL", "-f", "note").stdout
    assert "1 mg per mL is a prepared infusion solution, not a marketed vial" in note
