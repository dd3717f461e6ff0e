"""What a command line prints on the fixed day; each is run once in a run of the tests."""

from datetime import date
from functools import cache
from unittest.mock import patch

import typer.testing
from typer.testing import CliRunner

from ketaref.audit import run as audit
from ketaref.cli import app, environment
from ketaref.errors import ExitCode
from ketaref.ranges.library import Library
from tests.conftest import TODAY, command_of

_UNSET = ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "TERM", "KETAREF_PROTOCOL")


@cache
def output(*line: str, columns: int | None = None, day: date = TODAY) -> str:
    """Return the text that a command line prints into a pipe."""
    return output_bytes(*line, columns=columns, day=day).decode()


@cache
def output_bytes(*line: str, columns: int | None = None, day: date = TODAY) -> bytes:
    """Return the bytes that a command line prints into a pipe; it must end with an answer."""
    width = {} if columns is None else {"COLUMNS": str(columns)}
    with (
        patch.object(environment, "today", lambda: day),
        patch.object(audit, "run", _run_once),
        patch.object(typer.testing, "_get_command", command_of),
    ):
        env = dict.fromkeys(_UNSET) | width
        result = CliRunner().invoke(app, list(line), env=env, catch_exceptions=False)
    assert result.exit_code in (ExitCode.DONE, ExitCode.OUTSIDE), result.stderr
    return result.stdout_bytes


_audited = audit.run
_tallies: dict[tuple[object, ...], audit.Tally] = {}


def _run_once(request: audit.Request, library: Library, watch: audit.Watch) -> audit.Tally:
    """Audit each table once, not for each format and width that its report is written in."""
    protocol = library.protocol and library.protocol.sha256
    key = (request._replace(stdin=None), protocol, library.today)
    if key not in _tallies:
        _tallies[key] = _audited(request, library, watch)
    return _tallies[key]
