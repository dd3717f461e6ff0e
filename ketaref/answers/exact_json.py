"""JSON in ASCII with exact digits: no exponent, no comma in a number."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ketaref import notation

_INDENT = "  "


def dumps(value: Any, indent: str = "") -> str:  # noqa: ANN401 - whatever JSON can hold
    """Return a value as JSON. The standard library would write 0.00001 as 1e-05.

    >>> print(dumps({"value": Decimal("0.00001")}))
    {
      "value": 0.00001
    }
    """
    deeper = indent + _INDENT
    match value:
        case dict():
            items = (f"{json.dumps(str(k))}: {dumps(v, deeper)}" for k, v in value.items())
            return _nested("{", items, "}", indent)
        case list() | tuple():
            return _nested("[", (dumps(item, deeper) for item in value), "]", indent)
        case Decimal():
            return notation.plain(value)
        case _:
            return json.dumps(value, default=str, allow_nan=False)


def _nested(opening: str, items: Iterable[str], closing: str, indent: str) -> str:
    inside = f",\n{indent}{_INDENT}".join(items)
    if not inside:
        return opening + closing
    return f"{opening}\n{indent}{_INDENT}{inside}\n{indent}{closing}"
