"""A clinic's rows in an answer: with the published ones, and never in their place."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.places import EXPIRED, NARROW
from tests.protocol.clinics import LABEL, Edited, answer, codes, ends, printed


@pytest.mark.parametrize(
    "line",
    [
        ["routes"],
        ["routes", "iv"],
        ["dose", "70 kg"],
        ["check", "35 mg", "-r", "iv", "-w", "70kg", "--over", "40min"],
        ["chart"],
        ["checklist"],
        ["review"],
    ],
    ids=" ".join,
)
def test_a_protocol_changes_nothing_that_is_published(run: Run, line: list[str]) -> None:
    published = json.loads(run(*line, "-f", "json").stdout)
    both = answer(run, *line)
    assert published["protocol"] is None
    assert published["local"] == []
    assert both["results"] == published["results"]
    assert both["sources"] == published["sources"]
    assert both["protocol"]["institution"] == "A hospital"
    assert both["local"]
    for row in both["local"]:
        assert (row["origin"], row["origin_name"]) == ("local", LABEL)
    for row in both["results"]:
        assert row["origin"] == "published"
        assert row["origin_name"] == f"edition {both['data']['version']}"


def test_a_local_row_has_the_fields_of_a_published_one(run: Run) -> None:
    for line in (["routes"], ["dose", "70 kg"], ["check", "35 mg", "-r", "iv", "-w", "70kg"]):
        report = answer(run, *line)
        shapes = {tuple(row) for row in (*report["results"], *report["local"])}
        assert len(shapes) == 1, line


def test_a_local_row_names_its_own_sources_and_what_is_published(run: Run) -> None:
    report = answer(run, "dose", "70 kg", "-r", "iv")
    (row,), (published,) = report["local"], report["results"]
    assert ends(row["range"]) == (0.5, 0.75)
    assert row["published"] == published["published"] == published["range"]
    assert row["source_ids"] == []
    assert [source["identifier"] for source in row["local_sources"]] == ["DOC-12"]
    assert published["local_sources"] == []


def test_the_body_weight_that_is_meant_is_named_on_every_result(run: Run) -> None:
    for line in (["dose", "70 kg"], ["check", "35 mg", "-r", "iv", "-w", "70kg"], ["routes"]):
        for row in answer(run, *line)["local"]:
            assert row["body_weight"] in ("ideal", "actual")
            assert "body_weight_meant" in codes(row)


def test_csv_marks_where_each_line_comes_from(run: Run) -> None:
    text = run("dose", "120 kg", "--protocol", str(NARROW), "-f", "csv").stdout
    lines = list(csv.DictReader(io.StringIO(text)))
    report = answer(run, "dose", "120 kg")
    edition = f"edition {report['data']['version']}"
    published = [("published", edition)] * len(report["results"])
    origins = [(line["origin"], line["origin_name"]) for line in lines]
    assert origins == published + [("local", LABEL)] * len(report["local"])
    capped = next(line for line in lines if line["id"] == "iv-capped")
    assert capped["dose_high_value"] == "50"
    assert all(line["notice"] for line in lines)


# ------------------------------------------------------------ a dose against both


@pytest.mark.parametrize(
    ("dose", "published", "local", "status"),
    [
        ("60 mg", "inside", "above", 3),  # at 120 kg: published 60 to 120, local at most 50
        ("50 mg", "below", "inside", 3),
        ("49.999 mg", "below", "below", 3),
    ],
)
def test_check_compares_a_dose_with_both(
    run: Run, dose: str, published: str, local: str, status: int
) -> None:
    line = ["check", dose, "-r", "iv", "-w", "120kg", "--over", "40min"]
    report = answer(run, *line)
    assert report["results"][0]["position"] == published
    assert report["local"][0]["position"] == local
    assert run(*line, "--protocol", str(NARROW)).exit_code == status


def test_a_dose_inside_both_ends_with_0_and_one_outside_a_local_row_alone_with_3(run: Run) -> None:
    line = ["check", "40 mg", "-r", "iv", "-w", "70kg", "--over", "40min"]
    assert run(*line, "--protocol", str(NARROW)).exit_code == 0
    outside = ["check", "36 mg", "-r", "sc", "-w", "70kg"]  # by hand: 0.5 x 70 = 35
    assert run(*outside, "--protocol", str(NARROW)).exit_code == 3


def test_a_local_row_per_kg_needs_a_weight(run: Run) -> None:
    result = run("check", "36 mg", "-r", "sc", "--protocol", str(NARROW))
    assert result.exit_code == 2
    assert "a weight is needed" in result.stderr


# ------------------------------------------------------------ what only one of them has


def test_a_subcutaneous_row_answers_and_says_that_none_is_published(run: Run) -> None:
    # by hand: 0.25 x 70 = 17.5, 0.5 x 70 = 35; in steps of 5, inward: 20 to 35
    report = answer(run, "dose", "70 kg", "-r", "sc")
    assert report["results"] == []
    (row,) = report["local"]
    assert (row["route_name"], ends(row["dose"])) == ("subcutaneous", (20, 35))
    assert row["published"] is None
    assert row["deviation"]["code"] == "other_route"
    assert report["cautions"][0]["code"] == "not_included"
    refused = run("dose", "70 kg", "-r", "sc")
    assert refused.exit_code == 2
    assert "not included" in refused.stderr


def test_a_route_that_only_the_protocol_has_is_shown_as_not_published(run: Run) -> None:
    report = answer(run, "routes", "sc")
    assert report["results"] == []
    assert [row["route_name"] for row in report["local"]] == ["subcutaneous"]
    assert printed(run, "routes", "sc").startswith("No published range, subcutaneous")


def test_a_drug_of_the_protocol_is_answered_where_the_table_has_another(
    run: Run, protocol: Edited
) -> None:
    file = protocol(('route = "subcutaneous"', 'route = "nasal"'))
    report = answer(run, "dose", "70 kg", "-r", "nasal", "-d", "ketamine", protocol=file)
    assert report["results"] == []
    assert report["local"][0]["deviation"]["code"] == "other_drug"
    assert report["cautions"][0]["code"] == "row_left_out"


@pytest.mark.parametrize(
    "line",
    [
        ["dose", "70 kg", "-r", "sublingual"],
        ["check", "20 mg", "-r", "sublingual", "-w", "70 kg"],
        ["routes", "sublingual"],
        ["chart", "-r", "sublingual"],
    ],
    ids=" ".join,
)
def test_a_protocol_without_a_row_for_the_question_says_so(run: Run, line: list[str]) -> None:
    report = answer(run, *line)
    assert report["local"] == []
    assert "no_local_row" in codes(report)
    text = "Anxiety infusions 3 has no row for this: only what is published is shown."
    assert text in printed(run, *line)
    assert "no_local_row" not in run(*line, "-f", "json").stdout


@pytest.mark.parametrize(
    "line",
    [
        ["dose", "70 kg", "-r", "sc"],
        ["check", "20 mg", "-r", "sc", "-w", "70kg"],
        ["chart", "-r", "sc"],
        ["routes", "sc"],
    ],
    ids=" ".join,
)
def test_what_holds_for_every_row_holds_for_a_route_that_only_the_clinic_has(
    run: Run, line: list[str]
) -> None:
    assert "not_for_emergency" in codes(answer(run, *line))


def test_esketamine_drawn_up_has_a_volume_and_no_strength_of_ketamine(
    run: Run, protocol: Edited
) -> None:
    reason = 'drug = "esketamine"\noutside_published_range_reason = "A trial of ours"'
    file = protocol(('drug = "ketamine"', reason))
    for line in (["dose", "70 kg", "-r", "iv", "-d", "esketamine"], ["chart"]):
        text = printed(run, *line, "-s", "5mg/mL", protocol=file)
        assert "no marketed strength of esketamine is listed" in text
    text = run("chart", "--protocol", str(file), "-f", "csv").stdout
    lines = list(csv.DictReader(io.StringIO(text)))
    named = ("origin", "drug", "published_low_value", "standing", "body_weight")
    assert {tuple(line[name] for name in named) for line in lines} == {
        ("published", "ketamine", "0.5", "partly-corroborated", ""),
        ("local", "esketamine", "", "", "ideal"),
    }


# ------------------------------------------------------------ which protocol, and until when


@pytest.mark.parametrize("command", ["routes", "dose", "check", "chart", "checklist", "review"])
@pytest.mark.parametrize("format_", ["table", "json", "csv", "markdown", "html"])
def test_an_expired_protocol_says_so_on_every_result(run: Run, command: str, format_: str) -> None:
    """H: stale data."""
    more = {"dose": ["70 kg"], "check": ["35 mg", "-r", "iv", "-w", "70kg"]}.get(command, [])
    text = printed(run, command, *more, "-f", format_, protocol=EXPIRED)
    assert "Anxiety infusions 3 expired on 2026-11-22; today is 2026-11-23" in text


def test_a_protocol_on_its_last_day_has_not_expired(run: Run, protocol: Edited) -> None:
    file = protocol(("2027-01-15", "2026-11-23"))
    assert answer(run, "routes", protocol=file)["protocol"]["expired"] is False


def test_the_environment_names_a_protocol_and_an_empty_name_none(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETAREF_PROTOCOL", str(NARROW))
    assert LABEL in run("routes").stdout
    assert LABEL not in run("routes", "--protocol", "").stdout
    monkeypatch.setenv("KETAREF_PROTOCOL", "")
    assert LABEL not in run("routes").stdout


def test_accents_and_a_byte_order_mark_are_read(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    text = NARROW.read_text(encoding="utf-8").replace("A hospital", "H\u00f4pital Saint-\u00c9loi")
    file.write_text(text, encoding="utf-8-sig")
    stamp = answer(run, "routes", protocol=file)["protocol"]
    assert stamp["institution"] == "H\u00f4pital Saint-\u00c9loi"
