"""What all reports have in common: their options, and how a question becomes an output."""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ketaref.cli import environment
from ketaref.cli import options as opt
from ketaref.cli.delivery import Delivery, delivery
from ketaref.errors import ErrorCode, ExitCode, OutputError, echo
from ketaref.formats import NOTES, REFERENCES, Format

if TYPE_CHECKING:
    from ketaref.answers.answer import Answer
    from ketaref.reference import Reference

Question = Callable[..., "Answer"]


def report(
    app: typer.Typer,
    *,
    protocol: str | None = "protocol",
    notes: bool = False,
    references: bool = False,
) -> Callable[[Question], Question]:
    """Make a command of a question that a function puts to the reference.

    The function takes the reference and the command's own options, and returns the answer; format,
    output and protocol are added to its options. Its docstring is the help. ``protocol`` names the
    option with the protocol's file; None where the answer has no use for one. ``notes`` and
    ``references``: whether it can be written as a note, or for a reference manager.
    """
    also = (*(NOTES if notes else ()), *(REFERENCES if references else ()))

    def command(question: Question) -> Question:
        @functools.wraps(question)
        def run(**typed: Any) -> None:  # noqa: ANN401 - what typer read
            to = _delivery(typed, also)
            file = typed.get(protocol) if protocol else None
            typed.pop("protocol", None)
            answer = question(open_reference(file, to.file), **typed)
            to.send(answer)
            if answer.is_outside:
                raise typer.Exit(ExitCode.OUTSIDE)

        _set_parameters(run, question, with_protocol=protocol == "protocol")
        app.command()(run)
        return question

    return command


def _set_parameters(run: Callable[..., None], question: Question, *, with_protocol: bool) -> None:
    """Give a function the parameters of a question, without its first, and those of a report."""
    _, *own = inspect.signature(question).parameters.values()
    shared = inspect.signature(_report_options).parameters
    added = [each for name, each in shared.items() if with_protocol or name != "protocol"]
    parameters = [*own, *added]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}


def _report_options(
    *,
    protocol: opt.ProtocolOption = None,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Hold the options of every report, in the order of the help."""


def _delivery(typed: dict[str, Any], also: tuple[Format, ...]) -> Delivery:
    format_, output = typed.pop("format_"), typed.pop("output")
    force, no_color = typed.pop("force"), typed.pop("no_color")
    return delivery(format_, output, force=force, no_color=no_color, also=also)


def open_reference(protocol: str | None, *written: Path | None) -> "Reference":
    """Return the reference, with the protocol of a file; none where none is named.

    An empty name is none, so that KETAREF_PROTOCOL can be set aside for one command. ``written`` is
    what the command will write to, which may not be the protocol.
    """
    from ketaref.reference import Reference

    reference = Reference.open(protocol or None, today=environment.today())
    for place in written:
        if protocol and place is not None and place.exists() and place.samefile(protocol):
            raise OutputError(
                ErrorCode.OUTPUT_FAILED,
                f'"{echo(str(place))}" is the protocol itself: it is never written to',
                "choose another name",
            )
    return reference
