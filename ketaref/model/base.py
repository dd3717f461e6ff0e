"""What every model shares: it cannot change, knows its keys, holds ASCII and exact numbers."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints


class Frozen(BaseModel):
    """A value: immutable, and with no key that is not named here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _exact_number(value: Any) -> Decimal:  # noqa: ANN401 - it is the check
    """Take what TOML calls a number, exactly; not a float, a text, a truth value or infinity."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("a number is needed")  # noqa: TRY004 - what pydantic collects
    number = Decimal(value)
    if not number.is_finite() or number <= 0:
        raise ValueError("a finite number above 0 is needed")
    return number


Number = Annotated[Decimal, BeforeValidator(_exact_number)]

# ASCII, so that no encoding of a terminal or a file can lose a part of it.
Text = Annotated[str, StringConstraints(strict=True, min_length=1, pattern=r"^[ -~]+$")]
Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
