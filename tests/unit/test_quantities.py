"""Quantities built from Python: what cannot be one is refused, whoever builds it."""

from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pint
import pytest

from ketaref.errors import ErrorCode, InputError
from ketaref.units import Dose, Duration, Strength, Weight, quantity

Measured = type[Dose] | type[Strength] | type[Duration]

UNIT_OF: dict[Measured, str] = {Dose: "mg", Strength: "mg per mL", Duration: "min"}
MEASURED = pytest.mark.parametrize("kind", UNIT_OF, ids=lambda kind: kind.__name__)


def weight(number: Any, unit: str = "kg", entered: str = "as entered") -> Weight:
    return Weight(entered, unit, quantity(number, unit))


def refusal(build: Any, *args: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        build(*args)
    return caught.value


# ------------------------------------------------------------ a dose, a strength, a duration


@MEASURED
@pytest.mark.parametrize("number", ["0", "-0", "0.000", "-1", "-0.001", "-1E+3"])
def test_zero_or_less_is_no_quantity(kind: Measured, number: str) -> None:
    error = refusal(kind, Decimal(number), UNIT_OF[kind])
    assert error.code is ErrorCode.NOT_POSITIVE
    assert error.message.endswith("must be more than 0")


@MEASURED
@pytest.mark.parametrize("number", ["NaN", "-NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_decimal_that_is_not_finite_is_no_quantity(kind: Measured, number: str) -> None:
    error = refusal(kind, Decimal(number), UNIT_OF[kind])
    assert error.code is ErrorCode.NOT_A_QUANTITY
    assert error.message.endswith("is not a finite Decimal")
    assert error.hint is None


@MEASURED
@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (70.5, 'Decimal("70.5")'),
        (0.1, 'Decimal("0.1")'),  # not the binary fraction that it is
        (70, 'Decimal("70")'),
        (float("nan"), None),
        (float("inf"), None),
        (True, None),
        ("70", None),
        (Fraction(7, 2), None),
        (None, None),
    ],
    ids=repr,
)
def test_a_number_of_another_type_is_refused_with_the_exact_one(
    kind: Measured, number: object, hint: str | None
) -> None:
    error = refusal(kind, number, UNIT_OF[kind])
    assert error.code is ErrorCode.NOT_A_QUANTITY
    assert error.message.endswith(f"{number!r} is not a finite Decimal")
    assert error.hint == hint


@pytest.mark.parametrize(
    ("kind", "unit", "reason", "hint"),
    [
        (Dose, "kg", '"kg" is a unit of weight; use mg, mcg, g', None),
        (Dose, "mg per mL", '"mg per mL" is a unit of strength; use mg, mcg, g', None),
        (Dose, "grain", '"grain" is not a known unit; use mg, mcg, g', None),
        (Dose, "", '"" is not a known unit; use mg, mcg, g', None),
        (Dose, "MG", '"MG" is not a known unit; use mg, mcg, g', 'did you mean "1.5 mg"?'),
        (Dose, "milligrams", "use mg, mcg, g", 'did you mean "1.5 mg"?'),
        (Strength, "mg", '"mg" is a unit of dose; use mg per mL', None),
        (Strength, "mg/mL", "use mg per mL", 'did you mean "1.5 mg per mL"?'),
        (Duration, "s", '"s" is not a known unit; use min, h', None),
        (Duration, "kg", '"kg" is a unit of weight; use min, h', None),
    ],
)
def test_a_unit_is_one_of_the_symbols_of_its_kind(
    kind: Measured, unit: str, reason: str, hint: str | None
) -> None:
    error = refusal(kind, Decimal("1.5"), unit)
    assert error.code is ErrorCode.UNIT_UNKNOWN
    assert reason in error.message
    assert error.hint == hint


def test_a_quantity_is_the_number_and_the_unit_it_was_built_from() -> None:
    assert Dose(Decimal("1.50"), "g").mg == 1500
    assert Dose(Decimal(250), "mcg").mg == Fraction(1, 4)
    assert Duration(Decimal("1.5"), "h").minutes == 90
    assert Duration(Decimal(40), "min").entered == "40 min"
    assert Strength(Decimal("50.0"), "mg per mL").entered == "50 mg per mL"


# ------------------------------------------------------------ a body weight


@pytest.mark.parametrize("number", ["0", "-70", "-1/1000"])
@pytest.mark.parametrize("unit", ["kg", "lb"])
def test_a_body_weight_of_zero_or_less_cannot_be_built(number: str, unit: str) -> None:
    error = refusal(weight, Fraction(number), unit)
    assert error.code is ErrorCode.NOT_POSITIVE
    assert error.message == 'weight "as entered" must be more than 0'


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (70.5, 'Fraction("70.5")'),
        (0.1, 'Fraction("0.1")'),
        (70, 'Fraction("70")'),
        (float("nan"), None),
        (float("inf"), None),
    ],
    ids=repr,
)
def test_a_body_weight_of_a_number_that_is_no_fraction_cannot_be_built(
    number: float, hint: str | None
) -> None:
    error = refusal(weight, number)
    assert error.code is ErrorCode.NOT_A_QUANTITY
    assert error.message == f"weight {number!r} is not a finite Fraction"
    assert error.hint == hint


def test_a_body_weight_in_a_unit_that_is_none_cannot_be_built() -> None:
    error = refusal(Weight, "70 t", "t", quantity(Fraction(70), "kg"))
    assert error.code is ErrorCode.UNIT_UNKNOWN
    assert '"t" is not a known unit; use kg, lb, st' in error.message
    error = refusal(Weight, "70 mg", "mg", quantity(Fraction(70), "kg"))
    assert '"mg" is a unit of dose; use kg, lb, st' in error.message


def test_an_amount_of_drug_is_no_body_weight() -> None:
    with pytest.raises(pint.DimensionalityError):
        Weight("70 kg", "kg", quantity(Fraction(70), "mg"))
    with pytest.raises(pint.UndefinedUnitError):
        weight(Fraction(70), "t")


def test_a_body_weight_has_both_its_units_exactly() -> None:
    # by hand: 1 lb is 0.45359237 kg; 11 st 4 lb are 11 x 14 + 4 = 158 lb
    built = Weight("11 st 4 lb", "st", quantity(Fraction(158), "lb"))
    assert built.lb == 158
    assert built.kg == Fraction("71.66759446")


def test_a_quantity_cannot_be_changed() -> None:
    built = (weight(Fraction(70)), Dose(Decimal(35), "mg"), Duration(Decimal(40), "min"))
    for each in built:
        with pytest.raises(FrozenInstanceError):
            each.unit = "g"  # type: ignore[misc]  # what the test is about
