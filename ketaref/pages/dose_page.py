"""The page and the note of what the ranges come to for a body weight."""

from ketaref.answers.dose import DoseAnswer
from ketaref.document import Column, Document, Heading, Points, Table
from ketaref.model.dose_row import Basis
from ketaref.pages.frame import note_cautions, note_ending
from ketaref.pages.row_parts import (
    caution_points,
    deviation_text,
    local_name,
    local_section,
    row_notes,
    stated_in,
)
from ketaref.ranges.computed import ComputedRow, DoseResult
from ketaref.ranges.row import Origin

NOT_APPLICABLE = "not applicable"


def body(answer: DoseAnswer) -> Document:
    """Lay out the ranges, then how they were worked out, then the cautions."""
    weight = answer.inputs.weight.text
    if not answer.results:
        return (Heading(f"No published range, for {weight}", 1), *_local(answer))
    columns = (
        Column("Route"),
        Column("Drug"),
        Column("Range per dose"),
        Column("Standing", joins=True),
        Column("Over"),
    )
    rows = tuple(
        (
            row.route_name,
            row.drug.full_name,
            row.dose_text,
            row.standing_label or "",
            row.duration_text,
        )
        for row in answer.results
    )
    working = tuple((row.route_name, line) for row in answer.results for line in row.working)
    sources = tuple((row.route_name, stated_in(answer, row)) for row in answer.results)
    return (
        Heading(f"Published ranges for {weight}", 1),
        Table(columns, rows),
        *_volumes_and_rates(answer),
        Points("evidence", tuple((row.route_name, row.evidence.text) for row in answer.results)),
        *_local(answer),
        Points("working", working),
        caution_points((row.route_name, row.cautions) for row in answer.results),
        Points("source", sources),
    )


def _volumes_and_rates(answer: DoseAnswer) -> Document:
    inputs = answer.inputs
    if inputs.strength is None and inputs.over is None:
        return ()
    if inputs.infusion:
        return _infusions(answer)
    columns = [Column("Route")]
    columns += [Column("Volume to draw up")] if inputs.strength else []
    columns += [Column("Rate")] if inputs.over else []
    rows = tuple((row.route_name, *_measures(answer, row)) for row in answer.results)
    return (Table(tuple(columns), rows),)


def _infusions(answer: DoseAnswer) -> Document:
    """Lay out the volume to run in and the pump's rate: one unit of rate on a page."""
    columns = [Column("Route"), Column("Volume to infuse"), Column("Pump rate")]
    columns += [Column("Drawn up")] if answer.inputs.strength else []
    rows = tuple(
        (row.route_name, *_infusion_cells(row, with_vial=bool(answer.inputs.strength)))
        for row in answer.results
    )
    return (Table(tuple(columns), rows),)


def _infusion_cells(row: DoseResult, *, with_vial: bool) -> tuple[str, ...]:
    infusion = row.infusion
    cells = (infusion.volume_text, infusion.rate_text) if infusion else (NOT_APPLICABLE,) * 2
    vial = row.volume.full_text if row.volume else NOT_APPLICABLE
    return (*cells, vial) if with_vial else cells


def _measures(answer: DoseAnswer, row: DoseResult) -> list[str]:
    cells = []
    if answer.inputs.strength:
        cells.append(row.volume.full_text if row.volume else NOT_APPLICABLE)
    if answer.inputs.over:
        cells.append(row.rate.full_text if row.rate else NOT_APPLICABLE)
    return cells


def _local(answer: DoseAnswer) -> Document:
    rows = answer.local
    if answer.protocol is None or not rows:
        return ()
    published = {(row.route, row.drug): row.dose_text for row in answer.results}
    columns = (
        Column("Local row"),
        Column("Local range per dose"),
        Column("Published", joins=True),
        Column("Difference", joins=True),
    )
    cells = tuple(
        (
            local_name(row),
            _result_text(row),
            published.get((row.route, row.drug), "no such row"),
            difference_text(row),
        )
        for row in rows
    )
    measures = [
        (row.id, text)
        for row in rows
        for text in (
            f"over {row.duration_text}" if row.duration else "",
            f"volume {row.volume.full_text}" if row.volume else "",
            f"rate {row.rate.full_text}" if row.rate and not row.infusion else "",
            f"volume to infuse {row.infusion.volume_text}" if row.infusion else "",
            f"pump rate {row.infusion.rate_text}" if row.infusion else "",
        )
        if text
    ]
    working = tuple((row.id, line) for row in rows for line in row.working)
    blocks = (
        Table(columns, cells),
        *([Points("local measure", tuple(measures))] if measures else []),
        Points("local evidence", tuple((row.id, row.evidence.text) for row in rows)),
        Points("local working", working),
        *row_notes(rows),
    )
    return (local_section(answer.protocol, blocks),)


def difference_text(row: ComputedRow) -> str:
    """Return how a row differs, for this weight where its result goes past the published."""
    sides = " and ".join(row.past_published)
    return f"{sides} for this weight" if sides else deviation_text(row)


def _result_text(row: DoseResult) -> str:
    text = row.dose.text
    if row.body_weight:
        text += f", by {row.body_weight} body weight"
    if row.dose.capped and row.maximum:
        text += f" (calculated {row.dose.calculated.text}, cap {row.maximum.text})"
    return text


def note(answer: DoseAnswer) -> tuple[str, ...]:
    """Return two lines for each row: the range and its working, then the source and label."""
    lines: list[str] = []
    for row in (*answer.results, *answer.local):
        is_local = row.origin is Origin.LOCAL
        facts = _local_facts(row) if is_local else _published_facts(row)
        facts += [f"weight {answer.inputs.weight.text}", *row.working]
        if is_local:
            facts += [row.deviation.text] if row.deviation else []
            facts += [caution.sentence for caution in row.cautions]
        else:
            facts.append(f"standing {row.standing}: {row.standing_label}")
        facts.append(f"evidence: {row.evidence.text.rstrip('.')}")
        facts += note_cautions(answer, () if is_local else row.cautions)
        lines += ["; ".join(facts), f"Source: {stated_in(answer, row)}; {note_ending(answer)}"]
    return tuple(lines)


def _published_facts(row: DoseResult) -> list[str]:
    over = f" over {row.duration_text}" if row.duration and row.duration.low else ""
    for_weight = [f"for this weight {row.dose_text} per dose"]
    return [
        row.drug_and_route,
        f"published range {row.range_text} per dose{over}",
        *(for_weight if row.basis is Basis.PER_KG else []),
        *_volume_and_rate(row),
    ]


def _local_facts(row: DoseResult) -> list[str]:
    return [
        f"{row.origin_name}, row {row.id}",
        row.drug_and_route,
        f"local range {row.limits_text}",
        *([f"over {row.duration_text}"] if row.duration else []),
        f"for this weight {_result_text(row)} per dose",
        *_volume_and_rate(row),
    ]


def _volume_and_rate(row: DoseResult) -> list[str]:
    if row.infusion:
        drawn = [f"drawn up {row.volume.full_text}"] if row.volume else []
        return [*drawn, f"infused {row.infusion.volume_text}", f"pump {row.infusion.rate_text}"]
    return [part.full_text for part in (row.volume, row.rate) if part]
