"""What is read as a quantity, within which bounds, and what cannot be mixed."""

from collections.abc import Callable
from fractions import Fraction
from operator import add, gt, lt, sub

import pint
import pytest

from ketaref.errors import ErrorCode, InputError
from ketaref.units import (
    Dose,
    Duration,
    Strength,
    Weight,
    magnitude,
    parse_dose,
    parse_duration,
    parse_strength,
    parse_weight,
    parse_weight_step,
    quantity,
)

Read = Weight | Dose | Strength | Duration

# A step is a weight without the bounds of an adult, so that the grammar is seen alone.
READERS: dict[str, Callable[[str], Read]] = {
    "weight": parse_weight_step,
    "dose": parse_dose,
    "strength": parse_strength,
    "duration": parse_duration,
}
BASE = {"weight": "kg", "dose": "mg", "strength": "mg/mL", "duration": "min"}

# kind, symbol, how much one of it is, spellings, then: most digits accepted, too many before the
# point, too many after it
UNITS = [
    ("weight", "kg", "1", "kg Kg KG kgs kilogram kilograms KGS Kilograms", "999.999 1000 1.0001"),
    ("weight", "lb", "0.45359237", "lb lbs pound pounds LB Lbs POUNDS", "999.999 1000 1.0001"),
    ("weight", "st", "6.35029318", "st stone ST Stone", "99 100 1.1"),
    ("dose", "mg", "1", "mg milligram milligrams Milligrams", "9999.999 10000 1.0001"),
    ("dose", "mcg", "0.001", "mcg ug microgram micrograms MCG", "9999999.999 10000000 1.0001"),
    ("dose", "g", "1000", "g gram grams Gram", "9.999999 10 1.0000001"),
    ("strength", "mg per mL", "1", "mg/mL", "199.999 1000 1.0001"),
    ("duration", "min", "1", "min mins minute minutes MIN", "9999.9 10000 1.01"),
    ("duration", "h", "60", "h hr hour hours Hours", "99.99 100 1.001"),
]
# fmt: off
ELSEWHERE = ["metre", "meter", "m", "M", "u", "K", "s", "second", "L", "oz", "ng", "kmg", "Mg",
             "kkg", "tonne", "grain", "dalton", "percent", "mole"]
# fmt: on
SPACES = [" ", "\t", "\u00a0", "\u2009", "\u202f", "  \t "]


def refusal(read: Callable[[str], Read], text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read(text)
    return caught.value


def code(read: Callable[[], Read]) -> ErrorCode | None:
    try:
        read()
    except InputError as error:
        return error.code
    return None


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit[1])
def test_every_spelling_of_a_unit_is_that_unit(unit: tuple[str, ...]) -> None:
    kind, symbol, one, spellings, _ = unit
    for spelling in spellings.split():
        for text in (f"7 {spelling}", f"7{spelling}"):
            read = READERS[kind](text)
            assert (read.entered, read.unit) == (f"7 {symbol}", symbol)
            assert magnitude(read.quantity, BASE[kind]) == 7 * Fraction(one)


def test_mg_per_ml_may_be_written_out() -> None:
    for text in ("50 mg per mL", "50mg per mL", "50 mg\u00a0per  mL"):
        assert parse_strength(text).entered == "50 mg per mL"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit[1])
def test_each_unit_takes_so_many_digits_and_not_one_more(unit: tuple[str, ...]) -> None:
    kind, symbol, _, spellings, digits = unit
    most, before, after = (f"{number} {spellings.split()[0]}" for number in digits.split())
    assert READERS[kind](most).entered == f"{digits.split()[0]} {symbol}"
    assert refusal(READERS[kind], before).code is ErrorCode.TOO_MANY_DIGITS
    assert refusal(READERS[kind], after).code is ErrorCode.TOO_MANY_DIGITS


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("11 st 4 lb", 158),
        ("11st4lb", 158),
        ("11 stone 4 pounds", 158),
        ("11 ST 4 LBS", 158),
        ("11 st 0 lb", 154),
        ("11 st 13 lb", 167),
        ("0 st 1 lb", 1),
        ("99 st 13 lb", 1399),
        ("11 st", 154),
    ],
)
def test_a_stone_is_14_pounds(text: str, pounds: int) -> None:
    assert parse_weight_step(text).lb == pounds


def test_what_was_typed_is_echoed_in_the_safe_notation() -> None:
    assert parse_weight("70.50 KG").entered == "70.5 kg"
    assert parse_weight("11stone 4lbs").entered == "11 st 4 lb"
    assert parse_dose("35.0 Milligrams").entered == "35 mg"


@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_white_space_is_accepted_around_and_between(space: str) -> None:
    assert parse_weight(f"{space}70{space}kg{space}").kg == 70
    assert parse_weight(f"11{space}st{space}4{space}lb").lb == 158
    assert parse_strength(f"50{space}mg{space}per{space}mL").entered == "50 mg per mL"


@pytest.mark.parametrize("kind", READERS)
def test_32_characters_are_read_and_33_are_not(kind: str) -> None:
    text = {"weight": "70 kg", "dose": "35 mg", "strength": "50 mg/mL", "duration": "40 min"}[kind]
    assert READERS[kind](text.rjust(32)).entered
    assert READERS[kind](text.ljust(32, "\u00a0")).entered
    assert refusal(READERS[kind], text.rjust(33)).code is ErrorCode.TOO_LONG
    assert refusal(READERS[kind], text.ljust(33)).code is ErrorCode.TOO_LONG


R, C = ErrorCode.WEIGHT_RANGE, ErrorCode.WEIGHT_UNUSUAL


# By hand: 20, 30, 200 and 350 kg are 44.0925, 66.1387, 440.9245 and 771.6179 lb, which are
# 3 st 2.09 lb, 4 st 10.14 lb, 31 st 6.92 lb and 55 st 1.62 lb.
@pytest.mark.parametrize(
    ("text", "unconfirmed", "confirmed"),
    [
        *(("19.999 kg", R, R), ("44.092 lb", R, R), ("3 st 2 lb", R, R), ("0.001 kg", R, R)),
        *(("20 kg", C, None), ("44.093 lb", C, None), ("3 st 3 lb", C, None)),
        *(("29.999 kg", C, None), ("66.138 lb", C, None), ("4 st 10 lb", C, None)),
        *(("30 kg", None, None), ("66.139 lb", None, None), ("4 st 11 lb", None, None)),
        *(("200 kg", None, None), ("440.924 lb", None, None), ("31 st 6 lb", None, None)),
        *(("200.001 kg", C, None), ("440.925 lb", C, None), ("31 st 7 lb", C, None)),
        *(("350 kg", C, None), ("771.617 lb", C, None), ("55 st 1 lb", C, None)),
        *(("350.001 kg", R, R), ("771.618 lb", R, R), ("55 st 2 lb", R, R), ("999.999 kg", R, R)),
    ],
)
def test_a_weight_outside_its_bounds_is_refused_or_must_be_confirmed(
    text: str, unconfirmed: ErrorCode | None, confirmed: ErrorCode | None
) -> None:
    assert code(lambda: parse_weight(text)) is unconfirmed
    assert code(lambda: parse_weight(text, confirmed=True)) is confirmed


@pytest.mark.parametrize(
    ("number", "accepted"),
    [("0.099", False), ("0.1", True), ("200", True), ("200.001", False), ("999.999", False)],
)
def test_a_strength_outside_its_bounds_is_refused(number: str, *, accepted: bool) -> None:
    expected = None if accepted else ErrorCode.STRENGTH_RANGE
    assert code(lambda: parse_strength(f"{number} mg/mL")) is expected


@pytest.mark.parametrize("operation", [add, sub, lt, gt], ids=lambda operation: operation.__name__)
def test_an_amount_of_drug_and_a_body_weight_cannot_meet(
    operation: Callable[[object, object], object],
) -> None:
    drug, body = quantity(Fraction(1), "mg"), quantity(Fraction(1), "kg")
    for left, right in ((drug, body), (body, drug)):
        with pytest.raises(pint.DimensionalityError):
            operation(left, right)


def test_mg_per_kg_is_not_a_number() -> None:
    per_kg = quantity(Fraction("0.5"), "mg/kg")
    with pytest.raises(pint.DimensionalityError):
        per_kg + 1
    for unit in ("", "mg", "kg", "mg/mL", "mg/min"):
        with pytest.raises(pint.DimensionalityError):
            magnitude(per_kg, unit)


def test_mg_per_kg_times_a_body_weight_is_mg() -> None:
    product = quantity(Fraction("0.5"), "mg/kg") * quantity(Fraction(154), "lb")
    assert magnitude(product, "mg") == Fraction("34.92661249")


@pytest.mark.parametrize("unit", ELSEWHERE)
def test_the_registry_holds_no_other_unit(unit: str) -> None:
    with pytest.raises(pint.UndefinedUnitError):
        quantity(Fraction(1), unit)
