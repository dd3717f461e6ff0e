"""What is refused and why, which question the hint asks, and how the text is echoed."""

from collections.abc import Callable

import pytest

from ketaref.errors import ErrorCode, ExitCode, InputError, echo
from ketaref.units import (
    Dose,
    Duration,
    Strength,
    Weight,
    parse_dose,
    parse_duration,
    parse_strength,
    parse_weight,
    parse_weight_step,
)
from tests.cpu_time import processor_seconds

Read = Weight | Dose | Strength | Duration

READERS: dict[str, Callable[[str], Read]] = {
    "weight": parse_weight,
    "dose": parse_dose,
    "strength": parse_strength,
    "duration": parse_duration,
}
A, U, D = ErrorCode.NOT_A_QUANTITY, ErrorCode.UNIT_UNKNOWN, ErrorCode.TOO_MANY_DIGITS
Z, M, L = ErrorCode.NOT_POSITIVE, ErrorCode.UNIT_MISSING, ErrorCode.TOO_LONG

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
        "7\u0660 kg", "7\uff10 kg", "70.\u0665 kg", "11 st \u0664 lb", "1\u0661 st 4 lb",
        "\u096d\u0966 kg", "\u00b2\u00b3 kg", "\u2167 kg", "70 \u212ag", "11 \u017ft 4 lb",
        "70 \u043ag", "70 \u338f", "70\u200bkg", "\ufeff70 kg", "\u202e70 kg", "70 kg\n",
        "70\nkg", "70\rkg", "70\x00 kg", "70\x1b[31m kg", "\x1b]0;70 kg\x07", "70\x85kg",
        "[/red]", "[bold]70 kg", "\U0001f642", "70 \U0001f642", "\ud800", "70 kg; ls", "$(70) kg"],
    U: ["70 Mg", "70 mg", "70 t", "70 g", "70 kG", "70 kilo", "70 oz", "70 m", "70 M", "70 u",
        "70 k", "70 l", "70 p", "70 s", "70 x", "70 lbm", "70 stones", "70 metre",
        "70 min", "70 mg/mL", "70 kg/m", "70 kg per kg"],
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


def refusal(read: Callable[[str], Read], text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read(text)
    return caught.value


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    REFUSED,
    ids=[f"{kind} {ascii(text)[:40]}" for kind, text, _ in REFUSED],
)
def test_what_is_not_a_quantity_is_refused_at_once_in_one_printable_line(
    kind: str, text: str, why: ErrorCode
) -> None:
    with processor_seconds(at_most=0.5):
        error = refusal(READERS[kind], text)
    assert (error.code, error.exit_code) == (why, ExitCode.REFUSED)
    assert error.message.isprintable()
    assert len(error.message) < 250
    assert (error.hint or "-").isprintable()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("500 mg", ErrorCode.UNIT_UNKNOWN),
        ("500 mg/vial", ErrorCode.UNIT_UNKNOWN),
        ("500 mg per vial", ErrorCode.UNIT_UNKNOWN),
        ("500 mg/10 mL", ErrorCode.NOT_A_QUANTITY),
    ],
)
def test_an_amount_in_a_vial_is_not_a_strength(text: str, why: ErrorCode) -> None:
    assert refusal(parse_strength, text).code is why


@pytest.mark.parametrize("text", ["500mg/7mL", "500mg/0mL"])
def test_there_is_no_question_about_a_vial_that_is_not_even_per_ml(text: str) -> None:
    assert refusal(parse_strength, text).hint is None


def test_a_refusal_names_the_units_that_are_accepted() -> None:
    for text in ("nan", "70 Mg", "70,5 kg"):
        assert "kg, lb, st" in refusal(parse_weight, text).message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("70 mg", '"mg" is a unit of dose; use kg, lb, st'),
        ("70 min", '"min" is a unit of duration; use kg, lb, st'),
        ("70 t", '"t" is not a known unit; use kg, lb, st'),
        ("11 st 14 lb", "stone takes 2 digits, and the pounds after it go from 0 to 13"),
        ("70,5 kg", 'cannot read weight "70,5 kg": write one number and one unit (kg, lb, st), '),
        ("-70 kg", "with a point for decimals, no comma and no sign"),
        ("70\u200bkg", 'cannot read weight "70kg" (characters that cannot be shown are left out)'),
        ("70\x00 kg", 'cannot read weight "70 kg" (characters that cannot be shown are left out)'),
    ],
    ids=ascii,
)
def test_a_refusal_says_what_is_wrong(text: str, reason: str) -> None:
    assert reason in refusal(parse_weight, text).message


def test_the_options_of_a_reader_are_passed_by_name() -> None:
    with pytest.raises(TypeError):
        parse_weight("210 kg", True)  # type: ignore[call-arg]  # noqa: FBT003
    with pytest.raises(TypeError):
        parse_weight_step("5 kg", "step")  # type: ignore[call-arg]


def test_a_bare_number_is_not_a_weight() -> None:
    error = refusal(parse_weight, "70")
    assert 'write "70 kg" or "70 lb"' in error.message


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("dose", "35", 'dose "35" has no unit: write "35 mg" or "35 mcg"'),
        ("strength", "50", 'strength "50" has no unit: write "50 mg/mL" or "50 mg per mL"'),
        ("duration", "40", 'duration "40" has no unit: write "40 min" or "40 h"'),
    ],
)
def test_a_bare_number_of_another_kind_is_refused_with_its_units(
    kind: str, text: str, message: str
) -> None:
    error = refusal(READERS[kind], text)
    assert (error.message, error.hint) == (message, None)


@pytest.mark.parametrize(
    ("kind", "text", "question"),
    [
        ("weight", "70,5 kg", 'did you mean "70.5 kg"?'),
        ("weight", "70,5", 'did you mean "70.5 kg" or "70.5 lb"?'),
        ("weight", "70. kg", 'did you mean "70 kg"?'),
        ("weight", "070 kg", 'did you mean "70 kg"?'),
        ("weight", "70 kG", 'did you mean "70 kg"?'),
        ("weight", "70 \u212ag", 'did you mean "70 kg"?'),
        ("weight", "\uff11\uff15\uff14 lb", 'did you mean "154 lb"?'),
        ("weight", "11 \u017ft 4 lb", 'did you mean "11 st 4 lb"?'),
        ("weight", "11 st 4", 'did you mean "11 st 4 lb"?'),
        ("weight", "11 st 14 lb", 'did you mean "12 st 0 lb"?'),
        ("weight", "0 st 154 lb", 'did you mean "11 st 0 lb"?'),
        ("weight", "98 st 14 lb", 'did you mean "99 st 0 lb"?'),
        ("weight", "070.125 kg", 'did you mean "70.125 kg"?'),
        ("weight", "\uff17\uff10", 'did you mean "70 kg" or "70 lb"?'),
        ("weight", "30 lb", "did you mean 30 kg?"),
        ("weight", "400 kg", "did you mean 400 lb = 181.4 kg?"),
        ("weight", "210 kg", "did you mean 210 lb = 95.3 kg?"),
        ("weight", "60 lb", "did you mean 60 kg?"),
        ("dose", "35 \u00b5g", 'did you mean "35 mcg"?'),
        ("dose", "35 \u03bcg", 'did you mean "35 mcg"?'),
        ("strength", "500mg/10mL", 'did you mean "50 mg per mL"?'),
        ("strength", "5mg/10mL", 'did you mean "0.5 mg per mL"?'),
        ("strength", "50 mg/ml", 'did you mean "50 mg per mL"?'),
        ("duration", "40 minits", 'did you mean "40 min"?'),
    ],
    ids=ascii,
)
def test_the_hint_asks_for_what_was_probably_meant(kind: str, text: str, question: str) -> None:
    assert refusal(READERS[kind], text).hint == question


# fmt: off
NO_QUESTION = [
    "1,000 kg", "70.5.5 kg", "70 t", "70_5 kg", "9**9**9 kg", "-70 kg", "1e2 kg", "7 0 kg", "70",
    # a square is no digit, nor are the digits of mathematics; nor is nothing a weight
    "7\u00b2 kg", "\U0001d7d5\U0001d7ce kg", "00 kg",
    # too many digits, whatever is taken off; and no usual weight in the other unit either
    "070.1234 kg", "01000 kg", "25 kg", "500 kg", "10 lb", "900 lb",
]
# fmt: on


@pytest.mark.parametrize("text", NO_QUESTION, ids=ascii)
def test_there_is_no_question_where_any_answer_would_be_a_guess(text: str) -> None:
    assert refusal(parse_weight, text).hint is None


# Each of these is a unit of its own: in the one accepted here, it would be another amount.
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
    assert "did you mean" not in (refusal(READERS[kind], text).hint or "")


@pytest.mark.parametrize("text", ["99 st 14 lb", "11 st 99999999 lb"])
def test_a_question_never_suggests_what_would_be_refused_for_its_digits(text: str) -> None:
    assert "did you mean" not in (refusal(parse_weight, text).hint or "")


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
