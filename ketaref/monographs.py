"""The files of the drugs: hashed at each start, and read only where something of them is asked for.

They are the largest part of the data, and most questions need nothing of them.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli
from pydantic import ValidationError

from ketaref.errors import DataError
from ketaref.model.names import Drug

if TYPE_CHECKING:
    from ketaref.model.drug import Monograph

FILES = {drug: f"{drug}.toml" for drug in Drug}


def parse(name: str, text: str) -> dict[str, Any]:
    """Return what a file of the data says; ``DataError`` if it cannot be read."""
    try:
        # Decimal: what is written is what is meant, to the last digit.
        return tomli.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError) as error:  # 84e9999999999999999
        reason = str(error) if not isinstance(error, ArithmeticError) else "a number is too large"
        raise DataError((f"{name}: cannot be read: {reason}",)) from None


def parse_lines(name: str, text: str) -> dict[str, Any]:
    """Return what a file says that is hashed by its lines: no value may go over several."""
    if '"""' in text or "'''" in text:
        raise DataError((f"{name}: a value over several lines is not read here",))
    return parse(name, text)


def read_texts(root: Path) -> dict[str, str]:
    """Return the texts of the drugs' files in a folder, by the names of the files."""
    return {name: read_text(root / name) for name in FILES.values()}


def read_text(file: Path) -> str:
    """Return the text of a file of the data; ``DataError`` if there is none."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise DataError((f"{file.name}: cannot be read: {error}",)) from None


def hashes(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the hash of each text without its comments and line endings.

    It changes with whatever the file says: no line of a value begins with #, since a value over
    several lines is refused when the file is read.
    """
    return {name: hashlib.sha256(_said(text).encode()).hexdigest() for name, text in texts.items()}


def _said(text: str) -> str:
    lines = map(str.strip, text.splitlines())
    return "\n".join(line for line in lines if line and line[0] != "#")


def monographs(texts: Mapping[str, str], source_ids: frozenset[str]) -> "tuple[Monograph, ...]":
    """Return the monograph of each drug; every problem is in the one ``DataError``."""
    problems: list[str] = []
    found: list[Monograph] = []
    for drug, name in FILES.items():
        try:
            monograph = _monograph(name, texts[name])
        except DataError as error:
            problems += error.problems
            continue
        found.append(monograph)
        problems += _cross_check(name, drug, monograph, source_ids)
    if problems:
        raise DataError(tuple(problems))
    return tuple(found)


def _monograph(name: str, text: str) -> "Monograph":
    from ketaref.model.drug import Monograph

    content = parse_lines(name, text)
    try:
        return Monograph.model_validate(content)
    except ValidationError as error:
        problems = (f"{name}: {_place(content, p['loc'])}: {p['msg']}" for p in error.errors())
        raise DataError(tuple(dict.fromkeys(problems))) from None


def _place(content: dict[str, Any], place: tuple[int | str, ...]) -> str:
    """Say where in a file a problem is: the table, its entry by name, and the field."""
    if len(place) < 2 or not isinstance(place[1], int):  # noqa: PLR2004 - a table and a number
        return ".".join(map(str, place)) or "the whole"
    table, number, *field = place
    entry = content[str(table)][number]
    name = entry.get("id", number) if isinstance(entry, dict) else number
    return f"{table} {name}: {'.'.join(map(str, field)) or 'entry'}"


def _cross_check(
    name: str, drug: Drug, monograph: "Monograph", source_ids: frozenset[str]
) -> Iterator[str]:
    """Yield what no single entry can see."""
    if monograph.drug is not drug:
        yield f"{name}: drug: is {monograph.drug}"
    names = Counter((entry.section, entry.id) for entry in monograph.stated)
    yield from (f"{name}: {at}, {id_} occurs {n} times" for (at, id_), n in names.items() if n > 1)
    cited = [("head", source) for source in monograph.sources]
    cited += [(entry.id, source) for entry in monograph.stated for source in entry.sources]
    for id_, source in cited:
        if source.source_id not in source_ids:
            yield f"{name}: {id_}: source {source.source_id} is not in sources.toml"
