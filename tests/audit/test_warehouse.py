"""The query for a warehouse: what is refused before it is printed, and what it says of itself."""

from datetime import timedelta

import pytest

from ketaref.cli import environment
from ketaref.store import load_dataset
from tests.conftest import TODAY, Run
from tests.samples import EXPIRED

DOSES = ("audit", "--sql", "duckdb", "--table", "doses")


@pytest.mark.parametrize("name", ["doses; DROP TABLE x", "a.b.c.d", "", "d'", '"doses"', "d-1"])
def test_a_table_is_named_by_plain_names(run: Run, name: str) -> None:
    assert run("audit", "--sql", "duckdb", "--table", name).exit_code == 2


def test_a_table_named_by_a_reserved_word_is_a_table(run: Run) -> None:
    text = run("audit", "--sql", "postgres", "--table", "Own.Select").stdout
    assert 'FROM "own"."select"' in text
    for engine in ("duckdb", "spark"):
        text = run("audit", "--sql", engine, "--table", "Own.Select").stdout.replace("`", '"')
        assert 'FROM "Own"."Select"' in text


def test_an_engine_that_the_tests_do_not_run_is_not_offered(run: Run) -> None:
    assert run("audit", "--sql", "snowflake", "--table", "doses").exit_code == 2


@pytest.mark.parametrize(
    "line",
    [
        ("audit",),
        ("audit", "x.csv", "--sql", "duckdb", "--table", "doses"),
        ("audit", "x.csv", "--table", "doses"),
        (*DOSES, "--floating", "route"),
        (*DOSES, "--keep", "KETAREF_CLASS"),
        (*DOSES, "--keep", "a\x1b[31m"),
        (*DOSES, "--keep", "a\u202eb"),
        (*DOSES, "--columns", "dose=weight"),
        (*DOSES, "-o", "x.sql"),
        (*DOSES, "-f", "json"),
        (*DOSES, "--rows", "x.csv"),
        (*DOSES, "--fail-on", "outside"),
        ("audit", "--sql", "duckdb"),
    ],
    ids=" ".join,
)
def test_options_that_do_not_go_together_are_refused(run: Run, line: tuple[str, ...]) -> None:
    assert run(*line).exit_code == 2


@pytest.mark.parametrize(
    ("option", "names", "first"),
    [
        ("--floating", "route,drug", "--floating route is not a number"),
        ("--keep", "left\x07,right\x07", "left has characters that cannot be printed"),
        ("--keep", "ketaref_row,ketaref_class", "ketaref_row is a column that an audit adds"),
    ],
)
def test_the_first_of_two_wrong_names_is_named(
    run: Run, option: str, names: str, first: str
) -> None:
    assert first in run(*DOSES, option, names).stderr


def test_a_query_names_the_columns_that_it_leaves_out_if_any(run: Run) -> None:
    named = "duration_min=minutes,indication=why,age_years=age"
    left_out = "-- Left out, since --columns does not name them: "
    assert f"{left_out}duration_min, indication, age_years." in run(*DOSES).stdout
    assert left_out not in run(*DOSES, "--columns", named).stdout


def test_only_the_query_for_spark_says_what_spark_must_be_set_to(run: Run) -> None:
    for engine in ("duckdb", "postgres", "spark"):
        text = run("audit", "--sql", engine, "--table", "doses").stdout
        assert ("-- Needs spark.sql.ansi.enabled=true" in text) == (engine == "spark")


def test_a_query_says_until_when_it_holds(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is run later than it is printed."""
    due = load_dataset().edition.review_due
    line = ["audit", "--sql", "postgres", "--table", "doses", "--protocol", EXPIRED]
    printed = run(*line).stdout
    assert f"-- Printed {TODAY}; the data is due for review by {due}." in printed
    assert f"expired on 2026-11-22; today is {TODAY}" in printed
    late = due + timedelta(days=1)
    monkeypatch.setattr(environment, "today", lambda: late)
    assert f"was due for review by {due}; today is {late}" in run(*line).stdout
