"""The same query on DuckDB, PostgreSQL and Spark: the same class, reason and limits of a row.

PostgreSQL and Spark need the extra ``engines``, and the server and a Java of the system.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from ketaref.label import LABEL
from ketaref.model.names import Drug, Route
from ketaref.ranges.library import Library
from ketaref.reference import Reference
from tests.audit import agreement, engines
from tests.audit.doses import SEED, at_limits, by_check, odd
from tests.audit.engines import Row, query
from tests.audit.random_protocols import BodyWeight, LocalRow, random_rows, toml
from tests.audit.reckoner import Row as Terms
from tests.conftest import TODAY
from tests.places import NARROW

NEEDS = {
    "duckdb": (),
    "postgres": (
        pytest.mark.skipif(find_spec("psycopg") is None, reason="needs the extra engines"),
        pytest.mark.skipif(not engines.POSTGRES, reason="needs PostgreSQL, a system package"),
    ),
    "spark": (
        pytest.mark.skipif(find_spec("pyspark") is None, reason="needs the extra engines"),
        pytest.mark.system_package("java"),
    ),
}
ByEngine = Callable[[str, list[Row], str], list[Row]]

LINES = [*at_limits(Random(SEED + 1), 1_500), *odd(Random(SEED + 1), 1_500)]
ROWS: list[Row] = [(number, *line) for number, line in enumerate(LINES)]
NUMBERS = ROWS[:1_500]  # the lines whose doses and weights are numbers
# As floating columns: what a float can hold of these, and what it cannot.
FLOATS: list[Row] = [
    (id_, route, drug, float(dose), dose_unit, float(weight), weight_unit)
    for id_, route, drug, dose, dose_unit, weight, weight_unit in NUMBERS
]
ODD_FLOATS: list[Row] = [
    (1_500 + number, "iv", "ketamine", value, "mg", 70.0, "kg")
    for number, value in enumerate((float("nan"), float("inf"), -1.0, 0.0, 1e-10, 1e18, 9e6, 0.3))
]


class Table(NamedTuple):
    """A table of doses: its rows, what its numbers are, and the protocol that goes with it."""

    rows: list[Row]
    number: str = "text"
    protocol: Path | None = None

    def query(self, engine: str) -> str:
        """Return the query for an engine."""
        floating = ("dose", "weight") if self.number == "floating" else ()
        return query(engine, Reference.open(self.protocol, today=TODAY).library, floating)


TABLES = {
    "text": Table(ROWS),
    "with a protocol": Table(ROWS, protocol=NARROW),
    "floating": Table([*FLOATS, *ODD_FLOATS], "floating"),
    "decimal": Table(NUMBERS, "decimal"),
}


@cache
def found_by_duckdb(name: str) -> list[Row]:
    table = TABLES[name]
    return engines.by_duckdb(table.query("duckdb"), table.rows, table.number)


@pytest.mark.parametrize("engine", NEEDS)
def test_a_query_carries_the_label_and_is_ascii(engine: str) -> None:
    text = TABLES["with a protocol"].query(engine)
    assert text.startswith(f"-- {LABEL}\n")
    assert text.isascii()


@pytest.mark.parametrize("name", ["text", "floating", "decimal"])
def test_duckdb_says_what_check_says(name: str) -> None:
    lines = LINES if name == "text" else LINES[:1_500]
    found = [(row[1], row[3]) for row in found_by_duckdb(name)[: len(lines)]]
    assert found == [by_check(line) for line in lines]


# ------------------------------------------------------------ PostgreSQL and Spark


@pytest.fixture(
    scope="module", params=[pytest.param(each, marks=NEEDS[each]) for each in ("postgres", "spark")]
)
def other(request: pytest.FixtureRequest) -> Iterator[tuple[str, ByEngine]]:
    """Another engine, started for the tests."""
    if request.param == "postgres":
        with engines.postgres_server() as connection:
            yield "postgres", partial(engines.by_postgres, connection)
    else:
        with engines.spark_session() as session:
            yield "spark", partial(engines.by_spark, session)


@pytest.mark.parametrize("name", TABLES)
def test_another_engine_says_what_duckdb_says(other: tuple[str, ByEngine], name: str) -> None:
    engine, by_engine = other
    table = TABLES[name]
    found = by_engine(table.query(engine), table.rows, table.number)
    assert len(found) == len(table.rows)
    assert found == found_by_duckdb(name)


# ------------------------------------------------------------ protocols, beside the reckoner

# Found by a search: at this weight in lb, so many mg/kg come within 8 x 10^-17 mcg of halfway
# between two multiples of the step in mg. In a sum of 38 digits, Spark rounds that away.
BESIDE_HALFWAY = (
    (Route.IV, "85.843", "0.001", "721.612806689"),
    (Route.NASAL, "93.127", "0.001", "280.361051798"),
    (Route.SUBLINGUAL, "969.233", "0.001", "100.885579276"),
    (Route.ORAL, "779.573", "0.013", "290.042348402"),
)


def beside_halfway() -> list[agreement.Case]:
    cases = []
    for route, per_kg, step, pounds in BESIDE_HALFWAY:
        exact = Fraction(per_kg)
        terms = Terms(per_kg=True, low=exact, high=exact, step=Fraction(step))
        row, weight = LocalRow(route, Drug.ESKETAMINE, terms), BodyWeight(Decimal(pounds), "lb")
        cases.append(agreement.case_of(Random(SEED), row, weight))
    return cases


@cache
def cases() -> list[agreement.Case]:
    """Rows of a random protocol, some of them replaced, at some weights."""
    random, special = Random(SEED + 9), beside_halfway()
    replaced = {(case.row.route, case.row.drug) for case in special}
    rows = [row for row in random_rows(random) if (row.route, row.drug) not in replaced]
    return [*special, *agreement.random_cases(random, rows, 8)]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    file = tmp_path_factory.mktemp("protocol") / "ours.toml"
    file.write_text(toml(dict.fromkeys(case.row for case in cases())), encoding="utf-8")
    return Reference.open(file, today=TODAY).library


def test_an_engine_says_what_the_reckoner_says(
    other: tuple[str, ByEngine], library: Library
) -> None:
    engine, by_engine = other
    found = by_engine(query(engine, library), agreement.table(cases()), "text")
    assert list(agreement.in_audit(cases(), found)) == []


def test_duckdb_says_what_the_reckoner_says(library: Library) -> None:
    found = engines.by_duckdb(query("duckdb", library), agreement.table(cases()))
    assert list(agreement.in_audit(cases(), found)) == []
