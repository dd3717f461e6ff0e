"""Numbers as text: each expected value was worked out by hand from the published rules."""

from decimal import Decimal
from fractions import Fraction

import pytest

from ketaref.notation import (
    amount,
    amount_choice,
    amount_range,
    exact,
    for_people,
    half_up,
    plain,
    round_inward,
    terminating,
)


def shown(low: str, high: str, unit: str) -> str:
    """Return a range as people see it."""
    return amount_range(*round_inward(Fraction(low), Fraction(high), unit), unit)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("34.92661249", "34.92661249"),
        ("7/9", "7/9"),
        ("1/3", "1/3"),
        ("70/2", "35"),
        ("100", "100"),
        ("1e30", "1000000000000000000000000000000"),
        ("1e-12", "0.000000000001"),
        ("0.50", "0.5"),
        ("7001/7000", "7001/7000"),
        ("1/1024", "0.0009765625"),
        ("1.3970644996", "1.3970644996"),
        ("123456789012345678901234567890.123", "123456789012345678901234567890.123"),
    ],
)
def test_an_exact_value_is_a_decimal_where_it_ends_and_else_a_fraction(
    value: str, text: str
) -> None:
    assert exact(Fraction(value)) == text


def test_a_decimal_that_ends_is_kept_to_its_last_digit() -> None:
    long = "0.1234567890123456789012345678901234567890123"  # more digits than Decimal computes with
    assert str(terminating(Fraction(long))) == long
    with pytest.raises(ValueError, match="does not end"):
        terminating(Fraction(1, 3))


@pytest.mark.parametrize(
    ("value", "for_programs", "for_readers"),
    [
        ("1E+2", "100", "100"),
        ("70.50", "70.5", "70.5"),
        ("70.0", "70", "70"),
        ("0.5", "0.5", "0.5"),
        ("0.00000286", "0.00000286", "0.00000286"),
        ("1E-7", "0.0000001", "0.0000001"),
        ("999", "999", "999"),
        ("1000", "1000", "1,000"),
        ("70000.5", "70000.5", "70,000.5"),
        ("1234567.1234567", "1234567.1234567", "1,234,567.1234567"),
        ("1.20E+6", "1200000", "1,200,000"),
        ("100", "100", "100"),
    ],
)
def test_a_number_has_no_exponent_and_no_trailing_zero_and_commas_are_for_people(
    value: str, for_programs: str, for_readers: str
) -> None:
    assert plain(Decimal(value)) == for_programs
    assert for_people(Decimal(value)) == for_readers


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("35", "mg", "35 mg"),
        ("1", "mg", "1 mg"),
        ("0.50", "mg/kg", "0.5 mg/kg"),
        ("50", "mg/mL", "50 mg per mL"),
        ("50", "mg per mL", "50 mg per mL"),
        ("1.39", "mL", "1.39 mL"),
        ("40", "min", "40 minutes"),
        ("1", "min", "1 minute"),
        ("0.5", "min", "0.5 minutes"),
        ("1", "h", "1 hour"),
        ("1.5", "h", "1.5 hours"),
        ("35000", "mcg", "35,000 mcg"),
        ("0.874", "mg/min", "0.874 mg/min"),
    ],
)
def test_an_amount_has_a_space_before_its_unit(value: str, unit: str, text: str) -> None:
    assert amount(Decimal(value), unit) == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        ("0.5", "1.0", "mg/kg", "0.5 to 1 mg/kg"),
        ("40", "60", "min", "40 to 60 minutes"),
        ("1000", "2000", "mg", "1,000 to 2,000 mg"),
        ("35", "35.0", "mg", "35 mg"),
    ],
)
def test_a_range_says_to_and_equal_ends_are_one_value(
    low: str, high: str, unit: str, text: str
) -> None:
    assert amount_range(Decimal(low), Decimal(high), unit) == text


@pytest.mark.parametrize(
    ("values", "text"), [("28 56 84", "28, 56 or 84 mg"), ("28 56", "28 or 56 mg"), ("28", "28 mg")]
)
def test_steps_are_listed(values: str, text: str) -> None:
    assert amount_choice(tuple(Decimal(value) for value in values.split()), "mg") == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("69.85322498", 1, "69.9"),
        ("69.85", 1, "69.9"),
        ("69.849999999", 1, "69.8"),
        ("0.05", 1, "0.1"),
        ("0.0499", 1, "0.0"),
        ("2.5", 0, "3"),
        ("3.5", 0, "4"),
        ("154.3235835", 1, "154.3"),
        ("1/3", 4, "0.3333"),
        ("2/3", 4, "0.6667"),
    ],
)
def test_what_is_only_echoed_is_rounded_half_up(value: str, places: int, text: str) -> None:
    assert half_up(Fraction(value), places) == Decimal(text)


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        # 154 lb: 69.85322498 kg; at 50 mg per mL; over 40 minutes
        ("34.92661249", "69.85322498", "mg", "35 to 69 mg"),
        ("0.6985322498", "1.3970644996", "mL", "0.7 to 1.39 mL"),
        ("0.87316531225", "1.7463306245", "mg/min", "0.874 to 1.74 mg/min"),
        ("13.970644996", "27.941289992", "mg", "14 to 27 mg"),
        # 70 kg: nothing to round
        ("35", "70", "mg", "35 to 70 mg"),
        ("0.7", "1.4", "mL", "0.7 to 1.4 mL"),
        ("0.875", "1.75", "mg/min", "0.875 to 1.75 mg/min"),
        # the rule changes at 10, for each end by its own exact value
        ("9.91", "20", "mg", "10 to 20 mg"),
        ("9.95", "20", "mg", "10 to 20 mg"),
        ("9.99", "20", "mg", "10 to 20 mg"),
        ("9.9", "20", "mg", "9.9 to 20 mg"),
        ("10", "20.9", "mg", "10 to 20 mg"),
        ("10.01", "20", "mg", "11 to 20 mg"),
        ("5.01", "9.95", "mg", "5.1 to 9.9 mg"),
        ("5", "9.99", "mg", "5 to 9.9 mg"),
        ("5", "10", "mg", "5 to 10 mg"),
        ("5", "10.99", "mg", "5 to 10 mg"),
        ("9.991", "20", "mL", "10 to 20 mL"),
        ("9.95", "20", "mL", "9.95 to 20 mL"),
        ("10", "20.09", "mL", "10 to 20 mL"),
        ("10.01", "20", "mL", "10.1 to 20 mL"),
        ("5.001", "9.95", "mL", "5.01 to 9.95 mL"),
        ("5", "9.999", "mL", "5 to 9.99 mL"),
        ("5", "10.01", "mL", "5 to 10 mL"),
        # 3 significant figures, whatever the size
        ("0.0087351", "0.0174702", "mg/min", "0.00874 to 0.0174 mg/min"),
        ("12.341", "24.682", "mg/min", "12.4 to 24.6 mg/min"),
        ("99.91", "199.9", "mg/min", "100 to 199 mg/min"),
        ("0.9991", "1.999", "mg/min", "1 to 1.99 mg/min"),
        ("1234", "2468", "mg/min", "1,240 to 2,460 mg/min"),
        ("7/18", "7/9", "mg/min", "0.389 to 0.777 mg/min"),
        # a commonplace of floats: 0.1 + 0.2 is not above 0.3 here
        ("0.3", "0.6", "mg", "0.3 to 0.6 mg"),
        ("6.02", "12.04", "mg", "6.1 to 12 mg"),
    ],
)
def test_a_range_is_rounded_inward(low: str, high: str, unit: str, text: str) -> None:
    assert shown(low, high, unit) == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        ("10.2", "10.8", "mg", "10.2 to 10.8 mg"),
        ("10.21", "10.29", "mg", "10.21 to 10.29 mg"),
        ("34.2", "35.9", "mg", "34.2 to 35.9 mg"),  # both ends would be 35
        ("0.04", "0.09", "mg", "0.04 to 0.09 mg"),
        ("0.011", "0.019", "mL", "0.011 to 0.019 mL"),
        ("1.2341", "1.2349", "mg/min", "1.2341 to 1.2349 mg/min"),
        ("20.0000011", "20.0000029", "mg", "20.000002 mg"),
        ("1000.0000011", "1000.0000039", "mg/min", "1,000.000002 to 1,000.000003 mg/min"),
        ("123456.0000011", "123456.0000039", "mg/min", "123,456.000002 to 123,456.000003 mg/min"),
    ],
)
def test_a_range_that_rounding_would_turn_inside_out_takes_more_digits(
    low: str, high: str, unit: str, text: str
) -> None:
    assert shown(low, high, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("34.9", "mg", "34 mg"),
        ("9.99", "mg", "9.9 mg"),
        ("1.999", "mL", "1.99 mL"),
        ("1.7463", "mg/min", "1.74 mg/min"),
        ("28", "mg", "28 mg"),
    ],
)
def test_a_range_of_one_value_is_rounded_down(value: str, unit: str, text: str) -> None:
    assert shown(value, value, unit) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("20.00000011", "20.00000012", "20.00000011 to 20.00000012 mg"),
        ("20.00000011", "20.00000029", "20.0000002 mg"),
    ],
)
def test_a_range_narrower_than_6_decimals_is_still_not_left(low: str, high: str, text: str) -> None:
    assert shown(low, high, "mg") == text


@pytest.mark.parametrize("unit", ["kg", "mg/kg", "min", ""])
def test_a_unit_without_a_rule_is_not_rounded_by_a_guess(unit: str) -> None:
    with pytest.raises(ValueError, match="no rounding rule"):
        round_inward(Fraction(1), Fraction(2), unit)


def test_a_small_value_is_never_shown_as_zero() -> None:
    small = Fraction("0.02")
    assert round_inward(small, small, "mg") == (Decimal("0.02"), Decimal("0.02"))
