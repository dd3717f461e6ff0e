"""Run an audit with DuckDB: classify, count, and write the rows where they are wanted."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import duckdb
from sqlglot import exp

from ketaref.audit.columns import Columns, parse_columns
from ketaref.audit.csv_records import Malformed
from ketaref.audit.dialect import sql
from ketaref.audit.export import RowsFile, copy, neutralised
from ketaref.audit.input import (
    TABLE,
    Source,
    identifier,
    linked,
    malformed,
    reason_of,
    register,
    spool,
)
from ketaref.audit.paths import STANDARD_INPUT, Found, files_of, name_of, refused
from ketaref.audit.query import classified
from ketaref.audit.rules import RuleSet, rule_sets
from ketaref.errors import ErrorCode, OutputError
from ketaref.ranges.library import Library

# Enough for every query here; what does not fit goes to a temporary folder, and is taken away.
_MEMORY = "600MB"
_WIDE = 300  # columns

Watch = Callable[[duckdb.DuckDBPyConnection], Any]


class Request(NamedTuple):
    """What is to be audited, and where its rows go."""

    input: str
    stdin: BinaryIO | None
    columns: str | None
    rows: RowsFile | None


class Tally(NamedTuple):
    """What an audit found: for each combination of its findings, how many rows."""

    source: Source
    columns: Columns
    sets: tuple[RuleSet, ...]
    counts: Counter[tuple[tuple[str, str | None], ...]]
    malformed: Malformed
    neutralised: int | None
    floating: dict[str, int]

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.counts.total()


def run(request: Request, library: Library, watch: Watch) -> Tally:
    """Classify every row, count them, and write them if that is wanted.

    ``InputError`` where the input cannot be read whole; ``OutputError`` where the rows could not
    be written.
    """
    sets = rule_sets(library)
    mapped = parse_columns(request.columns)
    with _temporary() as folder, _connection(folder) as connection:
        found = _found(request, folder)
        before = found.state()
        with _refusing(found), watch(connection):
            columns = register(connection, found, mapped)
            _bound_memory(connection, columns)
            counts = _count(connection, columns, sets)
            broken = malformed(connection, found, counts.total())
            floating = _floating(connection, columns)
            is_csv = request.rows is not None and request.rows.format == "csv"
            risky = neutralised(connection, columns) if is_csv else None
        if request.rows:
            _refuse_nothing_to_write(request.rows, found, counts.total())
            if found.is_csv:
                _bound_order(connection)
            with _failing(found, connection), watch(connection):
                written = copy(connection, request.rows, columns, sets)
            if written != counts.total() or found.state() != before:
                raise refused(found.name, "changed while it was read", "audit it again")
    return Tally(found, columns, sets, counts, broken, risky, floating)


def _found(request: Request, folder: Path) -> Source:
    if request.input != STANDARD_INPUT:
        path = Path(request.input)
        return linked(files_of(path), name_of(path), folder)
    if request.stdin is None:
        raise refused("-", "cannot be read: there is no standard input")
    return linked(Found((spool(request.stdin, folder),)), "standard input", folder)


@contextmanager
def _temporary() -> Iterator[Path]:
    try:
        folder = Path(tempfile.mkdtemp(prefix="ketaref-"))
    except OSError as error:
        raise OutputError(
            ErrorCode.OUTPUT_FAILED,
            f"an audit needs a temporary folder, and none can be made: {error.strerror}",
            "name a folder that can be written to in TMPDIR",
        ) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _connection(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(
        config={
            # A write that fails on the engine's threads for input and output may leave the query
            # waiting for ever (duckdb/duckdb#23885); without them it is said, and it ends.
            "async_threads": 0,
            "memory_limit": _MEMORY,
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    # Counted, so that it can be asked for; printed by nobody but the command line.
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    try:
        yield connection
    finally:
        connection.close()


def _bound_memory(connection: duckdb.DuckDBPyConnection, columns: Columns) -> None:
    if len(columns.through) > _WIDE:  # each thread holds some thousand rows of every stage
        connection.execute("SET threads = 1")


def _bound_order(connection: duckdb.DuckDBPyConnection) -> None:
    # A CSV file is read as one batch, and a writer that keeps the order holds a batch whole where
    # other threads might still bring what comes before it: with one thread it waits for nobody.
    connection.execute("SET threads = 1")


def _refuse_nothing_to_write(rows: RowsFile, source: Source, count: int) -> None:
    if rows.format == "csv" and not count:
        raise refused(
            source.name,
            "has no rows: a CSV file of them could not carry the label",
            "--rows FILE.parquet, which can",
        )


@contextmanager
def _refusing(source: Source) -> Iterator[None]:
    """Turn what the engine says of the input into a refusal."""
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        _stop_if_interrupted(error)
        hint = "is a quote stray, or are line ends of two kinds?" if source.is_csv else None
        raise refused(source.name, f"cannot be read: {reason_of(error, source)}", hint) from None


@contextmanager
def _failing(source: Source, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Turn what the engine says while it writes into an error of the output, or of the input."""
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        _stop_if_interrupted(error)
        with _refusing(source):  # every column: the count has read only some of them
            connection.execute(f"SELECT COUNT(COLUMNS(*)) FROM {TABLE}").fetchall()
        full = isinstance(error, duckdb.OutOfMemoryException)
        raise OutputError(
            ErrorCode.OUTPUT_FAILED,
            f"the rows could not be written: {reason_of(error, source)}",
            "--rows FILE.parquet needs less memory" if full else None,
        ) from None


def _stop_if_interrupted(error: Exception) -> None:
    # By its class: the words of an error may come from the table.
    if isinstance(error, duckdb.InterruptException) or str(error) == "Query interrupted":
        raise KeyboardInterrupt from None


def _count(
    connection: duckdb.DuckDBPyConnection, columns: Columns, sets: tuple[RuleSet, ...]
) -> Counter[tuple[tuple[str, str | None], ...]]:
    query = classified(exp.to_table(TABLE), columns._replace(through=()), sets, internal=True)
    counted = connection.execute(f"SELECT *, COUNT(*) FROM ({sql(query, 'duckdb')}) GROUP BY ALL")
    names = [column[0] for column in counted.description or ()][:-1]
    found: Counter[tuple[tuple[str, str | None], ...]] = Counter()
    for *values, count in counted.fetchall():
        found[tuple(zip(names, values, strict=True))] += count
    return found


def _floating(connection: duckdb.DuckDBPyConnection, columns: Columns) -> dict[str, int]:
    """Return how many values of each floating column were read by the rule for them."""
    names = {field: columns.names[field] for field in sorted(columns.floating)}
    if not names:
        return {}
    counts = ", ".join(f"COUNT({identifier(name)})" for name in names.values())
    row = connection.execute(f"SELECT {counts} FROM {TABLE}").fetchone() or ()
    return dict(zip(names.values(), row, strict=True))
