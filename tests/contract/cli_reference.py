"""Write docs/cli.md from the app: ``python -m tests.contract.cli_reference``."""

from collections.abc import Iterator

from typer.main import get_command
from typer.testing import CliRunner

from ketaref.cli import app
from tests.places import DOCS

FILE = DOCS / "cli.md"


def page() -> str:
    """Return the help of every command, as the program prints it at 80 columns."""
    blocks = ["# The command line", "Written by `python -m tests.contract.cli_reference`."]
    for words in commands():
        line = " ".join(["ketaref", *words])
        printed = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "80"}).stdout
        blocks += [f"## {line}", f"```text\n{printed.strip()}\n```"]
    return "\n\n".join(blocks) + "\n"


def commands() -> Iterator[list[str]]:
    """Yield the words of every command, the program's own first."""
    yield []
    yield from _below(get_command(app), [])


def _below(group: object, words: list[str]) -> Iterator[list[str]]:
    for name, command in getattr(group, "commands", {}).items():
        yield [*words, name]
        yield from _below(command, [*words, name])


if __name__ == "__main__":
    FILE.write_text(page(), encoding="ascii")
