"""The ranges per kg of a route over a series of body weights, every cell computed."""

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from ketaref import dosing, notation
from ketaref.answers.answer import Answer, data_stamp, protocol_stamp, sources_with
from ketaref.errors import ErrorCode, InputError
from ketaref.model.base import Frozen
from ketaref.model.dose_row import Basis, DoseRow, RangeRow, StandingCode
from ketaref.model.names import Drug, Route
from ketaref.ranges.caution import Caution, CautionCode
from ketaref.ranges.cautions import (
    resolved_cautions,
    row_cautions,
    strength_cautions,
    strength_sources,
)
from ketaref.ranges.computed import DoseRange, dose_range, volume_of
from ketaref.ranges.library import Library
from ketaref.ranges.row import Origin, RowAnswer, origin_name, origin_of, row_answer
from ketaref.ranges.selection import Selection
from ketaref.ranges.values import Quantity, Range, as_typed, rounded
from ketaref.ranges.weights import EnteredWeight, entered_weight, unusual_weight
from ketaref.units import LB_PER_STONE, Strength, Weight, magnitude, quantity

if TYPE_CHECKING:
    from ketaref.protocol.model import ProtocolRow

# What can be drawn and read in a second; the arithmetic for more is a loop over `dose`.
MAX_WEIGHTS = 500
MAX_LOCAL_CELLS = 2_000


class ChartInputs(Frozen):
    """The question; the three weights are in the one unit of the chart."""

    route: Route
    drug: Drug | None
    lightest: Quantity
    heaviest: Quantity
    step: Quantity
    strength: Quantity | None
    confirm_weight: bool


class ChartPoint(Frozen):
    """What a row comes to for one weight; ``volume`` is null without a strength."""

    origin: Origin
    origin_name: str
    id: str
    weight: EnteredWeight
    dose: DoseRange
    volume: Range | None
    cautions: tuple[Caution, ...]


class ChartLine(RowAnswer):
    """A point with its row, as a line of the CSV: no dose without its drug."""

    weight: EnteredWeight
    dose: DoseRange
    volume: Range | None


class ChartAnswer(Answer):
    """The rows of a route over a series of body weights: ``results`` published, ``local`` not."""

    kind: Literal["chart"] = "chart"
    inputs: ChartInputs
    rows: tuple[RowAnswer, ...]
    results: tuple[ChartPoint, ...]
    local: tuple[ChartPoint, ...] = ()
    result_model: ClassVar[type[Frozen]] = ChartLine
    local_model: ClassVar[type[Frozen] | None] = ChartLine

    def constants(self) -> dict[str, str]:
        """Return the columns that every line of the CSV repeats."""
        strength = self.inputs.strength
        return {"strength_mg_per_ml": notation.plain(strength.value) if strength else ""}

    def lines(self, rows: tuple[ChartPoint, ...]) -> tuple[ChartLine, ...]:
        """Return the points, each with its row."""
        named = {(row.origin, row.id): row for row in self.rows}
        return tuple(_line(named[point.origin, point.id], point) for point in rows)


def _line(row: RowAnswer, point: ChartPoint) -> ChartLine:
    own = {"weight": point.weight, "dose": point.dose, "volume": point.volume}
    return ChartLine.model_validate(
        row.fields() | own | {"cautions": (*row.cautions, *point.cautions)}
    )


class WeightSeries(NamedTuple):
    """Body weights from the lightest up by equal steps; the last is at or below the heaviest."""

    lightest: Weight
    heaviest: Weight
    step: Weight

    def weights(self) -> tuple[Weight, ...]:
        """Return the weights; the three must be in one unit."""
        unit = self.lightest.unit
        if {self.heaviest.unit, self.step.unit} != {unit}:
            raise InputError(
                ErrorCode.CHART_UNITS,
                f"--from {self.lightest.entered}, --to {self.heaviest.entered} and --step "
                f"{self.step.entered} are in different units: give all three in one unit",
            )
        counted_in = "kg" if unit == "kg" else "lb"
        low, high, step = (
            magnitude(end.quantity, counted_in) for end in (self.lightest, self.heaviest, self.step)
        )
        if low > high:
            raise InputError(
                ErrorCode.CHART_ENDS,
                f"--from {self.lightest.entered} is above --to {self.heaviest.entered}",
                "did you mean them the other way round?",
            )
        count = (high - low) // step + 1
        if count > MAX_WEIGHTS:
            raise InputError(
                ErrorCode.CHART_TOO_LONG,
                f"that chart would have {count:,} rows; at most {MAX_WEIGHTS} are drawn",
                f"a step larger than {self.step.entered}?",
            )
        return tuple(_weight(low + n * step, unit, counted_in) for n in range(count))


def _weight(value: Fraction, unit: str, counted_in: str) -> Weight:
    entered = f"{notation.exact(value)} {unit}"
    if unit == "st":
        stone, pounds = divmod(value, LB_PER_STONE)
        entered = f"{stone} st" + (f" {pounds} lb" if pounds else "")
    return Weight(entered, unit, quantity(value, counted_in))


class ChartQuery(NamedTuple):
    """Which route and weights, and for which strength."""

    route: Route
    series: WeightSeries
    strength: Strength | None = None
    confirmed: bool = False


def chart_answer(library: Library, selection: Selection, query: ChartQuery) -> ChartAnswer:
    """Return a route's ranges for each weight of a series; a fixed row is refused."""
    weights = query.series.weights()
    published, local = _per_kg(query.route, selection)
    _refuse_long(weights, local)
    rows: tuple[RangeRow, ...] = (*published, *local)
    answers = tuple(row_answer(library, row, tuple(row_cautions(library, row))) for row in rows)
    drawn = [(row, _points(library, row, weights, query.strength)) for row in rows]
    source_ids = [source_id for answer in answers for source_id in answer.source_ids]
    for drug in dict.fromkeys(row.drug for row in rows):
        if query.strength:
            source_ids += strength_sources(library.dataset, drug, query.strength)
    series = query.series
    return ChartAnswer(
        data=data_stamp(library.dataset),
        protocol=protocol_stamp(library),
        inputs=ChartInputs(
            route=query.route,
            drug=published[0].drug if published else None,
            lightest=_in_its_unit(series.lightest),
            heaviest=_in_its_unit(series.heaviest),
            step=_in_its_unit(series.step),
            strength=query.strength and as_typed(query.strength),
            confirm_weight=query.confirmed,
        ),
        rows=answers,
        results=_of(drawn, Origin.PUBLISHED),
        local=_of(drawn, Origin.LOCAL),
        cautions=(*selection.cautions, *_cautions(library, selection, rows, query)),
        sources=sources_with(library.dataset, source_ids),
    )


def _per_kg(
    route: Route, selection: Selection
) -> "tuple[tuple[DoseRow, ...], tuple[ProtocolRow, ...]]":
    """Return the rows per kg of a route, published and local; refuse where there is none."""
    published = tuple(row for row in selection.published if row.basis is Basis.PER_KG)
    local = tuple(row for row in selection.local if row.basis is Basis.PER_KG)
    if published or local:
        return published, local
    raise InputError(
        ErrorCode.FIXED_DOSE,
        f"{route.full_name} {selection.rows[0].drug.full_name} is a fixed dose: body weight is not "
        "used, so there is nothing to chart",
        f"ketaref routes {route}",
    )


def _refuse_long(weights: tuple[Weight, ...], local: "tuple[ProtocolRow, ...]") -> None:
    cells = len(weights) * len(local)
    if cells > MAX_LOCAL_CELLS:
        raise InputError(
            ErrorCode.CHART_TOO_LONG,
            f"that chart would have {cells:,} cells of the protocol's {len(local)} rows; at most "
            f"{MAX_LOCAL_CELLS:,} are drawn",
            "a larger --step?",
        )


def _points(
    library: Library, row: RangeRow, weights: tuple[Weight, ...], strength: Strength | None
) -> tuple[ChartPoint, ...]:
    points = []
    for weight in weights:
        resolved = dosing.resolve(row, weight)
        dose, volume = dose_range(row, resolved), volume_of(row, resolved, strength)
        points.append(
            ChartPoint(
                origin=origin_of(row),
                origin_name=origin_name(library, row),
                id=row.name,
                weight=entered_weight(weight),
                dose=dose,
                volume=volume and Range(low=volume.low, high=volume.high),
                cautions=tuple(resolved_cautions(row, resolved, dose)),
            )
        )
    return tuple(points)


def _of(
    drawn: list[tuple[RangeRow, tuple[ChartPoint, ...]]], origin: Origin
) -> tuple[ChartPoint, ...]:
    return tuple(point for row, points in drawn for point in points if origin_of(row) is origin)


def _cautions(
    library: Library, selection: Selection, rows: tuple[RangeRow, ...], query: ChartQuery
) -> list[Caution]:
    cautions = []
    for row in rows:
        if isinstance(row, DoseRow):
            text = f"{StandingCode(row.standing.code)}: {row.standing.text}"
            cautions.append(Caution(code=CautionCode.STANDING, text=text))
            cautions += row_cautions(library, row)
    for drug in dict.fromkeys(row.drug for row in rows):
        if query.strength:
            cautions += strength_cautions(library.dataset, drug, query.strength)
    for row in selection.local:
        if row not in rows:
            text = f"Row {row.id} of the protocol is a fixed dose, and is not charted."
            cautions.append(Caution(code=CautionCode.ROW_LEFT_OUT, text=text))
    for end in (query.series.lightest, query.series.heaviest):
        cautions += unusual_weight(end)
    return [*cautions, *library.dates()]


def _in_its_unit(weight: Weight) -> Quantity:
    exact = magnitude(weight.quantity, weight.unit)
    return rounded(notation.half_up(exact, 3), exact, weight.unit)
