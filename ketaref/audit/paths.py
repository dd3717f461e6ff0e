"""Where an audit reads and where it may write: never in what it reads."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ketaref.errors import ErrorCode, InputError, OutputError, echo

STANDARD_INPUT = "-"
ENDINGS = (".csv", ".parquet")
# Named so by engines: what they have not finished, or keep beside the data.
_NOT_DATA = (".", "_")

_Identity = tuple[int, int]


class Found(NamedTuple):
    """The files that an input stands for, and how many a folder holds that are not read."""

    files: tuple[Path, ...]
    not_read: int = 0


def name_of(path: Path) -> str:
    """Return what messages call a path: its last part, also of "." or "..".

    >>> name_of(Path("ward/doses.csv")), name_of(Path("."))[:1] != ""
    ('doses.csv', True)
    """
    return path.resolve().name if path.name in ("", "..") else path.name


def refused(name: str, why: str, hint: str | None = None) -> InputError:
    """Return the refusal of an input."""
    return InputError(ErrorCode.AUDIT_INPUT, f'"{echo(name)}" {why}', hint)


def files_of(path: Path) -> Found:
    """Return the one file of a path, or the Parquet files of a folder in the order of their names.

    ``InputError`` where one of them cannot be opened, or would be read twice.
    """
    try:
        if path.suffix.lower() != ".csv":
            _refuse_table_formats(path.resolve(), name_of(path))
        if path.is_dir():
            return _of_folder(path)
        if path.suffix.lower() not in ENDINGS:
            raise refused(
                name_of(path), "does not end in .csv or .parquet, and is no folder of Parquet files"
            )
        _open(path, name_of(path))
        return Found((path,))
    except (OSError, ValueError) as error:
        raise refused(path.name or str(path), f"cannot be read: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        within = Path(str(error.filename)).name if error.filename else ""
        return f"{error.strerror} ({echo(within)})" if within else error.strerror
    return echo(str(error))


def _open(path: Path, name: str) -> None:
    if not stat.S_ISREG(path.stat().st_mode):
        raise refused(name, "is not an ordinary file", "for a stream of CSV: audit - < FILE")
    with path.open("rb"):  # what may not be read is refused here, by its name, not by the engine
        pass


class _TableFormat(NamedTuple):
    """A table format over Parquet files: which of them hold, only its own log says."""

    name: str
    mark: str  # what stands beside its files
    export: str


_FORMATS = (
    _TableFormat(
        "a Delta table", "_delta_log", "DeltaTable(FOLDER).to_pyarrow_dataset() in deltalake"
    ),
    _TableFormat("a Hudi table", ".hoodie", 'spark.read.format("hudi").load(FOLDER)'),
    _TableFormat(
        "an Iceberg table", "metadata/*.metadata.json", 'spark.read.format("iceberg").load(FOLDER)'
    ),
)


def _refuse_table_formats(path: Path, name: str) -> None:
    """Refuse what is in a table of such a format: its rows may have been deleted or changed."""
    for folder in (path, *path.parents):
        for kind in _FORMATS:
            if next(folder.glob(kind.mark), None) is None:
                continue
            raise refused(
                name,
                f"is, or is in, {kind.name}: its Parquet files also hold rows that were deleted "
                "or changed since, and they are not audited as they lie",
                f"export it as it stands to one Parquet file, such as by {kind.export}, "
                "or run `ketaref audit --sql spark` on it",
            )


def _of_folder(folder: Path) -> Found:
    files, not_read = [], 0
    seen: set[_Identity] = set()
    for path in _walk(folder):
        if path is None:
            not_read += 1
            continue
        if path.is_dir():
            _refuse_table_formats(path, name_of(folder))
        identity = _identity(path)
        if identity in seen:
            shown = echo(str(path.relative_to(folder)))
            raise refused(
                name_of(folder), f'leads to "{shown}" twice, by a link: rows would be too'
            )
        seen.add(identity)
        if not path.is_dir():
            _open(path, name_of(folder))
            files.append(path)
    if not files:
        raise refused(name_of(folder), "is a folder without a file that ends in .parquet")
    return Found(tuple(sorted(files)), not_read)


def _walk(folder: Path) -> Iterator[Path | None]:
    """Yield each folder and each Parquet file in it; None for each of the others."""

    def fail(error: OSError) -> None:
        raise error  # or a folder that cannot be opened would be left out in silence

    for at, folders, names in os.walk(folder, onerror=fail, followlinks=True):
        yield Path(at)
        for name in names:
            data = name.lower().endswith(".parquet") and not name.startswith(_NOT_DATA)
            yield Path(at, name) if data else None
        for name in [name for name in folders if name.startswith(_NOT_DATA)]:
            folders.remove(name)
            yield None


def _identity(path: Path) -> _Identity:
    return _same_for(path.stat())


def _same_for(status: os.stat_result) -> _Identity:
    return status.st_dev, status.st_ino


def refuse_overlap(read: str, stdin: int | None, written: Iterable[Path]) -> None:
    """Refuse to write to what is read, by whatever name, or twice to one place."""
    places = tuple(written)
    if len(places) != len({place.resolve() for place in places}):
        raise OutputError(
            ErrorCode.OUTPUT_FAILED,
            f'"{echo(str(places[0]))}" is named for the report and for the rows',
            "another name for one of them",
        )
    files, folder = _read(read, stdin)
    for place in places:
        inside = folder is not None and folder in place.resolve().parents
        if inside or (place.exists() and _identity(place) in files):
            raise OutputError(
                ErrorCode.OUTPUT_FAILED,
                f'"{echo(str(place))}" is {"in " if inside else ""}what is audited: it is never '
                "written to",
                "another place" if inside else "another name",
            )


def _read(read: str, stdin: int | None) -> tuple[set[_Identity], Path | None]:
    if read == STANDARD_INPUT:
        return ({_same_for(os.fstat(stdin))} if stdin is not None else set()), None
    path = Path(read)
    files = {_identity(file) for file in files_of(path).files}
    return files, path.resolve() if path.is_dir() else None
