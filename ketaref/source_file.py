"""The file of the sources: the ids at each start, a source when it is named, all on request.

It is the largest file of the data, and a question names a few of its entries.
"""

import re
from collections import Counter
from functools import cache
from typing import Any

from pydantic import ValidationError

from ketaref.errors import DataError, echo
from ketaref.model.source import Source
from ketaref.monographs import parse_lines

NAME = "sources.toml"
_TABLE = re.compile(r"(?m)^\[\[source\]\]$")
_ID = re.compile(r'(?m)^id = "([^"]*)"')


class SourceFile:
    """The sources of a file's text, each an entry under its own ``[[source]]``."""

    def __init__(self, text: str) -> None:
        self._text = text
        _, *entries = _TABLE.split(text)
        named = ((_ID.search(entry), entry) for entry in entries)
        self._entries = {found[1]: entry for found, entry in named if found}

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the sources, in the order of the file."""
        return tuple(self._entries)

    @cache  # noqa: B019 - one file for the life of the program
    def source(self, source_id: str) -> Source:
        """Return a source by its id; ``DataError`` if its entry is wrong."""
        entry = parse_lines(NAME, f"[[source]]{self._entries[source_id]}")["source"][0]
        try:
            return Source.model_validate(entry)
        except ValidationError as error:
            raise DataError(tuple(_problems(error, entry))) from None

    @cache  # noqa: B019 - likewise
    def sources(self) -> tuple[Source, ...]:
        """Return every source; ``DataError`` with every problem of the file."""
        content = parse_lines(NAME, self._text)
        entries = content.pop("source", [])
        problems = [f"{NAME}: unknown table {echo(key)}" for key in content]
        if not (isinstance(entries, list) and all(isinstance(each, dict) for each in entries)):
            raise DataError((*problems, f"{NAME}: source: tables [[source]] are needed"))
        found: list[Source] = []
        for entry in entries:
            try:
                found.append(Source.model_validate(entry))
            except ValidationError as error:
                problems += _problems(error, entry)
        times = Counter(source.id for source in found)
        problems += [f"{NAME}: source {id_} occurs {n} times" for id_, n in times.items() if n > 1]
        if problems:
            raise DataError(tuple(dict.fromkeys(problems)))
        return tuple(found)


def _problems(error: ValidationError, entry: dict[str, Any]) -> list[str]:
    return [
        f"{NAME}: source {entry.get('id', 'without an id')}: "
        f"{'.'.join(map(str, problem['loc'])) or 'source'}: {problem['msg']}"
        for problem in error.errors()
    ]
