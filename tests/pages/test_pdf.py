"""The PDF, read back with other programs: whole, in order, tagged, labelled on every page."""

import io
import json
import os
import pty
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from ketaref.formats import Format
from ketaref.label import LABEL
from ketaref.ranges.library import Library
from ketaref.reference import Reference
from ketaref.store import load_dataset
from ketaref.writers import Page, write
from tests.conftest import TODAY, Run
from tests.outputs import output
from tests.pages.lists import said_in
from tests.pages.paper import misplaced, pages, pdf, squeezed, words
from tests.places import DATA
from tests.samples import REPORTS

VERSION = tomllib.loads((DATA / "reviews.toml").read_text())["dataset"]["version"]


@pytest.mark.parametrize("line", REPORTS, ids=" ".join)
def test_every_page_has_the_label_the_edition_the_date_and_its_number(line: list[str]) -> None:
    sheets = [squeezed(page) for page in pages(pdf(*line))]
    assert sheets
    for number, sheet in enumerate(sheets, 1):
        assert squeezed(LABEL) in sheet
        assert f"data{VERSION},notreviewedbyaclinician,printed{TODAY}" in sheet
        assert f"page{number}of{len(sheets)}" in sheet


@pytest.mark.parametrize("line", REPORTS, ids=" ".join)
def test_a_pdf_is_tagged_and_names_its_language_and_title(line: list[str]) -> None:
    data = pdf(*line)
    reader = PdfReader(io.BytesIO(data))
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.title
    assert b"pdfuaid:part" in data


@pytest.mark.parametrize("line", [["dose", "70 kg"], ["review"]], ids=" ".join)
def test_a_sheet_is_a4_and_that_of_the_review_pack_is_wider_than_high(line: list[str]) -> None:
    a4 = (210 / 25.4 * 72, 297 / 25.4 * 72)
    width, height = a4[::-1] if line == ["review"] else a4
    for page in PdfReader(io.BytesIO(pdf(*line))).pages:
        assert float(page.mediabox.width) == pytest.approx(width, abs=0.1)
        assert float(page.mediabox.height) == pytest.approx(height, abs=0.1)


@pytest.mark.system_package("pdftotext")
@pytest.mark.parametrize("line", REPORTS, ids=" ".join)
def test_no_word_is_over_another_or_outside_the_margins(line: list[str]) -> None:
    assert misplaced(pdf(*line)) == []


@pytest.fixture(scope="module")
def checks() -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = json.loads(output("checklist", "-f", "json"))["results"]
    assert results
    return results


def test_every_check_is_there_in_order(checks: list[dict[str, Any]]) -> None:
    text = squeezed("".join(pages(pdf("checklist"))))
    places = [text.find(squeezed(check["text"])) for check in checks]
    assert -1 not in places
    assert places == sorted(places)


def test_no_check_is_cut_by_the_end_of_a_page(checks: list[dict[str, Any]]) -> None:
    sheets = [words(page) for page in pages(pdf("checklist"))]
    assert len(sheets) >= 2
    for check in checks:
        whole = words(" ".join(said_in(check)))
        assert any(whole <= sheet for sheet in sheets), check["id"]


@pytest.mark.system_package("pdftotext")
@pytest.mark.parametrize("command", ["contraindications", "risks", "evidence"])
def test_another_reader_finds_every_item_and_source(command: str) -> None:
    reader = ["pdftotext", "-raw", "-", "-"]
    read = subprocess.run(reader, input=pdf(command), capture_output=True, check=True)
    found = words(read.stdout.decode())
    results = json.loads(output(command, "-f", "json"))["results"]
    assert results
    for item in results:
        assert words(" ".join([item.get("text") or item["says"], *item["source_ids"]])) <= found


def test_the_same_answer_and_date_are_the_same_bytes_in_a_pipe_and_in_a_file(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "sheet.pdf"
    assert run("checklist", "-o", str(file)).exit_code == 0
    assert file.read_bytes() == pdf("checklist")


@pytest.mark.parametrize(
    "clinic",
    [
        "#set page(fill: red) *bold* <label> $x$ @ref [content] \\",
        "<script>alert(1)</script>",
        "Caf\u00e9 Z\u00fcrich",
        "Department of " + "very " * 34 + "long names",
    ],
    ids=["typst", "html", "accents", "long"],
)
def test_a_name_is_shown_whole_as_it_is_and_never_read_as_markup(clinic: str) -> None:
    assert squeezed(clinic) in squeezed(pages(pdf("checklist", "--clinic", clinic))[0])


def test_what_the_fonts_cannot_show_is_shown_escaped() -> None:
    data = pdf("checklist", "--clinic", "\u0642\u0644\u0628 \U0001f600 clinic")
    assert "\\u0642\\u0644\\u0628\\U0001f600clinic" in squeezed(pages(data)[0])


def test_a_pdf_goes_into_a_pipe_and_not_to_a_terminal() -> None:
    command = [sys.executable, "-m", "ketaref", "dose", "70 kg", "-f", "pdf"]
    assert subprocess.run(command, capture_output=True, check=True).stdout.startswith(b"%PDF-")
    ours, theirs = pty.openpty()
    result = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, check=False)
    os.close(theirs)
    os.close(ours)
    assert result.returncode == 2
    assert b"a PDF is not for a terminal" in result.stderr


def test_without_the_extra_the_error_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    result = run("checklist", "-o", str(tmp_path / "a.pdf"))
    assert result.exit_code == 2
    assert 'pip install "ketaref[pdf]"' in result.stderr
    assert not list(tmp_path.iterdir())


def test_sixty_long_checks_are_all_there_and_whole() -> None:
    dataset = load_dataset()
    many = tuple(
        dataset.lists.checks[0].model_copy(
            update={"id": f"check-{n}", "text": f"Begin{n:03d} {'long words ' * 30}end{n:03d}"}
        )
        for n in range(60)
    )
    lists = dataset.lists.model_copy(update={"checks": many})
    changed = dataset.model_copy(update={"lists": lists})
    answer = Reference(Library(changed, None, TODAY)).checklist()
    data, html = (write(answer, f, Page(written=TODAY)) for f in (Format.PDF, Format.HTML))
    assert isinstance(data, bytes)
    assert isinstance(html, str)
    sheets = [words(page) for page in pages(data)]
    assert len(sheets) > 5
    for n in range(60):
        ends = {f"begin{n:03d}", f"end{n:03d}"}
        assert any(ends <= sheet for sheet in sheets), n
        assert html.count(f"Begin{n:03d} ") == 1
