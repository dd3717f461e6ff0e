"""Rounding to one value: to the nearest multiple of a step, and apart from a bound. By hand."""

from fractions import Fraction

import pytest

from ketaref.notation import nearest, plain, round_apart

HALF, ONE = Fraction("0.5"), Fraction(1)


@pytest.mark.parametrize(
    ("value", "step", "multiple"),
    [
        # whole steps: 7 x 5 = 35 and 8 x 5 = 40, with 37.5 halfway
        ("35", "5", "35"),
        ("37.499", "5", "35"),
        ("37.5", "5", "40"),
        ("37.501", "5", "40"),
        # 1 and 0.1 mg, as one value is rounded without a step
        ("10.4", "1", "10"),
        ("10.5", "1", "11"),
        ("11.5", "1", "12"),  # to the upper, not to the even one
        ("9.94", "0.1", "9.9"),
        ("9.95", "0.1", "10"),
        ("0.05", "0.1", "0.1"),
        ("0.049", "0.1", "0"),
        # steps that are no decimal place
        ("4", "2.5", "5"),  # 2.5 and 5, with 3.75 halfway
        ("3.75", "2.5", "5"),
        ("3.749", "2.5", "2.5"),
        ("42", "28", "56"),  # 28 and 56, with 42 halfway
        ("41.999", "28", "28"),
        # a decimal that does not end, and one longer than a float
        ("7/6", "1/3", "4/3"),  # 3.5 thirds: halfway, the upper
        ("0.49999999999999999999", "1", "0"),
        # below half a step there is nothing left
        ("4.999", "10", "0"),
        ("5", "10", "10"),
    ],
)
def test_the_nearest_multiple_of_a_step_is_the_upper_one_halfway(
    value: str, step: str, multiple: str
) -> None:
    assert nearest(Fraction(value), Fraction(step)) == Fraction(multiple)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("7001/7000", "1.0001"),  # 70.01 mg at 70 kg: 1.000142...
        ("6999/7000", "0.9999"),  # 69.99 mg: 0.999857...
        ("34999/70000", "0.49999"),  # 34.999 mg: 0.4999857...
        ("35001/70000", "0.50001"),  # 35.001 mg: 0.5000142...
        ("1", "1"),
        ("0.5", "0.5"),
        ("0.75", "0.75"),
        ("2/3", "0.667"),
        ("1000001/1000000", "1.000001"),
        ("1.00000001", "1.00000001"),
        ("0.0123456", "0.0123"),
        ("123456", "123000"),
        ("99.96", "100"),
    ],
)
def test_a_dose_per_kg_never_shows_as_a_limit_that_it_does_not_equal(value: str, text: str) -> None:
    assert plain(round_apart(Fraction(value), (HALF, ONE))) == text


@pytest.mark.parametrize(
    ("value", "bounds", "text"),
    [
        ("0.5004", ("0.5", "0.5004"), "0.5004"),  # at the upper bound, so not as the lower
        ("0.5002", ("0.5", "0.5004"), "0.5002"),  # between them: 0.500 would be the lower
        # 3 figures would step over a bound of more than 3: 1.0041 shown as 1.00 is below 1.004
        ("1.0041", ("0.501", "1.004"), "1.0041"),
        ("0.5006", ("0.501", "1.004"), "0.5006"),  # below 0.501, though 0.501 to 3 figures
        ("0.5014", ("0.5012", "1"), "0.5014"),  # above 0.5012, though 0.501 to 3 figures
        ("0.9996", ("0.5", "0.9998"), "0.9996"),  # 1.00 would be above the upper bound
        ("0.9999", ("0.5", "0.9998"), "1"),  # above it already: 1.00 is on its own side
        # 4 and 5 figures round onto the bound, 6 do not
        ("1.00404", ("0.5", "1.004"), "1.00404"),
    ],
)
def test_a_dose_per_kg_stays_on_its_own_side_of_each_bound(
    value: str, bounds: tuple[str, str], text: str
) -> None:
    low, high = map(Fraction, bounds)
    assert plain(round_apart(Fraction(value), (low, high))) == text
