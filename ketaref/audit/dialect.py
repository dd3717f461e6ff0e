"""The query as the text of an engine: DuckDB, PostgreSQL or Spark."""

from typing import TypeAlias

from sqlglot import exp

Expression: TypeAlias = exp.Expr


def sql(query: Expression, dialect: str) -> str:
    """Return the query as an engine's own text."""
    own = query.transform(_as_the_engine_has_it, dialect)  # which makes a copy of it
    if dialect == "postgres":
        # It would write each stage into the next, and compute every number some thirty times.
        for cte in own.find_all(exp.CTE):
            if cte.alias in ("numbers", "sided") or cte.alias.endswith("_resolved"):
                cte.set("materialized", True)  # noqa: FBT003 - sqlglot's own way
    return own.sql(dialect=dialect, pretty=True, copy=False)


_ONE_BYTE = 255


def _as_the_engine_has_it(node: Expression, dialect: str) -> Expression:
    """Return what sqlglot writes in words that an engine does not know, or knows otherwise."""
    if isinstance(node, exp.ByteLength):
        return exp.func("STRLEN" if dialect == "duckdb" else "OCTET_LENGTH", node.this)
    if isinstance(node, exp.Lower) and dialect == "postgres":  # a Turkish table has no i for an I
        return exp.Lower(
            this=exp.Collate(this=node.this, expression=exp.to_identifier("C", quoted=True))
        )
    if isinstance(node, exp.Chr) and dialect == "spark":  # which takes the remainder by 256
        code = int(node.expressions[0].name)
        if code > _ONE_BYTE:
            octets = exp.Literal.string(chr(code).encode().hex().upper())
            return exp.Decode(this=exp.Unhex(this=octets), charset=exp.Literal.string("UTF-8"))
    return node
