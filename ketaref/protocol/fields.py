"""What a protocol's fields accept: a clinic's own texts, numbers, names and dates.

The description of a type is what a refusal lists as accepted, and what an editor shows.
"""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StrictStr, WithJsonSchema

from ketaref.model.base import Frozen, Name, StrictDate, exact_number
from ketaref.model.names import DRUG_SPELLINGS, ROUTE_SPELLINGS, Drug, Route

LONGEST_NAME = 40
# Names that mean something else where a row is named: the total of an audit, a published row.
RESERVED = frozenset(
    {"all", "local", "no-row", "none", "protocol", "published"}
    | {name for name in (*ROUTE_SPELLINGS, *DRUG_SPELLINGS) if " " not in name}
)
# Printable by their class, and yet nothing is seen: with them a name could be laid out as a table.
_BLANKS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0d\uffa0"
    "\U0001d159\U00016fe4\U000e0100-\U000e01ef]"
)
# Part of Persian, Hindi and emoji, between two characters that are seen.
_JOINER = re.compile(r"(?<=\S)[\u200c\u200d](?=\S)(?![\u200c\u200d])")
LONGEST_TEXT = 300  # characters; a name, a title or one item of a checklist
_WHOLE_DIGITS, _DECIMALS = 4, 3  # as what is typed for a dose in mg
_LONGEST_NUMBER = 20  # digits as written, with zeros at the end


def _local_text(text: str) -> str:
    text = re.sub("[ \u00a0\u2009\u202f\u3000]+", " ", text).strip()
    if blank := _BLANKS.search(text):
        raise ValueError(f"has a character that shows nothing (U+{ord(blank[0]):04X})")
    if not any(character.isalnum() for character in text):
        raise ValueError("is blank: fill it in")
    if not _JOINER.sub("", text).isprintable():
        raise ValueError("has a control character or a line break")
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"has {len(text):,} characters: at most {LONGEST_TEXT} are accepted")
    return text


def _local_name(name: str) -> str:
    if len(name) > LONGEST_NAME or not name[:1].isalpha():
        raise ValueError(f"begins with a letter, and has at most {LONGEST_NAME} characters")
    if name in RESERVED:
        raise ValueError(f'"{name}" means something else here: choose another name')
    return name


def _local_number(value: Any) -> Decimal:  # noqa: ANN401 - it is the check
    """Take a number of few digits: 1e999999 would be a very long one, and 0.0001 mg no dose."""
    number = exact_number(value)
    _, digits, _ = number.as_tuple()
    # Its size first: a remainder of what is very small or very long would itself be rounded.
    if (
        not -_DECIMALS <= number.adjusted() < _WHOLE_DIGITS
        or len(digits) > _LONGEST_NUMBER
        or number % Decimal("0.001")
    ):
        raise ValueError(
            f"has too many digits: at most {_WHOLE_DIGITS} before and {_DECIMALS} after the point"
        )
    return number


def _one_of_these(spellings: dict[str, Any], what: str) -> BeforeValidator:
    def read(value: Any) -> Any:  # noqa: ANN401 - it is the check
        if value == "":
            raise ValueError("is blank: fill it in")
        name = value.strip().lower() if isinstance(value, str) and value.isascii() else None
        if name not in spellings:
            raise ValueError(f"is not a known {what}")
        return spellings[name]

    return BeforeValidator(read)


def _spellings(names: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(names)})


LocalText = Annotated[
    StrictStr,
    AfterValidator(_local_text),
    Field(min_length=1, max_length=LONGEST_TEXT),
    Field(description=f"a text on one line, of at most {LONGEST_TEXT} characters"),
]
LocalNumber = Annotated[
    Decimal,
    BeforeValidator(_local_number),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 9999.999}),
    Field(description="a number above 0, such as 0.5"),
]
LocalName = Annotated[
    Name,
    AfterValidator(_local_name),
    Field(description="a name of small letters, digits and single hyphens, such as iv-1"),
]
Day = Annotated[
    StrictDate,
    Field(description="a date without quotes, such as 2026-11-23"),
]
LocalRoute = Annotated[
    Route,
    _one_of_these(ROUTE_SPELLINGS, "route"),
    _spellings(ROUTE_SPELLINGS),
    Field(description=", ".join(ROUTE_SPELLINGS)),
]
LocalDrug = Annotated[
    Drug,
    _one_of_these(DRUG_SPELLINGS, "drug"),
    _spellings(DRUG_SPELLINGS),
    Field(description=", ".join(DRUG_SPELLINGS)),
]


class LocalSource(Frozen):
    """A source or an approving document of the clinic's, and the place in it."""

    title: LocalText
    place: LocalText
    identifier: LocalText | None = None
