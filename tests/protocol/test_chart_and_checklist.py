"""A clinic's rows in a chart, and its checks in the checklist."""

import re

import pytest

from ketaref.answers.protocol_check import protocol_check_answer
from ketaref.pages.frame import lay_out
from ketaref.protocol.read import read_protocol
from ketaref.ranges.library import Library
from ketaref.store import load_dataset
from tests.conftest import TODAY, Run
from tests.places import NARROW, PROTOCOLS
from tests.protocol.clinics import (
    FIXED,
    SUBCUTANEOUS_PER_KG,
    Edited,
    answer,
    ends,
    printed,
)


def test_the_chart_has_a_column_for_the_protocol(run: Run) -> None:
    line = ["chart", "--from", "60kg", "--to", "120kg", "--step", "20kg"]
    # by hand: 0.5 and 0.75 times 60, 80, 100 and 120, at most 50
    doses = [ends(point["dose"]) for point in answer(run, *line)["local"]]
    assert doses == [(30, 45), (40, 50), (50, 50), (50, 50)]
    text = printed(run, *line)
    assert re.search(r"80 kg = 176\.4 lb 40 to 80 mg 40 to 50 mg \(calculated 40 to 60 mg\)", text)
    own = run("chart", "-r", "sc", "--protocol", str(NARROW)).stdout
    assert own.startswith("No published range by body weight, subcutaneous")


def test_a_chart_names_each_row_once_and_each_point_by_its_row(run: Run) -> None:
    report = answer(run, "chart")
    named = {(row["origin"], row["id"]) for row in report["rows"]}
    points = [*report["results"], *report["local"]]
    assert {(point["origin"], point["id"]) for point in points} == named
    assert ("local", "iv-capped") in named
    weights = [point["weight"] for point in report["results"]]
    assert [point["weight"] for point in report["local"]] == weights


def test_a_chart_of_too_many_cells_of_a_protocol_is_refused(run: Run, protocol: Edited) -> None:
    text = protocol().read_text(encoding="utf-8")
    row = text[text.index('[[row]]\nid = "iv-capped"') : text.index('[[row]]\nid = "sc-row"')]
    rows = "".join(row.replace("iv-capped", f"iv-{number}") for number in range(20))
    file = protocol((row, rows))
    line = ["chart", "--from", "50kg", "--to", "150kg", "--step", "0.5kg"]
    result = run(*line, "--protocol", str(file))
    assert result.exit_code == 2
    # by hand: 201 weights, 20 rows
    assert "4,020 cells of the protocol's 20 rows; at most 2,000" in " ".join(result.stderr.split())


def test_a_fixed_row_is_named_as_not_charted(run: Run, protocol: Edited) -> None:
    file = protocol(
        ('route = "subcutaneous"', 'route = "sublingual"'), (SUBCUTANEOUS_PER_KG, FIXED)
    )
    report = answer(run, "chart", "-r", "sublingual", protocol=file)
    texts = [caution["text"] for caution in report["cautions"]]
    assert "Row sc-row of the protocol is a fixed dose, and is not charted." in texts


def test_a_protocol_may_change_only_the_checklist(run: Run) -> None:
    file = PROTOCOLS / "checklist_only.toml"
    assert answer(run, "dose", "70 kg", protocol=file)["local"] == []
    ids = [check["id"] for check in answer(run, "checklist", protocol=file)["local"]]
    assert ids == ["quiet-room", "spray-technique"]
    of_iv = answer(run, "checklist", "-r", "iv", protocol=file)["local"]
    assert [check["id"] for check in of_iv] == ["quiet-room"]
    text = printed(run, "checklist", protocol=file)
    assert "Before the session, local protocol: Session checks 2026-2" in text


def test_a_check_alone_opens_a_route_for_the_checklist(run: Run, protocol: Edited) -> None:
    file = protocol(('phase = "after"', 'phase = "after"\nroutes = ["oral"]'))
    report = answer(run, "checklist", "-r", "oral", protocol=file)
    assert [check["id"] for check in report["local"]] == ["way-home"]


def test_an_answer_about_a_protocol_needs_one() -> None:
    dataset = load_dataset()
    with pytest.raises(ValueError, match="no protocol to check"):
        protocol_check_answer(Library(dataset, None, TODAY))
    protocol = read_protocol(NARROW, dataset, today=TODAY)
    report = protocol_check_answer(Library(dataset, protocol, TODAY))
    with pytest.raises(ValueError, match="no protocol to lay out"):
        lay_out(report.model_copy(update={"protocol": None}))
