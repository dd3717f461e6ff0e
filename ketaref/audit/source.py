"""Where the doses come from: a CSV file, a Parquet file, or a folder of them; read, never touched.

DuckDB reads a CSV file in its own way: it may leave out what it cannot read, or swallow lines after
a quote that is never closed. So the file is counted once more, byte by byte, and both must agree.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import duckdb

from ketaref.audit.rules import Columns, columns_of
from ketaref.errors import ErrorCode, InputError, echo

TABLE = "doses"
_CHUNK = 1 << 22
_LONGEST_HEADER = 1 << 20
_NUMERIC = ("dose", "weight", "duration_min", "age_years")
_LINES_NAMED = 20
# Two stray quotes make one cell of all that lies between them, and a valid file.
MOST_LINES_IN_A_CELL = 1_000


class Source(NamedTuple):
    """What is audited: its files, in the order in which they are read."""

    name: str
    files: tuple[Path, ...]
    is_csv: bool


class Malformed(NamedTuple):
    """Lines that are not rows: how many, and the numbers of the first of them in the file."""

    total: int
    lines: tuple[int, ...]
    breaks_inside: int = 0


def find(path: Path, folder: Path, name: str) -> Source:
    """Return the files of a path, linked into a folder by names that no engine can misread."""
    try:
        if path.is_dir():
            found = sorted(path.rglob("*.parquet"))
            if not found:
                raise refused(name, "is a folder without a file that ends in .parquet")
            return Source(name, tuple(_links(found, folder, ".parquet")), is_csv=False)
        ending = path.suffix.lower()
        if ending not in (".csv", ".parquet"):
            raise refused(
                name, "does not end in .csv or .parquet, and is no folder of Parquet files"
            )
        with path.open("rb") as file:
            file.read(1)
        return Source(name, tuple(_links([path], folder, ending)), is_csv=ending == ".csv")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise refused(name, f"cannot be read: {reason}") from None


def spool(stream: BinaryIO, folder: Path) -> Path:
    """Return standard input as a file: it is read twice, and counted."""
    file = folder / "stdin.csv"
    with file.open("wb") as into:
        while chunk := stream.read(_CHUNK):
            into.write(chunk)
    return file


def refused(name: str, why: str) -> InputError:
    """Return the refusal of an input."""
    return InputError(ErrorCode.AUDIT_INPUT, f'"{echo(name)}" {why}')


def _links(files: list[Path], folder: Path, ending: str) -> Iterator[Path]:
    for number, file in enumerate(files):
        link = folder / f"input-{number:06}{ending}"
        link.symlink_to(file.resolve())
        yield link


def register(
    connection: duckdb.DuckDBPyConnection, source: Source, mapped: dict[str, str]
) -> Columns:
    """Make the source a view of the connection, and return its columns."""
    if source.is_csv:
        header = _header(source)
        columns = columns_of(header, mapped)
        connection.execute(_read_csv(source, header))
        return columns
    files = ", ".join(_quoted(str(file)) for file in source.files)
    try:
        connection.execute(
            f"CREATE TEMP VIEW {TABLE} AS SELECT * FROM "
            f"read_parquet([{files}], hive_partitioning=false)"
        )
        described = connection.execute(f"DESCRIBE {TABLE}").fetchall()
    except duckdb.Error as error:
        raise refused(source.name, f"cannot be read as Parquet: {first_line(error)}") from None
    types = {name: type_ for name, type_, *_ in described}
    columns = columns_of(tuple(types), mapped)
    floating = {f for f in _NUMERIC if types.get(columns.names.get(f, "")) == "DOUBLE"}
    return columns._replace(floating=frozenset(floating))


def first_line(error: Exception) -> str:
    """Return what an engine's error says first, without what it says of its own query."""
    return echo(str(error).partition("\n")[0])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _header(source: Source) -> tuple[str, ...]:
    with source.files[0].open("rb") as file:
        start = file.read(_LONGEST_HEADER)
    try:
        text = start.decode(
            "utf-8-sig", errors="strict" if len(start) < _LONGEST_HEADER else "ignore"
        )
    except UnicodeDecodeError as error:
        raise refused(source.name, f"is not UTF-8 text, from byte {error.start:,} on") from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(rows, [])
    except csv.Error as error:
        raise refused(source.name, f"has a header that cannot be read: {error}") from None
    if not header:
        raise refused(source.name, "is empty: a header with the names of its columns is needed")
    names = [name.lower() for name in header]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise refused(source.name, f'has more than one column "{echo(twice)}"')
    return tuple(header)


def _read_csv(source: Source, header: tuple[str, ...]) -> str:
    # Told, not guessed: a reader that guesses may take a quote, a type or a line for another one.
    columns = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in header)
    return (
        f"CREATE TEMP VIEW {TABLE} AS SELECT * FROM read_csv({_quoted(str(source.files[0]))}, "
        f"columns={{{columns}}}, header=true, auto_detect=false, delim=',', quote='\"', "
        "escape='\"', strict_mode=true, store_rejects=true, rejects_limit=0, null_padding=false)"
    )


def reconcile(connection: duckdb.DuckDBPyConnection, source: Source, rows_read: int) -> Malformed:
    """Return the lines of a CSV file that are not rows; refuse where the counts do not agree."""
    if not source.is_csv:
        return Malformed(0, ())
    rejected = connection.execute(
        "SELECT DISTINCT line_byte_position FROM reject_errors ORDER BY 1"
    ).fetchall()
    places = [place for (place,) in rejected if place is not None]
    counted = count_records(source.files[0])
    if counted.open_quote:
        raise refused(
            source.name, f"has a quote that is never closed, from line {counted.open_quote:,} on"
        )
    if counted.longest[0] > MOST_LINES_IN_A_CELL:
        lines, start = counted.longest
        raise refused(
            source.name,
            f"has a quoted cell of {lines + 1:,} lines, from line {start:,} on: is a quote stray?",
        )
    if rows_read + len(rejected) != counted.records - 1:
        raise refused(
            source.name,
            f"was read as {rows_read:,} rows and {len(rejected):,} malformed lines, but has "
            f"{counted.records - 1:,} records under its header: look for a stray quote",
        )
    return Malformed(
        len(rejected),
        tuple(_line_numbers(source.files[0], places[:_LINES_NAMED])),
        counted.breaks_inside,
    )


class Counted(NamedTuple):
    """How many records a CSV file has, its header among them; and where a quote was left open."""

    records: int
    open_quote: int | None = None
    breaks_inside: int = 0  # line breaks inside quotes
    longest: tuple[int, int] = (0, 0)  # the quoted cell of the most lines: how many, and from where


def count_records(file: Path) -> Counted:
    """Count the records of a CSV file by its bytes: line ends outside quotes, no blank lines."""
    records, line, opened, inside = 0, 1, 1, False
    breaks, longest = 0, (0, 0)
    something = False  # on the record that is being read
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            for number, part in enumerate(chunk.split(b'"')):
                if number:
                    inside = not inside
                    something = True
                    if inside:
                        opened = line
                    else:
                        breaks += line - opened
                        longest = max(longest, (line - opened, opened))
                if inside:
                    line += part.count(b"\n")
                    continue
                lines = part.split(b"\n")
                line += len(lines) - 1
                for each in lines[:-1]:
                    records += something or bool(each.strip(b"\r"))
                    something = False
                something = something or bool(lines[-1].strip(b"\r"))
    return Counted(records + something, opened if inside else None, breaks, longest)


def _line_numbers(file: Path, places: list[int]) -> Iterator[int]:
    """Yield the line of each of these byte positions, which come in rising order."""
    line, read = 1, 0
    with file.open("rb") as stream:
        for place in places:
            while read < place and (chunk := stream.read(min(_CHUNK, place - read))):
                line += chunk.count(b"\n")
                read += len(chunk)
            yield line


def same_file(one: Path, other: Path) -> bool:
    """Return whether two paths are one file."""
    try:
        return other.exists() and one.samefile(other)
    except OSError:
        return False
