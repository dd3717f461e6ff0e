"""The examples of the README: ``python -m tests.contract.readme_examples`` writes them anew.

An example is a ``console`` block with one command, which may end in ``| head -n N``, and what the
program prints for it. The text around the examples stays as it is.
"""

import re
import shlex
from contextlib import chdir
from typing import NamedTuple
from unittest.mock import patch

from typer.testing import CliRunner

from ketaref.cli import app, environment
from tests.conftest import TODAY
from tests.places import ROOT

README = ROOT / "README.md"
_EXAMPLE = re.compile(r"```console\n\$ (.+)\n((?:.*\n)*?)```")
_UNSET = ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "TERM", "KETAREF_PROTOCOL")


class Example(NamedTuple):
    """A command, and what is shown under it."""

    command: str
    shown: str


def examples(text: str) -> list[Example]:
    """Return the examples of a text."""
    return [Example(*found) for found in _EXAMPLE.findall(text)]


def printed(command: str) -> str:
    """Return what the program prints for the command of an example."""
    words, _, lines = command.partition(" | head -n ")
    program, *args = shlex.split(words)
    if program != "ketaref":
        raise ValueError(f"not an example of ketaref: {command}")
    with chdir(ROOT), patch.object(environment, "today", lambda: TODAY):
        result = CliRunner(env=dict.fromkeys(_UNSET)).invoke(app, args)
    text = (result.stdout + result.stderr).splitlines(keepends=True)
    return "".join(text[: int(lines)] if lines else text)


def written_anew(text: str) -> str:
    """Return a text with each example as the program answers today."""
    return _EXAMPLE.sub(lambda found: f"```console\n$ {found[1]}\n{printed(found[1])}```", text)


if __name__ == "__main__":
    README.write_text(written_anew(README.read_text(encoding="ascii")), encoding="ascii")
