"""The commands with which a hospital makes the reference its own: review, and protocol."""

from typing import TYPE_CHECKING, Annotated

import typer

from ketaref.cli.app import app
from ketaref.cli.delivery import print_out
from ketaref.cli.report import report

if TYPE_CHECKING:
    from ketaref.answers.answer import Answer
    from ketaref.reference import Reference

protocol_app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
app.add_typer(protocol_app, name="protocol")


@report(app)
def review(reference: "Reference") -> "Answer":
    """Show everything it says, to accept, amend or reject.

    For example: ketaref review -o review.pdf
    """
    return reference.review()


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
    from ketaref.protocol.read import TEMPLATE

    print_out(TEMPLATE.read_text(encoding="ascii"))


@report(protocol_app, protocol="file")
def check(
    reference: "Reference",
    file: Annotated[str, typer.Argument(metavar="FILE", help="The protocol, in TOML.")],  # noqa: ARG001 - opened before
) -> "Answer":
    """Check a protocol, and show how it differs row by row.

    For example: ketaref protocol check our-protocol.toml
    """
    return reference.protocol_check()
