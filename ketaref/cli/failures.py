"""What happens when there is no answer: a message on stderr, an envelope for JSON, an exit code."""

import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException

from ketaref.cli import environment
from ketaref.cli.arguments import joined
from ketaref.cli.delivery import not_printed, print_out, say
from ketaref.errors import DataError, ErrorCode, ExitCode, InputError, KetarefError, echo

if TYPE_CHECKING:
    Command: TypeAlias = TyperCommand | TyperGroup

_LONGEST = 300  # characters of a usage message, which may repeat what was typed


class KetarefGroup(TyperGroup):
    """The commands, with every way to fail handled in one place."""

    def main(  # type: ignore[override]  # narrower on purpose: what typer passes on is passed on
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,  # noqa: ARG002 - the name is ours, also under python -m
        *,
        standalone_mode: bool = True,
        **extra: Any,  # noqa: ANN401 - typer decides what it passes on
    ) -> int:
        """Run a command line and return its exit code, or exit with it."""
        arguments = joined(list(sys.argv[1:] if args is None else args)) or ["--help"]

        def call() -> object:
            refuse_repeated(arguments, _command_of(arguments, self))
            return super(KetarefGroup, self).main(
                args=arguments, prog_name="ketaref", standalone_mode=False, **extra
            )

        code = run(call, arguments, tuple(self.commands))
        if standalone_mode:
            sys.exit(code)
        return code


def refuse_repeated(arguments: list[str], command: "Command") -> None:
    """Refuse an option that is given twice: which of the two was meant cannot be known."""
    seen: set[str] = set()
    once = _taken_once(command)
    for argument in arguments[: arguments.index("--")] if "--" in arguments else arguments:
        typed = argument.partition("=")[0] if argument.startswith("--") else argument[:2]
        option = once.get(typed)
        if option in seen:
            raise InputError(ErrorCode.USAGE, f"{option} is given more than once", "give it once")
        if option:
            seen.add(option)


def _taken_once(command: "Command") -> dict[str, str]:
    """Return the long name of each spelling of an option that takes one value."""
    return {
        spelling: max(option.opts, key=len)
        for option in command.params
        if isinstance(option, TyperOption) and not (option.multiple or option.is_flag)
        for spelling in option.opts
    }


def _command_of(arguments: list[str], group: Any) -> "Command":  # noqa: ANN401 - typer's own group
    """Return the command that the arguments name, or the group where they name none."""
    command = group
    for argument in arguments:
        command = getattr(command, "commands", {}).get(argument, command)
    named: Command = command
    return named


def run(call: Callable[[], object], arguments: list[str], commands: tuple[str, ...]) -> int:
    """Call a command, and return the exit code of whatever comes of it."""
    try:
        try:
            code = call()
            flush()
        except KetarefError as error:
            return fail(error, arguments, commands)
        except TyperException as error:
            return fail(usage_error(error, arguments), arguments, commands)
        except OSError as error:
            # One without a file is of standard output: typer prints help and version.
            known = not_printed(error) if error.filename is None else defect()
            return fail(known, arguments, commands)
        except Exception:  # noqa: BLE001 - the last resort: no traceback with locals, and exit 1
            known = uncompletable() if environment.completing() else defect()
            return fail(known, arguments, commands)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    return code if isinstance(code, int) else ExitCode.DONE


def flush() -> None:
    """Flush what help or version printed; a reader that has gone away is no error."""
    print_out("")


def uncompletable() -> InputError:
    """Return the error of a completion that was called without the words to complete."""
    return InputError(
        ErrorCode.USAGE,
        "there is nothing to complete: a shell's own script sets COMP_WORDS and COMP_CWORD",
        "ketaref --completion bash",
    )


def usage_error(error: TyperException, arguments: list[str]) -> InputError:
    """Return a usage error of typer as one of ours."""
    signed = next((a for a in arguments if a[:1] == "-" and a[1:2] in tuple("0123456789.")), None)
    if signed and "No such option" in error.format_message():
        return InputError(
            ErrorCode.NOT_A_QUANTITY,
            f'cannot read "{echo(signed)}": no quantity has a sign',
            "write it without the minus, if you meant that",
        )
    return InputError(ErrorCode.USAGE, _one_line(error.format_message()), "ketaref --help")


def _one_line(text: str) -> str:
    printable = "".join(c for c in text if c.isprintable() or c.isspace())
    line = " ".join(printable.replace("Value error, ", "").split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."


def defect() -> KetarefError:
    """Return the error for an exception that nobody foresaw, and print where it happened."""
    traceback.print_exc()
    return KetarefError(
        ErrorCode.DEFECT,
        "a defect of ketaref: there is no answer",
        "report the lines above with `ketaref --version`; leave out anything about a patient",
    )


def fail(error: KetarefError, arguments: list[str], commands: tuple[str, ...]) -> int:
    """Print an error, in the envelope too if JSON was asked for, and return its exit code."""
    if wants_json(arguments):
        with suppress(KetarefError):
            print_out(_envelope(error, arguments, commands))
    for line in _lines(error):
        say(f"ketaref: {line}")
    if error.hint:
        say(f"ketaref: {error.hint}")
    return error.exit_code


def _envelope(error: KetarefError, arguments: list[str], commands: tuple[str, ...]) -> str:
    from ketaref.answers.error import error_answer
    from ketaref.ranges.library import Library
    from ketaref.store import load_dataset

    library = None
    with suppress(Exception):  # an envelope without its edition is better than none
        library = Library(load_dataset(), None, environment.today())
    kind = next((argument for argument in arguments if argument in commands), None)
    kind = "protocol_check" if kind == "protocol" else kind
    return error_answer(error, kind=kind, library=library).to_json()


def _lines(error: KetarefError) -> list[str]:
    """Return the message, with one line for each of several problems."""
    if isinstance(error, DataError) and len(error.problems) > 1:
        return [f"{error.summary}:", *error.problems]
    return [error.message]


def wants_json(arguments: list[str]) -> bool:
    """Return whether the last format named is JSON: also where typer stopped reading before it."""
    named = None
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if argument in ("-f", "--format"):
            named = following
        elif argument.startswith("--format="):
            named = argument.removeprefix("--format=")
        elif argument.startswith("-f") and not argument.startswith("--"):
            named = argument.removeprefix("-f").removeprefix("=")
    return named == "json"
