"""The page of a source: what finds it again, how it was read, what rests on it."""

import json

import pytest

from ketaref.model.source import Source
from ketaref.store import load_dataset
from tests.conftest import Run

SOURCES = load_dataset().sources


def facts(run: Run, name: str) -> list[tuple[str, str]]:
    lines = run("sources", name, "-f", "plain").stdout.splitlines()
    return [(key, value) for key, _, value in (line.partition(": ") for line in lines)]


def test_a_source_shows_each_identifier_under_its_name(run: Run) -> None:
    """By hand, from the data: a trial in four registers, and a label."""
    shown = facts(run, "abdallah-2022")
    for fact in (
        ("DOI", "10.1038/s41386-022-01266-9"),
        ("PMID", "35046508"),
        ("ClinicalTrials.gov", "NCT02655692"),
        ("open at", "https://doi.org/10.1038/s41386-022-01266-9"),
    ):
        assert fact in shown
    label = facts(run, "spravato-us-2019")
    assert ("DailyMed set id", "d81a6a79-a74a-44b7-822c-0dfa3036eaed") in label


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_every_address_and_identifier_is_shown_once(run: Run, source: Source) -> None:
    shown = facts(run, source.id)
    for fact in source.identifiers:
        assert shown.count(fact) == 1
    addresses = [value for key, value in shown if key in ("open at", "read at")]
    assert len(addresses) == len(set(addresses))
    assert (source.link or "no address found") in addresses
    assert ("checked", source.how_read) in [
        (key, value.split(", current")[0]) for key, value in shown
    ]


def test_the_address_to_open_is_in_json_too(run: Run) -> None:
    for row in json.loads(run("sources", "-f", "json").stdout)["results"]:
        assert row["address"] == load_dataset().source(row["id"]).link
