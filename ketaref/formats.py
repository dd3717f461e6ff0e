"""The formats that a report can be written in, and the file endings that name them."""

from enum import StrEnum


class Format(StrEnum):
    """The formats that a report can be written in."""

    TABLE = "table"
    PLAIN = "plain"
    NOTE = "note"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"


# The first format is what an ending means by itself; the others agree with it.
ENDINGS = {
    ".txt": (Format.PLAIN, Format.TABLE, Format.NOTE),
    ".json": (Format.JSON,),
    ".csv": (Format.CSV,),
    ".md": (Format.MARKDOWN,),
    ".html": (Format.HTML,),
    ".pdf": (Format.PDF,),
}
