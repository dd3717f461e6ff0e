"""Laws that hold for every quantity and every published row."""

import re
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ketaref.dosing import Position, Span, position_of_duration, rates, resolve, volumes
from ketaref.model.dose_row import DoseRow
from ketaref.model.names import Route
from ketaref.notation import (
    amount,
    amount_range,
    exact,
    for_people,
    half_up,
    nearest,
    plain,
    round_apart,
    round_inward,
)
from ketaref.store import load_dataset
from ketaref.units import parse_dose, parse_duration, parse_strength, parse_weight
from tests.properties.typed import Typed, typed, weights

LAW = settings(deadline=None, max_examples=200)
PER_KG = {Route.IV: ("0.5", "1"), Route.SUBLINGUAL: ("0.2", "0.4")}  # as the article has them

doses = (  # around the ranges of an adult, so that each position is met
    typed(1, 399, 3, "mg", Fraction(1))
    | typed(1000, 399_999, 3, "mcg", Fraction(1, 1000))
    | st.integers(1000, 399_999).map(lambda mcg: (f"0.{mcg:06} g", Fraction(mcg, 1000)))
)
strengths = typed(1, 199, 3, "mg per mL", Fraction(1))
durations = typed(1, 9999, 1, "min", Fraction(1)) | typed(1, 99, 2, "h", Fraction(60))
per_kg_rows = st.sampled_from(list(PER_KG))

positive = st.fractions(min_value=Fraction(1, 10**9), max_value=10**9).filter(bool)
ratios = st.fractions(min_value=1, max_value=3)


def row_of(route: Route) -> DoseRow:
    row = load_dataset().row(route)
    assert row is not None
    return row


@LAW
@given(weights, per_kg_rows, strengths, durations)
def test_dose_over_weight_is_the_published_bound_whatever_the_weight(
    weight: Typed, route: Route, strength: Typed, over: Typed
) -> None:
    doses = resolve(row_of(route), parse_weight(weight[0], confirmed=True)).calculated
    milligrams = tuple(Fraction(bound) * weight[1] for bound in PER_KG[route])
    assert doses == milligrams
    millilitres = volumes(doses, parse_strength(strength[0]))
    assert millilitres == tuple(mg / strength[1] for mg in milligrams)
    mg_per_min = rates(doses, parse_duration(over[0]))
    assert mg_per_min == tuple(mg / over[1] for mg in milligrams)


@LAW
@given(st.sampled_from(load_dataset().rows), weights)
def test_a_published_range_is_neither_limited_nor_widened(row: DoseRow, weight: Typed) -> None:
    resolved = resolve(row, parse_weight(weight[0], confirmed=True))
    assert resolved.limited == resolved.shown == resolved.accepted == resolved.calculated
    assert not resolved.is_limited


@LAW
@given(weights)
def test_a_fixed_dose_is_the_same_whatever_the_weight(weight: Typed) -> None:
    resolved = resolve(row_of(Route.NASAL), parse_weight(weight[0], confirmed=True))
    assert resolved.calculated == resolved.accepted == Span(Fraction(28), Fraction(84))


def step(value: Fraction, unit: str) -> Fraction:
    """Return the last place shown of a value of this size; 3 significant figures for a rate."""
    if unit == "mg/min":
        return value / 100
    small = Fraction(1, 10) if unit == "mg" else Fraction(1, 100)
    return small if value < 10 else 10 * small


@LAW
@given(
    st.fractions(min_value=Fraction(1, 10**4), max_value=900),
    ratios | st.fractions(1, Fraction(1001, 1000)) | st.fractions(1, 1 + Fraction(1, 10**7)),
    st.sampled_from(["mg", "mL", "mg/min"]),
)
def test_what_is_shown_never_leaves_the_published_range(
    low: Fraction, ratio: Fraction, unit: str
) -> None:
    high = low * ratio
    shown_low, shown_high = map(Fraction, round_inward(low, high, unit))
    assert high - step(high, unit) < shown_high <= high
    if low == high:
        assert shown_low == shown_high
    else:
        assert low <= shown_low <= shown_high
        assert shown_low < low + step(low, unit)


PROGRAM = r"(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?"
PEOPLE = r"(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})*)(?:\.[0-9]*[1-9])?"


@LAW
@given(positive, ratios, st.integers(0, 6), st.sampled_from(["mg", "mL", "mg/min"]))
def test_a_number_shown_has_no_exponent_no_trailing_zero_and_no_naked_point(
    value: Fraction, ratio: Fraction, places: int, unit: str
) -> None:
    rounded = half_up(value, places)
    ends = round_inward(value, value * ratio, unit)
    for shown in (rounded, round_apart(value, (Fraction(1),)), *ends):
        assert re.fullmatch(PROGRAM, plain(shown))
        assert re.fullmatch(PEOPLE, for_people(shown))
        assert re.fullmatch(rf"{PEOPLE} {unit}", amount(shown, unit))
        assert Decimal(for_people(shown).replace(",", "")) == Decimal(plain(shown)) == shown
    assert re.fullmatch(rf"{PEOPLE}(?: to {PEOPLE})? {unit}", amount_range(*ends, unit))
    assert re.fullmatch(rf"{PROGRAM}|[1-9][0-9]*/[1-9][0-9]*", exact(value))
    assert Fraction(exact(value)) == value


@LAW
@given(positive, st.integers(0, 6))
def test_half_up_is_the_nearest_and_the_upper_of_two(value: Fraction, places: int) -> None:
    off = Fraction(half_up(value, places)) - value
    assert -Fraction(1, 2 * 10**places) < off <= Fraction(1, 2 * 10**places)


@LAW
@given(st.integers(1, 999), st.integers(2, 15), st.integers(-3, 3))
def test_a_dose_per_kg_shows_as_a_limit_only_where_it_is_one(
    thousandths: int, places: int, off: int
) -> None:
    limit = Fraction(thousandths, 1000)
    value = limit * (1 + Fraction(off, 10**places))
    shown = Fraction(round_apart(value, (limit, limit * 2)))
    assert abs(shown - value) <= value / 200
    assert (shown == limit) == (off == 0)


@LAW
@given(per_kg_rows, st.integers(20_000, 350_000), st.sampled_from([0, 1]), st.integers(-2, 2))
def test_a_dose_at_a_limit_is_inside_and_one_last_place_further_is_not(
    route: Route, grams: int, end: int, off: int
) -> None:
    limits = {Route.IV: (500, 1000), Route.SUBLINGUAL: (200, 400)}[route]  # mcg per kg
    thousandths = limits[end] * grams + off  # of a mcg: mcg per kg x g of body weight
    dose = parse_dose(f"{thousandths // 1000}.{thousandths % 1000:03} mcg")
    weight = parse_weight(f"{grams // 1000}.{grams % 1000:03} kg", confirmed=True)
    outward = off if end else -off
    expected = "inside" if outward <= 0 else ("below", "above")[end]
    assert resolve(row_of(route), weight).accepted.position(dose.mg) == expected


@LAW
@given(per_kg_rows, doses, weights)
def test_a_dose_lies_where_cross_multiplied_integers_say(
    route: Route, dose: Typed, weight: Typed
) -> None:
    low, high = (Fraction(bound) for bound in PER_KG[route])
    (mg, per_mg), (kg, per_kg) = (value[1].as_integer_ratio() for value in (dose, weight))
    left, right = mg * per_kg, kg * per_mg  # dose < bound x weight, without a division
    expected = "inside"
    if left * low.denominator < low.numerator * right:
        expected = "below"
    elif left * high.denominator > high.numerator * right:
        expected = "above"
    accepted = resolve(row_of(route), parse_weight(weight[0], confirmed=True)).accepted
    assert accepted.position(parse_dose(dose[0]).mg) == expected


@LAW
@given(positive, positive)
def test_the_nearest_multiple_of_a_step_is_at_most_half_a_step_away(
    value: Fraction, step_: Fraction
) -> None:
    multiple = nearest(value, step_)
    assert (multiple / step_).denominator == 1
    assert -step_ / 2 < multiple - value <= step_ / 2


@LAW
@given(durations)
def test_a_duration_lies_where_its_minutes_are_compared_with_40_and_60(over: Typed) -> None:
    expected = Position.INSIDE
    if over[1] < 40:
        expected = Position.BELOW
    elif over[1] > 60:
        expected = Position.ABOVE
    assert position_of_duration(row_of(Route.IV), parse_duration(over[0])) is expected


@LAW
@given(durations)
def test_no_duration_is_compared_with_one_that_is_not_stated(over: Typed) -> None:
    assert position_of_duration(row_of(Route.NASAL), parse_duration(over[0])) is None
