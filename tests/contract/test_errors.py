"""The contract of errors: what a refusal shows, and how each command ends."""

import json
import re
from pathlib import Path

import pytest

from ketaref.cli import report
from ketaref.errors import DataError, ErrorCode, ExitCode, InputError, KetarefError, OutputError
from tests.conftest import Run
from tests.contract.lines import line_id
from tests.samples import ERRORS


def test_every_error_code_has_a_sample_or_a_test_of_its_own() -> None:
    elsewhere = {
        ErrorCode.DATA_INVALID,
        ErrorCode.DEFECT,
        ErrorCode.NOT_INSTALLED,
        ErrorCode.PDF_TO_TERMINAL,
        ErrorCode.PROTOCOL_INVALID,
    }
    assert set(ErrorCode) - elsewhere == ERRORS.keys()


@pytest.mark.parametrize("line", ERRORS.values(), ids=ERRORS.keys())
def test_an_error_says_what_is_wrong_and_leaves_stdout_empty(
    run: Run, folder: Path, line: list[str]
) -> None:
    result = run(*line)
    assert result.exit_code == ExitCode.REFUSED
    assert result.stdout == ""
    assert result.stderr.startswith("ketaref: ")
    assert "Traceback" not in result.stderr
    assert len(result.stderr) < 600
    assert (folder / "taken.json").read_text() == "mine"
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize(
    "line",
    [
        ["dose"],
        ["dose", ""],
        ["dose", "-r", "iv"],
        ["check", "35 mg", "-r", "iv"],
        ["check", "35 mg", "-r", "iv", "-w", ""],
        ["check", "35 mg", "-r", "sublingual"],
    ],
    ids=line_id,
)
def test_no_weight_is_ever_assumed(run: Run, line: list[str]) -> None:
    result = run(*line)
    assert (result.exit_code, result.stdout) == (ExitCode.REFUSED, "")
    assert "weight" in result.stderr.lower()
    assert not re.search(r"\d (?:mg|kg)\b", result.stderr.replace('"35 mg"', ""))


@pytest.mark.parametrize("line", [["dose", "-70kg"], ["check", "-35 mg", "-r", "nasal"]])
def test_a_sign_is_not_taken_for_an_option(run: Run, line: list[str]) -> None:
    result = run(*line)
    assert result.exit_code == ExitCode.REFUSED
    assert "no quantity has a sign" in result.stderr


@pytest.mark.parametrize(
    "line",
    [
        ["check", "35mg", "-r", "iv", "-r", "nasal", "-w", "70kg"],
        ["check", "70mg", "-r", "iv", "-w", "70kg", "--weight=100kg"],
        ["dose", "70kg", "-s", "10mg/mL", "-s50mg/mL"],
        ["dose", "70kg", "-f", "csv", "-f", "json"],
        ["chart", "--from", "40kg", "--from", "50kg"],
    ],
    ids=line_id,
)
def test_an_option_given_twice_is_refused(run: Run, line: list[str]) -> None:
    result = run(*line)
    assert result.exit_code == ExitCode.REFUSED
    assert "is given more than once" in result.stderr


def test_a_route_may_be_repeated_in_dose(run: Run) -> None:
    result = run("dose", "70kg", "-r", "iv", "-r", "nasal", "-f", "json")
    assert [row["route"] for row in json.loads(result.stdout)["results"]] == ["iv", "nasal"]


def test_a_dose_outside_the_range_is_an_answer_with_an_exit_status_of_its_own(run: Run) -> None:
    result = run("check", "70.01mg", "-r", "iv", "-w", "70kg", "-f", "json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["status"] == "ok"


@pytest.mark.parametrize(
    ("error", "status"), [(InputError, 2), (OutputError, 2), (DataError, 4), (KetarefError, 1)]
)
def test_each_kind_of_error_has_its_exit_status(error: type[KetarefError], status: int) -> None:
    assert error.exit_code == status


def test_a_defect_says_how_to_report_it_and_shows_no_variables(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object, **__: object) -> None:
        weight_of_a_patient = "123.4 kg"
        raise RuntimeError(len(weight_of_a_patient))

    monkeypatch.setattr(report, "delivery", break_down)
    result = run("dose", "70 kg", "-f", "json")
    assert result.exit_code == 1
    assert "123.4" not in result.stderr.replace('weight_of_a_patient = "123.4 kg"', "")
    assert "report the lines above" in result.stderr
    assert json.loads(result.stdout)["errors"][0]["code"] == "defect"


def test_an_interrupt_ends_quietly_with_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "delivery", interrupt)
    result = run("dose", "70 kg")
    assert result.exit_code == 130
    assert "Traceback" not in result.stderr
