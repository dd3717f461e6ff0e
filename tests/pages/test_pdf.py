"""The PDF, read back with other programs: whole, in order, tagged, labelled on every page."""

import io
import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pypdf import PdfReader

from ketaref import store
from ketaref.label import LABEL
from tests.conftest import Run
from tests.places import NARROW
from tests.samples import REPORTS


def pdf(run: Run, folder: Path, *line: str) -> bytes:
    file = folder / "report.pdf"
    result = run(*line, "-o", str(file), "--force")
    assert result.exit_code in (0, 3), result.stderr
    return file.read_bytes()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def name(line: list[str]) -> str:
    return " ".join(line)


@pytest.mark.parametrize("line", REPORTS, ids=name)
def test_every_page_has_the_label_the_edition_the_date_and_its_number(
    run: Run, tmp_path: Path, line: list[str]
) -> None:
    reader = PdfReader(io.BytesIO(pdf(run, tmp_path, *line)))
    total = len(reader.pages)
    assert total >= 1
    for number, page in enumerate(reader.pages, 1):
        text = squeezed(page.extract_text())
        assert squeezed(LABEL) in text
        assert "data2026.11.1,notreviewedbyaclinician,printed2026-11-23" in text
        assert f"page{number}of{total}" in text


@pytest.mark.parametrize("line", REPORTS, ids=name)
def test_a_pdf_is_tagged_and_names_its_language_and_title(
    run: Run, tmp_path: Path, line: list[str]
) -> None:
    reader = PdfReader(io.BytesIO(pdf(run, tmp_path, *line)))
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.title
    assert b"pdfuaid:part" in pdf(run, tmp_path, *line)


def checks(run: Run) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = json.loads(run("checklist", "-f", "json").stdout)["results"]
    assert len(results) >= 20
    return results


def test_every_check_is_there_in_order(run: Run, tmp_path: Path) -> None:
    reader = PdfReader(io.BytesIO(pdf(run, tmp_path, "checklist")))
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    places = [text.find(squeezed(check["text"])) for check in checks(run)]
    assert -1 not in places
    assert places == sorted(places)


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKC", text).lower()))


def test_no_check_is_cut_by_the_end_of_a_page(run: Run, tmp_path: Path) -> None:
    reader = PdfReader(io.BytesIO(pdf(run, tmp_path, "checklist")))
    assert len(reader.pages) >= 2
    pages = [words(page.extract_text()) for page in reader.pages]
    for check in checks(run):
        whole = words(" ".join([check["text"], check["note"] or "", *check["source_ids"]]))
        assert any(whole <= page for page in pages), check["id"]


@pytest.mark.system_package("pdftotext")
@pytest.mark.parametrize("command", ["contraindications", "risks", "evidence"])
def test_another_reader_finds_every_item_and_source(run: Run, tmp_path: Path, command: str) -> None:
    pdf(run, tmp_path, command)
    reader = ["pdftotext", "-raw", str(tmp_path / "report.pdf"), "-"]
    found = words(subprocess.run(reader, capture_output=True, text=True, check=True).stdout)
    results = json.loads(run(command, "-f", "json").stdout)["results"]
    assert len(results) >= 38
    for item in results:
        assert words(" ".join([item.get("text") or item["says"], *item["source_ids"]])) <= found


def test_the_same_input_and_date_are_the_same_bytes(run: Run, tmp_path: Path) -> None:
    assert pdf(run, tmp_path, "checklist") == pdf(run, tmp_path, "checklist")


@pytest.mark.parametrize(
    "clinic",
    [
        "#set page(fill: red) *bold* <label> $x$ @ref [content] \\",
        "<script>alert(1)</script>",
        "Caf\u00e9 Z\u00fcrich",
    ],
)
def test_a_name_is_shown_as_it_is_and_never_read_as_markup(
    run: Run, tmp_path: Path, clinic: str
) -> None:
    reader = PdfReader(io.BytesIO(pdf(run, tmp_path, "checklist", "--clinic", clinic)))
    assert squeezed(clinic) in squeezed(reader.pages[0].extract_text())


def test_what_the_fonts_cannot_show_is_shown_escaped(run: Run, tmp_path: Path) -> None:
    data = pdf(run, tmp_path, "checklist", "--clinic", "\u0642\u0644\u0628 \U0001f600 clinic")
    text = squeezed(PdfReader(io.BytesIO(data)).pages[0].extract_text())
    assert "\\u0642\\u0644\\u0628\\U0001f600clinic" in text


def test_a_long_name_is_not_lost(run: Run, tmp_path: Path) -> None:
    clinic = "Department of " + "very " * 34 + "long names"
    data = pdf(run, tmp_path, "checklist", "--clinic", clinic)
    assert squeezed(clinic) in squeezed(PdfReader(io.BytesIO(data)).pages[0].extract_text())


def test_a_pdf_goes_into_a_pipe_and_not_to_a_terminal() -> None:
    import os
    import pty

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


def test_sixty_long_checks_are_all_there_and_whole(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = store.load_dataset()
    many = [
        dataset.checks[0].model_copy(
            update={"id": f"check-{n}", "text": f"Begin{n:03d} {'long words ' * 30}end{n:03d}"}
        )
        for n in range(60)
    ]
    changed = dataset.model_copy(update={"checks": tuple(many)})
    monkeypatch.setattr(store, "load_dataset", lambda: changed)
    reader = PdfReader(io.BytesIO(pdf(run, tmp_path, "checklist")))
    pages = [words(page.extract_text()) for page in reader.pages]
    assert len(pages) > 5
    page = run("checklist", "-f", "html").stdout
    for n in range(60):
        ends = {f"begin{n:03d}", f"end{n:03d}"}
        assert any(ends <= found for found in pages), n
        assert page.count(f"Begin{n:03d} ") == 1


# ------------------------------------------------------------ where the words stand on the page

MM = 72 / 25.4
MARGINS = (16 * MM, 18 * MM, 16 * MM, 5 * MM)  # the footer stands below the lower margin


class Word(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    text: str

    def is_over(self, other: "Word") -> bool:
        # Boxes of letters that touch are no overlap: ascenders reach into the line above.
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0.5 and down > 0.4 * min(self.bottom - self.top, other.bottom - other.top)


def misplaced(file: Path) -> list[str]:
    """Return the words that stand over one another or outside the margins, by poppler."""
    shown = subprocess.run(
        ["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    found = []
    for page in re.split(r"<page ", shown)[1:]:
        size = re.match(r'width="([\d.]+)" height="([\d.]+)"', page)
        assert size
        wide, high = map(float, size.groups())
        box = " ".join(f'{name}="([-\\d.]+)"' for name in ("xMin", "yMin", "xMax", "yMax"))
        boxes = re.findall(f"<word {box}>(.*?)</word>", page)
        words = sorted(
            Word(float(left), float(top), float(right), float(bottom), text)
            for left, top, right, bottom, text in boxes
        )
        left_margin, top_margin, right_margin, bottom_margin = MARGINS
        found += [
            f"outside: {word}"
            for word in words
            if word.left < left_margin - 1
            or word.right > wide - right_margin + 1
            or word.top < top_margin - 5  # the box of a letter reaches above its ink
            or word.bottom > high - bottom_margin
        ]
        for number, word in enumerate(words):
            for other in words[number + 1 :]:
                if other.left > word.right:
                    break
                if word.is_over(other):
                    found.append(f"over one another: {word} / {other}")
    return found


@pytest.mark.system_package("pdftotext")
@pytest.mark.parametrize("line", REPORTS, ids=name)
def test_no_word_stands_over_another_or_outside_the_margins(
    run: Run, tmp_path: Path, line: list[str]
) -> None:
    pdf(run, tmp_path, *line)
    assert misplaced(tmp_path / "report.pdf") == []


def many_rows(count: int, word: str) -> str:
    """Return a protocol of so many capped rows, with a word that no line may end inside of."""
    head = NARROW.read_text().split("[[row]]")[0]
    rows = "".join(
        f'''
[[row]]
id = "row-{number}"
route = "iv"
drug = "ketamine"
basis = "per_kg"
low = 0.{50 + number}
high = 1.{10 + number}
unit = "mg/kg"
duration = {{ low = 40, high = 60, unit = "min" }}
body_weight = "actual"
maximum = {{ value = 60.125, unit = "mg" }}
sources = [{{ title = "{word}", place = "p {number}" }}]
'''
        for number in range(count)
    )
    return f'''{head.replace("A hospital", word)}{rows}
[[check]]
id = "check-1"
phase = "before"
text = "At most 160/100 {word}"
sources = [{{ title = "{word}", place = "{word}" }}]
'''


@pytest.mark.system_package("pdftotext")
@pytest.mark.parametrize("word", ["T", "W" * 120, "m-" * 60], ids=["T", "W", "m-"])
@pytest.mark.parametrize("count", [3, 15])
@pytest.mark.parametrize(
    "line",
    [
        ["chart", "-s", "0.333mg/mL"],
        ["chart", "--from", "8st", "--to", "18st", "--step", "1st", "-s", "10mg/mL"],
        ["dose", "154.333 lb", "-s", "0.333mg/mL", "--over", "59.9min"],
        ["checklist", "--clinic", "W" * 120],
        ["review"],
    ],
    ids=lambda line: line[0],
)
def test_no_quantity_is_printed_over_another_however_many_rows_a_clinic_has(
    run: Run, tmp_path: Path, line: list[str], count: int, word: str
) -> None:
    """H: number-cut-from-unit."""
    ours = tmp_path / "ours.toml"
    ours.write_text(many_rows(count, word))
    pdf(run, tmp_path, *line, "--protocol", str(ours))
    assert misplaced(tmp_path / "report.pdf") == []


@pytest.mark.system_package("pdftotext")
def test_words_over_one_another_and_outside_the_margins_are_found(tmp_path: Path) -> None:
    import typst

    for body in ("#place(dx: 20mm)[30 mg]#place(dx: 24mm)[45 mg]", "#place(dx: 180mm)[300 mg]"):
        page = '#set page(paper: "a4", margin: (x: 16mm, top: 18mm))\n'
        file = tmp_path / "wrong.pdf"
        file.write_bytes(typst.compile((page + body).encode(), format="pdf"))
        assert misplaced(file)
