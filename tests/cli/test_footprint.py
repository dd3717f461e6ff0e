"""Nothing is sent, and nothing is written but what is named."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from ketaref.errors import ExitCode
from ketaref.label import LABEL
from tests.cli.processes import KETAREF
from tests.samples import COMMANDS, TABLE

# Runs command lines one after the other with each socket, and each opening to write, refused. What
# they printed and left in the temporary folder goes to standard output.
WATCHED = """
import contextlib, io, json, os, sys

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = {
    "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "shutil.rmtree", "tempfile.mkdtemp", "tempfile.mkstemp",
}
LINES, TEMPORARY = json.loads(sys.argv[1]), sys.argv[2]

def watch(event, args):
    if event.startswith("socket."):
        raise AssertionError(f"the network was used: {event}")
    if event not in CHANGING and not (event == "open" and (args[2] or 0) & WRITING):
        return
    if TEMPORARY and any(str(place).startswith(TEMPORARY) for place in args):
        return
    if event in ("os.rmdir", "os.remove") and args[1] != -1:
        return  # of a folder that is open, and that shutil.rmtree was told to take away
    raise AssertionError(f"a file was written: {event} {args}")

sys.addaudithook(watch)
from ketaref.__main__ import main

def run(line):
    sys.argv = ["ketaref", *line]
    out, err, code = io.StringIO(), io.StringIO(), None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    left = [name for _, *names in os.walk(os.environ["TMPDIR"]) for each in names for name in each]
    return {"status": int(code), "out": out.getvalue(), "err": err.getvalue(), "left": left}

json.dump([run(line) for line in LINES], sys.stdout)
"""

Lines = list[list[str]]


class Run(NamedTuple):
    """What a watched command line printed, ended with, and left in the temporary folder."""

    status: int
    out: str
    err: str
    left: list[str]


def no_file_may_grow() -> None:
    """Let the system refuse what grows a file, whoever would write it."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def watched(folder: Path, lines: Lines, *, temporary: bool) -> list[Run]:
    """Run command lines in a home that is read-only, with a temporary folder to write to or none.

    The folder's mode stops no root user; the refusals do.
    """
    home, scratch = folder / "home", folder / "temporary"
    home.mkdir(mode=0o555)
    scratch.mkdir()
    homes = {name: str(home) for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    # Not measured: the record of which lines ran would be a file that is written.
    environment = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    allowed = str(scratch) if temporary else ""
    result = subprocess.run(
        [sys.executable, "-B", "-c", WATCHED, json.dumps(lines), allowed],
        env={**environment, **homes, "TMPDIR": str(scratch)},
        cwd=home,
        capture_output=True,
        timeout=60,
        check=False,
        preexec_fn=None if temporary else no_file_may_grow,
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert sorted(folder.rglob("*")) == [home, scratch]
    return [Run(**each) for each in json.loads(result.stdout)]


EVERY = [line for lines in COMMANDS.values() for line in lines]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], Run]:
    """Return what each command line did; the audit alone has a temporary folder, for its engine."""
    found: dict[tuple[str, ...], Run] = {}
    for audits in (False, True):
        lines = [line for line in EVERY if (line[0] == "audit") is audits]
        folder = tmp_path_factory.mktemp("watched")
        done = watched(folder, lines, temporary=audits)
        found |= zip(map(tuple, lines), done, strict=True)
    return found


@pytest.mark.parametrize("line", EVERY, ids=" ".join)
def test_nothing_is_sent_and_nothing_is_written(
    runs: dict[tuple[str, ...], Run], line: list[str]
) -> None:
    run = runs[tuple(line)]
    assert run.err == ""
    assert run.status in (ExitCode.DONE, ExitCode.OUTSIDE)
    assert LABEL in " ".join(run.out.split())
    assert run.left == []


@pytest.mark.parametrize(
    "line",
    [["dose", "70 kg", "-o", "a.json"], ["audit", TABLE, "--rows", "rows.csv"], ["audit", TABLE]],
    ids=" ".join,
)
def test_what_would_be_written_is_noticed(tmp_path: Path, line: list[str]) -> None:
    (run,) = watched(tmp_path, [line], temporary=False)
    assert run.status == ExitCode.DEFECT
    assert "AssertionError: a file was written: open" in run.err


def test_only_what_is_named_is_written(tmp_path: Path) -> None:
    for line, files in (
        (["dose", "70 kg", "-o", "a.json"], ["a.json"]),
        (["audit", TABLE, "--rows", "rows.csv", "-o", "b.csv"], ["a.json", "b.csv", "rows.csv"]),
    ):
        command = [*KETAREF, *line]
        assert subprocess.run(command, cwd=tmp_path, timeout=20, check=False).returncode == 0
        assert sorted(path.name for path in tmp_path.rglob("*")) == files
