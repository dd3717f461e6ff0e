"""The query as text, for the engine of a warehouse."""

from datetime import date
from typing import NamedTuple

from sqlglot import exp

from ketaref.audit.dialect import sql
from ketaref.audit.query import classified
from ketaref.audit.rules import (
    FIELDS,
    NEEDED,
    NUMERIC,
    OPTIONAL,
    Columns,
    RuleSet,
    is_added,
    parse_columns,
    refuse_shared,
)
from ketaref.audit.run import rule_sets
from ketaref.errors import ErrorCode, InputError, echo, printable
from ketaref.model.dataset import Dataset
from ketaref.reports.base import LABEL
from ketaref.reports.local import Laid


class WarehouseTable(NamedTuple):
    """A table of a warehouse, its columns' own names, those to keep, and the floating ones."""

    dialect: str
    name: str
    columns: str | None
    keep: tuple[str, ...]
    floating: tuple[str, ...]


def warehouse_query(
    table: WarehouseTable, dataset: Dataset, laid: Laid | None, *, today: date
) -> str:
    """Return the query, with the label as a comment.

    Of the optional columns only those named are read: what a table has cannot be seen from here.
    """
    dialect, keep, floating = table.dialect, table.keep, table.floating
    named = parse_columns(table.columns)
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
    parts = (table.name.lower() if dialect == "postgres" else table.name).split(".")
    source = exp.Table(
        **{
            part: exp.to_identifier(name, quoted=True)
            for part, name in zip(("this", "db", "catalog"), reversed(parts), strict=False)
        }
    )
    sets = rule_sets(dataset, laid, today=today)
    query = sql(classified(source, columns, sets), dialect)
    dates = _dates(dataset, laid, sets, today)
    return "\n".join((*_comments(dialect, dataset, names, dates), f"{query};", ""))


def _dates(
    dataset: Dataset, laid: Laid | None, sets: tuple[RuleSet, ...], today: date
) -> list[str]:
    """Return until when what the query says holds: it is run later than it is printed."""
    lines = [f"Printed {today}; the data is to be read again by {dataset.edition.review_due}."]
    if laid:
        approval = laid.protocol.approval
        lines.append(f"{laid.protocol.label}: holds until {approval.expires}.")
    return [*lines, *(rules.cautions for rules in sets if rules.cautions)]


def _comments(dialect: str, dataset: Dataset, names: dict[str, str], dates: list[str]) -> list[str]:
    unread = [field for field in OPTIONAL if field not in names]
    lines = [
        f"-- {LABEL}",
        f"-- ketaref audit, data version {dataset.edition.version}, sha256 {dataset.sha256}",
        *(f"-- {line}" for line in dates),
        "-- About ranges published for anxiety in adults; other uses do not belong in the table.",
    ]
    if unread:
        lines.append(f"-- Not read, since not named with --columns: {', '.join(unread)}.")
    if dialect == "spark":
        lines.append("-- Needs spark.sql.ansi.enabled=true, the default from Spark 4 on.")
    return lines
