"""The page of the ranges of a route over a series of body weights."""

from ketaref.answers.chart import ChartAnswer, ChartPoint
from ketaref.document import Band, BandPoint, Column, Document, Facts, Heading, Table
from ketaref.pages.dose_page import NOT_APPLICABLE
from ketaref.pages.row_parts import local_rows, stated_in
from ketaref.ranges.caution import CautionCode
from ketaref.ranges.row import Origin, RowAnswer


def body(answer: ChartAnswer) -> Document:
    """Lay out the series, and what holds for all of it."""
    published = tuple(row for row in answer.rows if row.origin is Origin.PUBLISHED)
    local = tuple(row for row in answer.rows if row.origin is Origin.LOCAL)
    points = {row.id: _points(answer, row) for row in answer.rows}
    columns = [Column("Weight")]
    for row in answer.rows:
        columns += _columns(answer, row)
    weights = [point.weight.text for point in next(iter(points.values()))]
    cells = tuple(
        (weight, *(cell for each in of_weight for cell in _cells(answer, each)))
        for weight, *of_weight in zip(weights, *points.values(), strict=True)
    )
    series = tuple(len(_columns(answer, row)) for row in answer.rows)
    title = "Published range" if published else "No published range"
    return (
        Heading(f"{title} by body weight, {answer.inputs.route.full_name}", 1),
        *(Facts(_row_facts(answer, row)) for row in published),
        Table(tuple(columns), cells, series),
        *(_band(row, points[row.id]) for row in published),
        *local_rows(answer.protocol, local),
    )


def _points(answer: ChartAnswer, row: RowAnswer) -> tuple[ChartPoint, ...]:
    every = answer.results if row.origin is Origin.PUBLISHED else answer.local
    return tuple(point for point in every if point.id == row.id)


def _columns(answer: ChartAnswer, row: RowAnswer) -> list[Column]:
    published = row.origin is Origin.PUBLISHED
    name = "Range per dose" if published else f"Local {row.id}, {row.drug.full_name}"
    columns = [Column(name, joins=True)]
    if strength := answer.inputs.strength:
        columns.append(Column(f"Volume at {strength.text}", joins=True))
    return columns


def _cells(answer: ChartAnswer, point: ChartPoint) -> tuple[str, ...]:
    dose = point.dose.text
    if point.dose.capped:
        dose += f" (calculated {point.dose.calculated.text})"
    codes = {caution.code for caution in point.cautions}
    if codes & {CautionCode.NO_STEP_INSIDE, CautionCode.NEAREST_STEP}:
        dose += " (no step fits)"
    if not answer.inputs.strength:
        return (dose,)
    return (dose, point.volume.text if point.volume else NOT_APPLICABLE)


def _row_facts(answer: ChartAnswer, row: RowAnswer) -> tuple[tuple[str, str], ...]:
    return (
        ("route", row.route_name),
        ("drug", row.drug.full_name),
        ("published range", f"{row.range_text} per dose, {row.standing_label}"),
        ("over", row.duration_text),
        ("source", stated_in(answer, row)),
    )


def _band(row: RowAnswer, points: tuple[ChartPoint, ...]) -> Band:
    """Return the picture: straight lines, so that the two ends are all it takes."""
    ends = dict.fromkeys((points[0], points[-1]))
    return Band(
        f"Published range of {row.drug_and_route}, per dose",
        tuple(
            BandPoint(
                point.weight.kg.fraction,
                point.dose.low.fraction,
                point.dose.high.fraction,
                f"{point.dose.text} at {point.weight.text}",
            )
            for point in ends
        ),
    )
