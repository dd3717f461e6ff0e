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
    CSL_JSON = "csl-json"
    RIS = "ris"


NOTES = (Format.NOTE,)
REFERENCES = (Format.CSL_JSON, Format.RIS)

# The formats that only some commands write, and which.
NOT_EVERYWHERE = {
    **dict.fromkeys(NOTES, "a note is written for dose and check only"),
    **dict.fromkeys(REFERENCES, "references are written for sources only"),
}

# The first format is what an ending means by itself; the others agree with it.
ENDINGS = {
    ".csl.json": (Format.CSL_JSON,),
    ".txt": (Format.PLAIN, Format.TABLE, Format.NOTE),
    ".json": (Format.JSON, Format.CSL_JSON),
    ".csv": (Format.CSV,),
    ".md": (Format.MARKDOWN,),
    ".html": (Format.HTML,),
    ".pdf": (Format.PDF,),
    ".ris": (Format.RIS,),
}
