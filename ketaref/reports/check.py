"""Where a dose lies in the published range of its route."""

from datetime import date
from fractions import Fraction
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from ketaref import dosing, notation
from ketaref.document import Document, Facts, Heading, Points
from ketaref.dosing import Place
from ketaref.errors import ErrorCode, InputError
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.doses import Basis, CautionCode, DoseRow, StandingCode
from ketaref.model.names import Drug, Route
from ketaref.reports.base import (
    Caution,
    Quantity,
    Report,
    cited,
    overdue,
    shown,
    stamp,
)
from ketaref.reports.local import Laid, local_cautions
from ketaref.reports.local_dose_layout import local_places, place_range_in_words
from ketaref.reports.local_doses import LocalPlace, local_place
from ketaref.reports.local_layout import sources_in_words
from ketaref.reports.measures import (
    but,
    duration_caution,
    echo_measured,
    measured,
)
from ketaref.reports.names import Rows
from ketaref.reports.rows import (
    Published,
    caution_points,
    duration,
    duration_in_words,
    published,
    range_in_words,
    read_as,
    row_cautions,
    stated_in,
    steps,
)
from ketaref.reports.weights import (
    WeightEcho,
    echo_weight,
    weight_cautions,
    weight_in_words,
)
from ketaref.reports.working import about, by_hand, result_in_words, weight_lines
from ketaref.units import Dose, Duration, Weight, magnitude


class CheckInputs(Frozen):
    """What was asked."""

    dose: Quantity
    route: Route
    drug: Drug | None
    weight: WeightEcho | None
    over: Quantity | None
    confirm_weight: bool


class CheckResult(Frozen):
    """Where the dose lies; ``per_kg`` is null for a fixed range."""

    route: Route
    drug: Drug
    dose: Quantity
    per_kg: Quantity | None
    published: Published
    place: Place
    standing: StandingCode
    cautions: tuple[Caution, ...]
    source_ids: tuple[str, ...]


class ForPeople(Frozen):
    """What the document adds to the data: wording, and the working by hand."""

    asked: str
    range: str
    over: str
    working: tuple[str, ...]
    stated_in: str


class CheckReport(Report):
    """A dose against the published range of its route."""

    kind: Literal["check"] = "check"
    inputs: CheckInputs
    results: tuple[CheckResult, ...]
    for_people: Annotated[ForPeople | None, Field(exclude=True)]
    row_model: ClassVar[type[Frozen]] = CheckResult
    local_model: ClassVar[type[Frozen] | None] = LocalPlace

    @property
    def outside(self) -> bool:
        """Whether the dose lies outside any of the ranges that it was laid against."""
        places = [*(row.place for row in self.results), *(row.place for row in self.local)]
        return any(place is not Place.INSIDE for place in places)

    def body(self) -> Document:
        """Lay out the place of the dose, then how it was found."""
        local = local_places(self.protocol, self.local) if self.protocol and self.local else ()
        if self.for_people is None:
            route = self.inputs.route.full_name
            facts = Facts((("dose", f"{self._asked()} per dose"), *self._weight_and_over()))
            return (Heading(f"{self._asked()}, {route}: no published range", 1), facts, *local)
        row, words = self.results[0], self.for_people
        but_not = but(row.place, row.cautions)
        return (
            Heading(f"{words.asked} of {row.drug.full_name}, {row.route.full_name}", 1),
            Facts(
                (
                    ("place", f"{row.place} the published range{but_not}, {row.standing}"),
                    *self._facts(),
                    ("published range", f"{words.range} per dose"),
                    ("published over", words.over),
                )
            ),
            *local,
            Points("working", tuple(("", line) for line in words.working)),
            caution_points([("", row.cautions)]),
            Points("source", (("", words.stated_in),)),
        )

    def _asked(self) -> str:
        return notation.amount(self.inputs.dose.value, self.inputs.dose.unit)

    def _facts(self) -> list[tuple[str, str]]:
        row = self.results[0]
        facts = [("dose", f"{notation.amount(row.dose.value, row.dose.unit)} per dose")]
        facts += self._weight_and_over()
        if row.per_kg:
            per_kg = notation.amount(row.per_kg.value, row.per_kg.unit)
            facts.append(("dose by weight", f"{per_kg} of body weight"))
        return facts

    def _weight_and_over(self) -> list[tuple[str, str]]:
        asked = self.inputs
        over = [("over", notation.amount(asked.over.value, asked.over.unit))] if asked.over else []
        return over + ([("weight", weight_in_words(asked.weight))] if asked.weight else [])

    def constants(self) -> dict[str, str]:
        """Return what every line of the CSV repeats."""
        weight, over = self.inputs.weight, self.inputs.over
        return {
            "weight": weight.entered if weight else "",
            "weight_kg": weight.kg.exact if weight else "",
            "over": notation.amount(over.value, over.unit) if over else "",
        }

    def note(self) -> tuple[str, ...]:
        """Return two lines: the place of the dose and its working, then the source and label."""
        local = [line for row in self.local for line in self._local_note(row)]
        if self.for_people is None:
            return tuple(local)
        row, words = self.results[0], self.for_people
        but_not = but(row.place, row.cautions)
        facts = [
            f"{row.drug.full_name}, {row.route.full_name}",
            f"{words.asked} is {row.place} the published range of {words.range} per dose{but_not}",
            *(f"{key} {value}" for key, value in self._facts()[1:]),
            *words.working,
            f"standing {row.standing}",
            *self.heeded(row.cautions),
        ]
        return ("; ".join(facts), f"Source: {words.stated_in}; {self.note_ending()}", *local)

    def _local_note(self, row: LocalPlace) -> tuple[str, str]:
        local_range = f"{place_range_in_words(row)}{but(row.place, row.cautions)}"
        facts = [
            f"{row.origin}, row {row.id}",
            f"{row.drug.full_name}, {row.route_name}",
            f"{self._asked()} is {row.place} the local range of {local_range}",
            *(f"{key} {value}" for key, value in self._weight_and_over()),
            row.difference.text,
            *(caution.text.rstrip(".") for caution in row.cautions),
            *self.heeded(()),
        ]
        return "; ".join(facts), f"Source: {sources_in_words(row)}; {self.note_ending()}"


class CheckQuestion(NamedTuple):
    """A dose, and what else is known of how it was given."""

    dose: Dose
    route: Route
    drug: Drug | None = None
    weight: Weight | None = None
    over: Duration | None = None
    confirmed: bool = False


def check_report(
    dataset: Dataset,
    rows: Rows,
    asked: CheckQuestion,
    laid: Laid | None = None,
    *,
    today: date,
) -> CheckReport:
    """Return where a dose lies in a route's ranges; a per-kg one without a weight is refused."""
    weight = asked.weight
    results = tuple(_result(dataset, row, asked) for row in rows.published)
    given = asked.dose, weight, asked.over
    words = [
        _for_people(dataset, *each, asked) for each in zip(rows.published, results, strict=True)
    ]
    return CheckReport(
        data=stamp(dataset),
        protocol=laid and laid.stamp(),
        inputs=CheckInputs(
            dose=echo_measured(asked.dose),
            route=asked.route,
            drug=asked.drug,
            weight=weight and echo_weight(weight),
            over=asked.over and echo_measured(asked.over),
            confirm_weight=asked.confirmed,
        ),
        results=results,
        local=tuple(local_place(laid, row, *given) for row in rows.local) if laid else (),
        for_people=words[0] if words else None,
        cautions=(
            *(weight_cautions(weight) if weight else ()),
            *rows.left_out,
            *local_cautions(laid, rows.local),
            *overdue(dataset, today),
        ),
        sources=cited(dataset, (source for row in results for source in row.source_ids)),
    )


def _for_people(
    dataset: Dataset, row: DoseRow, result: CheckResult, asked: CheckQuestion
) -> ForPeople:
    milligrams = Fraction(result.dose.exact)
    return ForPeople(
        asked=measured(asked.dose),
        range=range_in_words(result.published, steps(row)),
        over=duration_in_words(duration(row)),
        working=_working(milligrams, asked.dose, asked.weight, result.per_kg),
        stated_in=stated_in(dataset, row),
    )


def _result(dataset: Dataset, row: DoseRow, asked: CheckQuestion) -> CheckResult:
    if row.basis is Basis.PER_KG and asked.weight is None:
        raise InputError(
            ErrorCode.WEIGHT_MISSING,
            f"the {row.route.full_name} range is per kg of body weight: a weight is needed",
            "-w 70kg or -w 154lb",
        )
    milligrams = magnitude(asked.dose.quantity, "mg")
    return CheckResult(
        route=row.route,
        drug=row.drug,
        # A typed number always ends, so that the dose is shown exactly.
        dose=shown(notation.terminating(milligrams), milligrams, "mg"),
        per_kg=_per_kg(row, asked.dose, asked.weight),
        published=published(row),
        place=dosing.place_in_range(row, asked.dose, asked.weight),
        standing=row.standing.code,
        cautions=tuple(_cautions(dataset, row, asked)),
        source_ids=row.source_ids,
    )


def _per_kg(row: DoseRow, dose: Dose, weight: Weight | None) -> Quantity | None:
    if row.basis is Basis.FIXED or weight is None:
        return None
    exact = magnitude(dosing.dose_per_kg(dose, weight), "mg/kg")
    bounds = (Fraction(row.low), Fraction(row.high))
    return shown(notation.apart(exact, bounds), exact, "mg/kg")


def _cautions(dataset: Dataset, row: DoseRow, asked: CheckQuestion) -> list[Caution]:
    cautions = duration_caution(row, asked.over, asked=True)
    if row.steps and not dosing.is_whole_steps(row, asked.dose):
        device = notation.amount(row.steps[0], row.unit)
        text = f"{measured(asked.dose)} is not a whole number of {device} devices."
        cautions.append(Caution(code=CautionCode.NOT_WHOLE_DEVICES, text=text))
    cautions += row_cautions(dataset, row, magnitude(asked.dose.quantity, "mg"))
    if asked.drug is None:
        cautions.append(read_as(row.drug))
    return cautions


def _working(
    milligrams: Fraction, dose: Dose, weight: Weight | None, per_kg: Quantity | None
) -> tuple[str, ...]:
    lines = []
    in_mg = f"{by_hand(milligrams)} mg"
    if dose.unit != "mg":
        lines.append(f"{measured(dose)} = {in_mg}")
    if weight is None or per_kg is None:
        return (*lines, "body weight not used: a fixed dose")
    result = result_in_words(per_kg, exactly=not about(weight.kg))
    quotient = f"{in_mg} / {by_hand(weight.kg)} kg = {result}"
    return (*lines, *weight_lines(weight), quotient)
