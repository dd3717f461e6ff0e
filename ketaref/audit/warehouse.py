"""The query as text, for the engine of a warehouse."""

from typing import NamedTuple

from sqlglot import exp

from ketaref.audit.columns import (
    FIELDS,
    NEEDED,
    NUMERIC,
    OPTIONAL,
    Columns,
    is_added,
    parse_columns,
    refuse_shared,
)
from ketaref.audit.dialect import sql
from ketaref.audit.query import classified
from ketaref.audit.rules import RuleSet, rule_sets
from ketaref.errors import ErrorCode, InputError, echo, printable
from ketaref.label import LABEL
from ketaref.ranges.library import Library


class WarehouseTable(NamedTuple):
    """A table of a warehouse, its columns' own names, those to keep, and the floating ones."""

    dialect: str
    name: str
    columns: str | None
    keep: tuple[str, ...]
    floating: tuple[str, ...]


def warehouse_query(table: WarehouseTable, library: Library) -> str:
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
    sets = rule_sets(library)
    query = sql(classified(source, columns, sets), dialect)
    lines = _comments(dialect, library, names, _dates(library, sets))
    return "\n".join((*lines, f"{query};", ""))


def _dates(library: Library, sets: tuple[RuleSet, ...]) -> list[str]:
    """Return until when what the query says holds: it is run later than it is printed."""
    due = library.dataset.edition.review_due
    lines = [f"Printed {library.today}; the data is due for review by {due}."]
    if library.protocol:
        lines.append(f"{library.protocol.label}: holds until {library.protocol.approval.expires}.")
    return [*lines, *(rules.cautions for rules in sets if rules.cautions)]


def _comments(dialect: str, library: Library, names: dict[str, str], dates: list[str]) -> list[str]:
    not_named = [field for field in OPTIONAL if field not in names]
    dataset = library.dataset
    lines = [
        f"-- {LABEL}",
        f"-- ketaref audit, data version {dataset.edition.version}, sha256 {dataset.sha256}",
        *(f"-- {line}" for line in dates),
        "-- About ranges published for anxiety in adults; other uses do not belong in the table.",
    ]
    if not_named:
        lines.append(f"-- Left out, since --columns does not name them: {', '.join(not_named)}.")
    if dialect == "spark":
        lines.append("-- Needs spark.sql.ansi.enabled=true, the default from Spark 4 on.")
    return lines
