"""The commands with which a hospital makes the reference its own: review, and protocol."""

from pathlib import Path
from typing import Annotated

import typer

from ketaref.cli import options as opt
from ketaref.cli.app import app
from ketaref.cli.environment import today
from ketaref.cli.output import delivery, print_out
from ketaref.cli.reference import lay, reference

protocol_app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
app.add_typer(protocol_app, name="protocol")


@app.command()
def review(
    *,
    protocol: opt.ProtocolOption = None,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Show everything it says, to accept, amend or reject.

    For example: ketaref review -o review.pdf
    """
    from ketaref.reports.review import review_report

    to = delivery(format_, output, force=force, no_color=no_color)
    dataset, laid = reference(protocol, to.file)
    to.send(review_report(dataset, laid, today=today()))


@protocol_app.callback()
def protocol(context: typer.Context) -> None:
    """Write and check a clinic's own protocol.

    For example: ketaref protocol new > our-protocol.toml
    """
    if context.invoked_subcommand is None:
        print_out(f"{context.get_help()}\n")


@protocol_app.command()
def new() -> None:
    """Print a template to fill in."""
    from ketaref.protocols import TEMPLATE

    print_out(TEMPLATE.read_text(encoding="ascii"))


@protocol_app.command()
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The protocol, in TOML.")],
    *,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Check a protocol, and show how it differs row by row.

    For example: ketaref protocol check our-protocol.toml
    """
    from ketaref.errors import printable
    from ketaref.reports.protocol import protocol_report
    from ketaref.store import load_dataset

    to = delivery(format_, output, force=force, no_color=no_color)
    day = today()
    laid = lay(load_dataset(), Path(file), to.file)
    to.send(protocol_report(laid, printable(Path(file).name), today=day))
