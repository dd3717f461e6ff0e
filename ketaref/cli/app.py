"""The app that the commands belong to, and what they have in common."""

from typing import Annotated

import typer

from ketaref import __version__
from ketaref.cli.failures import KetarefGroup

app = typer.Typer(
    cls=KetarefGroup,
    rich_markup_mode=None,  # it would read [mg/kg] in a help text as markup, and drop it
    pretty_exceptions_enable=False,
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


@app.callback()
def ketaref(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Look up published ketamine and esketamine ranges in anxiety, with their sources.

    Reference information for clinicians, not prescribing guidance.

    For example: ketaref dose 70 kg
    """
