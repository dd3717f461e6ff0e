"""The HTML page: self-contained, escaped, and what a browser makes of it."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.test_pdf import words

from ketaref.label import LABEL
from tests.conftest import Run
from tests.samples import REPORTS

HOSTILE = '\u0642\u0644\u0628 <script>alert(1)</script> \U0001f600 & "quoted" {{ 7*7 }}'


class Page(HTMLParser):
    """The tags of a page, and the text between them."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.said: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if "style" not in self.tags[-1:]:
            self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


def name(line: list[str]) -> str:
    return " ".join(line)


@pytest.mark.parametrize("line", REPORTS, ids=name)
def test_a_page_needs_nothing_from_outside_and_runs_nothing(run: Run, line: list[str]) -> None:
    source = run(*line, "-f", "html").stdout
    page = Page(source)
    assert not {"script", "link", "iframe", "img", "object", "form", "input"} & set(page.tags)
    keys = {key for key, _ in page.attributes}
    assert not {key for key in keys if key.startswith("on")} | (keys & {"src", "href", "action"})
    assert "url(" not in source
    assert "default-src 'none'" in source
    assert source.isascii()


@pytest.mark.parametrize("line", REPORTS, ids=name)
def test_a_page_has_every_word_of_the_plain_text(run: Run, line: list[str]) -> None:
    page = set(re.findall(r"[\w.]+", Page(run(*line, "-f", "html").stdout).text.lower()))
    facts = run(*line, "-f", "plain").stdout.splitlines()
    said = " ".join(fact.partition(": ")[2] for fact in facts).lower()
    assert set(re.findall(r"[\w.]+", said)) - page == set()


@pytest.mark.parametrize("line", REPORTS, ids=name)
def test_a_page_has_headings_and_headers_that_a_reader_can_use(run: Run, line: list[str]) -> None:
    page = Page(run(*line, "-f", "html").stdout)
    assert page.tags.count("h1") == 1
    assert ("lang", "en") in page.attributes
    if "table" in page.tags:
        assert ("scope", "col") in page.attributes
        assert ("scope", "row") in page.attributes
    assert page.text.endswith(LABEL)


def test_a_name_cannot_become_markup(run: Run) -> None:
    source = run("checklist", "--clinic", HOSTILE, "-f", "html").stdout
    assert HOSTILE in Page(source).text
    assert "<script" not in source


def test_a_chart_has_a_picture_with_a_text_that_says_the_same(run: Run) -> None:
    source = run("chart", "--from", "40kg", "--to", "120kg", "-f", "html").stdout
    assert 'role="img" aria-labelledby="band-title band-text"' in source
    assert "from 20 to 40 mg at 40 kg up to 60 to 120 mg at 120 kg" in Page(source).text.replace(
        "\u00a0", " "
    )
    # By hand: 40 kg stands at x 64, 120 kg at 624; 120 mg at y 16 and 0 mg at y 312.
    # 20 mg: 312 - 296 x 20/120 = 262.67; 40 mg: 213.33; 60 mg: 164; 120 mg: 16.
    assert 'points="64,262.67 624,164 624,16 64,213.33"' in source


def test_one_weight_is_a_picture_too(run: Run) -> None:
    result = run("chart", "--from", "70kg", "--to", "70kg", "-f", "html")
    assert result.exit_code == 0
    assert "<polygon" in result.stdout


# ------------------------------------------------------------- in a real browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    import shutil

    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield chromium
        chromium.close()


SHOWN = [
    ["checklist", "--clinic", HOSTILE],
    ["chart", "-s", "50mg/mL"],
    ["risks"],
    ["contraindications"],
    ["evidence"],
    ["dose", "154 lb", "-s", "50mg/mL", "--over", "40min"],
    ["routes"],
    ["sources"],
    ["about"],
]


@pytest.mark.system_package("chromium")
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("line", SHOWN, ids=lambda line: line[0])
def test_a_browser_shows_all_of_it(
    run: Run, browser: Any, tmp_path: Path, line: list[str], width: int
) -> None:
    file = tmp_path / "page.html"
    file.write_text(run(*line, "-f", "html").stdout)
    page = browser.new_page(viewport={"width": width, "height": 900})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        outside = page.evaluate(
            """width => [...document.querySelectorAll('main *:not(thead, thead *)')]
            .filter(e => e.getBoundingClientRect().right > width + 1).map(e => e.outerHTML)""",
            width,
        )
        assert not outside
    assert not problems
    assert set(asked_for) == {file.as_uri()}
    page.close()


@pytest.mark.system_package("chromium")
@pytest.mark.parametrize("line", SHOWN, ids=lambda line: line[0])
def test_a_page_breaks_no_rule_of_accessibility(
    run: Run, browser: Any, tmp_path: Path, line: list[str]
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types

    file = tmp_path / "page.html"
    file.write_text(run(*line, "-f", "html").stdout)
    # The page's own policy lets no script run: the checker needs to be let in.
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 320)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(file.as_uri())
        results = Axe().run(page)
        assert results.response["passes"]
        assert results.violations_count == 0, results.generate_report()
    context.close()


@pytest.mark.system_package("chromium")
def test_a_browser_prints_the_checklist_without_cutting_an_item(
    run: Run, browser: Any, tmp_path: Path
) -> None:
    from pypdf import PdfReader

    file = tmp_path / "page.html"
    file.write_text(run("checklist", "-f", "html").stdout)
    results = json.loads(run("checklist", "-f", "json").stdout)["results"]
    assert len(results) >= 20
    page = browser.new_page()
    page.goto(file.as_uri())
    for size in ("A4", "Letter"):
        printed = tmp_path / f"{size}.pdf"
        page.pdf(path=str(printed), format=size)
        pages = [words(sheet.extract_text()) for sheet in PdfReader(printed).pages]
        assert len(pages) >= 2
        for check in results:
            whole = words(" ".join([check["text"], check["note"] or "", *check["source_ids"]]))
            assert any(whole <= sheet for sheet in pages), check["id"]
    page.close()
