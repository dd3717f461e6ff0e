"""One HTML file that needs nothing else: no script, no outside resource, made to be printed."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from ketaref.answers.answer import Answer
from ketaref.document import BLANK, BOX, title_of, unbroken
from ketaref.pages.frame import is_wide, lay_out
from ketaref.writers import Page
from ketaref.writers.svg import axis_picture, picture


def write(answer: Answer, _page: Page) -> str:
    """Return the answer as a page."""
    document = lay_out(answer, on_paper=True)
    page = _template().render(
        title=title_of(document),
        document=document,
        box=BOX,
        blank=BLANK,
        picture=picture,
        axis_picture=axis_picture,
        wide=is_wide(answer),
    )
    # Character references: the page is then the same in every encoding it may be written in.
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["unbroken"] = unbroken
    environment.filters["kind"] = lambda block: type(block).__name__
    return environment.get_template("page.html.j2")
