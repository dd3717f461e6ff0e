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
from ketaref.reports.measures import (
    echo_measured,
    strength_cautions,
    strength_sources,
)
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

MAX_ROWS = 500  # a chart is for reading; the arithmetic for more is a loop over `dose`


class ChartInputs(Frozen):
    """What was asked; the weights in the one unit of the chart."""

    route: Route
    drug: Drug
    lightest: Quantity
    heaviest: Quantity
    step: Quantity
    published: Published
    duration: PublishedDuration
    standing: StandingCode
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
    band: Annotated[Band, Field(exclude=True)]
    row_model: ClassVar[type[Frozen]] = ChartRow

    def body(self) -> Document:
        """Lay out the ladder, and what holds for all of it."""
        columns = [Column("Weight"), Column("Range per dose", joins=True)]
        if strength := self.inputs.strength:
            at = notation.amount(strength.value, strength.unit)
            columns.append(Column(f"Volume at {at}", joins=True))
        cells = zip(self.labels, self.results, strict=True)
        return (
            Heading(f"Published range by body weight, {self.inputs.route.full_name}", 1),
            Facts(self.words),
            Table(tuple(columns), tuple(self._cells(label, row) for label, row in cells)),
            self.band,
        )

    def _cells(self, label: str, row: ChartRow) -> tuple[str, ...]:
        volume = (in_words(row.volume),) if row.volume else ()
        return (label, in_words(row.dose), *volume)

    def constants(self) -> dict[str, str]:
        """Return what every line of the CSV repeats."""
        asked, strength = self.inputs, self.inputs.strength
        return {
            "route": asked.route,
            "route_name": asked.route.full_name,
            "drug": asked.drug,
            "published": f"{in_words(asked.published)} per dose",
            "over": duration_in_words(asked.duration),
            "standing": asked.standing,
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
    """Which weights, and for which strength."""

    ladder: Ladder
    strength: Strength | None = None
    confirmed: bool = False


def chart_report(
    dataset: Dataset, row: DoseRow, asked: ChartQuestion, *, today: date
) -> ChartReport:
    """Return a row's range for each weight of a ladder; a fixed row is refused."""
    if row.basis is Basis.FIXED:
        raise InputError(
            ErrorCode.FIXED_DOSE,
            f"{row.route.full_name} {row.drug.full_name} is a fixed dose: body weight is not "
            "used, so there is nothing to chart",
            f"ketaref routes {row.route}",
        )
    weights = asked.ladder.weights()
    strength, ladder = asked.strength, asked.ladder
    standing = f"{row.standing.code}: {row.standing.text}"
    cautions = [Caution(code=CautionCode.STANDING, text=standing), *row_cautions(dataset, row)]
    source_ids = row.source_ids
    if strength:
        cautions += strength_cautions(dataset, row.drug, strength)
        source_ids += strength_sources(dataset, row.drug, strength)
    for end in (ladder.lightest, ladder.heaviest):
        cautions += [c for c in weight_cautions(end) if c.code is CautionCode.WEIGHT_UNUSUAL]
    return ChartReport(
        data=stamp(dataset),
        inputs=ChartInputs(
            route=row.route,
            drug=row.drug,
            lightest=_in_its_unit(ladder.lightest),
            heaviest=_in_its_unit(ladder.heaviest),
            step=_in_its_unit(ladder.step),
            published=published(row),
            duration=duration(row),
            standing=row.standing.code,
            strength=strength and echo_measured(strength),
            confirm_weight=asked.confirmed,
        ),
        results=tuple(_row(row, weight, strength) for weight in weights),
        words=_words(dataset, row),
        labels=tuple(_label(weight) for weight in weights),
        band=_band(row, weights),
        cautions=(*cautions, *overdue(dataset, today)),
        sources=cited(dataset, source_ids),
    )


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
