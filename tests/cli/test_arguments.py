"""Quantities of several words, typed without quotes."""

import json

import pytest

from tests.conftest import Run


def same(run: Run, typed: str, quoted: list[str]) -> None:
    one, other = run(*typed.split(), "-f", "json"), run(*quoted, "-f", "json")
    assert (one.exit_code, one.stderr) == (other.exit_code, other.stderr)
    assert json.loads(one.stdout) == json.loads(other.stdout)


@pytest.mark.parametrize(
    ("typed", "quoted"),
    [
        ("dose 70 kg -s 50 mg/mL", ["dose", "70 kg", "-s", "50 mg/mL"]),
        ("dose -s 50 mg/mL 70 kg", ["dose", "70 kg", "-s", "50 mg/mL"]),
        ("dose 70 kg -s 50 mg per mL", ["dose", "70 kg", "-s", "50 mg/mL"]),
        ("dose 70 kg --over 40 min -r iv", ["dose", "70 kg", "--over", "40 min", "-r", "iv"]),
        ("dose 70 kg --over 1.5 hours", ["dose", "70 kg", "--over", "1.5 h"]),
        ("dose 11 st 4 lb", ["dose", "11 st 4 lb"]),
        ("dose 11st 4lb", ["dose", "11 st 4 lb"]),
        ("dose 11 stone 4 pounds -r iv", ["dose", "11 st 4 lb", "-r", "iv"]),
        ("check 35 mg -r iv -w 70 kg", ["check", "35 mg", "-r", "iv", "-w", "70 kg"]),
        ("check 35 mg -r iv -w70 kg", ["check", "35 mg", "-r", "iv", "-w", "70 kg"]),
        ("check 35 mg -r iv --weight=70 kg", ["check", "35 mg", "-r", "iv", "-w", "70 kg"]),
        ("check -w 11 st 4 lb -r iv 35 mg", ["check", "35 mg", "-r", "iv", "-w", "11 st 4 lb"]),
        ("check -w 11 st -r iv 35 mg", ["check", "35 mg", "-r", "iv", "-w", "11 st"]),
        (
            "chart --from 40 kg --to 60 kg --step 10 kg",
            ["chart", "--from", "40 kg", "--to", "60 kg", "--step", "10 kg"],
        ),
        (
            "chart --from 8 st --to 9 st 7 lb --step 1 st",
            ["chart", "--from", "8 st", "--to", "9 st 7 lb", "--step", "1 st"],
        ),
    ],
)
def test_a_quantity_works_without_quotes_after_an_option_too(
    run: Run, typed: str, quoted: list[str]
) -> None:
    same(run, typed, quoted)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("check 35 mg -r iv -w 70,5 kg", 'cannot read weight "70,5 kg"'),
        (
            "check 35 mg -r iv -w 70 kilos",
            'cannot read weight "70 kilos": "kilos" is not a',
        ),
        ("check 35 mg -r iv -w 70 mg", 'cannot read weight "70 mg": "mg" is a unit of dose'),
        ("dose 70 kg --over 40 kg", 'cannot read duration "40 kg": "kg" is a unit of weight'),
        ("dose 70 kg -s 500 mg per vial", 'cannot read strength "500 mg per vial"'),
        ("check 35 mg -w 70 -r iv", 'weight "70" has no unit'),
        ("check 35 mg -w 1e2 kg -r iv", 'cannot read weight "1e2 kg"'),
        ("dose 0 kg", 'weight "0 kg" must be more than 0'),
    ],
)
def test_a_refusal_is_about_all_of_what_was_typed(run: Run, typed: str, says: str) -> None:
    result = run(*typed.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


def test_the_command_for_protocols_alone_shows_its_help(run: Run) -> None:
    result = run("protocol")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == run("protocol", "--help").stdout
    assert "new" in result.stdout
