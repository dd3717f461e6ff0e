"""Whether dose, check, chart and the audit say what the reckoner says, and so the same.

Each function returns the disagreements, in words; none is what is wanted.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from random import Random
from typing import NamedTuple

from ketaref.answers.chart import ChartPoint
from ketaref.model.dose_row import Basis
from ketaref.ranges.computed import CheckResult, DoseRange, DoseResult
from ketaref.ranges.values import Range
from ketaref.reference import Reference
from ketaref.store import load_dataset
from ketaref.units import Dose, Weight, quantity
from tests.audit import engines
from tests.audit.random_protocols import (
    BodyWeight,
    GivenDose,
    LocalRow,
    doses_at,
    line,
    random_weights,
)
from tests.audit.reckoner import Ends, Reckoned, Row, inward, reckon

_TYPED_DECIMALS = 3  # what is typed has no more; a number of a table may


class Case(NamedTuple):
    """A row of a protocol at a weight: what it comes to, and doses at the ends of that."""

    row: LocalRow
    weight: BodyWeight
    reckoned: Reckoned
    doses: list[GivenDose]

    def __str__(self) -> str:
        terms = ", ".join(f"{name} {value}" for name, value in self.row.terms._asdict().items())
        return f"{self.row.id} ({terms}) at {self.weight.number} {self.weight.unit}"


def random_cases(random: Random, rows: Iterable[LocalRow], weights: int) -> list[Case]:
    """Return each row at so many weights, many of them at its boundaries."""
    return [
        case_of(random, row, weight)
        for row in rows
        for weight in random_weights(random, row.terms, weights)
    ]


def case_of(random: Random, row: LocalRow, weight: BodyWeight) -> Case:
    """Return a row at a weight."""
    reckoned = reckon(row.terms, weight.kg)
    return Case(row, weight, reckoned, doses_at(random, reckoned))


def published(row: LocalRow) -> Row | None:
    """Return the terms of the published row of the same route and drug."""
    found = load_dataset().row(row.route, row.drug)
    if found is None:
        return None
    return Row(found.basis is Basis.PER_KG, Fraction(found.low), Fraction(found.high))


# ------------------------------------------------------------ dose, check and chart


def in_answers(reference: Reference, case: Case) -> Iterator[str]:
    """Yield where an answer differs from the reckoner, or from another answer."""
    result = _dose(reference, case)
    for what in _in_range(case.reckoned, result.dose):
        yield f"dose of {case}: {what}"
    if case.row.terms.per_kg and _point(reference, case).dose != result.dose:
        yield f"chart of {case}: another range than dose"
    source = published(case.row)
    for dose in case.doses:
        local, from_source = _check(reference, case, dose)
        if local.dose != result.dose:
            yield f"check of {case}: another range than dose"
        positions = [(local, case.reckoned)]
        if from_source and source:
            positions.append((from_source, reckon(source, case.weight.kg)))
        for checked, reckoned in positions:
            expected = reckoned.accepted.position(dose.mg)
            if checked.position.value != expected:
                yield (
                    f"check of {dose.number} {dose.unit} by {case}, {checked.origin}: "
                    f"{checked.position}, not {expected}"
                )


def _in_range(reckoned: Reckoned, dose: DoseRange) -> Iterator[str]:
    for name, ours, theirs in (
        ("calculated", reckoned.calculated, _exact(dose.calculated)),
        ("accepted", reckoned.accepted, _exact(dose.accepted)),
        ("capped", reckoned.limited != reckoned.calculated, dose.capped),
    ):
        if ours != theirs:
            yield f"{name} {theirs}, not {ours}"
    shown = Ends(Fraction(dose.low.value), Fraction(dose.high.value))
    expected = reckoned.rounded or inward(reckoned.limited)
    if expected and shown != expected:
        yield f"shown {shown}, not {expected}"
    low, high = reckoned.accepted
    if not low <= shown.low <= shown.high <= high:
        yield f"shown {shown}, which is not inside {reckoned.accepted}"


def _exact(range_: Range) -> Ends:
    return Ends(range_.low.fraction, range_.high.fraction)


def _dose(reference: Reference, case: Case) -> DoseResult:
    row = case.row
    weight = _weight(case.weight)
    answer = reference.dose(weight, route=row.route, drug=row.drug, confirm_weight=True)
    (result,) = (result for result in answer.local if result.id == row.id)
    return result


def _check(
    reference: Reference, case: Case, dose: GivenDose
) -> tuple[CheckResult, CheckResult | None]:
    row = case.row
    answer = reference.check(
        Dose(dose.number, dose.unit),
        route=row.route,
        drug=row.drug,
        weight=_weight(case.weight),
        confirm_weight=True,
    )
    (local,) = (result for result in answer.local if result.id == row.id)
    return local, next(iter(answer.results), None)


def _point(reference: Reference, case: Case) -> ChartPoint:
    weight = _weight(case.weight)
    answer = reference.chart(
        case.row.route, lightest=weight, heaviest=weight, step=weight, confirm_weight=True
    )
    (point,) = (point for point in answer.local if point.id == case.row.id)
    return point


def _weight(weight: BodyWeight) -> str | Weight:
    """Return a weight as it is typed; one of more digits than are typed, as a quantity."""
    entered = f"{weight.number:f} {weight.unit}"
    _, _, decimals = f"{weight.number:f}".partition(".")
    if len(decimals) <= _TYPED_DECIMALS:
        return entered
    return Weight(entered, weight.unit, quantity(Fraction(weight.number), weight.unit))


# ------------------------------------------------------------ an audit


def table(cases: Iterable[Case]) -> list[engines.Row]:
    """Return every dose of the cases as a row of a table, with its number."""
    lines = [line(case.row, case.weight, dose) for case in cases for dose in case.doses]
    return [(number, *each) for number, each in enumerate(lines)]


def in_audit(cases: Iterable[Case], found: list[engines.Row]) -> Iterator[str]:
    """Yield where what an engine found of the table, row by row, differs from the reckoner."""
    expected = (each for case in cases for each in _expected(case))
    for (dose, what, ours), (_, *theirs) in zip(expected, found, strict=True):
        published_columns, local_columns = tuple(theirs[:5]), tuple(theirs[5:10])
        if local_columns != ours.local:
            yield f"{dose} by {what}: {local_columns}, not {ours.local}"
        if ours.published and published_columns != ours.published:
            yield f"{dose} by {what}, published: {published_columns}, not {ours.published}"


class _Expected(NamedTuple):
    """The class, reason, row and limits in mg of one dose; ``published`` empty without a row."""

    local: tuple[object, ...]
    published: tuple[object, ...]


def _expected(case: Case) -> Iterator[tuple[GivenDose, Case, _Expected]]:
    source = published(case.row)
    from_source = source and reckon(source, case.weight.kg).accepted
    ours = case.reckoned.accepted
    for dose in case.doses:
        local = (ours.position(dose.mg), None, case.row.id, *ours)
        theirs: tuple[object, ...] = ()
        if from_source:
            theirs = (from_source.position(dose.mg), None, str(case.row.route), *from_source)
        yield dose, case, _Expected(local, theirs)
