"""The sources: each can be found again, none is there twice, and no identifier is a near miss."""

from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError

from ketaref.model.source import Source
from ketaref.store import load_dataset

SOURCES = load_dataset().sources
SET_ID = "14e8f864-8b8a-4e7e-8439-e510d3107063"


def source(**fields: Any) -> Source:
    """Return a source with these fields beside those that each must have."""
    least = {"id": "a", "title": "A title", "authors": "Doe J", "kind": "trial"}
    read = {"checked": "primary", "version_read": "abstract", "current": True}
    return Source.model_validate({**least, **read, **fields})


def test_nine_of_ten_sources_have_something_to_open() -> None:
    without = [each.id for each in SOURCES if each.link is None]
    assert len(without) <= len(SOURCES) / 10, without


@pytest.mark.parametrize("field", ["doi", "pmid", "pmcid"])
def test_no_text_is_there_as_two_sources(field: str) -> None:
    named = [(getattr(each, field), each.id) for each in SOURCES if getattr(each, field)]
    assert len(named) > 20
    times = Counter(value for value, _ in named)
    assert [(value, name) for value, name in named if times[value] > 1] == []


@pytest.mark.parametrize(
    ("field", "right", "wrong"),
    [
        ("pmid", "34278814", ["PMID 34278814", "1234", "123456789", "34278814 "]),
        ("pmcid", "PMC9540337", ["9540337", "pmc9540337", "PMC", "PMC 9540337"]),
        (
            "doi",
            "10.1176/appi.focus.20230006",
            ["doi:10.1176/a", "https://doi.org/10.1176/a", "10.1/a", "10.1176/", "10.1176/a b"],
        ),
        ("nct", "NCT02655692", ["02655692", "NCT2655692", "nct02655692", "NCT026556921"]),
        ("actrn", "ACTRN12615000617561", ["12615000617561", "ACTRN1261500061756"]),
        ("set_id", SET_ID, [SET_ID.upper(), SET_ID[1:], SET_ID.replace("-", "")]),
        (
            "url",
            "https://www.nice.org.uk/guidance/ta854",
            ["www.nice.org.uk", "ftp://a", "https://"],
        ),
    ],
    ids=str,
)
def test_an_identifier_is_taken_only_as_its_register_writes_it(
    field: str, right: str, wrong: list[str]
) -> None:
    assert getattr(source(**{field: right}), field) == right
    for each in wrong:
        with pytest.raises(ValidationError, match="should match pattern"):
            source(**{field: each})


# From the registers themselves: where each keeps what has its identifier.
REGISTERS = {
    "doi": ("10.1176/appi.focus.20230006", "https://doi.org/10.1176/appi.focus.20230006"),
    "pmid": ("35046508", "https://pubmed.ncbi.nlm.nih.gov/35046508"),
    "pmcid": ("PMC9540337", "https://pmc.ncbi.nlm.nih.gov/articles/PMC9540337"),
    "nct": ("NCT02655692", "https://clinicaltrials.gov/study/NCT02655692"),
    "set_id": (SET_ID, f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={SET_ID}"),
}
READ_AT = "https://example.org/a-copy"


@pytest.mark.parametrize("field", REGISTERS)
def test_the_register_is_opened_rather_than_where_it_was_read(field: str) -> None:
    value, address = REGISTERS[field]
    assert source(**{field: value}).link == address
    assert source(**{field: value, "url": READ_AT}).link == address


def test_of_two_registers_the_more_durable_is_opened() -> None:
    fields = {field: value for field, (value, _) in REGISTERS.items()}
    for field, (_, address) in REGISTERS.items():
        assert source(**fields, url=READ_AT).link == address
        del fields[field]
    assert source(url=READ_AT).link == READ_AT
    assert source(actrn="ACTRN12615000617561").link is None  # its record has another number
    assert source().link is None


def test_identifiers_are_named_as_a_reader_knows_them_and_none_is_empty() -> None:
    fields = {"pmid": "35046508", "doi": "10.1038/s41386-022-01266-9", "url": READ_AT}
    assert source(**fields).identifiers == (
        ("DOI", "10.1038/s41386-022-01266-9"),
        ("PMID", "35046508"),
        ("read at", READ_AT),
    )


def test_how_a_source_was_read_says_what_part() -> None:
    assert source().how_read == "primary"
    assert source(part_read="abstract").how_read == "primary, abstract"
    assert source(checked="secondary").how_read == "secondary"
