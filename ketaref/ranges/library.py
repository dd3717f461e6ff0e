"""What an answer is drawn from: the dataset, a clinic's protocol if there is one, and the day."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple, cast

from ketaref.model.dataset import Dataset
from ketaref.model.dose_row import DoseRow, RangeRow
from ketaref.model.names import Drug, Route
from ketaref.ranges.caution import Caution, CautionCode

# A protocol's model takes a while to load, and most questions come without one.
if TYPE_CHECKING:
    from ketaref.protocol.model import Protocol, ProtocolRow


class Library(NamedTuple):
    """The dataset, a clinic's protocol if there is one, and the day on which they are read."""

    dataset: Dataset
    protocol: "Protocol | None"
    today: date

    @property
    def has_expired(self) -> bool:
        """Whether the protocol no longer holds."""
        return self.protocol is not None and self.today > self.protocol.approval.expires

    def local_rows(self, routes: tuple[Route, ...], drug: Drug | None) -> "tuple[ProtocolRow, ...]":
        """Return the protocol's rows of these routes, or of all, and of this drug, or of both."""
        return tuple(
            row
            for row in (self.protocol.rows if self.protocol else ())
            if (not routes or row.route in routes) and drug in (None, row.drug)
        )

    def dates(self) -> tuple[Caution, ...]:
        """Return the cautions that every answer carries: what has expired, and what is overdue."""
        return (*self.expired(), *self.overdue())

    def expired(self) -> tuple[Caution, ...]:
        """Return the caution on a protocol that no longer holds."""
        if self.protocol is None or not self.has_expired:
            return ()
        text = (
            f"The {self.protocol.label} expired on {self.protocol.approval.expires}; "
            f"today is {self.today}."
        )
        return (Caution(code=CautionCode.PROTOCOL_EXPIRED, text=text),)

    def overdue(self) -> tuple[Caution, ...]:
        """Return the caution on data that should have been checked again."""
        due = self.dataset.edition.review_due
        if self.today <= due:
            return ()
        text = f"This data was due for review by {due}; today is {self.today}. Check every figure."
        return (Caution(code=CautionCode.REVIEW_OVERDUE, text=text),)


def as_local(row: RangeRow) -> "ProtocolRow | None":
    """Return a row as a protocol's; None where it is a published one."""
    return None if isinstance(row, DoseRow) else cast("ProtocolRow", row)
