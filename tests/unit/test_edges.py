"""Answers at the edges: the value that is just inside, the day that is the last, the second of two.

Each of these is a change to the program that no other test noticed.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from ketaref.reports.measures import strength_cautions

from ketaref import store
from ketaref.errors import ExitCode
from ketaref.model.dataset import Review, review_in_words
from ketaref.model.names import Drug
from ketaref.units import parse_strength
from ketaref.writers.markdown import escaped
from tests.conftest import TODAY, Run
from tests.places import NARROW
from tests.protocol.clinics import answer, ends
from tests.protocol.test_local_rows import (
    BODY,
    FIXED,
    INTRANASAL,
    INTRAVENOUS,
    OVER,
    PER_KG,
    REASON,
)

Edited = Callable[..., Path]


# ------------------------------------------------------------ a clinic's row beside the published


@pytest.mark.parametrize(
    ("low", "high", "sides"),
    [
        ("0.5", "1", None),  # exactly the published ends
        ("0.499", "1", "below"),
        ("0.5", "1.001", "above"),
    ],
)
def test_a_range_that_ends_where_the_published_ends_goes_past_it_on_no_side(
    run: Run, protocol: Edited, low: str, high: str, sides: str | None
) -> None:
    maximum = 'maximum = { value = 50, unit = "mg" }\n'
    file = protocol(("low = 0.5", f"low = {low}"), ("high = 0.75", f"high = {high}"), (maximum, ""))
    (row,) = answer(run, "dose", "100 kg", "-r", "iv", protocol=file)["local"]
    texts = [c["text"] for c in row["cautions"] if c["code"].startswith("outside_published")]
    assert [f"goes {sides} the published" in text for text in texts] == ([True] if sides else [])


def test_a_fixed_row_is_compared_with_what_is_published_for_the_weight(
    run: Run, protocol: Edited
) -> None:
    # by hand at 70 kg: published 35 to 70 mg; the clinic's 30 to 60 mg goes below it
    file = protocol((PER_KG, FIXED), (BODY, REASON))
    (row,) = answer(run, "dose", "70 kg", "-r", "iv", protocol=file)["local"]
    texts = " ".join(caution["text"] for caution in row["cautions"])
    assert "goes below the published range: 30 to 60 mg against 35 to 70 mg" in texts


def test_a_row_without_a_duration_says_nothing_of_one(run: Run, protocol: Edited) -> None:
    file = protocol((INTRAVENOUS, INTRANASAL), (PER_KG, FIXED), (BODY, REASON), (OVER, ""))
    line = ["check", "30 mg", "-r", "nasal", "-d", "esketamine"]
    (row,) = answer(run, *line, protocol=file)["local"]
    assert not any(c["code"].startswith("duration") for c in row["cautions"])


def test_a_duration_that_only_one_of_two_rows_has_is_said_of_that_one(
    run: Run, protocol: Edited
) -> None:
    second = PER_KG + 'body_weight = "actual"\n'
    text = protocol().read_text(encoding="utf-8")
    row = (
        '[[row]]\nid = "im-slow"\nroute = "intramuscular"\ndrug = "ketamine"\n'
        f"{second}{OVER}sources = [{{ title = 'T', place = 'p' }}]\n\n[[check]]"
    )
    file = protocol(("[[check]]", row))
    assert text != file.read_text(encoding="utf-8")
    report = answer(run, "dose", "70 kg", "-r", "im", "--over", "10min", protocol=file)
    slow = {row["id"]: row for row in report["local"]}
    assert slow["im-row"]["rate"] is None
    assert not any(c["code"] == "duration_outside" for c in slow["im-row"]["cautions"])
    assert any(c["code"] == "duration_outside" for c in slow["im-slow"]["cautions"])


def test_a_range_whose_low_end_alone_is_no_published_step_is_in_other_steps(
    run: Run, protocol: Edited
) -> None:
    fixed = FIXED.replace("low = 30", "low = 30").replace("high = 60", "high = 56")
    file = protocol((INTRAVENOUS, INTRANASAL), (PER_KG, fixed), (BODY, REASON), (OVER, ""))
    (row,) = answer(run, "dose", "70 kg", "-r", "nasal", protocol=file)["local"]
    assert row["difference"]["code"] == "other_steps"
    steps = FIXED.replace("low = 30", "low = 28").replace("high = 60", "high = 56")
    file = protocol((INTRAVENOUS, INTRANASAL), (PER_KG, steps), (BODY, REASON), (OVER, ""))
    (row,) = answer(run, "dose", "70 kg", "-r", "nasal", protocol=file)["local"]
    assert row["difference"]["code"] == "inside"


def test_a_protocol_holds_on_its_last_day_and_not_on_the_next(run: Run, protocol: Edited) -> None:
    for expires, codes in (("2026-11-23", []), ("2026-11-22", ["protocol_expired"])):
        report = answer(run, "routes", "iv", protocol=protocol(("2027-01-15", expires)))
        found = [c["code"] for c in report["cautions"] if c["code"] == "protocol_expired"]
        assert found == codes
        assert report["protocol"]["expired"] is bool(codes)


def test_a_drawn_up_dose_has_a_volume_by_every_route_that_is_injected(
    run: Run, protocol: Edited
) -> None:
    # by hand at 70 kg: 0.25 and 0.5 mg/kg in steps of 5 mg: 20 to 35 mg; / 50 = 0.4 to 0.7 mL
    for route in ("subcutaneous", "intramuscular"):
        file = protocol(('"intramuscular"', f'"{route}"'))
        report = answer(run, "dose", "70 kg", "-r", route, "-s", "50mg/mL", protocol=file)
        assert ends(report["local"][0]["volume"]) == (0.4, 0.7)
    file = protocol(('"intramuscular"', '"oral"'))
    line = ["dose", "70 kg", "-r", "oral", "-s", "50mg/mL", "--protocol", str(file)]
    assert run(*line).exit_code == ExitCode.REFUSED


@pytest.mark.parametrize(
    ("over", "status"),
    [("20, high = 120", 0), ("19.999, high = 120", 4), ("20, high = 120.001", 4)],
)
def test_twice_the_published_duration_is_not_yet_far_and_a_step_more_is(
    run: Run, protocol: Edited, over: str, status: int
) -> None:
    file = protocol(("duration = { low = 40, high = 60", f"duration = {{ low = {over}"))
    assert run("protocol", "check", str(file)).exit_code == status


# ------------------------------------------------------------ notes, cautions, texts


def test_a_note_has_every_caution_of_the_clinics_row(run: Run) -> None:
    line = ["check", "36 mg", "-r", "im", "-w", "70kg", "--protocol", str(NARROW), "-f", "note"]
    note = run(*line).stdout
    assert "36 mg is not a multiple of 5 mg, the step of the protocol" in note
    assert "The weight given must be the actual body weight" in note


def test_a_note_says_that_the_protocol_has_no_row_and_that_a_solution_is_prepared(run: Run) -> None:
    line = ["dose", "70 kg", "-r", "sublingual", "--protocol", str(NARROW), "-f", "note"]
    assert "has no row for this: what is shown is what is published" in run(*line).stdout
    note = run("dose", "70 kg", "-r", "iv", "-s", "1mg/mL", "-f", "note").stdout
    assert "1 mg per mL is a prepared infusion solution, not a marketed vial" in note


def test_an_unusual_end_of_a_chart_is_said_of_either_end(run: Run) -> None:
    for ends_, says in (
        (["--from", "25kg", "--to", "60kg"], "25 kg is unusual"),
        (["--from", "60kg", "--to", "210kg"], "210 kg is unusual"),
    ):
        shown = run("chart", *ends_, "--confirm-weight", "-f", "plain").stdout
        assert shown.count("is unusual") == 1
        assert says in shown


def test_one_marketed_strength_is_not_called_several() -> None:
    dataset = store.load_dataset()
    strengths = [s for s in dataset.strengths if s.kind == "marketed"][:1]
    one = dataset.model_copy(update={"strengths": tuple(strengths)})
    first, *_ = strength_cautions(one, Drug.KETAMINE, parse_strength("50 mg/mL"))
    assert first.text == "Check the vial: 10 mg per mL is marketed."


def test_a_drug_is_refused_for_the_route_that_has_another_and_for_no_other(run: Run) -> None:
    assert run("dose", "70 kg", "-r", "iv", "-d", "esketamine").exit_code == 2
    both = run("dose", "70 kg", "-r", "iv", "-r", "nasal", "-d", "ketamine")
    assert both.exit_code == 2
    assert "the intranasal row is esketamine" in both.stderr
    assert run("dose", "70 kg", "-r", "iv", "-d", "ketamine").exit_code == 0


def test_markdown_shows_an_ampersand_and_makes_no_links_of_text() -> None:
    assert escaped("A & B &lt;") == r"A \& B \&lt;"
    assert escaped("http://x.org www.x.org a@b.org") == r"http\://x.org www\.x.org a\@b.org"


@pytest.mark.parametrize(
    "option",
    [
        ["checklist", "--clinic", "A", "--clinic", "B"],
        ["dose", "70 kg", "-f", "json", "-f=csv"],
        ["dose", "70 kg", "-s", "1mg/mL", "--strength=2mg/mL"],
        ["audit", "x.csv", "--rows", "a.csv", "--rows", "b.csv"],
    ],
    ids=" ".join,
)
def test_an_option_that_is_given_twice_is_refused(run: Run, option: list[str]) -> None:
    result = run(*option)
    assert result.exit_code == 2
    assert "more than once" in result.stderr


@pytest.mark.parametrize(
    ("typed", "code"),
    [("-f=json", "usage"), ("-fjson", "unit_missing"), ("--format=json", "unit_missing")],
)
def test_an_error_comes_in_json_however_the_format_was_typed(
    run: Run, typed: str, code: str
) -> None:
    result = run("dose", "70", typed)
    assert json.loads(result.stdout)["errors"][0]["code"] == code


# ------------------------------------------------------------ reviews


def review(day: int, covered: str, sha256: str = "0" * 64) -> Review:
    return Review(
        role="pharmacist",
        organisation="A hospital",
        reviewed=TODAY.replace(day=day),
        version="1",
        covered=covered,
        sha256=sha256,
    )


def test_the_latest_of_several_reviews_is_the_one_that_is_shown() -> None:
    reviews = (review(3, "a part"), review(9, "all"), review(5, "another part"))
    assert review_in_words(reviews, "0" * 64).endswith("2026-11-09 by pharmacist, A hospital: all")


def test_a_review_of_an_older_version_does_not_stop_the_protocol(
    run: Run, protocol: Edited
) -> None:
    file = protocol()
    with file.open("a", encoding="utf-8") as opened:
        opened.write(
            '\n[[review]]\nrole = "pharmacist"\norganisation = "A hospital"\n'
            'reviewed = 2026-10-01\nversion = "2"\ncovered = "all"\n'
            f'sha256 = "{"1" * 64}"\n'
        )
    assert run("protocol", "check", str(file)).exit_code == 0


def test_figures_far_outside_and_review_days_are_named_with_all_other_problems(
    run: Run, protocol: Edited
) -> None:
    file = protocol(("high = 0.75", "high = 50"), ('unit = "mg/kg"', 'unit = "mg"'))
    with file.open("a", encoding="utf-8") as opened:
        opened.write(
            '\n[[review]]\nrole = "pharmacist"\norganisation = "A hospital"\n'
            'reviewed = 2025-10-01\nversion = "2"\ncovered = "all"\n'
            f'sha256 = "{"1" * 64}"\n'
        )
    problems = run("protocol", "check", str(file)).stderr
    assert "unit: a per_kg row is in mg/kg, not in mg" in problems
    assert "0.5 to 50 mg/kg is far outside what is published" in problems
    assert "2025-10-01 is not from the approval" in problems
