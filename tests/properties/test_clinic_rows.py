"""Laws that hold for any row a clinic's protocol may have, whatever the weight."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from ketaref.dosing import Position, resolve
from ketaref.model.dose_row import Basis, BodyWeight
from ketaref.model.names import Drug, Route
from ketaref.protocol.model import Protocol, ProtocolRow
from ketaref.protocol.read import read_protocol
from ketaref.ranges.computed import DoseResult
from ketaref.ranges.library import Library
from ketaref.ranges.values import Quantity
from ketaref.reference import Reference
from ketaref.store import load_dataset
from ketaref.units import Dose, parse_weight
from tests.conftest import TODAY
from tests.places import NARROW
from tests.properties.typed import Typed, weights

LAW = settings(deadline=None, max_examples=200)
WIDER = [
    Decimal(0),
    Decimal("0.001"),
    Decimal("0.01"),
]  # how ends that are equal, or nearly, differ
STEPS = [Decimal("2.5"), Decimal(5), Decimal(10)]


def numbers(most: int) -> st.SearchStrategy[Decimal]:
    """Return numbers as a protocol may have them: of three decimals, but mostly round ones."""
    return st.one_of(
        st.integers(1, most),
        st.integers(1, most * 10).map(lambda tenths: Decimal(tenths) / 10),
        st.integers(1, most * 1000).map(lambda thousandths: Decimal(thousandths) / 1000),
    ).map(Decimal)


@cache
def narrow() -> Protocol:
    return read_protocol(NARROW, load_dataset(), today=TODAY)


@st.composite
def rows(draw: st.DrawFn) -> ProtocolRow:
    """Return a clinic's row: any range, with or without a maximum and a step; ends often equal."""
    basis = draw(st.sampled_from(Basis))
    per_kg = basis is Basis.PER_KG
    low = draw(numbers(3 if per_kg else 400))
    high = low + draw(st.sampled_from(WIDER) | numbers(3 if per_kg else 400))
    maximum = draw(st.none() | numbers(400))
    if maximum and not per_kg:
        maximum += high  # below it, the protocol would be refused
    step = draw(st.none() | numbers(100) | st.sampled_from(STEPS))
    return ProtocolRow.model_validate(
        {
            "id": "row-1",
            "route": "subcutaneous",
            "drug": "ketamine",
            "basis": basis,
            "low": low,
            "high": high,
            "unit": "mg/kg" if per_kg else "mg",
            "body_weight": BodyWeight.ACTUAL if per_kg else None,
            "maximum": maximum and {"value": maximum, "unit": "mg"},
            "rounding_step": step and {"value": step, "unit": "mg"},
            "sources": [{"title": "Protocol", "place": "page 1"}],
        }
    )


def reference(row: ProtocolRow) -> Reference:
    """Return the reference with a protocol of this row alone."""
    protocol = narrow().model_copy(update={"rows": (row,)})
    return Reference(Library(load_dataset(), protocol, TODAY))


def result_of(row: ProtocolRow, weight: str) -> DoseResult:
    answer = reference(row).dose(weight, route=Route.SUBCUTANEOUS, confirm_weight=True)
    (result,) = answer.local
    return result


def ends(result: DoseResult) -> Iterator[Quantity]:
    yield from (result.dose.low, result.dose.high)


@LAW
@given(rows(), weights)
def test_what_dose_shows_is_inside_for_check(row: ProtocolRow, weight: Typed) -> None:
    for shown in {end.value for end in ends(result_of(row, weight[0]))}:
        answer = reference(row).check(
            Dose(shown, "mg"),
            route=Route.SUBCUTANEOUS,
            drug=Drug.KETAMINE,
            weight=weight[0],
            confirm_weight=True,
        )
        assert [checked.position for checked in answer.local] == [Position.INSIDE]


@LAW
@given(rows(), weights)
def test_what_dose_shows_is_above_zero_and_never_above_the_maximum(
    row: ProtocolRow, weight: Typed
) -> None:
    result = result_of(row, weight[0])
    assert 0 < result.dose.low.value <= result.dose.high.value
    if row.maximum:
        assert result.dose.high.value <= row.maximum.value
        assert result.dose.accepted.high.fraction <= Fraction(row.maximum.value)


@LAW
@given(rows(), weights)
def test_what_dose_shows_is_a_multiple_of_the_step_or_it_says_that_it_is_not(
    row: ProtocolRow, weight: Typed
) -> None:
    result = result_of(row, weight[0])
    codes = {caution.code for caution in result.cautions}
    in_steps = "multiple" in result.dose.rounding
    if row.rounding_step is None:
        assert not in_steps
        assert not codes & {"nearest_step", "no_step_inside"}
        return
    assert in_steps == ("no_step_inside" not in codes)
    if in_steps:
        step = Fraction(row.rounding_step.value)
        assert all((Fraction(end.value) / step).denominator == 1 for end in ends(result))


@LAW
@given(rows(), weights)
def test_a_range_is_widened_only_as_far_as_the_one_value_that_is_shown(
    row: ProtocolRow, weight: Typed
) -> None:
    resolved = resolve(row, parse_weight(weight[0], confirmed=True))
    limited, shown, accepted = resolved.limited, resolved.shown, resolved.accepted
    assert limited.high <= resolved.calculated.high
    assert accepted.low <= shown.low <= shown.high <= accepted.high
    if shown.low < shown.high:
        assert limited.low <= accepted.low
        assert accepted.high <= limited.high
    else:
        assert accepted.low in (limited.low, shown.low)
        assert accepted.high in (limited.high, shown.high)
