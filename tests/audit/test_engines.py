"""The same query on DuckDB, PostgreSQL and Spark: the same class, reason and limits of a row."""

import json
import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from tests.audit.doses import COLUMNS, SEED, at_limits, by_check, odd
from tests.conftest import Run
from tests.samples import NARROW

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
NEEDS_POSTGRES = pytest.mark.skipif(not POSTGRES, reason="needs PostgreSQL, a system package")
NEEDS_JAVA = pytest.mark.system_package("java")

LINES = [*at_limits(random.Random(SEED + 1), 1_500), *odd(random.Random(SEED + 1), 1_500)]
ROWS = [(number, *line) for number, line in enumerate(LINES)]
ADDED = ("ketaref_class", "ketaref_reason", "ketaref_row", "ketaref_low_mg", "ketaref_high_mg")
# As floating columns: what a float can hold of the lines that are numbers, and what it cannot.
FLOATS = [
    (number, *line[:2], float(str(line.dose)), line.dose_unit, float(str(line.weight)), line[5])
    for number, line in enumerate(LINES[:1_500])
]
ODD_FLOATS = [
    (1_500 + number, "iv", "ketamine", value, "mg", 70.0, "kg")
    for number, value in enumerate((float("nan"), float("inf"), -1.0, 0.0, 1e-10, 1e18, 9e6, 0.3))
]


def query(run: Run, engine: str, *more: str) -> str:
    text = run("audit", "--sql", engine, "--table", "doses", "--keep", "id", *more).stdout
    assert text.startswith("-- Reference information, not prescribing guidance.\n")
    assert text.isascii()
    return text.rstrip().removesuffix(";")


def found(rows: list[tuple[Any, ...]], names: list[str]) -> list[tuple[Any, ...]]:
    """Return what the engines must agree on, in the order of the ids; numbers as fractions."""
    at = [names.index(name) for name in ("id", *ADDED, *(n for n in names if "_local_" in n))]
    chosen = [tuple(row[n] for n in at) for row in rows]
    return sorted(
        tuple(Fraction(v) if not isinstance(v, (str, int, type(None))) else v for v in row)
        for row in chosen
        if row[0] is not None
    )


def by_duckdb(sql: str, rows: list[tuple[Any, ...]], number: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        kinds = ["INTEGER", "TEXT", "TEXT", number, "TEXT", number, "TEXT"]
        connection.execute(f"CREATE TABLE doses ({columns(kinds)})")
        connection.executemany("INSERT INTO doses VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        result = connection.execute(sql)
        return found(result.fetchall(), [column[0] for column in result.description or ()])


def columns(kinds: list[str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in zip(COLUMNS, kinds, strict=True))


def test_duckdb_says_what_check_says(run: Run) -> None:
    rows = by_duckdb(query(run, "duckdb"), ROWS, "TEXT")
    assert [(row[1], row[3]) for row in rows] == [by_check(line) for line in LINES]


# ------------------------------------------------------------ PostgreSQL


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator["psycopg.Connection[Any]"]:
    """A server of our own, on a socket in a folder of the tests."""
    folder = tmp_path_factory.mktemp("postgres")
    if os.geteuid() == 0:  # the server refuses to run as root
        for part in (folder, *folder.parents[:3]):
            part.chmod(0o755)
        shutil.chown(folder, "postgres")
    who = "postgres" if os.geteuid() == 0 else None

    def run_(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=folder, user=who, group=who)

    programs, data = POSTGRES[-1], str(folder / "data")
    run_(str(programs / "initdb"), "-D", data, "-E", "UTF8", "--locale", "C.UTF-8", "-U", "audit")
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    run_(str(programs / "pg_ctl"), "-D", data, "-w", "-o", options, "-l", f"{folder}/log", "start")
    try:
        with psycopg.connect(host=str(folder), user="audit", dbname="postgres") as connection:
            yield connection
    finally:
        run_(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop")


def by_postgres(
    connection: "psycopg.Connection[Any]", sql: str, rows: list[tuple[Any, ...]], number: str
) -> list[tuple[Any, ...]]:
    kinds = ["INTEGER", "TEXT", "TEXT", number, "TEXT", number, "TEXT"]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS doses")
        cursor.execute(f"CREATE TABLE doses ({columns(kinds)})")
        with cursor.copy("COPY doses FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql)
        return found(cursor.fetchall(), [column[0] for column in cursor.description or ()])


@NEEDS_POSTGRES
@pytest.mark.parametrize("more", [[], ["--protocol", NARROW]], ids=["published", "protocol"])
def test_postgres_says_what_duckdb_says(
    run: Run, postgres: "psycopg.Connection[Any]", more: list[str]
) -> None:
    ours = by_duckdb(query(run, "duckdb", *more), ROWS, "TEXT")
    theirs = by_postgres(postgres, query(run, "postgres", *more), ROWS, "TEXT")
    assert len(theirs) == len(ROWS)
    assert theirs == ours


@NEEDS_POSTGRES
def test_postgres_reads_floating_and_decimal_columns_as_duckdb_does(
    run: Run, postgres: "psycopg.Connection[Any]"
) -> None:
    floating = ["--floating", "dose,weight"]
    rows = [*FLOATS, *ODD_FLOATS]
    ours = by_duckdb(query(run, "duckdb", *floating), rows, "DOUBLE")
    theirs = by_postgres(postgres, query(run, "postgres", *floating), rows, "FLOAT8")
    assert theirs == ours
    assert [row[1] for row in ours[:1_500]] == [by_check(line)[0] for line in LINES[:1_500]]
    decimal = ROWS[:1_500]
    ours = by_duckdb(query(run, "duckdb"), decimal, "DECIMAL(18, 6)")
    assert ours == by_postgres(postgres, query(run, "postgres"), decimal, "NUMERIC(18, 6)")


# ------------------------------------------------------------ Spark


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session of two threads in this process's own Java."""
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.warehouse.dir", str(folder))
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def by_spark(
    spark: Any, sql: str, rows: list[tuple[Any, ...]], number: str, folder: Path
) -> list[tuple[Any, ...]]:
    # By a file of JSON lines: what is in it is told, and needs no Python worker of Spark's.
    file = folder / "doses.json"
    texts = [{n: v for n, v in zip(COLUMNS, row, strict=True) if v is not None} for row in rows]
    file.write_text("\n".join(map(json.dumps, texts)), encoding="utf-8")
    kinds = ["INT", "STRING", "STRING", number, "STRING", number, "STRING"]
    read = spark.read.option("allowNonNumericNumbers", "true").schema(columns(kinds))
    read.json(str(file)).createOrReplaceTempView("doses")
    result = spark.sql(re.sub(r"^--.*\n", "", sql, flags=re.MULTILINE))
    return found([tuple(row) for row in result.collect()], list(result.columns))


@NEEDS_JAVA
@pytest.mark.parametrize("more", [[], ["--protocol", NARROW]], ids=["published", "protocol"])
def test_spark_says_what_duckdb_says(run: Run, spark: Any, tmp_path: Path, more: list[str]) -> None:
    ours = by_duckdb(query(run, "duckdb", *more), ROWS, "TEXT")
    theirs = by_spark(spark, query(run, "spark", *more), ROWS, "STRING", tmp_path)
    assert len(theirs) == len(ROWS)
    assert theirs == ours


@NEEDS_JAVA
def test_spark_reads_floating_columns_as_duckdb_does(run: Run, spark: Any, tmp_path: Path) -> None:
    floating = ["--floating", "dose,weight"]
    rows = [*FLOATS, *ODD_FLOATS]
    ours = by_duckdb(query(run, "duckdb", *floating), rows, "DOUBLE")
    assert ours == by_spark(spark, query(run, "spark", *floating), rows, "DOUBLE", tmp_path)
