"""The range of a per-kg row over a ladder of body weights, every cell computed."""

from datetime import date
from fractions import Fraction
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from ketaref import dosing, notation
from ketaref.document import Band, Column, Document, Facts, Heading, Rung, Table
from ketaref.errors import ErrorCode, InputError
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.doses import Basis, CautionCode, DoseRow, StandingCode
from ketaref.model.names import Drug, Route
from ketaref.model.protocol import ProtocolRow
from ketaref.reports.base import (
    Caution,
    Quantity,
    Range,
    Report,
    cited,
    in_words,
    inward,
    overdue,
    shown,
    stamp,
)
from ketaref.reports.infusion import NOT_APPLICABLE
from ketaref.reports.local import Laid, local_cautions
from ketaref.reports.local_doses import LocalRung, local_rungs
from ketaref.reports.local_layout import local_rows
from ketaref.reports.measures import (
    echo_measured,
    strength_cautions,
    strength_sources,
)
from ketaref.reports.names import Rows
from ketaref.reports.rows import (
    Published,
    PublishedDuration,
    duration,
    duration_in_words,
    published,
    row_cautions,
    stated_in,
)
from ketaref.reports.weights import weight_cautions
from ketaref.units import LB_PER_STONE, Strength, Weight, magnitude, quantity

MAX_LOCAL_CELLS = 2_000
MAX_ROWS = 500  # a chart is for reading; the arithmetic for more is a loop over `dose`


class ChartInputs(Frozen):
    """What was asked; the weights in the one unit of the chart. Null where nothing is published."""

    route: Route
    drug: Drug | None
    lightest: Quantity
    heaviest: Quantity
    step: Quantity
    published: Published | None
    duration: PublishedDuration | None
    standing: StandingCode | None
    strength: Quantity | None
    confirm_weight: bool


class ChartRow(Frozen):
    """One weight; ``volume`` is null without a strength."""

    weight: Quantity
    dose: Range
    volume: Range | None


class ChartReport(Report):
    """The published range of one row over a ladder of body weights."""

    kind: Literal["chart"] = "chart"
    inputs: ChartInputs
    results: tuple[ChartRow, ...]
    # For people only: the words of the row, and each weight as it would be typed.
    words: Annotated[tuple[tuple[str, str], ...], Field(exclude=True)]
    labels: Annotated[tuple[str, ...], Field(exclude=True)]
    band: Annotated[Band | None, Field(exclude=True)]
    beside: Annotated[Document, Field(exclude=True)] = ()
    row_model: ClassVar[type[Frozen]] = ChartRow
    local_model: ClassVar[type[Frozen] | None] = LocalRung

    def body(self) -> Document:
        """Lay out the ladder, and what holds for all of it."""
        published = "Published range" if self.results else "No published range"
        local = tuple(dict.fromkeys(rung.id for rung in self.local))
        series: list[tuple[ChartRow | LocalRung, ...]] = [self.results] if self.results else []
        series += [tuple(rung for rung in self.local if rung.id == name) for name in local]
        names = ["Range per dose"] if self.results else []
        names += [f"Local {name}, {self._drug_of(name)}" for name in local]
        columns = [Column("Weight"), *(c for name in names for c in self._columns(name))]
        rows = tuple(
            (label, *(cell for row in rungs for cell in self._cells(row)))
            for label, *rungs in zip(self.labels, *series, strict=True)
        )
        return (
            Heading(f"{published} by body weight, {self.inputs.route.full_name}", 1),
            *([Facts(self.words)] if self.words else []),
            Table(tuple(columns), rows, tuple(len(self._columns(name)) for name in names)),
            *([self.band] if self.band else []),
            *self.beside,
        )

    def _drug_of(self, name: str) -> str:
        return next(str(rung.drug.full_name) for rung in self.local if rung.id == name)

    def local_constants(self) -> dict[str, str]:
        """Return the same for a line of the protocol: nothing of the published row is in it."""
        ours = self.constants()
        return dict.fromkeys(ours, "") | {"strength_mg_per_ml": ours["strength_mg_per_ml"]}

    def _columns(self, name: str) -> list[Column]:
        columns = [Column(name, joins=True)]
        if strength := self.inputs.strength:
            at = notation.amount(strength.value, strength.unit)
            columns.append(Column(f"Volume at {at}", joins=True))
        return columns

    def _cells(self, row: ChartRow | LocalRung) -> tuple[str, ...]:
        dose = in_words(row.dose)
        if isinstance(row, LocalRung):
            if row.capped:
                dose += f" (calculated {in_words(row.calculated)})"
            if any(caution.code is CautionCode.NO_STEP_INSIDE for caution in row.cautions):
                dose += " (no step fits)"
        if not self.inputs.strength:
            return (dose,)
        return (dose, in_words(row.volume) if row.volume else NOT_APPLICABLE)

    def constants(self) -> dict[str, str]:
        """Return what every line of the CSV repeats."""
        asked, strength = self.inputs, self.inputs.strength
        return {
            "route": asked.route,
            "route_name": asked.route.full_name,
            "drug": asked.drug or "",
            "published": f"{in_words(asked.published)} per dose" if asked.published else "",
            "over": duration_in_words(asked.duration) if asked.duration else "",
            "standing": asked.standing or "",
            "strength_mg_per_ml": notation.plain(strength.value) if strength else "",
        }


class Ladder(NamedTuple):
    """Body weights from the lightest up by equal steps; the last is at or below the heaviest."""

    lightest: Weight
    heaviest: Weight
    step: Weight

    def weights(self) -> tuple[Weight, ...]:
        """Return the rungs; the three ends must be in one unit."""
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
        if count > MAX_ROWS:
            raise InputError(
                ErrorCode.CHART_TOO_LONG,
                f"that chart would have {count:,} rows; at most {MAX_ROWS} are drawn",
                f"a step larger than {self.step.entered}?",
            )
        return tuple(_rung(low + n * step, unit, counted_in) for n in range(count))


def _rung(value: Fraction, unit: str, counted_in: str) -> Weight:
    entered = f"{notation.exact(value)} {unit}"
    if unit == "st":
        stone, pounds = divmod(value, LB_PER_STONE)
        entered = f"{stone} st" + (f" {pounds} lb" if pounds else "")
    return Weight(entered, unit, quantity(value, counted_in))


class ChartQuestion(NamedTuple):
    """Which route and weights, and for which strength."""

    route: Route
    ladder: Ladder
    strength: Strength | None = None
    confirmed: bool = False


def chart_report(
    dataset: Dataset,
    rows: Rows,
    asked: ChartQuestion,
    laid: Laid | None = None,
    *,
    today: date,
) -> ChartReport:
    """Return a route's range for each weight of a ladder; a fixed row is refused."""
    weights = asked.ladder.weights()
    strength, ladder = asked.strength, asked.ladder
    route = asked.route
    row, local = _per_kg(route, rows)
    cautions = [*rows.left_out, *(_cautions(dataset, row) if row else ())]
    source_ids = row.source_ids if row else ()
    if strength:
        for drug in dict.fromkeys(each.drug for each in (row, *local) if each):
            cautions += strength_cautions(dataset, drug, strength)
            source_ids += strength_sources(dataset, drug, strength)
    cautions += [_not_charted(fixed) for fixed in rows.local if fixed not in local]
    _refuse_long(weights, local)
    for end in (ladder.lightest, ladder.heaviest):
        cautions += [c for c in weight_cautions(end) if c.code is CautionCode.WEIGHT_UNUSUAL]
    return ChartReport(
        data=stamp(dataset),
        protocol=laid and laid.stamp(),
        inputs=ChartInputs(
            route=route,
            drug=row and row.drug,
            lightest=_in_its_unit(ladder.lightest),
            heaviest=_in_its_unit(ladder.heaviest),
            step=_in_its_unit(ladder.step),
            published=row and published(row),
            duration=row and duration(row),
            standing=row and row.standing.code,
            strength=strength and echo_measured(strength),
            confirm_weight=asked.confirmed,
        ),
        results=tuple(_row(row, weight, strength) for weight in weights) if row else (),
        local=tuple(
            rung
            for ours in local
            if laid
            for rung in local_rungs(
                laid, ours, ((weight, _in_its_unit(weight)) for weight in weights), strength
            )
        ),
        words=_words(dataset, row) if row else (),
        labels=tuple(_label(weight) for weight in weights),
        band=row and _band(row, weights),
        beside=local_rows(laid.stamp(), tuple(map(laid.row, local))) if laid and local else (),
        cautions=(*cautions, *local_cautions(laid, rows.local), *overdue(dataset, today)),
        sources=cited(dataset, source_ids),
    )


def _per_kg(route: Route, rows: Rows) -> tuple[DoseRow | None, tuple[ProtocolRow, ...]]:
    """Return the per-kg rows of a route, published and local; refuse where there is none."""
    row = next((row for row in rows.published if row.basis is Basis.PER_KG), None)
    local = tuple(row for row in rows.local if row.basis is Basis.PER_KG)
    if row or local:
        return row, local
    drug = (*rows.published, *rows.local)[0].drug
    raise InputError(
        ErrorCode.FIXED_DOSE,
        f"{route.full_name} {drug.full_name} is a fixed dose: body weight is not "
        "used, so there is nothing to chart",
        f"ketaref routes {route}",
    )


def _not_charted(row: ProtocolRow) -> Caution:
    text = f"Row {row.id} of the protocol is a fixed dose, and is not charted."
    return Caution(code=CautionCode.ROW_LEFT_OUT, text=text)


def _refuse_long(weights: tuple[Weight, ...], local: tuple[ProtocolRow, ...]) -> None:
    cells = len(weights) * len(local)
    if cells > MAX_LOCAL_CELLS:
        raise InputError(
            ErrorCode.CHART_TOO_LONG,
            f"that chart would have {cells:,} cells of the protocol's {len(local)} rows; at most "
            f"{MAX_LOCAL_CELLS:,} are drawn",
            "a larger --step?",
        )


def _cautions(dataset: Dataset, row: DoseRow) -> list[Caution]:
    standing = f"{row.standing.code}: {row.standing.text}"
    return [Caution(code=CautionCode.STANDING, text=standing), *row_cautions(dataset, row)]


def _band(row: DoseRow, weights: tuple[Weight, ...]) -> Band:
    """Return the picture: straight lines, so that the two ends are all it takes."""
    rungs = []
    for weight in dict.fromkeys((weights[0], weights[-1])):
        doses = dosing.dose_range(row, weight).within("mg")
        words = f"{in_words(inward(doses, 'mg'))} at {_label(weight)}"
        rungs.append(Rung(weight.kg, *doses, words))
    title = f"Published range of {row.drug.full_name}, {row.route.full_name}, per dose"
    return Band(title, tuple(rungs))


def _row(row: DoseRow, weight: Weight, strength: Strength | None) -> ChartRow:
    doses = dosing.dose_range(row, weight)
    volume = strength and inward(dosing.volume_range(doses, strength).within("mL"), "mL")
    return ChartRow(
        weight=_in_its_unit(weight), dose=inward(doses.within("mg"), "mg"), volume=volume
    )


def _in_its_unit(weight: Weight) -> Quantity:
    exact = magnitude(weight.quantity, weight.unit)
    return shown(notation.half_up(exact, 3), exact, weight.unit)


def _label(weight: Weight) -> str:
    if weight.unit == "kg":
        return weight.entered
    return f"{weight.entered} = {notation.amount(notation.half_up(weight.kg, 1), 'kg')}"


def _words(dataset: Dataset, row: DoseRow) -> tuple[tuple[str, str], ...]:
    return (
        ("route", row.route.full_name),
        ("drug", row.drug.full_name),
        ("published range", f"{in_words(published(row))} per dose, {row.standing.code}"),
        ("over", duration_in_words(duration(row))),
        ("source", stated_in(dataset, row)),
    )
