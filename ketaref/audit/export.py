"""Every row with its class, as CSV or Parquet, with what a spreadsheet would run made text."""

from pathlib import Path
from typing import NamedTuple

import duckdb
from sqlglot import exp

from ketaref.audit.columns import Columns
from ketaref.audit.dialect import sql
from ketaref.audit.input import TABLE, identifier, quoted_text
from ketaref.audit.query import classified
from ketaref.audit.rules import RuleSet
from ketaref.label import LABEL

# What a spreadsheet would run as a formula, or drop; a leading apostrophe makes it text.
_FORMULA = "=+@\t\r\n\0-"
# DuckDB writes to a file of its own, open to all, and moves it over ours: not with this.
_IN_PLACE = "USE_TMP_FILE false"
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_FRACTIONS = ("DECIMAL", "FLOAT", "DOUBLE")
_NO_TEXT = (*_WHOLE, *(f"U{name}" for name in _WHOLE), *_FRACTIONS, "BOOLEAN", "DATE", "TIME")


class RowsFile(NamedTuple):
    """Where the rows go, and as what."""

    path: Path
    format: str


def neutralised(connection: duckdb.DuckDBPyConnection, columns: Columns) -> int:
    """Return how many cells, and names of columns, a spreadsheet would run."""
    texts = _text_columns(connection)
    names = sum(name.startswith(tuple(_FORMULA)) for name in columns.through)
    if not texts:
        return names
    # One sum for each column: one sum of all of them is an expression too deep to be parsed.
    cells = ", ".join(f"COUNT(*) FILTER ({_is_formula(identifier(name))})" for name in texts)
    counts = connection.execute(f"SELECT {cells} FROM {TABLE}").fetchone() or ()
    return names + int(sum(counts))


def copy(
    connection: duckdb.DuckDBPyConnection,
    into: RowsFile,
    columns: Columns,
    sets: tuple[RuleSet, ...],
) -> int:
    """Write the rows, and return how many were written."""
    query = classified(exp.to_table(TABLE), columns, sets)
    target = quoted_text(str(into.path))
    if into.format == "parquet":
        pairs = ", ".join(f"{name}: {quoted_text(text)}" for name, text in about(sets).items())
        options = f"FORMAT parquet, KV_METADATA {{{pairs}}}, {_IN_PLACE}"
        command = f"COPY ({sql(query, 'duckdb')}) TO {target} ({options})"
    else:
        texts = _text_columns(connection)
        bounds = {f"{rules.prefix}_{end}_mg" for rules in sets for end in ("low", "high")}
        cells = ", ".join(
            _cell(name, text=name in texts, bound=name in bounds) for name in query.named_selects
        )
        command = (
            f"COPY (SELECT {cells} FROM ({sql(query, 'duckdb')})) TO {target} "
            f"(FORMAT csv, HEADER, QUOTE '\"', ESCAPE '\"', {_IN_PLACE})"
        )
    [(written,)] = connection.execute(command).fetchall()
    return int(written)


def about(sets: tuple[RuleSet, ...]) -> dict[str, str]:
    """Return the label and the edition of a file of rows: it has them also without a row."""
    published, *local = sets
    label = {"ketaref_notice": LABEL, "ketaref_data_version": published.name}
    named = {f"{rules.prefix}_protocol": rules.name for rules in local}
    cautions = {f"{rules.prefix}_cautions": rules.cautions for rules in sets if rules.cautions}
    return label | named | cautions


def _cell(name: str, *, text: bool, bound: bool) -> str:
    quoted = identifier(name)
    if bound:  # 35.00000000000000000000 is 35
        return f"RTRIM(RTRIM(CAST({quoted} AS VARCHAR), '0'), '.') AS {quoted}"
    shown = identifier(f"'{name}") if name.startswith(tuple(_FORMULA)) else quoted
    if not text:
        return f"{quoted} AS {shown}"
    words = f"CAST({quoted} AS VARCHAR)"
    return f"CASE WHEN {_is_formula(quoted)} THEN CONCAT('''', {words}) ELSE {words} END AS {shown}"


def _is_formula(quoted: str) -> str:
    characters = "".join(f"\\x{ord(character):02x}" for character in _FORMULA)
    return f"regexp_matches(LEFT(CAST({quoted} AS VARCHAR), 1), '[{characters}]')"


def _text_columns(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the columns that may hold text of any kind: all but numbers, dates and yes or no."""
    described = connection.execute(f"DESCRIBE {TABLE}").fetchall()
    return {name for name, type_, *_ in described if not type_.startswith(_NO_TEXT)}
