"""The contract of every output: the label, the edition of the data, what was typed, the sources."""

import csv
import io
import json
import re
import tomllib

import pytest
import rispy  # type: ignore[import-untyped]

from ketaref.cli import app
from ketaref.label import LABEL
from tests.contract.lines import line_id
from tests.outputs import output
from tests.places import DATA
from tests.samples import COMMANDS, IN_EVERY_FORMAT

EDITION = tomllib.loads((DATA / "reviews.toml").read_text())["dataset"]
VERSION, REVIEWED = EDITION["version"], str(EDITION["reviewed"])


def words(text: str) -> str:
    return " ".join(text.split())


REFERENCES = ("csl-json", "ris")


def notes_of_references(text: str, format_: str) -> list[list[str]]:
    """Return the notes of each reference, as another program reads them."""
    if format_ == "ris":
        notes = [entry["notes"] for entry in rispy.loads(text)]
    else:
        notes = [item["note"].split(" | ") for item in json.loads(text)]
    assert notes
    return notes


def csv_rows(text: str) -> list[dict[str, str]]:
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows
    return rows


def test_every_command_has_a_sample() -> None:
    callbacks = [command.callback for command in app.registered_commands]
    groups = {group.name for group in app.registered_groups}
    assert {callback.__name__ for callback in callbacks if callback} | groups == COMMANDS.keys()


@pytest.mark.parametrize("line", IN_EVERY_FORMAT, ids=line_id)
def test_the_label_is_last_in_every_command_and_format(line: list[str]) -> None:
    text, format_ = output(*line, "--no-color"), line[-1]
    if format_ == "json":
        assert json.loads(text)["notice"].startswith(LABEL)
    elif format_ in REFERENCES:
        assert all(notes[-1].endswith(LABEL) for notes in notes_of_references(text, format_))
    elif format_ == "html":
        assert words(re.sub(r"<[^>]+>", " ", text)).endswith(LABEL)
    elif format_ == "csv":
        rows = csv_rows(text)
        assert all(row["notice"] == LABEL and list(row)[-1] == "notice" for row in rows)
    else:
        assert words(text).rstrip("*").endswith(LABEL)


@pytest.mark.parametrize("line", IN_EVERY_FORMAT, ids=line_id)
def test_every_output_names_the_data_and_when_its_sources_were_checked(line: list[str]) -> None:
    text, format_ = output(*line), line[-1]
    if format_ == "json":
        data = json.loads(text)["data"]
        assert (data["version"], data["reviewed"]) == (VERSION, REVIEWED)
    elif format_ == "csv":
        editions = {(row["data_version"], row["data_reviewed"]) for row in csv_rows(text)}
        assert editions == {(VERSION, REVIEWED)}
    elif format_ in REFERENCES:
        edition = f"; data {VERSION} of {REVIEWED}, "
        assert all(edition in notes[-1] for notes in notes_of_references(text, format_))
    elif format_ == "note":
        sourced = [each for each in text.splitlines() if each.startswith("Source: ")]
        assert sourced
        assert all(f"; data {VERSION} of {REVIEWED}, " in each for each in sourced)
    else:
        shown = words(re.sub(r"<[^>]+>|[*\\]", " ", text).replace("&#160;", " "))
        assert f"version {VERSION}, sources checked {REVIEWED}" in shown


def test_what_is_not_a_report_carries_the_label_in_its_own_syntax() -> None:
    template = output("protocol", "new")
    assert f"# A clinic's own protocol for ketaref. {LABEL}" in template
    for line in COMMANDS["schema"]:
        assert json.loads(output(*line))["$comment"] == LABEL
    query = output("audit", "--sql", "postgres", "--table", "doses")
    assert f"-- {LABEL}\n" in query


TYPED = {
    "50 mg per mL": ("dose", "154 lb", "-r", "iv", "-s", "50mg/mL", "--over", "40min"),
    "70.01 mg": ("check", "70.01 mg", "-r", "iv", "-w", "154 lb", "--over", "40min"),
}


@pytest.mark.parametrize(("typed", "line"), TYPED.items(), ids=TYPED)
def test_an_answer_repeats_what_was_typed(typed: str, line: tuple[str, ...]) -> None:
    for format_ in ("table", "plain", "note", "markdown"):
        text = words(output(*line, "-f", format_))
        for each in ("154 lb", "40 minutes", typed):
            assert each in text, format_
    inputs = json.loads(output(*line, "-f", "json"))["inputs"]
    assert inputs["weight"]["entered"] == "154 lb"
    assert (inputs["over"]["value"], inputs["over"]["unit"]) == (40, "min")
    amount = inputs["strength" if line[0] == "dose" else "dose"]
    assert str(amount["value"]) == typed.partition(" ")[0]


@pytest.mark.parametrize(
    ("strength", "source"),
    [("100mg/mL", "ketamine-pfizer-us"), ("2mg/mL", "injectable-drugs-handbook")],
)
@pytest.mark.parametrize(
    "line", [("dose", "70kg", "-r", "iv"), ("chart",)], ids=lambda line: line[0]
)
def test_a_caution_on_a_strength_has_its_sources(
    line: tuple[str, ...], strength: str, source: str
) -> None:
    answer = json.loads(output(*line, "-s", strength, "-f", "json"))
    assert source in {entry["id"] for entry in answer["sources"]}
