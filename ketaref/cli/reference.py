"""What the commands answer from: the dataset, and a clinic's protocol laid beside it."""

from pathlib import Path
from typing import TYPE_CHECKING

from ketaref.cli.environment import today
from ketaref.errors import ErrorCode, OutputError, echo

if TYPE_CHECKING:
    from ketaref.model.dataset import Dataset
    from ketaref.reports.local import Laid


def reference(protocol: str | None, *written: Path | None) -> "tuple[Dataset, Laid | None]":
    """Return the dataset, and beside it the protocol of a file; none where none is named.

    An empty name is none: so KETAREF_PROTOCOL can be set aside for one command. ``written`` is
    what the command will write to, which may not be the protocol.
    """
    from ketaref.store import load_dataset

    dataset = load_dataset()
    if not protocol:
        return dataset, None
    return dataset, lay(dataset, Path(protocol), *written)


def lay(dataset: "Dataset", file: Path, *written: Path | None) -> "Laid":
    """Return the protocol of a file, laid beside the dataset today."""
    from ketaref.protocols import read_protocol
    from ketaref.reports.local import Laid

    day = today()
    laid = Laid(dataset, read_protocol(file, dataset, today=day), day)
    for place in written:
        if place is not None and place.exists() and place.samefile(file):
            raise OutputError(
                ErrorCode.OUTPUT_FAILED,
                f'"{echo(str(place))}" is the protocol that is read: it is never written to',
                "another name",
            )
    return laid
