"""Where an audit writes: the input is never touched, and no half of a file is left."""

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

from ketaref.audit import rows as rows_file
from ketaref.audit import run as audit_run
from ketaref.audit.export import RowsFile
from ketaref.audit.input import Source, said, spool
from ketaref.audit.paths import Found, files_of, refuse_overlap
from ketaref.audit.rules import Columns
from ketaref.cli import app
from ketaref.cli import audit as cli
from ketaref.errors import InputError, KetarefError, OutputError
from ketaref.store import load_dataset
from tests.audit.audits import GOOD, HEADER, count, put
from tests.audit.doses import write_parquet
from tests.conftest import TODAY, Run


def test_the_rows_never_replace_the_input_or_a_file_that_is_there(run: Run, tmp_path: Path) -> None:
    file = put(tmp_path, GOOD)
    before = Path(file).read_bytes()
    link = tmp_path / "link.csv"
    link.symlink_to(file)
    for rows in (file, str(link)):
        result = run("audit", file, "--rows", rows, "--force")
        assert result.exit_code == 2
        assert "it is never written to" in result.stderr
    assert run("audit", file, "--rows", file).exit_code == 2
    assert run("audit", file, "--rows", str(tmp_path / "rows.xlsx")).exit_code == 2
    assert Path(file).read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["doses.csv", "link.csv"]


@pytest.mark.parametrize("option", ["-o", "--rows"])
def test_neither_report_nor_rows_replace_what_is_read(
    run: Run, tmp_path: Path, option: str
) -> None:
    file = put(tmp_path, GOOD)
    before = Path(file).read_bytes()
    for name in ("hard.csv", "soft.csv"):
        link = tmp_path / name
        link.hardlink_to(file) if name == "hard.csv" else link.symlink_to(file)
        result = run("audit", file, option, str(link), "--force")
        assert result.exit_code == 2
        assert "it is never written to" in result.stderr
    assert Path(file).read_bytes() == before


def test_what_comes_by_standard_input_is_not_replaced_either(tmp_path: Path) -> None:
    file = put(tmp_path, GOOD)
    before = Path(file).read_bytes()
    for option in ("-o", "--rows"):
        with Path(file).open("rb") as stdin:
            result = subprocess.run(
                [sys.executable, "-m", "ketaref", "audit", "-", option, file, "--force"],
                stdin=stdin,
                capture_output=True,
                text=True,
                check=False,
            )
        assert result.returncode == 2
        assert "it is never written to" in result.stderr
    assert Path(file).read_bytes() == before


def test_nothing_is_written_into_a_folder_that_is_read_or_to_what_it_leads_to(
    run: Run, tmp_path: Path
) -> None:
    folder, elsewhere = tmp_path / "doses", tmp_path / "elsewhere.parquet"
    folder.mkdir()
    write_parquet(10, str(elsewhere))
    (folder / "1.parquet").symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    for place in (folder / "rows.parquet", folder / "1.parquet", elsewhere):
        result = run("audit", str(folder), "--rows", str(place), "--force")
        assert result.exit_code == 2
        assert "it is never written to" in result.stderr
    assert elsewhere.read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["1.parquet"]


def test_the_report_and_the_rows_are_two_files(run: Run, tmp_path: Path) -> None:
    place = str(tmp_path / "both.csv")
    result = run("audit", put(tmp_path, GOOD), "--rows", place, "-o", place)
    assert result.exit_code == 2
    assert "for the report and for the rows" in result.stderr


def test_what_is_in_the_way_is_said_by_the_name_that_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, GOOD)
    (tmp_path / "folder").mkdir()
    put(tmp_path, GOOD, name="(1).csv")  # comes before standard input, -, in an alphabet
    write_parquet(10, "folder/a.parquet")
    same = ("both.csv", "folder/../both.csv")
    for read, written, says, instead in (
        ("doses.csv", same, '"both.csv" is named for the report', "another name for one of them"),
        ("doses.csv", ["doses.csv"], '"doses.csv" is what is audited', "another name"),
        ("(1).csv", ["(1).csv"], '"(1).csv" is what is audited', "another name"),
        ("folder", ["folder/new.csv"], '"folder/new.csv" is in what is', "another place"),
    ):
        with pytest.raises(KetarefError) as refused:
            refuse_overlap(read, None, map(Path, written))
        assert says in str(refused.value)
        assert refused.value.hint == instead


def test_one_file_is_all_that_is_found_of_it(tmp_path: Path) -> None:
    file = Path(put(tmp_path, GOOD))
    assert files_of(file) == Found((file,), 0)


def test_what_an_engine_says_names_the_file_that_was_given_and_is_not_long(tmp_path: Path) -> None:
    link, file = tmp_path / "input-000000.csv", tmp_path / "doses.csv"
    source = Source("doses.csv", (link,), is_csv=True, found=Found((file,)))
    assert said(RuntimeError(f"cannot open {link}\nand more"), source) == "cannot open doses.csv"
    assert said(RuntimeError("x" * 300), source) == "x" * 200


def test_a_name_that_comes_before_a_dash_is_a_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, GOOD, name="(1).csv")
    assert run("audit", "(1).csv").exit_code == 0


@pytest.mark.parametrize("more", [-1, 1])
def test_as_many_rows_are_written_as_were_counted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    copied = rows_file.copy
    monkeypatch.setattr(audit_run, "copy", lambda *given: copied(*given) + more)
    rows = tmp_path / "rows.csv"
    result = run("audit", put(tmp_path, GOOD), "--rows", str(rows))
    assert result.exit_code == 2
    assert "changed while it was read" in result.stderr
    assert not rows.exists()


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
        audit_run.run(request, load_dataset(), None, watch, today=TODAY)


def test_a_temporary_folder_that_is_gone_is_no_error() -> None:
    with audit_run._temporary() as folder:
        folder.rmdir()


def test_an_input_that_changes_meanwhile_is_an_error(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path(put(tmp_path, GOOD))
    counted = rows_file.neutralised

    def neutralised(*given: Any) -> int:
        with file.open("a") as opened:
            opened.write(f"{GOOD}\n")
        return counted(*given)

    monkeypatch.setattr(audit_run, "neutralised", neutralised)
    rows = tmp_path / "rows.csv"
    result = run("audit", str(file), "--rows", str(rows))
    assert result.exit_code == 2
    assert "changed while it was read" in result.stderr
    assert not rows.exists()


def test_the_word_interrupted_in_a_table_is_not_an_interruption(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "interrupted.parquet"
    file.write_bytes(b"interrupted")
    assert run("audit", str(file)).exit_code == 2


@pytest.mark.parametrize("input_", ["-", "doses.csv"])
def test_a_closed_standard_input_is_no_defect(tmp_path: Path, input_: str) -> None:
    put(tmp_path, GOOD)
    command = f"exec {sys.executable} -m ketaref audit {input_} -f plain <&-"
    result = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert "Traceback" not in result.stderr
    assert result.returncode == (2 if input_ == "-" else 0)


def _as_at_a_terminal() -> None:
    # What runs in the background of a shell ignores Ctrl-C, and so does all that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _large(folder: Path) -> Path:
    file = folder / "large.parquet"
    write_parquet(6_000_000, str(file))
    return file


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_an_interrupted_audit_leaves_nothing_under_the_final_name(
    tmp_path: Path, sent: signal.Signals
) -> None:
    file = _large(tmp_path)
    rows = tmp_path / "rows.csv"
    command = [sys.executable, "-m", "ketaref", "audit", str(file), "--rows", str(rows)]
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_as_at_a_terminal,  # noqa: PLW1509 - no threads here
    ) as process:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".ketaref-*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.5)
        process.send_signal(sent)
        status = process.wait(timeout=60)
    assert status != 0
    assert not rows.exists()
    if sent is not signal.SIGKILL:  # which no program can see to
        assert status == 130
        assert not list(tmp_path.glob(".ketaref-*"))


def test_a_full_disk_is_said_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: the engine's write fails likewise."""
    file = tmp_path / "doses.parquet"
    write_parquet(200_000, str(file))
    rows = tmp_path / "rows.csv"
    command = f"ulimit -f 100; exec {sys.executable} -m ketaref audit {file} --rows {rows}"
    result = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode not in (0, 1), result.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["doses.parquet"]


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
    asked = "SELECT current_setting('threads')"
    with audit_run._connection(tmp_path) as connection:
        connection.execute("SET threads = 3")
        through = tuple(f"c{number}" for number in range(columns))
        audit_run._bound_memory(connection, Columns({}, through=through))
        assert connection.execute(asked).fetchone() == (threads,)


def test_the_engine_keeps_the_order_of_the_rows_and_fetches_nothing(tmp_path: Path) -> None:
    expected = {
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with audit_run._connection(tmp_path) as connection:
        for name, value in expected.items():
            asked = f"SELECT CAST(current_setting('{name}') AS BOOLEAN)"
            assert connection.execute(asked).fetchone() == (value,), name


def test_standard_input_is_a_csv_and_nothing_is_left_of_it(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-m", "ketaref", "audit", "-", "-f", "json"],
        input=f"{HEADER}\n{GOOD}\n",
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    report = json.loads(result.stdout)
    assert report["inputs"]["file"] == "standard input"
    assert count(report, "class", "inside") == 1
    assert result.stderr == ""
    assert not list(tmp_path.iterdir())


def test_without_the_engine_it_says_what_to_install(
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
    monkeypatch.setattr(cli, "_SLOW", 0.01)
    with cli._progress(Connection()):
        time.sleep(0.3)
    assert terminal.getvalue().startswith(
        "ketaref: 12 percent read\nketaref: 58 percent read\nketaref: 100 percent read\n"
    )


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


def test_standard_input_that_does_not_fit_the_temporary_folder_is_said(tmp_path: Path) -> None:
    class Full(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left on device"):
        spool(Full(), tmp_path)


def test_without_a_temporary_folder_the_error_says_how_to_name_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    result = run("audit", put(tmp_path, GOOD))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "needs a temporary folder" in result.stderr
    assert "TMPDIR" in result.stderr
