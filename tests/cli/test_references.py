"""The sources for a reference manager: read back by a parser of RIS and the official CSL schema."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import rispy  # type: ignore[import-untyped]  # it ships no types

from ketaref import Reference
from ketaref.formats import Format
from ketaref.label import LABEL
from ketaref.model.source import Source
from ketaref.store import load_dataset
from ketaref.writers import Page, references, write
from tests.conftest import Run
from tests.outputs import output

# Of the Citation Style Language, under the licence beside it.
SCHEMA = json.loads((Path(__file__).parent / "references" / "csl-data.json").read_text())
SOURCES = load_dataset().sources


@cache
def ris() -> dict[str, dict[str, Any]]:
    """Return the records of RIS, by id, as another program reads them."""
    return {entry["id"]: entry for entry in rispy.loads(output("sources", "-f", "ris"))}


@cache
def csl() -> dict[str, dict[str, Any]]:
    """Return the items of CSL-JSON, by id."""
    return {item["id"]: item for item in json.loads(output("sources", "-f", "csl-json"))}


def test_csl_json_fits_the_official_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.Draft7Validator(SCHEMA).validate(list(csl().values()))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(SCHEMA).validate([{"id": "a", "type": "trial"}])


def test_every_source_is_there_once_in_the_order_of_the_data() -> None:
    ids = [source.id for source in SOURCES]
    assert list(csl()) == list(ris()) == ids
    assert output("sources", "-f", "ris").count("\nER  - ") == len(ids)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_another_program_reads_of_a_source_what_the_data_says(source: Source) -> None:
    record, item = ris()[source.id], csl()[source.id]
    assert "unknown_tag" not in record
    assert record["title"] == item["title"] == source.title
    assert record.get("year") == (str(source.year) if source.year else None)
    assert item.get("issued") == ({"date-parts": [[source.year]]} if source.year else None)
    assert record.get("doi") == item.get("DOI") == source.doi
    assert record.get("accession_number") == item.get("PMID") == source.pmid
    assert record.get("custom2") == item.get("PMCID") == source.pmcid
    assert record.get("urls", [None])[0] == item.get("URL") == source.link


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_a_reference_says_how_it_was_read_for_what_and_where(source: Source) -> None:
    cited = json.loads(output("sources", source.id, "-f", "json"))["results"][0]["cited_by"]
    record, item = ris()[source.id], csl()[source.id]
    assert record["notes"] == item["note"].split(" | ")
    first, version, *_, for_what, last = record["notes"]
    assert first == f"Read: {source.how_read}"
    assert version == f"Version read: {source.version_read}"
    assert (f"Not read: {source.not_read}" in record["notes"]) == bool(source.not_read)
    for each in cited:
        assert f"{each['what']} ({each['place']})" in for_what
    assert last.endswith(LABEL)
    shown = json.dumps([record, item])
    for name, identifier in source.identifiers:
        value = identifier if name != "ISBN" else identifier.partition(" ")[0]
        assert json.dumps(value)[1:-1] in shown, name


# By hand, from the data: a source, its type in each format, its authors, where it was published.
BY_HAND = [
    (
        "taylor-2018",
        ("JOUR", "article-journal"),
        ["Taylor, J. H.", "Landeros-Weisenberger, A.", "Coughlin, C.", "and others"],
        {"container-title": "Neuropsychopharmacology", "volume": "43", "page": "325-333"},
        {"secondary_title": "Neuropsychopharmacology", "start_page": "325", "end_page": "333"},
    ),
    (
        "mcintyre-2021",  # a guideline, but an article of a journal
        ("JOUR", "article-journal"),
        ["McIntyre, R. S.", "Rosenblat, J. D.", "Nemeroff, C. B.", "and others"],
        {"container-title": "Am J Psychiatry", "volume": "178", "issue": "5", "page": "383-399"},
        {"volume": "178", "number": "5", "start_page": "383", "end_page": "399"},
    ),
    (
        "almeida-2024",  # a surname that begins small
        ("JOUR", "article-journal"),
        ["Almeida, T. M.", "da Silva, U. R. L.", "Pires, J. P.", "and others"],
        {"container-title": "Clin Neuropsychiatry", "volume": "21", "page": "22-31"},
        {"volume": "21", "number": "1", "start_page": "22", "end_page": "31"},
    ),
    (
        "dea-manual-2006",  # people, and the office that they wrote for
        ("GOVDOC", "report"),
        ["Rannazzisi, J. T.", "Caverly, M. W.", "DEA Office of Diversion Control"],
        {},
        {},
    ),
    (
        "nice-ta854",
        ("RPRT", "report"),
        ["National Institute for Health and Care Excellence"],
        {},
        {},
    ),
    ("spravato-us-2019", ("GEN", "document"), ["Janssen (labeler)"], {}, {}),
    ("crains-ny", ("ELEC", "webpage"), ["Crain's New York Business"], {}, {}),
    ("hartland-2023", ("JOUR", "article-journal"), ["Hartland", "and others"], {}, {}),
    ("anxiety-review", ("JOUR", "article-journal"), [], {}, {}),  # no author was seen
]


@pytest.mark.parametrize("row", BY_HAND, ids=[row[0] for row in BY_HAND])
def test_a_reference_has_its_type_authors_and_journal(row: tuple[Any, ...]) -> None:
    name, (ris_type, csl_type), authors, in_csl, in_ris = row
    record, item = ris()[name], csl()[name]
    assert (record["type_of_reference"], item["type"]) == (ris_type, csl_type)
    assert record.get("authors", []) == authors
    named = [
        author.get("literal") or f"{author['family']}, {author['given']}"
        for author in item.get("author", [])
    ]
    assert named == authors
    assert in_csl.items() <= item.items()
    assert in_ris.items() <= record.items()


def test_no_author_is_made_of_what_says_that_none_was_seen() -> None:
    for record in ris().values():
        assert not [name for name in record.get("authors", []) if re.search(r"\bnot\b", name)]
    (said,) = [note for note in ris()["anxiety-review"]["notes"] if note.startswith("Authors")]
    assert said == "Authors: not in the text read"


# By hand: what is said of the authors, and who they are.
AUTHORS = [
    ("Andrade C", [("Andrade", "C")]),
    ("Veraart JKE, Smith-Apeldoorn SY", [("Veraart", "JKE"), ("Smith-Apeldoorn", "SY")]),
    ("De Feyter HM and others", [("De Feyter", "HM"), ("and others", "")]),
    ("Rodriguez CI and others (order not read)", [("Rodriguez", "CI"), ("and others", "")]),
    ("Swainson and others", [("Swainson", ""), ("and others", "")]),
    ("ISMP Canada", [("ISMP Canada", "")]),
    (
        "Janssen-Cilag; European Medicines Agency",
        [("Janssen-Cilag", ""), ("European Medicines Agency", "")],
    ),
    ("Par Health USA, LLC (labeler)", [("Par Health USA, LLC (labeler)", "")]),
    ("not in the text read (Mayo Clinic)", []),
    ("labelers not shown in the excerpts", []),
]


@pytest.mark.parametrize(("said", "who"), AUTHORS, ids=[said for said, _ in AUTHORS])
def test_authors_are_people_where_they_have_initials(said: str, who: list[tuple[str, str]]) -> None:
    source = SOURCES[0].model_copy(update={"authors": said, "kind": "trial"})
    assert [tuple(author) for author in references.authors_of(source)] == who


def test_a_label_is_written_by_a_company_whatever_it_looks_like() -> None:
    label = next(source for source in SOURCES if source.kind == "label")
    company = label.model_copy(update={"authors": "Sintetica SA"})
    assert references.authors_of(company) == (references.Author("Sintetica SA"),)


CITATIONS = {
    "JAMA Psychiatry 2017;74(4):399-405": ("JAMA Psychiatry", "74", "4", "399-405"),
    "Chronic Stress 2022;6": ("Chronic Stress", "6", "", ""),
    "Neuropsychopharmacology 2023;(11):1648-1658": (
        "Neuropsychopharmacology",
        "",
        "11",
        "1648-1658",
    ),
    "J Clin Psychiatry 2017;78(7):e852-e857": ("J Clin Psychiatry", "78", "7", "e852-e857"),
    "World J Biol Psychiatry 22(6):468-482": ("World J Biol Psychiatry", "22", "6", "468-482"),
    "SOR/2005-270": None,
    "Gen Hosp Psychiatry, September 2024": None,
    "BJPsych Open, online 2023-05-02; PROSPERO CRD42022318120": None,
}


@pytest.mark.parametrize(("said", "parts"), CITATIONS.items(), ids=CITATIONS)
def test_a_citation_is_parted_where_it_reads_as_one_and_kept_where_not(
    said: str, parts: tuple[str, ...] | None
) -> None:
    answer = Reference.open().sources("taylor-2018")
    source = answer.results[0].model_copy(update={"published_in": said})
    assert references.published(source) == parts
    kept = f"Published in: {said}" in list(references.notes(answer, source))
    assert kept == (parts is None)


def test_a_comma_in_the_name_of_a_body_does_not_make_it_a_person() -> None:
    for record in ris().values():
        for name in record.get("authors", []):
            assert "," not in name or re.fullmatch(r"[^,]+, (?:[A-Z]\. ?)+", name), name


@pytest.mark.parametrize("format_", [Format.RIS, Format.CSL_JSON])
def test_references_are_written_of_sources_only(run: Run, format_: Format) -> None:
    result = run("evidence", "-f", format_)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "references are written for sources only" in result.stderr
    with pytest.raises(TypeError, match="references are not written of evidence"):
        write(Reference.open().evidence(), format_, Page())


@pytest.mark.parametrize(
    ("options", "begins"),
    [
        (["-o", "a.ris"], "TY  - "),
        (["-o", "A.RIS"], "TY  - "),
        (["-o", "a.csl.json"], '[\n  {\n    "id": '),
        (["-o", "a.b.csl.json"], '[\n  {\n    "id": '),
        (["-o", "a.json", "-f", "csl-json"], '[\n  {\n    "id": '),
        (["-o", "a.json"], '{\n  "schema_version": 1'),
        (["-o", "a.csl.b.json"], '{\n  "schema_version": 1'),
    ],
    ids=str,
)
def test_the_ending_of_a_file_names_the_format_of_references(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], begins: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("sources", *options)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert (tmp_path / options[1]).read_text().startswith(begins)


@pytest.mark.parametrize("file", ["a.ris", "a.csl.json"])
def test_a_file_of_references_is_refused_for_another_answer(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "references are written for sources only" in run("dose", "70 kg", "-o", file).stderr
    assert run("sources", "-f", "json", "-o", file).exit_code == 2  # and they do not agree
    assert not list(tmp_path.iterdir())
