"""The commands about data: a whole table of doses against the ranges, and JSON Schemas."""

import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, NamedTuple

import typer

from ketaref.cli import options as opt
from ketaref.cli.app import app
from ketaref.cli.delivery import delivery, print_out, refuse_taken, say, written_whole
from ketaref.cli.report import open_reference
from ketaref.errors import ErrorCode, ExitCode, InputError, echo

if TYPE_CHECKING:
    from ketaref.answers.audit import AuditAnswer
    from ketaref.reference import Reference

_ROWS_ENDINGS = {".csv": "csv", ".parquet": "parquet"}
_TABLE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,2}", re.ASCII)
_SLOW = 2.0  # seconds after which a person at a terminal wants to know how far it is


class Engine(StrEnum):
    """The engines that the query is written for; each is run in the tests."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"
    SPARK = "spark"


class FailOn(StrEnum):
    """What an audit may end with exit status 3 for."""

    OUTSIDE = "outside"
    NOT_ASSESSABLE = "not-assessable"


InputArgument = Annotated[
    str | None,
    typer.Argument(metavar="FILE", help=".csv, .parquet, a folder of Parquet, or - for CSV."),
]
RowsOption = Annotated[
    str | None,
    typer.Option("--rows", metavar="FILE", help="Every row with its class: .csv or .parquet."),
]
ColumnsOption = Annotated[
    str | None,
    typer.Option("--columns", metavar="NAMES", help="Other names: dose=amount,dose_unit=uom."),
]
FailOnOption = Annotated[
    list[FailOn] | None,
    typer.Option(
        "--fail-on",
        metavar=f"<{'|'.join(FailOn)}>",
        help="Exit with 3 if any. May be repeated.",
    ),
]
SqlOption = Annotated[
    Engine | None, typer.Option("--sql", help="Print the query for an engine instead.")
]
TableOption = Annotated[
    str | None, typer.Option("--table", metavar="NAME", help="With --sql: the table.")
]
KeepOption = Annotated[
    str | None,
    typer.Option("--keep", metavar="NAMES", help="With --sql: others to keep: id,ward."),
]
FloatingOption = Annotated[
    str | None,
    typer.Option("--floating", metavar="NAMES", help="With --sql: floating ones: dose,weight."),
]


@app.command()
def audit(
    file: InputArgument = None,
    *,
    rows: RowsOption = None,
    columns: ColumnsOption = None,
    fail_on: FailOnOption = None,
    sql: SqlOption = None,
    table: TableOption = None,
    keep: KeepOption = None,
    floating: FloatingOption = None,
    protocol: opt.ProtocolOption = None,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Show where a table of doses lies in the ranges.

    For example: ketaref audit doses.csv --rows classified.parquet
    """
    with_sql = {"--table": table, "--keep": keep, "--floating": floating}
    with_file: dict[str, Any] = {"--rows": rows, "-o": output, "-f": format_, "--force": force}
    with_file["--fail-on"] = fail_on
    _refuse_mixed(file, sql=sql, with_sql=with_sql, with_file=with_file)
    if sql is not None:
        print_out(_query(sql, _Words(table, columns, keep, floating), open_reference(protocol)))
        return
    to = delivery(format_, output, force=force, no_color=no_color)
    into = None if rows is None else _rows_file(rows, force=force)
    reference = open_reference(protocol, to.file, into)
    with _ended_by_signals():
        answer = _audited(_AuditQuery(file or "", columns, into, to.file, force), reference)
    to.send(answer)
    if fail_on and _fails(answer, set(fail_on)):
        raise typer.Exit(ExitCode.OUTSIDE)


def _refuse_mixed(
    file: str | None,
    *,
    sql: Engine | None,
    with_sql: dict[str, str | None],
    with_file: dict[str, Any],
) -> None:
    if sql is None and not file:
        raise InputError(ErrorCode.USAGE, "a file is needed, or --sql with --table", "audit FILE")
    if sql is not None and file is not None:
        raise InputError(ErrorCode.USAGE, "--sql prints a query and reads no file", "leave out one")
    stray = [name for name, value in (with_sql if sql is None else with_file).items() if value]
    if stray:
        goes = "--sql" if sql is None else "a file, not with --sql"
        raise InputError(ErrorCode.USAGE, f"{stray[0]} goes with {goes}", "leave it out")


class _AuditQuery(NamedTuple):
    """What was typed about a table in a file."""

    file: str
    columns: str | None
    rows: Path | None
    output: Path | None
    force: bool


def _audited(query: _AuditQuery, reference: "Reference") -> "AuditAnswer":
    try:
        from ketaref.audit.export import RowsFile
        from ketaref.audit.paths import refuse_overlap
        from ketaref.audit.run import Request, run
        from ketaref.audit.summary import findings_of
    except ModuleNotFoundError:
        raise _not_installed() from None
    from ketaref.answers.audit import audit_answer

    rows = query.rows
    stdin = None if sys.stdin is None else sys.stdin.buffer
    refuse_overlap(query.file, _descriptor(stdin), [p for p in (rows, query.output) if p])
    place = written_whole(rows, force=query.force) if rows else nullcontext(None)
    with place as beside:
        into = RowsFile(beside, _ROWS_ENDINGS[rows.suffix.lower()]) if rows and beside else None
        request = Request(query.file, stdin, query.columns, into)
        tally = run(request, reference.library, _progress)
    return audit_answer(reference.library, findings_of(tally, rows))


def _descriptor(stream: BinaryIO | None) -> int | None:
    try:
        return None if stream is None else stream.fileno()
    except OSError:  # not a file of the system, such as one in memory
        return None


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Have a request to end take away what was begun, as Ctrl-C does."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), end) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _not_installed() -> InputError:
    return InputError(
        ErrorCode.NOT_INSTALLED,
        "the engine of the audit is not installed",
        'pip install "ketaref[audit]"',
    )


def _rows_file(rows: str, *, force: bool) -> Path:
    path = Path(rows)
    if path.suffix.lower() not in _ROWS_ENDINGS:
        raise InputError(
            ErrorCode.OUTPUT_ENDING,
            f'unknown ending of a file of rows in "{echo(rows)}"; known: '
            f"{', '.join(_ROWS_ENDINGS)}",
        )
    refuse_taken(path, force=force)
    return path


def _fails(answer: "AuditAnswer", wanted: set[FailOn]) -> bool:
    from ketaref.audit.summary import any_not_assessed, any_outside

    found = {
        FailOn.OUTSIDE: any_outside(answer.results),
        FailOn.NOT_ASSESSABLE: any_not_assessed(answer.results),
    }
    return any(found[what] for what in wanted)


def _query(engine: Engine, words: "_Words", reference: "Reference") -> str:
    try:
        from ketaref.audit.warehouse import WarehouseTable, warehouse_query
    except ModuleNotFoundError:
        raise _not_installed() from None
    if words.table is None or not _TABLE.fullmatch(words.table):
        raise InputError(
            ErrorCode.AUDIT_INPUT,
            f'--table "{echo(words.table or "")}" is not a name of a table: letters, digits and _, '
            "with up to two points",
            "--table doses or --table schema.doses",
        )
    table = WarehouseTable(
        engine, words.table, words.columns, _listed(words.keep), _listed(words.floating)
    )
    return warehouse_query(table, reference.library)


class _Words(NamedTuple):
    """What was typed about a table in a warehouse."""

    table: str | None
    columns: str | None
    keep: str | None
    floating: str | None


def _listed(names: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (names or "").split(",") if name.strip())


@app.command()
def schema(kind: opt.KindArgument = None) -> None:
    """Print a JSON Schema: of reports, dataset or protocol."""
    from ketaref.answers.exact_json import dumps
    from ketaref.answers.schema import schema_of

    print_out(dumps(schema_of(kind)) + "\n")


@contextmanager
def _progress(connection: Any) -> Iterator[None]:  # noqa: ANN401 - of an engine not loaded here
    """Say on a terminal how far a long query is."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_SLOW):
            share = connection.query_progress()
            if share >= 0:
                say(f"ketaref: {share:.0f} percent read")

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        done.set()
