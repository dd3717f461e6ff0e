"""What is read as a quantity, what is refused and with which question, and what cannot be mixed."""

from collections.abc import Callable
from fractions import Fraction
from operator import add, gt, lt, sub
from time import perf_counter

import pint
import pytest

from ketaref.errors import ErrorCode, ExitCode, InputError, echo
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
SPACES = [" ", "\t", "\u00a0", "\u2009", "\u202f", "  \t "]
A, U, D = ErrorCode.NOT_A_QUANTITY, ErrorCode.UNIT_UNKNOWN, ErrorCode.TOO_MANY_DIGITS
Z, M, L = ErrorCode.NOT_POSITIVE, ErrorCode.UNIT_MISSING, ErrorCode.TOO_LONG


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
    assert refusal(READERS[kind], before).code is D
    assert refusal(READERS[kind], after).code is D


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
def test_stone_and_pounds_are_14_to_1(text: str, pounds: int) -> None:
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
    assert refusal(READERS[kind], text.rjust(33)).code is L
    assert refusal(READERS[kind], text.ljust(33)).code is L


# fmt: off
BAD_WEIGHTS = {
    A: ["", " ", "kg", "kg 70", "-5", "-5 kg", "+70 kg", "\u221270 kg", "nan", "nan kg", "inf",
        "-inf kg", "Infinity kg", "1e9", "1e9 kg", "1e400 kg", "7e1 kg", "70,5", "70,5 kg",
        "70.5,5 kg", "1,000 kg", "1 000 kg", "70'5 kg", "70.5.5 kg", "70 . 5 kg", "9**9**9 kg",
        "35*2 kg", "140/2 kg", "70-75 kg", "(70) kg", "7_0", "70_5 kg", "0x46 kg", ".5 kg",
        "70. kg", "070 kg", "00 kg", "70 kg.", "70 kg kg", "70 kg 154 lb", "70%", "#70 kg",
        "=70 kg", "11 st 14 lb", "11 st 100 lb", "100 st 0 lb", "11 st 4", "11 st 4.5 lb",
        "11.5 st 4 lb", "11 st 04 lb", "11 st -4 lb", "4 lb 11 st", "11 st 4 kg", "5'10\"",
        "\uff17\uff10", "\uff17\uff10 kg", "\uff11\uff15\uff14 lb", "\u0667\u0660 kg",
        "\u096d\u0966 kg", "\u00b2\u00b3 kg", "\u2167 kg", "70 \u212ag", "11 \u017ft 4 lb",
        "70 \u043ag", "70 \u338f", "70\u200bkg", "\ufeff70 kg", "\u202e70 kg", "70 kg\n",
        "70\nkg", "70\rkg", "70\x00 kg", "70\x1b[31m kg", "\x1b]0;70 kg\x07", "70\x85kg",
        "[/red]", "[bold]70 kg", "\U0001f642", "70 \U0001f642", "\ud800", "70 kg; ls", "$(70) kg"],
    U: ["70 Mg", "70 mg", "70 t", "70 g", "70 kG", "70 kilo", "70 oz", "70 m", "70 M", "70 u",
        "70 x", "70 metre", "70 min", "70 mg/mL", "70 kg/m", "70 kg per kg"],
    D: ["1000 kg", "1000000000 kg", "70.1234 kg", "11.5 st", "1540 lb", "100 st"],
    Z: ["0 kg", "0.000 kg", "0 lb", "0 st", "0 st 0 lb"],
    M: ["0", "70", "154", "70.5", "1000000000"],
    L: ["7" * 10_000, "7" * 9_997 + " kg", " " * 10_000, "(" * 10_000, "70 kg" + "\u202f" * 10_000],
}
BAD_OTHERS = {
    "dose": {U: ["35 Mg", "35 MG", "35 kg", "35 lb", "35 ng", "35 mL", "0.5 mg/kg", "3 gr"],
             A: ["35,5 mg", "1,000 mg", "-35 mg", "35 \u00b5g", "35 m g", "35-70 mg", "9**9**9 mg"],
             D: ["10000 mg", "35 g"], Z: ["0 mg", "0.000000 g"], M: ["35"], L: ["7" * 10_000]},
    "strength": {U: ["50 mg", "50 Mg/mL", "50 mg/L", "50 mcg/mL", "50 mg/kg", "50 kg", "50 mL"],
                 A: ["500mg/10mL", "5 %", "1:1000", "50,5 mg/mL", "50 mg//mL", "1e2 mg/mL"],
                 D: ["1000 mg/mL"], Z: ["0 mg/mL"], M: ["50"], L: ["7" * 10_000]},
    "duration": {U: ["40 m", "40 M", "40 s", "1 day", "40 kg", "40 mg/min"],
                 A: ["1h30", "1 h 30 min", "0:40", "40'", "40-60 min", "-40 min", "PT40M"],
                 D: ["40.55 min", "100 h"], Z: ["0 min", "0 h"], M: ["40"], L: ["7" * 10_000]},
}
# fmt: on
REFUSED = [("weight", text, why) for why, texts in BAD_WEIGHTS.items() for text in texts]
REFUSED += [
    (kind, text, why)
    for kind, table in BAD_OTHERS.items()
    for why, texts in table.items()
    for text in texts
]


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    REFUSED,
    ids=[f"{kind} {ascii(text)[:40]}" for kind, text, _ in REFUSED],
)
def test_what_is_not_a_quantity_is_refused_at_once_in_one_printable_line(
    kind: str, text: str, why: ErrorCode
) -> None:
    begun = perf_counter()
    error = refusal(READERS[kind], text)
    assert perf_counter() - begun < 0.5
    assert (error.code, error.exit_code) == (why, ExitCode.REFUSED)
    assert error.message.isprintable()
    assert len(error.message) < 250
    assert (error.hint or "-").isprintable()


def test_a_refusal_names_the_units_that_are_accepted() -> None:
    for text in ("nan", "70 Mg", "70,5 kg"):
        assert "kg, lb, st" in refusal(parse_weight, text).message


def test_a_bare_number_is_not_a_weight() -> None:
    error = refusal(parse_weight, "70")
    assert 'write "70 kg" or "70 lb"' in f"{error.message} {error.hint}"


@pytest.mark.parametrize(
    ("read", "text", "question"),
    [
        (parse_weight, "70,5 kg", 'did you mean "70.5 kg"?'),
        (parse_weight, "70,5", 'did you mean "70.5 kg" or "70.5 lb"?'),
        (parse_weight, "70. kg", 'did you mean "70 kg"?'),
        (parse_weight, "070 kg", 'did you mean "70 kg"?'),
        (parse_weight, "70 kG", 'did you mean "70 kg"?'),
        (parse_weight, "70 \u212ag", 'did you mean "70 kg"?'),
        (parse_weight, "\uff11\uff15\uff14 lb", 'did you mean "154 lb"?'),
        (parse_weight, "11 \u017ft 4 lb", 'did you mean "11 st 4 lb"?'),
        (parse_weight, "11 st 4", 'did you mean "11 st 4 lb"?'),
        (parse_weight, "11 st 14 lb", 'did you mean "12 st 0 lb"?'),
        (parse_weight, "0 st 154 lb", 'did you mean "11 st 0 lb"?'),
        (parse_weight, "210 kg", "did you mean 210 lb = 95.3 kg?"),
        (parse_weight, "60 lb", "did you mean 60 kg?"),
        (parse_dose, "35 \u00b5g", 'did you mean "35 mcg"?'),
        (parse_dose, "35 \u03bcg", 'did you mean "35 mcg"?'),
        (parse_strength, "500mg/10mL", 'did you mean "50 mg per mL"?'),
        (parse_strength, "50 mg/ml", 'did you mean "50 mg per mL"?'),
        (parse_duration, "40 minits", 'did you mean "40 min"?'),
    ],
    ids=ascii,
)
def test_what_was_probably_meant_is_asked(
    read: Callable[[str], Read], text: str, question: str
) -> None:
    assert refusal(read, text).hint == question


@pytest.mark.parametrize(
    "text", ["1,000 kg", "70.5.5 kg", "70 t", "70_5 kg", "9**9**9 kg", "-70 kg", "1e2 kg", "7 0 kg"]
)
def test_nothing_is_asked_where_more_than_one_thing_could_be_meant(text: str) -> None:
    assert refusal(parse_weight, text).hint is None


# Each of these is a unit of its own: the one asked for would be another amount.
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("weight", f"70 {unit}") for unit in ("gram", "milligrams", "ton", "tonne", "ounces")),
        *(("dose", f"3 {unit}") for unit in ("kilogram", "centigrams", "decigram", "picograms")),
        *(("dose", f"3 {unit}") for unit in ("gr", "grain", "grains", "cg", "mcg/kg")),
        *(("strength", f"50 {unit}") for unit in ("mcg/mL", "ug/mL", "ng/mL", "g/mL", "mg/L")),
        *(("strength", f"50 {unit}") for unit in ("mg/dL", "mcg per mL", "mg/min", "mg/kg")),
        *(("duration", f"4 {unit}") for unit in ("months", "minims", "seconds", "days", "ms")),
    ],
)
def test_a_question_never_turns_one_real_unit_into_another(kind: str, text: str) -> None:
    assert refusal(READERS[kind], text).hint is None


@pytest.mark.parametrize("text", ["99 st 14 lb", "11 st 99999999 lb"])
def test_a_question_never_names_what_would_be_refused_for_its_digits(text: str) -> None:
    assert refusal(parse_weight, text).hint is None


R, C = ErrorCode.WEIGHT_RANGE, ErrorCode.WEIGHT_UNUSUAL


# By hand: 20, 30, 200 and 350 kg are 44.0925, 66.1387, 440.9245 and 771.6179 lb; 44.09 lb are
# 3 st 2.09 lb, 66.14 lb are 4 st 10.14 lb, 440.92 lb are 31 st 6.92 lb, 771.62 lb are 55 st 1.62 lb.
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
def test_a_strength_is_from_0_1_to_200_mg_per_ml(number: str, *, accepted: bool) -> None:
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


@pytest.mark.parametrize(
    "unit",
    "metre meter m M u K s second L oz ng kmg Mg kkg tonne grain dalton percent mole".split(),
)
def test_the_registry_holds_no_other_unit(unit: str) -> None:
    with pytest.raises(pint.UndefinedUnitError):
        quantity(Fraction(1), unit)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("70\x1b[31m kg", "70[31m kg"),
        ("a\x00b\x07c\x7fd\x9be", "abcde"),
        ("70\u202egk", "70gk"),
        ("\u2066a\u2069\u200f\u061cb", "ab"),
        ("\ud83dx\udfff", "x"),
        ("70\nkg\t\u2028.", "70 kg  ."),
        ("[/red]", "[/red]"),
        ("x" * 40, "x" * 40),
        ("x" * 10_000, "x" * 40 + "... (10,000 characters)"),
    ],
    ids=lambda text: ascii(text)[:20],
)
def test_an_echo_is_one_printable_line(text: str, shown: str) -> None:
    assert echo(text) == shown
