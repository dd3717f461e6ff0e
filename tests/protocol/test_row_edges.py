"""A clinic's row at an edge: at a published end, on its last day, the second of two rows."""

import pytest

from ketaref.errors import ExitCode
from tests.conftest import Run
from tests.protocol.clinics import (
    BODY,
    FIXED,
    INTRANASAL,
    INTRAVENOUS,
    MAXIMUM,
    OVER,
    PER_KG,
    REASON,
    Edited,
    answer,
    codes,
    ends,
)


@pytest.mark.parametrize(
    ("low", "high", "sides"),
    [
        ("0.5", "1", []),  # exactly the published ends
        ("0.499", "1", ["below"]),
        ("0.5", "1.001", ["above"]),
        ("0.499", "1.001", ["below", "above"]),
    ],
)
def test_a_row_that_ends_where_the_published_one_ends_is_not_outside_it(
    run: Run, protocol: Edited, low: str, high: str, sides: list[str]
) -> None:
    file = protocol(("low = 0.5", f"low = {low}"), ("high = 0.75", f"high = {high}"), (MAXIMUM, ""))
    for line in (["dose", "100 kg"], ["check", "60 mg", "-w", "100 kg"]):
        (row,) = answer(run, *line, "-r", "iv", protocol=file)["local"]
        assert row["past_published"] == sides
        texts = [c["text"] for c in row["cautions"] if c["code"] == "outside_published"]
        assert len(texts) == bool(sides)
        assert all(f"goes {' and '.join(sides)} the published range" in text for text in texts)


def test_a_fixed_row_is_compared_with_what_is_published_for_the_weight(
    run: Run, protocol: Edited
) -> None:
    # by hand at 70 kg: published 35 to 70 mg; the clinic's 30 to 60 mg goes below it
    file = protocol((PER_KG, FIXED), (BODY, REASON))
    (row,) = answer(run, "dose", "70 kg", "-r", "iv", protocol=file)["local"]
    (text,) = [c["text"] for c in row["cautions"] if c["code"] == "outside_published"]
    assert "goes below the published range: 30 to 60 mg against 35 to 70 mg per dose" in text


def test_a_row_without_a_duration_has_no_caution_on_one(run: Run, protocol: Edited) -> None:
    file = protocol((INTRAVENOUS, INTRANASAL), (PER_KG, FIXED), (BODY, REASON), (OVER, ""))
    line = ["check", "30 mg", "-r", "nasal", "-d", "esketamine"]
    (row,) = answer(run, *line, protocol=file)["local"]
    assert not [code for code in codes(row) if code.startswith("duration")]


def test_a_duration_counts_only_for_the_row_that_has_one(run: Run, protocol: Edited) -> None:
    slow = (
        '[[row]]\nid = "sc-slow"\nroute = "subcutaneous"\ndrug = "ketamine"\n'
        f'{PER_KG}body_weight = "actual"\n{OVER}'
        "sources = [{ title = 'T', place = 'p' }]\n\n[[check]]"
    )
    file = protocol(("[[check]]", slow))
    report = answer(run, "dose", "70 kg", "-r", "sc", "--over", "10min", protocol=file)
    rows = {row["id"]: row for row in report["local"]}
    assert rows["sc-row"]["rate"] is None
    assert "duration_outside" not in codes(rows["sc-row"])
    # by hand: 0.5 and 0.75 x 70 = 35 and 52.5; over 10 minutes 3.5 and 5.25
    assert ends(rows["sc-slow"]["rate"]) == (3.5, 5.25)
    assert "duration_outside" in codes(rows["sc-slow"])


@pytest.mark.parametrize(
    ("low", "high", "code"),
    [
        (30, 56, "other_steps"),
        (28, 60, "other_steps"),
        (28, 56, "inside"),
        (28, 84, "inside"),
    ],
)
def test_a_row_with_one_end_that_is_no_published_step_is_in_other_steps(
    run: Run, protocol: Edited, low: int, high: int, code: str
) -> None:
    fixed = FIXED.replace("low = 30", f"low = {low}").replace("high = 60", f"high = {high}")
    file = protocol((INTRAVENOUS, INTRANASAL), (PER_KG, fixed), (BODY, REASON), (OVER, ""))
    (row,) = answer(run, "dose", "70 kg", "-r", "nasal", protocol=file)["local"]
    assert row["deviation"]["code"] == code


@pytest.mark.parametrize(("expires", "expired"), [("2026-11-23", False), ("2026-11-22", True)])
def test_a_protocol_is_valid_on_its_last_day_and_not_on_the_next(
    run: Run, protocol: Edited, expires: str, *, expired: bool
) -> None:
    report = answer(run, "routes", "iv", protocol=protocol(("2027-01-15", expires)))
    assert codes(report).count("protocol_expired") == expired
    assert report["protocol"]["expired"] is expired


@pytest.mark.parametrize("route", ["intramuscular", "subcutaneous"])
def test_an_injected_dose_has_a_volume(run: Run, protocol: Edited, route: str) -> None:
    # by hand at 70 kg: 17.5 to 35 mg, in steps of 5 mg 20 to 35 mg; / 50 = 0.4 to 0.7 mL
    file = protocol(('"subcutaneous"', f'"{route}"'))
    (row,) = answer(run, "dose", "70 kg", "-r", route, "-s", "50mg/mL", protocol=file)["local"]
    assert ends(row["volume"]) == (0.4, 0.7)


def test_a_dose_by_mouth_has_no_volume(run: Run, protocol: Edited) -> None:
    file = protocol(('"subcutaneous"', '"oral"'))
    line = ["dose", "70 kg", "-r", "oral", "-s", "50mg/mL", "--protocol", str(file)]
    result = run(*line)
    assert result.exit_code == ExitCode.REFUSED
    assert "a strength does not apply to oral racemic ketamine" in result.stderr


@pytest.mark.parametrize(
    ("over", "status"),
    [
        ("20, high = 120", ExitCode.DONE),
        ("19.999, high = 120", ExitCode.BAD_DATA),
        ("20, high = 120.001", ExitCode.BAD_DATA),
    ],
)
def test_more_than_twice_the_published_duration_needs_a_reason(
    run: Run, protocol: Edited, over: str, status: ExitCode
) -> None:
    # published 40 to 60 minutes: half of the one, twice the other
    file = protocol(("duration = { low = 40, high = 60", f"duration = {{ low = {over}"))
    assert run("protocol", "check", str(file)).exit_code == status
