"""The program as a process: its streams, their encodings, terminals, and its exit status."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ketaref import __version__
from ketaref.label import LABEL
from tests.cli.processes import KETAREF, in_turn, ketaref
from tests.conftest import Run
from tests.samples import COMMANDS

ENCODINGS = ["utf-8", "cp1252", "cp437", "cp850", "cp932", "ascii", "latin-1"]


def in_a_terminal(*args: str, **env: str) -> bytes:
    """Return what the program writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **env}
    process = subprocess.Popen([*KETAREF, *args], env=environment, stdout=theirs, stderr=theirs)
    os.close(theirs)
    written = b""
    try:
        while chunk := os.read(ours, 4096):
            written += chunk
    except OSError:
        pass  # how Linux says that the other end is closed
    finally:
        os.close(ours)
    assert process.wait(timeout=20) == 0
    return written


def in_encoding(encoding: str) -> subprocess.CompletedProcess[bytes]:
    """Return an answer on standard output, and a refusal that repeats what no code page has."""
    lines = (("dose", "154 lb"), ("dose", "\uff17\uff10 kg \U0001f600"))
    return in_turn(*lines, PYTHONIOENCODING=encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_encoding_loses_anything(encoding: str) -> None:
    answer = in_encoding(encoding).stdout
    assert LABEL.encode() in answer
    assert answer == in_encoding("utf-8").stdout


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_a_stream_cannot_show_is_escaped(encoding: str) -> None:
    result = in_encoding(encoding)
    message = result.stderr.decode(encoding)
    assert result.returncode == 2
    assert "cannot read weight" in message
    assert "\U0001f600" in message or "\\U0001f600" in message


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}, {"FORCE_COLOR": "1"}])
def test_a_pipe_gets_no_escape_bytes(env: dict[str, str]) -> None:
    result = in_turn(("dose", "70 kg"), ("--help",), ("dose", "70"), **env)
    assert LABEL.encode() in result.stdout
    assert b"Usage: ketaref" in result.stdout
    assert b"has no unit" in result.stderr
    assert b"\x1b" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("more", "env", "is_bold"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": ""}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"TERM": "dumb"}, False),
        (["--no-color"], {}, False),
        (["-f", "plain"], {}, False),
    ],
)
def test_a_terminal_gets_bold_and_nothing_else(
    more: list[str], env: dict[str, str], *, is_bold: bool
) -> None:
    written = in_a_terminal("dose", "70 kg", *more, **env)
    assert LABEL.encode() in written
    styles = set(re.findall(rb"\x1b\[[0-9;]*[A-Za-z]", written))
    assert styles == ({b"\x1b[1m", b"\x1b[0m"} if is_bold else set())
    assert written.count(b"\x1b") == sum(written.count(style) for style in styles)


def test_a_narrow_terminal_gets_the_plain_layout_wrapped() -> None:
    shown = in_a_terminal("dose", "70 kg", COLUMNS="20").decode()
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert max(map(len, lines)) <= 20
    assert "route: intravenous" in lines


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = (
        f"{sys.executable} -m ketaref chart --from 20kg --to 350kg --step 1kg --confirm-weight"
    )
    result = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{command} | head -1"],
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert result.stdout == b"Published range by body weight, intravenous\n"
    assert result.stderr == b""
    assert result.returncode == 0


def test_a_full_device_is_named_and_ends_with_2() -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [*KETAREF, "dose", "70 kg"],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=20,
            check=False,
        )
    assert result.returncode == 2
    assert b"could not be written: No space left on device" in result.stderr
    assert b"Traceback" not in result.stderr


def test_a_closed_stdout_is_no_traceback() -> None:
    for command in ("dose 70 kg", "--version", "--help"):
        result = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m ketaref {command} >&-"],
            capture_output=True,
            timeout=20,
            check=False,
        )
        assert b"Traceback" not in result.stderr
        assert result.returncode == 2
        assert b"no standard output" in result.stderr


def test_version_help_and_no_arguments_end_with_0() -> None:
    assert ketaref("--version").stdout == f"ketaref {__version__}\n".encode()
    for args in ((), ("-h",), ("--help",)):
        result = ketaref(*args)
        assert (result.returncode, result.stderr) == (0, b"")
        assert result.stdout.startswith(b"Usage: ketaref")
    summaries = ketaref().stdout.split(b"Commands:")[1]
    assert b"..." not in summaries
    assert all(name.encode() in summaries for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(run: Run, command: str) -> None:
    result = run(command, "-h")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Usage: ketaref {command}")


@pytest.mark.parametrize("command", ["--help", "--version", "dose -h"])
def test_help_that_cannot_be_written_is_no_defect(command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [*KETAREF, *command.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=20,
            check=False,
        )
    assert result.returncode == 2
    assert b"Traceback" not in result.stderr


def test_an_odd_environment_is_no_defect() -> None:
    for env in ({"TZ": "UTC+99"}, {"COLUMNS": "9" * 5000}, {"COLUMNS": "-1"}, {"LC_ALL": "C"}):
        result = ketaref("dose", "70 kg", **env)
        assert (result.returncode, result.stderr) in ((0, b""), (3, b""))
