"""Where the doses come from: a CSV file, a Parquet file or a folder of them, never touched."""

import csv
import io
import re
from collections import Counter
from pathlib import Path
from typing import BinaryIO, NamedTuple

import duckdb

from ketaref.audit.columns import NUMERIC, Columns, columns_of
from ketaref.audit.csv_records import CHUNK, SAVE_AS_UTF8, Malformed, reconciled
from ketaref.audit.paths import Found, refused
from ketaref.errors import ErrorCode, OutputError, echo, printable

TABLE = "doses"
_FLOATING = ("DOUBLE", "FLOAT")  # of 64 bits; and of 32, as which those of 16 are read too
_LONGEST_HEADER = 1 << 20
_PATTERN = re.compile(r"[*?\[\]{}]")
_LONGEST_REASON = 200  # characters of what an engine says


class Source(NamedTuple):
    """What is audited: its files by links, in the order in which they are read."""

    name: str
    files: tuple[Path, ...]
    is_csv: bool
    found: Found

    def state(self) -> list[tuple[int, int, int]]:
        """Return what changes when a file is written to: it is read more than once."""
        stats = (file.stat() for file in self.files)
        return [(status.st_ino, status.st_size, status.st_mtime_ns) for status in stats]


def linked(found: Found, name: str, folder: Path) -> Source:
    """Return the files, linked into a folder by names that no engine can misread."""
    ending = found.files[0].suffix.lower()
    links = []
    for number, file in enumerate(found.files):
        links.append(_link(file.resolve(), folder / f"input-{number:06}{ending}"))
    return Source(name, tuple(links), ending == ".csv", found)


def _link(file: Path, link: Path) -> Path:
    """Return the link; where the system allows none, as Windows may, the file by its own name."""
    try:
        link.symlink_to(file)
    except OSError:
        if _PATTERN.search(str(file)):
            raise refused(
                file.name,
                "has a character in its path that the engine takes for a pattern: *?[]{}",
                "audit a copy with a plain name",
            ) from None
        return file
    return link


def spool(stream: BinaryIO, folder: Path) -> Path:
    """Return standard input as a file: it is read twice, and counted."""
    file = folder / "stdin.csv"
    try:
        with file.open("wb") as into:
            while chunk := stream.read(CHUNK):
                into.write(chunk)
    except OSError as error:
        raise OutputError(
            ErrorCode.OUTPUT_FAILED,
            f"standard input could not be kept in the temporary folder: {error.strerror}",
            "audit a file",
        ) from None
    return file


def register(
    connection: duckdb.DuckDBPyConnection, source: Source, mapped: dict[str, str]
) -> Columns:
    """Make the source a view of the connection, and return its columns."""
    if source.is_csv:
        header = _header(source)
        columns = columns_of(header, mapped)
        connection.execute(_read_csv(source, header))
        return columns
    types = _types(connection, source)
    files = ", ".join(quoted_text(str(file)) for file in source.files)
    connection.execute(
        f"CREATE TEMP VIEW {TABLE} AS SELECT * FROM "
        f"read_parquet([{files}], hive_partitioning=false)"
    )
    columns = columns_of(tuple(types), mapped)
    floating = {f for f in NUMERIC if types.get(columns.names.get(f, "")) in _FLOATING}
    return columns._replace(floating=frozenset(floating))


def reason_of(error: Exception, source: Source) -> str:
    """Return what an engine's error says first, with the names of files as they were given."""
    line = str(error).partition("\n")[0]
    for link, file in zip(source.files, source.found.files, strict=False):
        line = line.replace(str(link), file.name)
    return printable(line)[:_LONGEST_REASON]


def identifier(name: str) -> str:
    """Return a column's name as the engine reads it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """Return a text as the engine reads it, whatever is in it."""
    return "'" + text.replace("'", "''") + "'"


def _types(connection: duckdb.DuckDBPyConnection, source: Source) -> dict[str, str]:
    """Return the columns and their types: those of every file, which must be the same."""
    first: dict[str, str] = {}
    for number, file in enumerate(source.files):
        one = f"read_parquet({quoted_text(str(file))}, hive_partitioning=false)"
        described = connection.execute(f"DESCRIBE SELECT * FROM {one}").fetchall()
        types = {name: type_ for name, type_, *_ in described}
        _refuse_twice(source, _top_level(connection, file))
        # An engine reads the others by the first: as a whole number, 70.4 kg would be 70 kg.
        if number and list(types.items()) != list(first.items()):
            name, other = source.found.files[0].name, source.found.files[number].name
            raise refused(
                source.name,
                f"has files of different columns: {echo(name)} and {echo(other)} differ in "
                f"{_difference(first, types)}",
                "write them with the same columns, types and order",
            )
        first = first or types
    return first


def _difference(first: dict[str, str], other: dict[str, str]) -> str:
    for name in (*first, *other):
        if first.get(name) != other.get(name):
            return f"{echo(name)} ({first.get(name, 'not there')}, {other.get(name, 'not there')})"
    return "their order"


def _top_level(connection: duckdb.DuckDBPyConnection, file: Path) -> list[str]:
    """Return the names of the columns as they are in the file: an engine renames one of a pair."""
    rows = connection.execute(
        f"SELECT name, num_children FROM parquet_schema({quoted_text(str(file))})"
    ).fetchall()
    names, inside = [], [1]  # how many are still to come, on each level
    for name, children in rows:
        inside[-1] -= 1
        if len(inside) == 2:  # under the root  # noqa: PLR2004
            names.append(name)
        inside.append(children or 0)
        while inside and not inside[-1]:
            inside.pop()
    return names


def _header(source: Source) -> tuple[str, ...]:
    (file,) = source.files
    with file.open("rb") as opened:
        start = opened.read(_LONGEST_HEADER)
    cut = len(start) == _LONGEST_HEADER
    text = start.decode("utf-8-sig", errors="replace")  # what follows the header is tried later
    if not text:
        raise refused(source.name, "is empty: a header with the names of its columns is needed")
    stream = io.StringIO(text, newline="")
    try:
        header = next(csv.reader(stream, strict=True), [])
    except csv.Error as error:
        raise refused(source.name, f"has a header that cannot be read: {error}") from None
    if cut and not stream.read(1):
        raise refused(source.name, f"has a header of more than {_LONGEST_HEADER:,} bytes")
    if any("\ufffd" in name for name in header):
        raise refused(source.name, "is not UTF-8 text, in its header", SAVE_AS_UTF8)
    if not header:
        raise refused(source.name, "begins with a blank line: the header is to be the first")
    if "" in map(str.strip, header):
        number = [name.strip() for name in header].index("") + 1
        raise refused(source.name, f"has a column without a name: number {number:,} of its header")
    broken = next((n for n, name in enumerate(header, 1) if {*name} & {"\r", "\n"}), None)
    if broken is not None:  # the engine would lose every row, where lines end on CR LF
        raise refused(source.name, f"has a line break in the name of column {broken:,}")
    _refuse_twice(source, header)
    return tuple(header)


def _refuse_twice(source: Source, header: list[str]) -> None:
    counts = Counter(name.lower() for name in header)
    twice = next((name for name, count in counts.items() if count > 1), None)
    if twice is not None:
        raise refused(source.name, f'has more than one column "{echo(twice)}"')


def _read_csv(source: Source, header: tuple[str, ...]) -> str:
    # Told, not guessed: a reader that guesses may take a quote, a type or a line for another one.
    # Not in parallel: a reader that begins in the middle may begin inside a quoted cell.
    columns = ", ".join(f"{quoted_text(name)}: 'VARCHAR'" for name in header)
    (file,) = source.files
    return (
        f"CREATE TEMP VIEW {TABLE} AS SELECT * FROM read_csv({quoted_text(str(file))}, "
        f"columns={{{columns}}}, header=true, auto_detect=false, delim=',', quote='\"', "
        "escape='\"', strict_mode=true, store_rejects=true, rejects_limit=0, null_padding=false, "
        "parallel=false)"
    )


def malformed(connection: duckdb.DuckDBPyConnection, source: Source, rows_read: int) -> Malformed:
    """Return the lines of a CSV file that are not rows; refuse where the counts do not agree."""
    if not source.is_csv:
        return Malformed(0, ())
    rejected = connection.execute(
        "SELECT DISTINCT line_byte_position FROM reject_errors ORDER BY 1"
    ).fetchall()
    (file,) = source.files
    return reconciled(file, source.name, rows_read, [place for (place,) in rejected])
