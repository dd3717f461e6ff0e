"""The HTML page in a browser: all of it shown, within reach of everybody, whole on paper."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, Page, sync_playwright

from tests.outputs import output
from tests.pages.lists import said_in
from tests.pages.paper import pages, words
from tests.samples import HOSTILE_NAME, NARROW

pytestmark = pytest.mark.system_package("chromium")

SHOWN = {
    "checklist": ["checklist", "--clinic", HOSTILE_NAME],
    "chart": ["chart", "-s", "50mg/mL"],
    "risks": ["risks"],
    "contraindications": ["contraindications"],
    "evidence": ["evidence"],
    "dose": ["dose", "154 lb", "-s", "50mg/mL", "--over", "40min"],
    "protocol": ["dose", "120 kg", "-s", "50mg/mL", "--over", "40min", "--protocol", NARROW],
    "routes": ["routes"],
    "sources": ["sources"],
    "about": ["about"],
}


ALL_RULES: dict[str, Any] = {"resultTypes": ["violations"]}
OF_COLOUR = ALL_RULES | {"runOnly": {"type": "tag", "values": ["cat.color"]}}
VIEWS: tuple[tuple[Literal["light", "dark"], int, dict[str, Any]], ...] = (
    ("light", 1280, ALL_RULES),
    ("dark", 1280, OF_COLOUR),  # nothing else differs
    ("light", 320, ALL_RULES),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
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


@pytest.fixture(scope="module")
def checked_page(browser: Browser) -> Page:
    """Return a page that the checker of accessibility can run in: the page's own policy forbids."""
    return browser.new_context(bypass_csp=True).new_page()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("line", SHOWN.values(), ids=SHOWN)
def test_a_browser_shows_all_of_it(
    browser: Browser, tmp_path: Path, line: list[str], width: int
) -> None:
    file = tmp_path / "page.html"
    file.write_text(output(*line, "-f", "html"))
    page = browser.new_page(viewport={"width": width, "height": 900})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
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
    assert set(requests) == {file.as_uri()}
    page.close()


@pytest.mark.parametrize("line", SHOWN.values(), ids=SHOWN)
def test_a_page_breaks_no_rule_of_accessibility(
    checked_page: Page, tmp_path: Path, line: list[str]
) -> None:
    page, file = checked_page, tmp_path / "page.html"
    file.write_text(output(*line, "-f", "html"))
    page.goto(file.as_uri())
    for scheme, width, rules in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        results = Axe().run(page, options=rules)
        assert results.response["passes"]
        assert results.violations_count == 0, results.generate_report()


def test_a_browser_prints_the_checklist_without_cutting_an_item(
    browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_text(output("checklist", "-f", "html"))
    results = json.loads(output("checklist", "-f", "json"))["results"]
    assert results
    page = browser.new_page()
    page.goto(file.as_uri())
    for size in ("A4", "Letter"):
        sheets = [words(sheet) for sheet in pages(page.pdf(format=size))]
        assert len(sheets) >= 2
        for check in results:
            whole = words(" ".join(said_in(check)))
            assert any(whole <= sheet for sheet in sheets), check["id"]
    page.close()
