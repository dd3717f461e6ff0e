"""The run of an audit: what ends it leaves no half of a file; the engine keeps to its bounds."""

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from ketaref.audit import run as audit_run
from ketaref.audit.columns import Columns
from ketaref.audit.export import RowsFile
from ketaref.cli import app, data
from ketaref.errors import InputError
from ketaref.reference import Reference
from tests.audit.audits import GOOD, HEADER, count, put
from tests.audit.doses import write_table
from tests.conftest import TODAY, Run

# ------------------------------------------------------------ what ends it


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table that is not read and written in a moment."""
    file = tmp_path_factory.mktemp("large") / "large.parquet"
    write_table(1_000_000, str(file))
    return file


def _as_at_a_terminal() -> None:
    # What runs in the background of a shell ignores Ctrl-C, and so does all that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize(
    ("sent", "is_writing"),
    [
        (signal.SIGINT, False),
        (signal.SIGTERM, False),
        (signal.SIGHUP, False),
        (signal.SIGINT, True),
        (signal.SIGKILL, True),
    ],
)
def test_an_interrupted_audit_leaves_nothing_under_the_final_name(
    large: Path, tmp_path: Path, sent: signal.Signals, *, is_writing: bool
) -> None:
    folder, temporary = tmp_path / "out", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    rows = folder / "rows.csv"

    def has_begun() -> bool:
        return any(file.stat().st_size or not is_writing for file in folder.glob(".ketaref-*"))

    with subprocess.Popen(
        [sys.executable, "-m", "ketaref", "audit", str(large), "--rows", str(rows)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(temporary)},
        preexec_fn=_as_at_a_terminal,  # noqa: PLW1509 - no threads here
    ) as process:
        deadline = time.monotonic() + 60
        while not has_begun() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.1)
        process.send_signal(sent)
        status = process.wait(timeout=60)
    assert status != 0
    assert not rows.exists()
    if sent is not signal.SIGKILL:  # which no program can see to
        assert status == 130
        assert not [*folder.iterdir(), *temporary.iterdir()]


def test_a_full_disk_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: the engine's write fails likewise."""
    file, rows = tmp_path / "doses.parquet", tmp_path / "rows.csv"
    write_table(50_000, str(file))
    command = f"ulimit -f 100; exec {sys.executable} -m ketaref audit {file} --rows {rows}"
    result = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode not in (0, 1), result.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["doses.parquet"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (duckdb.IOException("no space\nSELECT secret"), 2),
        (duckdb.InterruptException("INTERRUPT"), 130),
        (RuntimeError("Query interrupted"), 130),
    ],
)
def test_rows_that_cannot_be_written_leave_nothing_and_an_interruption_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*_: Any) -> int:
        raise error

    monkeypatch.setattr(audit_run, "copy", fail)
    line = ["audit", put(tmp_path, GOOD), "--rows", str(tmp_path / "rows.csv")]
    result = CliRunner().invoke(app, line)
    assert result.exit_code == status
    assert ("could not be written: no space" in result.stderr) == (status == 2)
    assert "secret" not in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["doses.csv"]


@pytest.mark.parametrize("written", [None, 1])  # now, or long ago by the clock of another machine
def test_an_input_that_is_written_to_is_an_error_also_where_as_many_rows_are_left(
    tmp_path: Path, written: int | None
) -> None:
    file = Path(put(tmp_path, GOOD))
    rows = RowsFile(tmp_path / "rows.csv", "csv")
    queries = iter((None, "write to it before the rows are written"))

    @contextmanager
    def watch(_connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        if next(queries):
            file.write_text(file.read_text().replace("35", "36"))
            if written is not None:
                os.utime(file, ns=(written, written))
        yield

    request = audit_run.Request(str(file), None, None, rows)
    with pytest.raises(InputError, match="changed while it was read"):
        audit_run.run(request, Reference.open(today=TODAY).library, watch)


# ------------------------------------------------------------ standard input, temporary folder


def test_standard_input_is_a_csv_and_nothing_is_left_of_it(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "ketaref", "audit", "-", "-f", "json"],
        input=f"{HEADER}\n{GOOD}\n",
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    report = json.loads(result.stdout)
    assert report["inputs"]["file"] == "standard input"
    assert count(report, "class", "inside") == 1
    assert result.stderr == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("read", "status"), [("-", 2), ("doses.csv", 0)])
def test_a_closed_standard_input_is_no_defect(tmp_path: Path, read: str, status: int) -> None:
    put(tmp_path, GOOD)
    command = f"exec {sys.executable} -m ketaref audit {read} -f plain <&-"
    result = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert "Traceback" not in result.stderr
    assert result.returncode == status


def test_without_a_temporary_folder_the_error_says_how_to_name_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    result = run("audit", put(tmp_path, GOOD))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "needs a temporary folder" in result.stderr
    assert "TMPDIR" in result.stderr


def test_a_temporary_folder_that_is_gone_is_no_error() -> None:
    with audit_run._temporary() as folder:
        folder.rmdir()


# ------------------------------------------------------------ the engine


def test_without_the_engine_an_audit_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name.startswith("ketaref.audit")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    for line in (["audit", put(tmp_path, GOOD)], ["audit", "--sql", "spark", "--table", "t"]):
        result = run(*line)
        assert result.exit_code == 2
        assert 'pip install "ketaref[audit]"' in result.stderr


def test_the_engine_writes_on_no_thread_of_its_own_where_a_failure_may_hang(
    tmp_path: Path,
) -> None:
    """One audit in fifty on a full disk had no end: duckdb/duckdb#23885."""
    with audit_run._connection(tmp_path) as connection:
        assert connection.execute("SELECT current_setting('async_threads')").fetchone() == (0,)


@pytest.mark.parametrize(("columns", "threads"), [(299, 3), (300, 3), (301, 1)])
def test_a_table_of_very_many_columns_is_read_by_one_thread(
    tmp_path: Path, columns: int, threads: int
) -> None:
    with audit_run._connection(tmp_path) as connection:
        connection.execute("SET threads = 3")
        through = tuple(f"c{number}" for number in range(columns))
        audit_run._bound_memory(connection, Columns({}, through=through))
        setting = connection.execute("SELECT current_setting('threads')").fetchone()
        assert setting == (threads,)


def test_the_engine_keeps_the_order_of_the_rows_and_fetches_nothing(tmp_path: Path) -> None:
    expected = {
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with audit_run._connection(tmp_path) as connection:
        for name, value in expected.items():
            setting = f"SELECT CAST(current_setting('{name}') AS BOOLEAN)"
            assert connection.execute(setting).fetchone() == (value,), name


def test_a_terminal_is_told_how_far_a_long_audit_is(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    class Connection:
        shares = iter((-1, 12.4, 57.6))

        def query_progress(self) -> float:
            return next(self.shares, 100)

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(data, "_SLOW", 0.01)
    with data._progress(Connection()):
        time.sleep(0.3)
    assert terminal.getvalue().startswith(
        "ketaref: 12 percent read\nketaref: 58 percent read\nketaref: 100 percent read\n"
    )
