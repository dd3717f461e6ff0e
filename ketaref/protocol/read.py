"""Read a clinic's protocol file, hostile or broken as it may be: all of it, or nothing."""

import os
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import tomli
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ketaref.errors import ProtocolError, echo, printable
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.protocol.model import (
    MOST_CHECKS,
    MOST_ROWS,
    Approval,
    LocalCheck,
    LocalReview,
    Protocol,
    ProtocolFile,
    ProtocolRow,
)
from ketaref.store import content_hash, duplicates

LARGEST = 100_000  # bytes; a hundred rows with all their texts are half of that
MOST_VALUES = 5_000  # keys and items, at any depth; a hundred full rows have half as many
MOST_REVIEWS = 50
MOST_PROBLEMS = 100  # named one by one; the others are counted

_TABLES: dict[str, tuple[type[Frozen], int]] = {
    "row": (ProtocolRow, MOST_ROWS),
    "check": (LocalCheck, MOST_CHECKS),
    "review": (LocalReview, MOST_REVIEWS),
}
TEMPLATE = Path(__file__).with_name("template.toml")


def read_protocol(file: Path, dataset: Dataset, *, today: date) -> Protocol:
    """Return a protocol that holds or has expired; every problem is in one ``ProtocolError``.

    One whose approval lies in the future is refused.
    """
    content = _parse(file)
    problems: list[str] = []
    parts = {name: _tables(name, content, problems) for name in _TABLES}
    problems += _unknown(content)
    approval = _build(Approval, content.get("protocol"), "[protocol]", problems, dataset)
    built = {
        name: [
            _build(model, table, f"{name} {_name_of(table, number)}", problems, dataset)
            for number, table in enumerate(parts[name], start=1)
        ]
        for name, (model, _) in _TABLES.items()
    }
    ids = [table.get("id") for name in ("row", "check") for table in parts[name]]
    problems += duplicates("id", (echo(name) for name in ids if isinstance(name, str)))
    if not parts["row"] and not parts["check"]:
        problems.append("no [[row]] and no [[check]]: the protocol says nothing")
    if isinstance(approval, Approval) and approval.approved > today:
        problems.append(
            f"[protocol]: approved: {approval.approved} is later than today, {today}: "
            "it is not yet valid"
        )
    reviews = [review for review in built["review"] if isinstance(review, LocalReview)]
    if isinstance(approval, Approval):
        problems += _reviewed_on_no_such_day(approval, reviews, today)
    sha256 = (
        "" if problems else content_hash(_without_reviews(content))
    )  # a wrong file has no hash that counts
    if isinstance(approval, Approval) and not problems:
        problems += _of_another_version(approval, reviews, sha256)
    if problems:
        raise _error(file, problems)
    return Protocol(
        file=printable(file.name),
        approval=approval,
        rows=built["row"],
        checks=built["check"],
        reviews=built["review"],
        sha256=sha256,
    )


def _without_reviews(content: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in content.items() if name != "review"}


def _reviewed_on_no_such_day(
    approval: Approval, reviews: Sequence[LocalReview], today: date
) -> Iterator[str]:
    """Yield which reviews cannot have been made when they say."""
    for number, review in enumerate(reviews, start=1):
        if not approval.approved <= review.reviewed <= today:
            yield (
                f"review {number}: reviewed: {review.reviewed} is not from the approval, "
                f"{approval.approved}, to today, {today}"
            )


def _of_another_version(
    approval: Approval, reviews: Sequence[LocalReview], sha256: str
) -> Iterator[str]:
    """Yield which reviews name the hash of this protocol, and another version."""
    for number, review in enumerate(reviews, start=1):
        if review.sha256 == sha256 and review.version != approval.version:
            yield (
                f"review {number}: version: {echo(review.version)} is not the version of the "
                f"protocol, {echo(approval.version)}"
            )


def _error(file: Path, problems: list[str]) -> ProtocolError:
    name = echo(file.name or str(file))
    named = [f"{name}: {problem}" for problem in problems[:MOST_PROBLEMS]]
    if more := len(problems) - len(named):
        named.append(f"{name}: and {more:,} more problems")
    return ProtocolError(tuple(named))


def _not_waiting(path: str, flags: int) -> int:
    """Open a file so that reading never waits for more: a kernel's log has a length of 0."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _parse(file: Path) -> dict[str, Any]:
    try:
        if file.exists() and not file.is_file():
            raise _error(file, ["is not an ordinary file"])
        with open(file, "rb", opener=_not_waiting) as opened:
            # One byte more than is accepted: a file of any size is refused in the same time.
            written = opened.read(LARGEST + 1)
        if len(written) > LARGEST:
            raise _error(file, [f"is larger than {LARGEST:,} bytes"])
        # With or without the mark that some editors put before UTF-8.
        text = written.decode("utf-8-sig")
        content = tomli.loads(text, parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise _error(file, [f"is not UTF-8 text, from byte {error.start:,} on"]) from None
    except RecursionError:
        raise _error(file, ["is nested too deeply"]) from None
    except (OSError, ValueError, ArithmeticError) as error:  # ArithmeticError: 1e99999999999999999
        reason = error.strerror if isinstance(error, OSError) else str(error) or "a number"
        raise _error(file, [f"cannot be read: {reason}"]) from None
    if _is_large(content):
        raise _error(file, [f"has more than {MOST_VALUES:,} values"])
    return content


def _is_large(content: dict[str, Any]) -> bool:
    """Return whether there is more in it than is worth looking at; however deep it goes."""
    count = 0
    left: list[Any] = [content]
    while left and count <= MOST_VALUES:
        value = left.pop()
        inner = value.values() if isinstance(value, dict) else value
        count += len(inner)
        left += (each for each in inner if isinstance(each, dict | list))
    return count > MOST_VALUES


def _tables(name: str, content: dict[str, Any], problems: list[str]) -> list[dict[str, Any]]:
    tables = content.get(name, [])
    most = _TABLES[name][1]
    if not (isinstance(tables, list) and all(isinstance(table, dict) for table in tables)):
        problems.append(f"{name}: tables [[{name}]] are needed")
        return []
    if len(tables) > most:
        problems.append(f"{len(tables):,} tables [[{name}]]: at most {most} are accepted")
    return tables[:most]


def _unknown(content: dict[str, Any]) -> Iterator[str]:
    known = ProtocolFile.model_fields
    for key in sorted(content.keys() - known.keys()):
        yield f"{echo(key)}: is no known table; tables: {', '.join(known)}"


def _name_of(table: dict[str, Any], number: int) -> str:
    name = table.get("id")
    return echo(name) if isinstance(name, str) and name else str(number)


def _build(
    model: type[Frozen],
    table: dict[str, Any] | None,
    where: str,
    problems: list[str],
    dataset: Dataset,
) -> Frozen | None:
    """Return a table as a value, or add all that is wrong with it to the problems."""
    if table is None:
        problems.append(f"{where}: is missing; `ketaref protocol new` shows it")
        return None
    try:
        return model.model_validate(table, context=dataset)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        problems += (f"{where}: {_problem_text(model, each)}" for each in found)
        return None


def _problem_text(model: type[BaseModel], problem: ErrorDetails) -> str:
    numbered = (part + 1 if isinstance(part, int) else part for part in problem["loc"])
    place = ".".join(echo(str(part)) for part in numbered) or "table"
    kind, message = problem["type"], problem["msg"].removeprefix("Value error, ")
    inner, accepted = _at(model, problem["loc"])
    if kind == "extra_forbidden":
        return f"{place}: is no known key; keys: {', '.join(inner.model_fields)}"
    if kind == "missing":
        message = "is missing"
    return f"{place}: {message}" + (f"; accepted: {accepted}" if accepted else "")


def _at(model: type[BaseModel], place: tuple[Any, ...]) -> tuple[type[BaseModel], str | None]:
    """Return the innermost model of a place, and what its field accepts."""
    accepted = None
    for part in place:
        if field := model.model_fields.get(part) if isinstance(part, str) else None:
            accepted = field.description
            model = next(_models_in(field.annotation), model)
    return model, accepted


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
