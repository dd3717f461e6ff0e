"""The query as text: what is refused before it is printed, and the words of each engine."""

import re

import pytest
from sqlglot import exp

from ketaref.audit.dialect import sql
from tests.conftest import Run


def query(run: Run, engine: str) -> str:
    return tidy(run("audit", "--sql", engine, "--table", "doses").stdout)


def tidy(text: str) -> str:
    """Return a query on one line, without the white space that the printer puts in brackets."""
    return re.sub(r"(?<=\() | (?=\))", "", " ".join(text.split()))


def test_letters_are_lowered_by_the_rules_of_ascii_whatever_a_table_sorts_by(run: Run) -> None:
    assert set(re.findall(r"LOWER\((.*?)\)", query(run, "postgres"))) == {
        f'{word}_text COLLATE "C"' for word in ("route", "drug", "dose_unit", "weight_unit")
    }
    for engine in ("duckdb", "spark"):
        assert "LOWER(route_text)" in query(run, engine)
        assert "COLLATE" not in query(run, engine)


def test_each_engine_counts_bytes_by_its_own_function(run: Run) -> None:
    for engine, has, has_not in (
        ("duckdb", "STRLEN(route_text)", "OCTET_LENGTH"),
        ("postgres", "OCTET_LENGTH(route_text)", "STRLEN"),
        ("spark", "OCTET_LENGTH(route_text)", "STRLEN"),
    ):
        assert has in query(run, engine)
        assert has_not not in query(run, engine)


def test_only_postgres_is_told_to_compute_a_stage_once(run: Run) -> None:
    stages = re.findall(r"(\w+) AS MATERIALIZED", query(run, "postgres"))
    assert stages == ["numbers", "sided"]
    for engine in ("duckdb", "spark"):
        assert "MATERIALIZED" not in query(run, engine)


def test_a_query_is_laid_out_to_be_read_a_column_to_a_line(run: Run) -> None:
    lines = run("audit", "--sql", "duckdb", "--table", "doses").stdout.splitlines()
    assert '    "dose" AS through_2,' in lines
    assert '  FROM "doses"' in lines


# A thin space and a narrow no-break space have three bytes in UTF-8: E2 80 89 and E2 80 AF.
def test_a_character_of_two_bytes_is_named_to_spark_by_its_bytes(run: Run) -> None:
    text = query(run, "spark")
    assert "DECODE(UNHEX('E28089'), 'UTF-8')" in text
    assert "DECODE(UNHEX('E280AF'), 'UTF-8')" in text
    assert {"CHR(9)", "CHR(160)"} <= set(re.findall(r"CHR\(\d+\)", text))
    for engine, name in (("duckdb", "CHR(8201)"), ("postgres", "CHR(8201)")):
        assert name in query(run, engine)
        assert "UNHEX" not in query(run, engine)


@pytest.mark.parametrize(
    ("code", "text"), [(255, "CHR(255)"), (256, "DECODE(UNHEX('C480'), 'UTF-8')")]
)
def test_spark_takes_the_remainder_of_a_character_by_256(code: int, text: str) -> None:
    character = exp.Chr(expressions=[exp.Literal.number(code)])
    assert tidy(sql(character, "spark")) == text


def test_the_query_that_is_kept_is_not_changed_by_being_printed() -> None:
    tree = (
        exp.select(exp.Lower(this=exp.column("a"))).from_("said").with_("numbers", as_="SELECT 1")
    )
    before = tree.sql()
    sql(tree, "postgres")
    assert tree.sql() == before


@pytest.mark.parametrize("name", ["doses; DROP TABLE x", "a.b.c.d", "", "d'", '"doses"', "d-1"])
def test_a_table_is_named_by_plain_names(run: Run, name: str) -> None:
    assert run("audit", "--sql", "duckdb", "--table", name).exit_code == 2


def test_a_dialect_that_is_not_run_is_not_offered(run: Run) -> None:
    assert run("audit", "--sql", "snowflake", "--table", "doses").exit_code == 2


@pytest.mark.parametrize(
    "line",
    [
        ["audit"],
        ["audit", "x.csv", "--sql", "duckdb", "--table", "doses"],
        ["audit", "x.csv", "--table", "doses"],
        ["audit", "--sql", "duckdb", "--table", "doses", "--floating", "route"],
        ["audit", "--sql", "duckdb", "--table", "doses", "--keep", "KETAREF_CLASS"],
        ["audit", "--sql", "duckdb", "--table", "doses", "--keep", "a\x1b[31m"],
        ["audit", "--sql", "duckdb", "--table", "doses", "--keep", "a\u202eb"],
        ["audit", "--sql", "duckdb", "--table", "doses", "--columns", "dose=weight"],
        ["audit", "--sql", "duckdb", "--table", "doses", "-o", "x.sql"],
        ["audit", "--sql", "duckdb", "--table", "doses", "-f", "json"],
        ["audit", "--sql", "duckdb", "--table", "doses", "--rows", "x.csv"],
        ["audit", "--sql", "duckdb", "--table", "doses", "--fail-on", "outside"],
        ["audit", "--sql", "duckdb"],
    ],
    ids=" ".join,
)
def test_what_does_not_go_together_is_refused(run: Run, line: list[str]) -> None:
    assert run(*line).exit_code == 2


@pytest.mark.parametrize(
    ("option", "names", "first"),
    [
        ("--floating", "route,drug", "--floating route is not a number"),
        ("--keep", "left\x07,right\x07", "left has characters that cannot be printed"),
        ("--keep", "ketaref_row,ketaref_class", "ketaref_row is a column that an audit adds"),
    ],
)
def test_of_two_wrong_names_the_first_is_said(
    run: Run, option: str, names: str, first: str
) -> None:
    assert first in run("audit", "--sql", "duckdb", "--table", "doses", option, names).stderr


def test_what_a_query_does_not_read_is_said_unless_it_reads_everything(run: Run) -> None:
    named = "duration_min=minutes,indication=why,age_years=age"
    line = ("audit", "--sql", "duckdb", "--table", "doses")
    assert "-- Not read" in run(*line).stdout
    assert "-- Not read" not in run(*line, "--columns", named).stdout


def test_a_table_named_by_a_reserved_word_is_a_table(run: Run) -> None:
    text = run("audit", "--sql", "postgres", "--table", "Own.Select").stdout
    assert 'FROM "own"."select"' in text
    for engine in ("duckdb", "spark"):
        text = run("audit", "--sql", engine, "--table", "Own.Select").stdout.replace("`", '"')
        assert 'FROM "Own"."Select"' in text


def test_what_spark_must_be_set_to_is_said_to_it_alone(run: Run) -> None:
    for engine in ("duckdb", "postgres", "spark"):
        text = run("audit", "--sql", engine, "--table", "doses").stdout
        assert ("-- Needs spark.sql.ansi.enabled=true" in text) == (engine == "spark")
