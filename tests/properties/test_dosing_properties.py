"""Laws that hold for every quantity and every published row, tried with Hypothesis."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketaref.dosing import dose_range, place_in_duration, place_in_range, rate_range, volume_range
from ketaref.model.names import Route
from ketaref.notation import amount, apart, exact, for_people, half_up, inward, plain, span
from ketaref.store import load_dataset
from ketaref.units import (
    parse_dose,
    parse_duration,
    parse_strength,
    parse_weight,
)

Typed = tuple[str, Fraction]  # what is typed, and what it is in kg, mg, mg/mL or minutes

LAW = settings(deadline=None, max_examples=200)
KG_PER_LB = Fraction(45_359_237, 100_000_000)
PER_KG = {Route.IV: ("0.5", "1"), Route.SUBLINGUAL: ("0.2", "0.4")}


def numbers(least: int, most: int, decimals: int) -> st.SearchStrategy[str]:
    """Return numbers as they are typed, trailing zeros and all."""
    fraction = st.text("0123456789", min_size=1, max_size=decimals).map(lambda text: f".{text}")
    return st.builds(
        "{}{}".format, st.integers(least, most), st.just("") | fraction if decimals else st.just("")
    )


def typed(
    least: int, most: int, decimals: int, unit: str, one: Fraction
) -> st.SearchStrategy[Typed]:
    return numbers(least, most, decimals).map(lambda n: (f"{n} {unit}", Fraction(n) * one))


def stones(pounds: int) -> Typed:
    return f"{pounds // 14} st {pounds % 14} lb", pounds * KG_PER_LB


kilograms = typed(20, 349, 3, "kg", Fraction(1))
weights = kilograms | typed(45, 770, 3, "lb", KG_PER_LB) | st.integers(45, 771).map(stones)
doses = (  # around the ranges of an adult, so that all three places are met
    typed(1, 399, 3, "mg", Fraction(1))
    | typed(1000, 399_999, 3, "mcg", Fraction(1, 1000))
    | st.integers(1000, 399_999).map(lambda mcg: (f"0.{mcg:06} g", Fraction(mcg, 1000)))
)
strengths = typed(1, 199, 3, "mg per mL", Fraction(1))
durations = typed(1, 9999, 1, "min", Fraction(1)) | typed(1, 99, 2, "h", Fraction(60))
per_kg_rows = st.sampled_from(list(PER_KG))

positive = st.fractions(min_value=Fraction(1, 10**9), max_value=10**9).filter(bool)
ratios = st.fractions(min_value=1, max_value=3)


@LAW
@given(weights, per_kg_rows, strengths, durations)
def test_dose_over_weight_is_the_published_bound_whatever_the_weight(
    weight: Typed, route: Route, strength: Typed, over: Typed
) -> None:
    doses = dose_range(load_dataset().row(route), parse_weight(weight[0], confirmed=True))
    milligrams = tuple(Fraction(bound) * weight[1] for bound in PER_KG[route])
    assert doses.within("mg") == milligrams
    volumes = volume_range(doses, parse_strength(strength[0])).within("mL")
    assert volumes == tuple(mg / strength[1] for mg in milligrams)
    rates = rate_range(doses, parse_duration(over[0])).within("mg/min")
    assert rates == tuple(mg / over[1] for mg in milligrams)


@LAW
@given(weights)
def test_a_fixed_dose_does_not_know_the_weight(weight: Typed) -> None:
    doses = dose_range(load_dataset().row(Route.NASAL), parse_weight(weight[0], confirmed=True))
    assert doses.within("mg") == (Fraction(28), Fraction(84))


def step(value: Fraction, unit: str) -> Fraction:
    """Return the last place shown of a value of this size; 3 significant figures for a rate."""
    if unit == "mg/min":
        return value / 100
    small = Fraction(1, 10) if unit == "mg" else Fraction(1, 100)
    return small if value < 10 else 10 * small


@LAW
@given(
    st.fractions(min_value=Fraction(1, 10**4), max_value=900),
    ratios | st.fractions(min_value=1, max_value=Fraction(1001, 1000)),
    st.sampled_from(["mg", "mL", "mg/min"]),
)
def test_what_is_shown_never_leaves_the_published_range(
    low: Fraction, ratio: Fraction, unit: str
) -> None:
    high = low * ratio
    shown_low, shown_high = map(Fraction, inward(low, high, unit))
    assert high - step(high, unit) < shown_high <= high
    if high - low >= Fraction(1, 10**6):  # so that a number of 6 decimals lies between them
        assert low <= shown_low <= shown_high
        assert shown_low < low + step(low, unit)
    else:
        assert shown_low <= shown_high


PROGRAM = r"(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?"
PEOPLE = r"(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})*)(?:\.[0-9]*[1-9])?"


@LAW
@given(positive, ratios, st.integers(0, 6), st.sampled_from(["mg", "mL", "mg/min"]))
def test_a_number_shown_has_no_exponent_no_trailing_zero_and_no_naked_point(
    value: Fraction, ratio: Fraction, places: int, unit: str
) -> None:
    rounded = half_up(value, places)
    for shown in (rounded, apart(value, (Fraction(1),)), *inward(value, value * ratio, unit)):
        assert re.fullmatch(PROGRAM, plain(shown))
        assert re.fullmatch(PEOPLE, for_people(shown))
        assert re.fullmatch(rf"{PEOPLE} {unit}", amount(shown, unit))
        assert Decimal(for_people(shown).replace(",", "")) == Decimal(plain(shown)) == shown
    assert re.fullmatch(
        rf"{PEOPLE}(?: to {PEOPLE})? {unit}", span(*inward(value, value * ratio, unit), unit)
    )
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
    shown = Fraction(apart(value, (limit, limit * 2)))
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
    found = place_in_range(load_dataset().row(route), dose, weight)
    outward = off if end else -off
    assert found == ("inside" if outward <= 0 else ("below", "above")[end])


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
    read = parse_dose(dose[0]), parse_weight(weight[0], confirmed=True)
    assert place_in_range(load_dataset().row(route), *read) == expected


def test_a_range_per_kg_needs_a_body_weight() -> None:
    row = load_dataset().row(Route.IV)
    with pytest.raises(ValueError, match="needs a body weight"):
        dose_range(row, None)
    with pytest.raises(ValueError, match="needs a body weight"):
        place_in_range(row, parse_dose("35 mg"), None)


def test_nothing_lies_inside_a_duration_that_is_not_stated() -> None:
    stated = load_dataset().row(Route.NASAL).duration
    assert place_in_duration(stated, parse_duration("40 min")) is None
