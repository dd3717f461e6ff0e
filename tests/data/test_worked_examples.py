"""The command line answers the worked examples: values, positions and exactly these cautions."""

import json
import tomllib
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ketaref.dosing import Position
from ketaref.ranges.caution import CautionCode
from ketaref.store import load_dataset
from tests.conftest import Run

Facts = dict[str, Any]

FILE = Path(__file__).with_name("worked_examples.toml")
EXAMPLES = tomllib.loads(FILE.read_text(encoding="ascii"), parse_float=Decimal)["example"]
DATASET = load_dataset()
ROUTES = [row.route.value for row in DATASET.rows]
EXACT = ("dose_exact", "volume_exact", "rate_exact")

# What a row carries whatever the question, and what it carries with one dose alone.
ALWAYS = {
    row.route.value: {c.code for c in (*row.cautions, *DATASET.every_row) if c.at_dose is None}
    for row in DATASET.rows
}
AT_ONE_DOSE = {c.code for row in DATASET.rows for c in row.cautions if c.at_dose is not None}

# What a question calls up: an example names all of these that it must have. Not those that take a
# clinic's protocol, a chart or a later day.
NOT_HERE = {
    CautionCode.BODY_WEIGHT_MEANT,
    CautionCode.CAPPED,
    CautionCode.DEVIATION_REASON,
    CautionCode.NEAREST_STEP,
    CautionCode.NEAREST_VALUE,
    CautionCode.NO_LOCAL_ROW,
    CautionCode.NO_STEP_INSIDE,
    CautionCode.NOT_A_STEP,
    CautionCode.NOT_INCLUDED,
    CautionCode.OUTSIDE_PUBLISHED,
    CautionCode.PROTOCOL_EXPIRED,
    CautionCode.REVIEW_OVERDUE,
    CautionCode.STANDING,
}
CALLED_UP = {code.value for code in set(CautionCode) - NOT_HERE} | AT_ONE_DOSE

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=[e["id"] for e in EXAMPLES])


def codes(cautions: list[Facts]) -> set[str]:
    assert all(caution["text"] for caution in cautions)
    return {caution["code"] for caution in cautions}


def ends(span: Facts | None, part: str, unit: str) -> list[Any] | None:
    if span is None:
        return None
    assert (span["low"]["unit"], span["high"]["unit"]) == (unit, unit)
    return [span["low"][part], span["high"][part]]


def facts_of_a_dose(row: Facts) -> Facts:
    facts = {"steps": row["dose"]["steps"] and [step["value"] for step in row["dose"]["steps"]]}
    for name, unit in (("dose", "mg"), ("volume", "mL"), ("rate", "mg/min")):
        facts[name] = ends(row[name], "value", unit)
        facts[f"{name}_exact"] = ends(row[name], "exact", unit)
    infusion = row["infusion"] or {"volume": None, "rate": None}
    for name, part, unit in (("infused", "volume", "mL"), ("pump", "rate", "mL/h")):
        facts[name] = ends(infusion[part], "value", unit)
        facts[f"{name}_exact"] = ends(infusion[part], "exact", unit)
    return facts


def facts_of_a_check(row: Facts) -> Facts:
    per_kg = row["per_kg"] or {"value": None, "exact": None, "unit": "mg/kg"}
    assert (row["given"]["unit"], per_kg["unit"]) == ("mg", "mg/kg")
    return {
        "position": row["position"],
        "per_kg": per_kg["value"],
        "per_kg_exact": per_kg["exact"],
        "checked_exact": row["given"]["exact"],
    }


FACTS: dict[str, Callable[[Facts], Facts]] = {"dose": facts_of_a_dose, "check": facts_of_a_check}
MAY_BE_LEFT_OUT = {*EXACT, "checked_exact", "standing"}


@each_example
def test_a_worked_example_comes_out(run: Run, example: Facts) -> None:
    done = run(*example["args"], "-f", "json")
    # Decimal, so that 35 and 35.0 and 1E+2 are told apart
    report: Facts = json.loads(done.stdout, parse_float=Decimal)
    assert (done.exit_code, report["status"]) == (example.get("exit", 0), "ok")
    assert [row["route"] for row in report["results"]] == [r for r in ROUTES if r in example]
    assert codes(report["cautions"]) & CALLED_UP == set(example.get("cautions", []))
    for unit in {"kg", "lb"} & example.keys():
        assert report["inputs"]["weight"][unit]["exact"] == example[unit]
    for row in report["results"]:
        expected = {"cautions": [], **example[row["route"]]}
        found = {**FACTS[report["kind"]](row), "standing": row["standing"]}
        found["cautions"] = sorted(codes(row["cautions"]) & CALLED_UP)
        # What an example does not name must not be there, but for what it need not name.
        found = {
            name: value
            for name, value in found.items()
            if name in expected or (value is not None and name not in MAY_BE_LEFT_OUT)
        }
        assert repr(sorted(found.items())) == repr(sorted(expected.items()))
        assert codes(row["cautions"]) - CALLED_UP == ALWAYS[row["route"]]


def computed(line: str) -> str:
    """Return what the left side of a line comes to, from left to right and exactly."""
    first, *rest = line.partition(" = ")[0].split()
    total = Fraction(first)
    for sign, number in zip(rest[::2], rest[1::2], strict=True):
        match sign:
            case "x":
                total *= Fraction(number)
            case "/":
                total /= Fraction(number)
            case "+":
                total += Fraction(number)
            case _:
                raise ValueError(line)
    return str(total)


@each_example
def test_the_calculation_that_is_written_out_is_right(example: Facts) -> None:
    assert example["checked_by"].startswith("hand calculation")
    for line in example["calculation"]:
        assert computed(line) == str(Fraction(line.partition(" = ")[2])), line


@each_example
def test_every_exact_value_that_is_expected_was_calculated(example: Facts) -> None:
    results = {line.partition(" = ")[2] for line in example["calculation"]}
    results |= set(" ".join(example["args"]).replace("kg", " ").replace("lb", " ").split())
    expected = [example[unit] for unit in ("kg", "lb") if unit in example]
    for route in ROUTES:
        facts = example.get(route, {})
        expected += [end for name in EXACT for end in facts.get(name, [])]
        expected += [facts[name] for name in ("per_kg_exact", "checked_exact") if name in facts]
    assert set(expected) <= results


def test_the_examples_cover_every_row_every_position_and_every_caution() -> None:
    assert len(EXAMPLES) >= 25
    assert len({example["id"] for example in EXAMPLES}) == len(EXAMPLES)
    rows = [(route, example[route]) for example in EXAMPLES for route in ROUTES if route in example]
    assert {route for route, _ in rows} == set(ROUTES)
    assert {facts["position"] for _, facts in rows if "position" in facts} == set(Position)
    named = {code for _, facts in rows for code in facts.get("cautions", [])}
    named |= {code for example in EXAMPLES for code in example.get("cautions", [])}
    assert named == CALLED_UP


def test_a_result_of_a_rounded_factor_is_called_about_so_much(run: Run) -> None:
    # By hand: 83.45 x 0.45359237 = 37.8522832765 kg; x 0.2 = 7.5704566553 mg.
    lines = json.loads(run("dose", "83.45lb", "-r", "sublingual", "-f", "json").stdout)
    assert lines["results"][0]["working"][:2] == [
        "83.45 lb x 0.45359237 kg per lb = about 37.85228328 kg",
        "0.2 mg/kg x 37.85228328 kg = about 7.57045666 mg, shown as 7.6 mg",
    ]
    # By hand: 99 h are 5,940 minutes.
    over = run("dose", "70kg", "-r", "iv", "--over", "99h", "-f", "plain").stdout
    assert "35 mg / 5,940 minutes = 7/" not in over
    assert "35 mg / 5,940 minutes = " in over


def test_a_tiny_result_is_not_shown_as_zero(run: Run) -> None:
    # By hand: 0.001 mcg = 0.000001 mg; / 350 kg = 2.857142857E-9 mg/kg.
    line = ["check", "0.001mcg", "-r", "iv", "-w", "350kg", "--confirm-weight", "-f", "plain"]
    assert "0.000001 mg / 350 kg = about 0.00000000286 mg/kg" in run(*line).stdout
