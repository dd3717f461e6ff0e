"""Where an answer goes, and in which format: to the terminal, a pipe, or whole into a file."""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from ketaref.cli.environment import page
from ketaref.errors import ErrorCode, InputError, OutputError, echo
from ketaref.formats import ENDINGS, NOT_EVERYWHERE, Format

if TYPE_CHECKING:
    from ketaref.answers.answer import Answer


_ESCAPE = "backslashreplace"  # how what an encoding cannot show is written


class Delivery(NamedTuple):
    """Where the output goes and as what; refused before the question, if it cannot be done."""

    format: Format
    file: Path | None
    force: bool
    no_color: bool

    def send(self, answer: "Answer") -> None:
        """Write the answer to where it is wanted."""
        from ketaref.writers import write

        on = page(self.format, to_file=self.file is not None, no_color=self.no_color)
        text = write(answer, self.format, on)
        if self.file is None:
            print_out(text)
        else:
            write_file(self.file, text, force=self.force)


def delivery(
    format_: Format | None,
    file: str | None,
    *,
    force: bool,
    no_color: bool,
    also: tuple[Format, ...] = (),
) -> Delivery:
    """Return the delivery; ``also`` are the formats that only some answers can be written in."""
    chosen = format_ or Format.TABLE
    path = None
    if file is not None:
        path = Path(file)
        chosen = _named_by_ending(file, format_)
        refuse_taken(path, force=force)
    if chosen in NOT_EVERYWHERE and chosen not in also:
        raise InputError(ErrorCode.FORMAT_NOT_HERE, NOT_EVERYWHERE[chosen], "-f plain?")
    return Delivery(chosen, path, force, no_color)


def _named_by_ending(file: str, format_: Format | None) -> Format:
    suffixes = Path(file).suffixes
    agreeing = ENDINGS.get("".join(suffixes[-2:]).lower()) or ENDINGS.get(
        "".join(suffixes[-1:]).lower()
    )
    if agreeing is None:
        raise InputError(
            ErrorCode.OUTPUT_ENDING,
            f'unknown file ending in "{echo(file)}"; known: {", ".join(ENDINGS)}',
        )
    if format_ is not None and format_ not in agreeing:
        raise InputError(
            ErrorCode.FORMAT_DISAGREES,
            f'-f {format_} and the ending of "{echo(file)}" disagree',
            f"leave out -f for {agreeing[0]}, or give the file another ending",
        )
    return format_ or agreeing[0]


def refuse_taken(path: Path, *, force: bool) -> None:
    """Refuse a place that cannot be written to, or holds something already."""
    shown = echo(str(path))
    try:
        if path.is_dir():
            raise OutputError(ErrorCode.OUTPUT_FAILED, f'"{shown}" is a folder: name a file in it')
        if not path.parent.is_dir():
            raise OutputError(
                ErrorCode.OUTPUT_FAILED, f'there is no folder "{echo(str(path.parent))}"'
            )
        if path.exists() and not path.is_file():
            raise OutputError(ErrorCode.OUTPUT_FAILED, f'"{shown}" is not an ordinary file')
        if os.path.lexists(path) and not force:
            raise OutputError(
                ErrorCode.OUTPUT_EXISTS,
                f'"{shown}" already exists; not overwritten',
                "choose another name, or add --force",
            )
    except (OSError, ValueError) as error:
        raise _failed(path, error) from None


def write_file(path: Path, text: str | bytes, *, force: bool) -> None:
    """Write a file whole or not at all."""
    with written_whole(path, force=force) as beside, beside.open("wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode("utf-8", _ESCAPE))


@contextmanager
def written_whole(path: Path, *, force: bool) -> Iterator[Path]:
    """Give a file beside a path to write to, and move it there once it is whole."""
    try:
        place = path.resolve() if force else path
        # Not made from the name, which may be as long as names can be. Only a kill leaves it.
        beside = place.with_name(f".ketaref-{os.urandom(4).hex()}")
    except (OSError, ValueError, RuntimeError) as error:
        raise _failed(path, error) from None
    try:
        with beside.open("xb"):
            if place.exists():  # the new file is as private as the old one, while it is written too
                beside.chmod(stat.S_IMODE(place.stat().st_mode))
        yield beside
        with beside.open("r+b") as file:  # Windows syncs only what may be written to
            os.fsync(file.fileno())
        _move(beside, place, force=force)
    except (OSError, ValueError) as error:  # ValueError: a name with a null in it
        raise _failed(path, error) from None
    finally:
        with suppress(OSError, ValueError):
            beside.unlink()


def _move(beside: Path, place: Path, *, force: bool) -> None:
    if force:
        beside.replace(place)
        return
    try:
        os.link(beside, place)  # unlike a move, it does not replace what came there meanwhile
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(place):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        beside.rename(place)


def _failed(path: Path, error: Exception) -> OutputError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return OutputError(
        ErrorCode.OUTPUT_FAILED,
        f'"{echo(str(path))}" could not be written: {reason}; nothing was left there',
    )


def print_out(text: str | bytes) -> None:
    """Print to stdout whatever its encoding; a reader that has gone away is no error."""
    if sys.stdout is None:
        raise OutputError(ErrorCode.OUTPUT_FAILED, "there is no standard output to write to")
    _escaping(sys.stdout)
    try:
        if isinstance(text, bytes):
            sys.stdout.buffer.write(text)
        else:
            sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        if not reader_gone(error):
            raise not_printed(error) from None
        silence(sys.stdout.fileno())


def reader_gone(error: OSError) -> bool:
    """Return whether the other end of a pipe was closed; Windows calls that an invalid argument."""
    return isinstance(error, BrokenPipeError) or (
        sys.platform == "win32" and error.errno == errno.EINVAL
    )


def not_printed(error: OSError) -> OutputError:
    """Return the error of a standard output that takes nothing more."""
    with suppress(OSError, ValueError, AttributeError):
        silence(sys.stdout.fileno())
    return OutputError(
        ErrorCode.OUTPUT_FAILED, f"the output could not be written: {error.strerror}"
    )


def say(line: str) -> None:
    """Print a message to stderr. Not typer's echo, which takes an ASCII stream for UTF-8."""
    if sys.stderr is None:
        return
    _escaping(sys.stderr)
    with suppress(OSError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def _escaping(stream: TextIO) -> None:
    """Have what the stream's encoding cannot show written with backslash escapes."""
    if reconfigure := getattr(stream, "reconfigure", None):
        reconfigure(errors=_ESCAPE)


def silence(descriptor: int) -> None:
    """Send what is still buffered to nowhere, so that the exit does not fail on it again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
