"""The program as a process: streams, encodings, terminals, start-up, network and files."""

import os
import pty
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from ketaref.label import LABEL
from tests.samples import COMMANDS, TABLE

KETAREF = [sys.executable, "-m", "ketaref"]
ENCODINGS = ["utf-8", "cp1252", "cp437", "cp850", "cp932", "ascii", "latin-1"]


def ketaref(*args: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*KETAREF, *args], env={**os.environ, **env}, capture_output=True, timeout=20, check=False
    )


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


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_encoding_loses_anything(encoding: str) -> None:
    expected = ketaref("dose", "154 lb", PYTHONIOENCODING="utf-8").stdout
    result = ketaref("dose", "154 lb", PYTHONIOENCODING=encoding)
    assert (result.returncode, result.stdout, result.stderr) == (0, expected, b"")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_a_stream_cannot_show_is_escaped(encoding: str) -> None:
    result = ketaref("dose", "\uff17\uff10 kg \U0001f600", PYTHONIOENCODING=encoding)
    message = result.stderr.decode(encoding)
    assert result.returncode == 2
    assert "did you mean" in message or "not read" in message
    assert "\U0001f600" in message or "\\U0001f600" in message


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}, {"FORCE_COLOR": "1"}])
def test_a_pipe_gets_no_escape_bytes(env: dict[str, str]) -> None:
    assert b"\x1b" not in ketaref("dose", "70 kg", **env).stdout
    assert b"\x1b" not in ketaref("--help", **env).stdout
    assert b"\x1b" not in ketaref("dose", "70", **env).stderr


def test_a_terminal_gets_bold_and_nothing_else() -> None:
    assert b"\x1b[1m" in in_a_terminal("dose", "70 kg")
    for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert b"\x1b" not in in_a_terminal("dose", "70 kg", **env)
    assert b"\x1b" not in in_a_terminal("dose", "70 kg", "--no-color")
    assert b"\x1b" not in in_a_terminal("dose", "70 kg", "-f", "plain")
    assert b"\x1b[1m" in in_a_terminal("dose", "70 kg", NO_COLOR="")


def test_a_narrow_terminal_gets_the_plain_layout_wrapped() -> None:
    lines = in_a_terminal("dose", "70 kg", COLUMNS="20").decode().splitlines()
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


def test_a_full_device_is_said_and_ends_with_2() -> None:
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
    import ketaref as package

    assert ketaref("--version").stdout == f"ketaref {package.__version__}\n".encode()
    for args in ((), ("-h",), ("--help",), *((name, "-h") for name in COMMANDS)):
        result = ketaref(*args)
        assert result.returncode == 0
        assert result.stdout.startswith(b"Usage: ketaref")
    summaries = ketaref().stdout.split(b"Commands:")[1]
    assert b"..." not in summaries
    assert all(name.encode() in summaries for name in COMMANDS)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_completion_for(shell: str) -> None:
    script = ketaref("--completion", shell)
    assert (script.returncode, script.stderr) == (0, b"")
    assert f"_KETAREF_COMPLETE=complete_{shell}".encode() in script.stdout
    assert script.stdout == ketaref(_KETAREF_COMPLETE=f"source_{shell}").stdout


def test_no_shell_but_the_named_ones_and_none_is_guessed() -> None:
    assert ketaref("--completion", "xyz").returncode == 2
    assert ketaref("--install-completion").returncode == 2  # it would write to the user's own files


def test_the_script_for_bash_completes() -> None:
    program = (
        'eval "$(ketaref --completion bash)"; COMP_WORDS=(ketaref dose -r in); COMP_CWORD=3; '
        'complete -p ketaref; _ketaref_completion ketaref; echo "${COMPREPLY[@]}"'
    )
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "-c", program], env={"PATH": path}, capture_output=True, text=True, check=True
    )
    registered, completed = result.stdout.splitlines()
    assert registered == "complete -o default -F _ketaref_completion ketaref"
    assert completed.split() == ["intravenous", "intranasal"]


def test_completion_knows_routes_formats_and_sources() -> None:
    def complete(words: str) -> list[str]:
        count = str(len(words.split(" ")) - 1)
        result = ketaref(_KETAREF_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=count)
        return result.stdout.decode().split()

    assert complete("ketaref dose -r in") == ["intravenous", "intranasal"]
    assert complete("ketaref dose -d es") == ["esketamine"]
    assert complete("ketaref dose -f m") == ["markdown"]
    assert complete("ketaref sources taylor") == ["taylor-2018"]
    assert complete("ketaref schema ch") == ["check", "chart", "checklist"]
    assert complete("ketaref evidence me") == ["mechanism"]
    assert complete("ketaref contraindications --class re") == ["relative"]


def test_starting_loads_neither_pint_nor_rich_nor_pydantic() -> None:
    code = "import sys, ketaref.cli; print({'pint', 'rich', 'pydantic'} & sys.modules.keys())"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert result.stdout == b"set()\n"


def test_routes_need_no_unit_library_and_json_no_tables() -> None:
    code = (
        "import sys; from ketaref.cli import app\n"
        "try: app({args})\n"
        "except SystemExit: print({{'pint', 'rich'}} & sys.modules.keys(), file=sys.stderr)"
    )
    for args, loaded in (
        (["routes", "-f", "plain"], b"set()\n"),
        (["dose", "70 kg", "-f", "json"], b"{'pint'}\n"),
        (["audit", "--sql", "duckdb", "--table", "doses"], b"set()\n"),  # by numbers alone
    ):
        program = [sys.executable, "-c", code.format(args=args)]
        assert subprocess.run(program, capture_output=True, check=True).stderr == loaded


WATCHED = """
import os, sys

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = {
    "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "shutil.rmtree", "tempfile.mkdtemp", "tempfile.mkstemp",
}
TEMPORARY = sys.argv.pop(1)

def watch(event, args):
    if event.startswith("socket."):
        raise AssertionError(f"the network was used: {event}")
    if event not in CHANGING and not (event == "open" and (args[2] or 0) & WRITING):
        return
    if TEMPORARY and any(str(place).startswith(TEMPORARY) for place in args):
        return
    if event in ("os.rmdir", "os.remove") and args[1] != -1:
        return  # of a folder that is open, and that shutil.rmtree was asked to take away
    raise AssertionError(f"a file was written: {event} {args}")

sys.addaudithook(watch)
sys.argv[0] = "ketaref"
from ketaref.__main__ import main
main()
"""


def no_file_may_grow() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@pytest.mark.parametrize(
    "line", [line for lines in COMMANDS.values() for line in lines], ids=" ".join
)
def test_nothing_is_sent_and_nothing_is_written(tmp_path: Path, line: list[str]) -> None:
    """Run with each socket and each opening to write refused, in a home that is read-only.

    The audit alone has a temporary folder, for its engine, and leaves it empty. The folder's mode
    stops no root user; the refusals do. Elsewhere no file may grow at all, whoever would write it.
    """
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir(mode=0o555)
    temporary.mkdir()
    folders = {name: str(home) for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    # Not measured: the record of which lines ran would be a file that is written.
    environment = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    allowed = str(temporary) if line[0] == "audit" else ""
    result = subprocess.run(
        [sys.executable, "-B", "-c", WATCHED, allowed, *line],
        env={**environment, **folders, "TMPDIR": str(temporary)},
        cwd=home,
        capture_output=True,
        timeout=60,
        check=False,
        preexec_fn=None if allowed else no_file_may_grow,
    )
    assert (result.returncode, result.stderr) in ((0, b""), (3, b""))
    assert LABEL.encode() in b" ".join(result.stdout.split())
    assert sorted(tmp_path.rglob("*")) == [home, temporary]


def test_what_would_be_written_is_noticed(tmp_path: Path) -> None:
    command = [sys.executable, "-B", "-c", WATCHED, "", "dose", "70 kg", "-o", "a.json"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=20, check=False)
    assert result.returncode != 0
    assert list(tmp_path.iterdir()) == []


def test_only_what_is_named_is_written(tmp_path: Path) -> None:
    for line, files in (
        (["dose", "70 kg", "-o", "a.json"], ["a.json"]),
        (["audit", TABLE, "--rows", "rows.csv", "-o", "b.csv"], ["a.json", "b.csv", "rows.csv"]),
    ):
        command = [*KETAREF, *line]
        assert subprocess.run(command, cwd=tmp_path, timeout=20, check=False).returncode == 0
        assert sorted(path.name for path in tmp_path.rglob("*")) == files


INTERRUPTED = """
import sys

class Interrupt:
    def find_spec(self, name, *_):
        if name == {module!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
sys.argv = ["ketaref", "dose", "70 kg"]
from ketaref.__main__ import main
main()
"""


@pytest.mark.parametrize(
    "module", ["ketaref.cli", "typer", "pydantic", "pint", "ketaref.reports.dose"]
)
def test_an_interrupt_while_modules_load_ends_with_130_and_no_traceback(module: str) -> None:
    program = [sys.executable, "-c", INTERRUPTED.format(module=module)]
    result = subprocess.run(program, capture_output=True, timeout=20, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (130, b"", b"")


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
