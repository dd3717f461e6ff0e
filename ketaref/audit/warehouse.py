"""The query as text, for the engine of a warehouse."""

from sqlglot import exp

from ketaref.audit.dialect import sql
from ketaref.audit.query import classified
from ketaref.audit.rules import (
    FIELDS,
    NEEDED,
    NUMERIC,
    OPTIONAL,
    Columns,
    is_added,
    parse_columns,
    refuse_shared,
)
from ketaref.audit.run import rule_sets
from ketaref.errors import ErrorCode, InputError, echo, printable
from ketaref.model.dataset import Dataset
from ketaref.model.protocol import Protocol
from ketaref.reports.base import LABEL


def warehouse_query(
    dialect: str,
    table: str,
    said: tuple[str | None, tuple[str, ...], tuple[str, ...]],
    dataset: Dataset,
    protocol: Protocol | None,
) -> str:
    """Return the query, with the label as a comment.

    ``said`` is the columns' own names, those to keep besides, and those that are floating. Of the
    optional columns only those named are read: what a table has cannot be seen from here.
    """
    mapped, keep, floating = said
    named = parse_columns(mapped)
    names = {
        field: named.get(field, field) for field in FIELDS if field in NEEDED or field in named
    }
    wrong = [name for name in floating if name not in NUMERIC or name not in names]
    if wrong:
        raise InputError(
            ErrorCode.AUDIT_COLUMNS,
            f"--floating {echo(wrong[0])} is not a number that is read; known: "
            f"{', '.join(name for name in NUMERIC if name in names)}",
        )
    refuse_shared(names)
    through = tuple(dict.fromkeys((*keep, *names.values())))
    hidden = [name for name in through if printable(name) != name]
    if hidden:
        raise InputError(
            ErrorCode.AUDIT_COLUMNS, f"{echo(hidden[0])} has characters that cannot be printed"
        )
    taken = [name for name in through if is_added(name)]
    if taken:
        raise InputError(
            ErrorCode.AUDIT_COLUMNS, f"{echo(taken[0])} is a column that an audit adds"
        )
    columns = Columns(names, frozenset(floating), through)
    # Quoted, or a reserved word would not be a name. PostgreSQL reads what is not in lower case.
    parts = (table.lower() if dialect == "postgres" else table).split(".")
    source = exp.Table(
        **{
            part: exp.to_identifier(name, quoted=True)
            for part, name in zip(("this", "db", "catalog"), reversed(parts), strict=False)
        }
    )
    query = sql(classified(source, columns, rule_sets(dataset, protocol)), dialect)
    return "\n".join((*_comments(dialect, dataset, names), f"{query};", ""))


def _comments(dialect: str, dataset: Dataset, names: dict[str, str]) -> list[str]:
    unread = [field for field in OPTIONAL if field not in names]
    lines = [
        f"-- {LABEL}",
        f"-- ketaref audit, data version {dataset.edition.version}, sha256 {dataset.sha256}",
        "-- About ranges published for anxiety in adults; other uses do not belong in the table.",
    ]
    if unread:
        lines.append(f"-- Not read, since not named with --columns: {', '.join(unread)}.")
    if dialect == "spark":
        lines.append("-- Needs spark.sql.ansi.enabled=true, the default from Spark 4 on.")
    return lines
