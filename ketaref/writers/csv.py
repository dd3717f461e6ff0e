"""CSV: one line per result and one column per fact, with the notice as the last of them.

RFC 4180 quoting, lines ending in a line feed, a header row, no commas in numbers. The columns
come from the answer's model, so that they are the same whatever the answer.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from io import StringIO
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from ketaref import notation
from ketaref.answers.answer import Answer, ProtocolStamp
from ketaref.label import LABEL
from ketaref.writers import Page

# A spreadsheet runs a cell that begins so as a formula, and takes an exact 7/12 for a date.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
_FRACTION = re.compile(r"\d+/\d+")


def write(answer: Answer, _page: Page) -> str:
    """Return the answer as CSV."""
    first = {"kind": str(answer.kind), **answer.constants()}
    last = {
        "report_cautions": "; ".join(caution.text for caution in answer.cautions),
        "data_version": answer.data.version if answer.data else "",
        "data_reviewed": str(answer.data.reviewed) if answer.data else "",
        "clinical_review": answer.data.clinical_review if answer.data else "",
        "notice": LABEL,
    }
    output = StringIO()
    model, local = answer.result_model, answer.local_model if answer.protocol else None
    if answer.protocol:
        last = {"protocol": _protocol(answer.protocol), **last}
    names = [*first, *columns(model), *(columns(local) if local else ())]
    writer = csv.DictWriter(output, [*dict.fromkeys(names), *last], lineterminator="\n")
    writer.writeheader()
    lines = [first | cells for cells in _cells(model, answer.lines(answer.results))]
    if local:
        lines += [first | cells for cells in _cells(local, answer.lines(answer.local))]
    # Where there is no result there is one line all the same: the label is not lost.
    for line in lines or [first | flatten(model, None)]:
        cells = line | last
        writer.writerow({key: _cell(value) for key, value in cells.items()})
    return output.getvalue()


def _cells(model: type[BaseModel], rows: Iterable[BaseModel]) -> Iterator[dict[str, Any]]:
    return (flatten(model, row.model_dump(by_alias=True)) for row in rows)


def _protocol(stamp: ProtocolStamp) -> str:
    return f"{stamp.label}, {stamp.institution}, expires {stamp.expires}, sha256 {stamp.sha256}"


def columns(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Yield the columns of a model: nested models are flattened, and lists are one cell."""
    yield from flatten(model, {}, prefix)


def flatten(
    model: type[BaseModel], values: Mapping[str, Any] | None, prefix: str = ""
) -> dict[str, Any]:
    """Return a cell for each column of a model; None where the answer has no value for it."""
    cells: dict[str, Any] = {}
    for field_name, field in model.model_fields.items():
        name = field.serialization_alias or field_name
        value = values.get(name) if values else None
        inner = _model_in(field.annotation)
        if inner:
            cells |= flatten(inner, value, f"{prefix}{name}_")
        else:
            cells[f"{prefix}{name}"] = value
    return cells


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - any annotation
    if get_origin(annotation) in (Union, UnionType):
        return next(filter(None, map(_model_in, get_args(annotation))), None)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return None


def _cell(value: Any) -> str:  # noqa: ANN401 - any value of a model
    match value:
        case Decimal():
            return notation.plain(value)
        case str():
            unsafe = value.startswith(_FORMULA) or _FRACTION.fullmatch(value)
            return f"'{value}" if unsafe else str(value)
        case {"value": Decimal() as number, "unit": str() as unit}:
            return f"{notation.plain(number)} {unit}"
        case Mapping():
            return ": ".join(_cell(part) for part in value.values())
        case Sequence():
            return "; ".join(_cell(item) for item in value)
        case _:
            return "" if value is None else str(value)
