"""What every model shares: it cannot change, knows its keys, holds ASCII and exact numbers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictStr,
    WithJsonSchema,
)


class Frozen(BaseModel):
    """A value: immutable, and with no key that is not named here."""

    # Deferred: a validator is built for what is validated, not for each model that is defined.
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        defer_build=True,
        json_schema_serialization_defaults_required=True,  # every key is always there
    )


_LONGEST_INTEGER = 64  # bits; to write out a longer one in decimal can take seconds


def exact_number(value: Any) -> Decimal:  # noqa: ANN401 - it is the check
    """Return what TOML calls a number, exactly; not a float, a text, a truth value or infinity."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("a number is needed")  # noqa: TRY004 - what pydantic collects
    if isinstance(value, int) and value.bit_length() > _LONGEST_INTEGER:
        raise ValueError("has too many digits")
    number = Decimal(value)
    if not number.is_finite() or number <= 0:
        raise ValueError("a finite number above 0 is needed")
    return number


Number = Annotated[
    Decimal,
    BeforeValidator(exact_number),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
]


def _day(value: Any) -> date:  # noqa: ANN401 - it is the check
    """Take what TOML calls a date: a number would be read as seconds since 1970."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("a date without quotes is needed, such as 2026-11-23")  # noqa: TRY004
    return value


StrictDate = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]


def _percentage(value: Any) -> Decimal:  # noqa: ANN401 - it is the check
    """Take a percentage, exactly; none at all is a figure too."""
    number = Decimal(0) if value == 0 and not isinstance(value, bool) else exact_number(value)
    if number > 100:  # noqa: PLR2004 - per cent
        raise ValueError("a percentage is from 0 to 100")
    return number


Percent = Annotated[
    Decimal,
    BeforeValidator(_percentage),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100}),
]


def _printable_ascii(text: str) -> str:
    if not (text.strip() and text.isascii() and text.isprintable()):
        raise ValueError("a text of printable ASCII is needed")
    return text


def _kebab_case(text: str) -> str:
    if not all(part.isalnum() and part == part.lower() for part in text.split("-")):
        raise ValueError("a name of small letters, digits and single hyphens is needed")
    return text


# ASCII, so that no encoding of a terminal or a file can lose a part of it. Functions rather than
# patterns: pydantic compiles a pattern anew for each field, which takes longer than it saves.
Text = Annotated[StrictStr, AfterValidator(_printable_ascii)]
Name = Annotated[Text, AfterValidator(_kebab_case)]
