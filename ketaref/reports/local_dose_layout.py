"""How the doses of a clinic's own rows are laid out, beside what is published for the weight."""

from ketaref import notation
from ketaref.document import Column, Document, Local, Points, Table
from ketaref.reports.base import ProtocolStamp, in_words
from ketaref.reports.infusion import rate_in_words, volume_in_words
from ketaref.reports.local_doses import LocalDose, LocalPlace
from ketaref.reports.local_layout import (
    difference_in_words,
    heading,
    local_name,
    notes,
    over_in_words,
    range_with_limits,
)
from ketaref.reports.measures import but


def local_doses(
    stamp: ProtocolStamp, rows: tuple[LocalDose, ...], beside: dict[str, str]
) -> Document:
    """Lay out what a protocol's rows give, each beside what is published for the weight."""
    columns = (
        Column("Local row"),
        Column("Local range per dose"),
        Column("Published", joins=True),
        Column("Difference", joins=True),
    )
    cells = tuple(
        (
            local_name(row),
            _result_in_words(row),
            beside.get(f"{row.route} {row.drug}", "no such row"),
            _difference_in_words(row),
        )
        for row in rows
    )
    measures = [
        (row.id, words)
        for row in rows
        for words in (
            f"over {over_in_words(row)}" if row.duration else "",
            f"volume {volume_in_words(row.volume)}" if row.volume else "",
            f"rate {rate_in_words(row.rate)}" if row.rate else "",
        )
        if words
    ]
    working = tuple((row.id, line) for row in rows for line in row.working)
    blocks = (
        *heading(stamp),
        Table(columns, cells),
        *([Points("local measure", tuple(measures))] if measures else []),
        Points("local working", working),
        *notes(rows),
    )
    return (Local(blocks),)


def local_dose_note(row: LocalDose, weight: str) -> str:
    """Return the line of a note: as the published one, marked as the clinic's own."""
    facts = [
        f"{row.origin}, row {row.id}",
        f"{row.drug.full_name}, {row.route_name}",
        f"local range {range_with_limits(row)}",
        *([f"over {over_in_words(row)}"] if row.duration else []),
        f"for this weight {_result_in_words(row)} per dose",
        *([volume_in_words(row.volume)] if row.volume else []),
        *([rate_in_words(row.rate)] if row.rate else []),
        f"weight {weight}",
        *row.working,
        row.difference.text,
        *(caution.text.rstrip(".") for caution in row.cautions),
    ]
    return "; ".join(facts)


def _difference_in_words(row: LocalDose | LocalPlace) -> str:
    """Return how the row differs, where a maximum takes it below the published for this weight."""
    return f"{row.beside} for this weight" if row.beside else difference_in_words(row)


def _result_in_words(row: LocalDose) -> str:
    result = in_words(row.dose)
    if row.body_weight:
        result += f", by {row.body_weight} body weight"
    if row.capped and row.maximum:
        cap = notation.amount(row.maximum.value, row.maximum.unit)
        result += f" (calculated {in_words(row.calculated)}, cap {cap})"
    return result


def local_places(stamp: ProtocolStamp, rows: tuple[LocalPlace, ...]) -> Document:
    """Lay out where a dose lies in each of a protocol's rows."""
    columns = (
        Column("Local row"),
        Column("Place"),
        Column("Local range per dose", joins=True),
        Column("Difference", joins=True),
    )
    cells = tuple(
        (
            local_name(row),
            f"{row.place}{but(row.place, row.cautions)}",
            place_range_in_words(row),
            _difference_in_words(row),
        )
        for row in rows
    )
    return (Local((*heading(stamp), Table(columns, cells), *notes(rows))),)


def place_range_in_words(row: LocalPlace) -> str:
    """Return the range that a dose was laid against."""
    said = in_words(row.range)
    if row.body_weight:
        said += f" of {row.body_weight} body weight, {row.range_in_mg}"
    if row.maximum:
        said += f", at most {notation.amount(row.maximum.value, row.maximum.unit)}"
    return said
