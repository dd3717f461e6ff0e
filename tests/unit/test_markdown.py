"""Text in Markdown: shown as it is, never read as markup."""

import pytest

from ketaref.writers.markdown import escaped


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A & B &lt;", r"A \& B \&lt;"),
        ("http://x.org www.x.org a@b.org", r"http\://x.org www\.x.org a\@b.org"),
    ],
)
def test_an_ampersand_is_escaped_and_no_address_becomes_a_link(text: str, written: str) -> None:
    assert escaped(text) == written
