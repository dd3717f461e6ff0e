"""The app that the commands belong to, and what they have in common."""

from enum import StrEnum
from typing import Annotated

import typer
from typer.completion import get_completion_inspect_parameters, shell_complete

from ketaref import __version__
from ketaref.cli.failures import KetarefGroup

app = typer.Typer(
    cls=KetarefGroup,
    rich_markup_mode=None,  # it would read [mg/kg] in a help text as markup, and drop it
    pretty_exceptions_enable=False,
    add_completion=False,  # it would write to the user's own files; --completion prints instead
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=(
        "Exit status: 0 done, 1 a defect, 2 refused input or usage, 3 check, or audit "
        "--fail-on, found a dose outside the range, 4 the data or a protocol is wrong, "
        "130 interrupted."
    ),
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - the shape of a typer callback
    if wanted:
        typer.echo(f"ketaref {__version__}")
        raise typer.Exit


class Shell(StrEnum):
    """The shells that there is completion for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


get_completion_inspect_parameters()  # how typer is told that there is completion at all


def _completion(shell: Shell | None) -> None:
    if shell is not None:
        cli = typer.main.get_command(app)
        shell_complete(cli, {}, "ketaref", "_KETAREF_COMPLETE", f"source_{shell}")
        raise typer.Exit


@app.callback()
def ketaref(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    completion: Annotated[
        Shell | None,
        typer.Option(
            "--completion",
            callback=_completion,
            is_eager=True,
            help="Print the script of completion for a shell.",
        ),
    ] = None,
) -> None:
    """Look up published ketamine and esketamine ranges in anxiety, with their sources.

    Reference information for clinicians, not prescribing guidance.

    For example: ketaref dose 70 kg
    """
