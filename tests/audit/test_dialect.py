"""The query in the words of each engine."""

import re

import pytest
from sqlglot import exp

from ketaref.audit.dialect import sql
from ketaref.audit.warehouse import WarehouseTable, warehouse_query
from ketaref.cli.data import Engine
from ketaref.reference import Reference
from tests.conftest import TODAY
from tests.samples import NARROW


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The query for each engine, as it is printed."""
    return {engine: printed(engine) for engine in Engine}


def printed(engine: str, protocol: str | None = None) -> str:
    library = Reference.open(protocol, today=TODAY).library
    return warehouse_query(WarehouseTable(engine, "doses", None, (), ()), library)


@pytest.fixture(scope="module")
def queries(texts: dict[str, str]) -> dict[str, str]:
    """The query for each engine, on one line."""
    return {engine: on_one_line(text) for engine, text in texts.items()}


def on_one_line(text: str) -> str:
    """Return a query without the white space that the printer puts in brackets."""
    return re.sub(r"(?<=\() | (?=\))", "", " ".join(text.split()))


def test_letters_are_lowered_by_the_rules_of_ascii_whatever_a_table_sorts_by(
    queries: dict[str, str],
) -> None:
    assert set(re.findall(r"LOWER\((.*?)\)", queries["postgres"])) == {
        f'{word}_text COLLATE "C"' for word in ("route", "drug", "dose_unit", "weight_unit")
    }
    for engine in ("duckdb", "spark"):
        assert "LOWER(route_text)" in queries[engine]
        assert "COLLATE" not in queries[engine]


def test_each_engine_counts_bytes_by_its_own_function(queries: dict[str, str]) -> None:
    for engine, has, has_not in (
        ("duckdb", "STRLEN(route_text)", "OCTET_LENGTH"),
        ("postgres", "OCTET_LENGTH(route_text)", "STRLEN"),
        ("spark", "OCTET_LENGTH(route_text)", "STRLEN"),
    ):
        assert has in queries[engine]
        assert has_not not in queries[engine]


def test_only_postgres_is_told_to_compute_a_stage_once(queries: dict[str, str]) -> None:
    materialized = re.compile(r"(\w+) AS MATERIALIZED")
    assert materialized.findall(queries["postgres"]) == ["numbers", "sided"]
    for engine in ("duckdb", "spark"):
        assert "MATERIALIZED" not in queries[engine]
    stages = materialized.findall(printed("postgres", NARROW))
    assert stages == ["numbers", "sided", "ketaref_local_resolved"]


def test_a_query_is_printed_to_be_read_with_each_column_on_its_line(texts: dict[str, str]) -> None:
    lines = texts["duckdb"].splitlines()
    assert '    "dose" AS through_2,' in lines
    assert '  FROM "doses"' in lines


# A thin space and a narrow no-break space have three bytes in UTF-8: E2 80 89 and E2 80 AF.
def test_a_character_of_several_bytes_is_named_to_spark_by_its_bytes(
    queries: dict[str, str],
) -> None:
    spark = queries["spark"]
    assert "DECODE(UNHEX('E28089'), 'UTF-8')" in spark
    assert "DECODE(UNHEX('E280AF'), 'UTF-8')" in spark
    assert {"CHR(9)", "CHR(160)"} <= set(re.findall(r"CHR\(\d+\)", spark))
    for engine in ("duckdb", "postgres"):
        assert "CHR(8201)" in queries[engine]
        assert "UNHEX" not in queries[engine]


@pytest.mark.parametrize(
    ("code", "text"), [(255, "CHR(255)"), (256, "DECODE(UNHEX('C480'), 'UTF-8')")]
)
def test_only_a_character_above_255_is_named_to_spark_by_its_bytes(code: int, text: str) -> None:
    character = exp.Chr(expressions=[exp.Literal.number(code)])
    assert on_one_line(sql(character, "spark")) == text


def test_printing_a_query_does_not_change_it() -> None:
    lowered = exp.select(exp.Lower(this=exp.column("a"))).from_("words")
    tree = lowered.with_("numbers", as_="SELECT 1")
    before = tree.sql()
    sql(tree, "postgres")
    assert tree.sql() == before
