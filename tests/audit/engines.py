"""The three engines that run the query of an audit: DuckDB, a PostgreSQL and a Spark of our own."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import duckdb

from ketaref.audit.columns import ADDED, LOCAL_ADDED
from ketaref.audit.warehouse import WarehouseTable, warehouse_query
from ketaref.ranges.library import Library
from tests.audit.doses import COLUMNS

if TYPE_CHECKING:  # the others are of an extra, and need not be there
    import psycopg
    from pyspark.sql import SparkSession

    PostgresConnection: TypeAlias = psycopg.Connection[Any]

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))  # a folder for each version
_COMPARED = 5  # of the columns that an audit adds: class, reason, row and both limits

Row: TypeAlias = tuple[Any, ...]
# What a column of doses or of weights may be, and what each engine calls it.
_NUMBERS = {
    "text": {"duckdb": "TEXT", "postgres": "TEXT", "spark": "STRING"},
    "floating": {"duckdb": "DOUBLE", "postgres": "FLOAT8", "spark": "DOUBLE"},
    "decimal": {
        "duckdb": "DECIMAL(18, 6)",
        "postgres": "NUMERIC(18, 6)",
        "spark": "DECIMAL(18, 6)",
    },
}


def query(engine: str, library: Library, floating: tuple[str, ...] = ()) -> str:
    """Return the query for an engine and its table of doses."""
    table = WarehouseTable(engine, "doses", None, ("id",), floating)
    return warehouse_query(table, library).rstrip().removesuffix(";")


def by_duckdb(sql: str, rows: list[Row], number: str = "text") -> list[Row]:
    """Return what DuckDB finds; ``number`` is what the doses and the weights are."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE doses ({_columns('duckdb', number)})")
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            texts = [tuple(cell if cell is None else str(cell) for cell in row) for row in rows]
            _write_json_lines(Path(file.name), texts)
            kinds = ", ".join(f"{name}: 'VARCHAR'" for name in COLUMNS)
            connection.execute(
                f"INSERT INTO doses SELECT * FROM read_json('{file.name}', columns={{{kinds}}}, "
                "format='newline_delimited')"
            )
        result = connection.execute(sql)
        return _comparable(result.fetchall(), [column[0] for column in result.description or ()])


@contextmanager
def postgres_server() -> Iterator["PostgresConnection"]:
    """Start a server on a socket in a temporary folder, and take both away."""
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="ketaref-postgres-"))
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    if user:
        shutil.chown(folder, user, user)
    programs, data = POSTGRES[-1], folder / "data"

    def call(program: str, *options: str) -> None:
        command = [str(programs / program), "-D", str(data), *options]
        subprocess.run(command, check=True, capture_output=True, cwd=folder, user=user, group=user)

    try:
        call("initdb", "-E", "UTF8", "--locale", "C.UTF-8", "-U", "audit", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        call("pg_ctl", "-w", "-o", options, "-l", str(folder / "log"), "start")
        try:
            with psycopg.connect(host=str(folder), user="audit", dbname="postgres") as connection:
                yield connection
        finally:
            call("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def by_postgres(
    connection: "PostgresConnection", sql: str, rows: list[Row], number: str = "text"
) -> list[Row]:
    """Return what PostgreSQL finds."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS doses")
        cursor.execute(f"CREATE TABLE doses ({_columns('postgres', number)})")
        with cursor.copy("COPY doses FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql)
        return _comparable(cursor.fetchall(), [column[0] for column in cursor.description or ()])


@contextmanager
def spark_session() -> Iterator["SparkSession"]:
    """Start a session of two threads in a Java of this process's own."""
    from pyspark.sql import SparkSession

    with tempfile.TemporaryDirectory(prefix="ketaref-spark-") as folder:
        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.warehouse.dir", folder)
            # It runs for seconds: what is compiled at once, and simply, is the faster.
            .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()
        )
        session.sparkContext.setLogLevel("ERROR")
        try:
            yield session
        finally:
            session.stop()


def by_spark(spark: "SparkSession", sql: str, rows: list[Row], number: str = "text") -> list[Row]:
    """Return what Spark finds."""
    # By a file of JSON lines: its types are told, and it needs no Python worker of Spark's.
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        _write_json_lines(Path(file.name), rows)
        read = spark.read.option("allowNonNumericNumbers", "true")
        read = read.schema(_columns("spark", number))
        read.json(file.name).createOrReplaceTempView("doses")
        result = spark.sql(re.sub(r"^--.*\n", "", sql, flags=re.MULTILINE))
        return _comparable([tuple(row) for row in result.collect()], list(result.columns))


def _columns(engine: str, number: str) -> str:
    text = _NUMBERS["text"][engine]
    kinds = {"id": "INT", "dose": _NUMBERS[number][engine], "weight": _NUMBERS[number][engine]}
    return ", ".join(f"{name} {kinds.get(name, text)}" for name in COLUMNS)


def _write_json_lines(file: Path, rows: list[Row]) -> None:
    lines = [{n: v for n, v in zip(COLUMNS, row, strict=True) if v is not None} for row in rows]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")


def _comparable(rows: list[Row], names: list[str]) -> list[Row]:
    """Return what the engines must agree on, in the order of the ids; numbers as fractions."""
    compared = ("id", *ADDED[:_COMPARED], *LOCAL_ADDED[:_COMPARED])
    at = [names.index(name) for name in compared if name in names]
    chosen = (tuple(row[n] for n in at) for row in rows)
    return sorted(
        tuple(Fraction(v) if not isinstance(v, (str, int, type(None))) else v for v in row)
        for row in chosen
    )
