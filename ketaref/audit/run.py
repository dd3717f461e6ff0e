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

from ketaref.audit.query import classified, sql
from ketaref.audit.rules import (
    Columns,
    RuleSet,
    parse_columns,
    protocol_rules,
    published_rules,
)
from ketaref.audit.source import (
    TABLE,
    Malformed,
    Source,
    find,
    first_line,
    reconcile,
    refused,
    register,
    spool,
)
from ketaref.errors import ErrorCode, OutputError
from ketaref.model.dataset import Dataset
from ketaref.model.protocol import Protocol

# What a spreadsheet would run as a formula; a leading apostrophe makes it text.
_FORMULA = "'[=+@\\t\\r-]'"
# Enough for every query here; what does not fit goes to a temporary folder, and is taken away.
_MEMORY = "600MB"

Watch = Callable[[duckdb.DuckDBPyConnection], Any]


class Request(NamedTuple):
    """What is to be audited, and where its rows go."""

    input: str
    stdin: BinaryIO
    columns: str | None
    rows: Path | None
    rows_format: str


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


def run(request: Request, dataset: Dataset, protocol: Protocol | None, watch: Watch) -> Tally:
    """Classify every row, count them, and write them if that is wanted.

    ``InputError`` where the input cannot be read whole; ``OutputError`` where the rows could not
    be written.
    """
    sets = rule_sets(dataset, protocol)
    mapped = parse_columns(request.columns)
    with _temporary() as folder, _connection(folder) as connection:
        if request.input == "-":
            found = find(spool(request.stdin, folder), folder, "standard input")
        else:
            found = find(Path(request.input), folder, Path(request.input).name)
        columns = register(connection, found, mapped)
        with _refusing(found), watch(connection):
            counts = _count(connection, columns, sets)
            malformed = reconcile(connection, found, counts.total())
            floating = _floating(connection, columns)
            neutralised = _neutralised(connection, request, columns)
        if request.rows:
            with _failing(), watch(connection):
                connection.execute(_copy(request, columns, sets, connection))
    return Tally(found, columns, sets, counts, malformed, neutralised, floating)


def rule_sets(dataset: Dataset, protocol: Protocol | None) -> tuple[RuleSet, ...]:
    """Return the published rows, and a protocol's own, as what the query is built from."""
    return (published_rules(dataset), *([protocol_rules(protocol)] if protocol else []))


@contextmanager
def _temporary() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ketaref-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _connection(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(
        config={
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


@contextmanager
def _refusing(source: Source) -> Iterator[None]:
    """Turn what the engine says of the input into a refusal, with no part of the data in it."""
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from None
        raise refused(source.name, f"cannot be read: {first_line(error)}") from None


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from None
        raise OutputError(
            ErrorCode.OUTPUT_FAILED, f"the rows could not be written: {first_line(error)}"
        ) from None


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
    counts = ", ".join(f"COUNT({_identifier(name)})" for name in names.values())
    row = connection.execute(f"SELECT {counts} FROM {TABLE}").fetchone() or ()
    return dict(zip(names.values(), row, strict=True))


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text_columns(connection: duckdb.DuckDBPyConnection) -> list[str]:
    described = connection.execute(f"DESCRIBE {TABLE}").fetchall()
    return [name for name, type_, *_ in described if type_ == "VARCHAR"]


def _neutralised(
    connection: duckdb.DuckDBPyConnection, request: Request, columns: Columns
) -> int | None:
    """Return how many cells would be run by a spreadsheet; None where no CSV is written."""
    if request.rows is None or request.rows_format != "csv":
        return None
    texts = _text_columns(connection)
    if not texts or not columns.through:
        return 0
    cells = " + ".join(
        f"COALESCE(CAST({_is_formula(_identifier(name))} AS INTEGER), 0)" for name in texts
    )
    row = connection.execute(f"SELECT COALESCE(SUM({cells}), 0) FROM {TABLE}").fetchone()
    return int(row[0]) if row else 0


def _is_formula(name: str) -> str:
    return f"regexp_matches(LEFT({name}, 1), {_FORMULA})"


def _copy(
    request: Request,
    columns: Columns,
    sets: tuple[RuleSet, ...],
    connection: duckdb.DuckDBPyConnection,
) -> str:
    query = sql(classified(exp.to_table(TABLE), columns, sets), "duckdb")
    target = "'" + str(request.rows).replace("'", "''") + "'"
    if request.rows_format == "parquet":
        return f"COPY ({query}) TO {target} (FORMAT parquet)"
    cells = [
        f"CASE WHEN {_is_formula(name)} THEN CONCAT('''', {name}) ELSE {name} END AS {name}"
        for name in map(_identifier, _text_columns(connection))
    ]
    numbers = [f"{rules.prefix}_{end}_mg" for rules in sets for end in ("low", "high")]
    # 35.00000000000000000000 is 35.
    cells += [f"RTRIM(RTRIM(CAST({name} AS VARCHAR), '0'), '.') AS {name}" for name in numbers]
    return (
        f"COPY (SELECT * REPLACE ({', '.join(cells)}) FROM ({query})) TO {target} "
        "(FORMAT csv, HEADER, QUOTE '\"', ESCAPE '\"')"
    )
