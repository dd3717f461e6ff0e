"""The HTML page: self-contained, escaped, with all that the plain text has."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

import ketaref.writers
from ketaref.label import LABEL
from tests.outputs import output
from tests.samples import HOSTILE_NAME, REPORTS


class Page(HTMLParser):
    """The tags of a page, and the text between them."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if "style" not in self.tags[-1:]:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@cache
def page_of(*line: str) -> Page:
    return Page(output(*line, "-f", "html"))


@pytest.mark.parametrize("line", REPORTS, ids=" ".join)
def test_a_page_needs_nothing_from_outside_and_runs_nothing(line: list[str]) -> None:
    source, page = output(*line, "-f", "html"), page_of(*line)
    assert not {"script", "link", "iframe", "img", "object", "form", "input"} & set(page.tags)
    keys = {key for key, _ in page.attributes}
    assert not {key for key in keys if key.startswith("on")} | (keys & {"src", "href", "action"})
    assert "url(" not in source
    assert "default-src 'none'" in source
    assert source.isascii()


@pytest.mark.parametrize("line", REPORTS, ids=" ".join)
def test_a_page_has_every_word_of_the_plain_text(line: list[str]) -> None:
    page = set(re.findall(r"[\w.]+", page_of(*line).text.lower()))
    facts = output(*line, "-f", "plain").splitlines()
    plain = " ".join(fact.partition(": ")[2] for fact in facts).lower()
    assert set(re.findall(r"[\w.]+", plain)) - page == set()


@pytest.mark.parametrize("line", REPORTS, ids=" ".join)
def test_a_page_has_headings_and_headers_that_a_reader_can_use(line: list[str]) -> None:
    page = page_of(*line)
    assert page.tags.count("h1") == 1
    assert ("lang", "en") in page.attributes
    if "table" in page.tags:
        assert ("scope", "col") in page.attributes
        assert ("scope", "row") in page.attributes
    assert page.text.endswith(LABEL)


def test_a_name_cannot_become_markup() -> None:
    assert HOSTILE_NAME in page_of("checklist", "--clinic", HOSTILE_NAME).text
    assert "<script" not in output("checklist", "--clinic", HOSTILE_NAME, "-f", "html")


def test_a_chart_has_a_picture_with_a_text_that_says_the_same() -> None:
    line = ("chart", "--from", "40kg", "--to", "120kg")
    source = output(*line, "-f", "html")
    assert 'role="img" aria-labelledby="band-title band-text"' in source
    ends = "from 20 to 40 mg at 40 kg = 88.2 lb up to 60 to 120 mg at 120 kg = 264.6 lb"
    assert ends in page_of(*line).text.replace("\u00a0", " ")
    # By hand: 40 kg is at x 64, 120 kg at 624; 120 mg at y 16 and 0 mg at y 312.
    # 20 mg: 312 - 296 x 20/120 = 262.67; 40 mg: 213.33; 60 mg: 164; 120 mg: 16.
    assert 'points="64,262.67 624,164 624,16 64,213.33"' in source


def test_one_weight_is_a_picture_too() -> None:
    assert "<polygon" in output("chart", "--from", "70kg", "--to", "70kg", "-f", "html")


def test_the_templates_are_in_the_package() -> None:
    folder = Path(ketaref.writers.__file__).parent
    assert (folder / "page.typ").is_file()
    assert (folder / "page.html.j2").is_file()
