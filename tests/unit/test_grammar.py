"""The grammar once more, from the table of spellings in the manual and not from the program."""

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketaref.errors import InputError
from ketaref.units import (
    Dose,
    Duration,
    Strength,
    Weight,
    parse_dose,
    parse_duration,
    parse_strength,
    parse_weight_step,
)

LAW = settings(deadline=None, max_examples=200)
READERS: dict[str, Callable[[str], Weight | Dose | Strength | Duration]] = {
    "weight": parse_weight_step,  # a weight without the bounds of an adult
    "dose": parse_dose,
    "strength": parse_strength,
    "duration": parse_duration,
}
S = "[ \t\u00a0\u2009\u202f]"


def digits(before: int, after: int) -> str:
    point = rf"(?:\.[0-9]{{1,{after}}})?" if after else ""
    return rf"(?:0|[1-9][0-9]{{0,{before - 1}}}){point}{S}*"


# Case matters in kg, mg and mL alone.
TABLE = {
    "weight": rf"{digits(3, 3)}(?:kg|Kg|KG|(?i:kgs|kilograms?|lbs?|pounds?))"
    rf"|{digits(2, 0)}(?i:st|stone)"
    rf"|{digits(2, 0)}(?i:st|stone){S}*(?:[0-9]|1[0-3]){S}*(?i:lbs?|pounds?)",
    "dose": rf"{digits(4, 3)}(?:mg|(?i:milligrams?))|{digits(7, 3)}(?i:mcg|ug|micrograms?)"
    rf"|{digits(1, 6)}(?i:g|grams?)",
    "strength": rf"{digits(3, 3)}mg(?:/|{S}+per{S}+)mL",
    "duration": rf"{digits(4, 1)}(?i:mins?|minutes?)|{digits(2, 2)}(?i:h|hr|hours?)",
}
# ASCII: with it, (?i:k) is not the Kelvin sign and [0-9] has no other digits.
DESCRIBED = {
    kind: re.compile(rf"{S}*(?:{pattern}){S}*", re.ASCII) for kind, pattern in TABLE.items()
}

# fmt: off
PIECES = [*"0123456789.,+-_/eEx \n\t\u00a0\u2009\u202f\u200b\uff11\u0661\u212a\u017fklmtps",
          "70", "11", "kg", "Kg", "KG", "kgs", "lb", "LB", "lbs", "st", "stone", "mg", "Mg", "mcg",
          "ug", "g", "gram", "mL", "mg/mL", "per", "min", "mins", "h", "hr"]
# fmt: on
NUMBERS = ["0", "1", "70", "11.5", "154", "0.5", "70.125", "9999", "070", "70.", "70,5", "7e1"]
NUMBERS += [
    ".5",
    "1,000",
    "-70",
    "+70",
    "7_0",
    "nan",
    "inf",
    "70.5.5",
    "\uff17\uff10",
    "0x46",
    "0.000",
]
written = st.one_of([st.from_regex(known, fullmatch=True) for known in DESCRIBED.values()])
assembled = st.tuples(
    st.sampled_from(NUMBERS), st.sampled_from(["", " ", "\t\u00a0", "\n"]), st.sampled_from(PIECES)
).map("".join)
from_the_alphabet = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)


def accepted(kind: str, text: str) -> bool:
    try:
        READERS[kind](text)
    except InputError as error:
        return not (error.code and error.message)
    return True


def described(kind: str, text: str) -> bool:
    if len(text) > 32 or not DESCRIBED[kind].fullmatch(text):
        return False
    found = [Fraction(number) for number in re.findall("[0-9.]+", text)]
    return Fraction("0.1") <= found[0] <= 200 if kind == "strength" else any(found)


@LAW
@given(st.text(max_size=40) | written | assembled | from_the_alphabet, st.sampled_from([*READERS]))
def test_any_text_is_what_the_manual_describes_or_is_refused_with_a_code(
    text: str, kind: str
) -> None:
    assert accepted(kind, text) == described(kind, text)


@pytest.mark.parametrize("kind", READERS)
def test_every_way_of_writing_a_number_with_every_unit_is_described_or_refused(kind: str) -> None:
    units = ["", *PIECES[PIECES.index("70") :], "Kgs", "MG", "mg/ml", "mg per mL", "lb/kg"]
    for number, space, unit, end in product(NUMBERS, ("", " ", "\t\u00a0", "\n"), units, ("", " ")):
        text = f"{number}{space}{unit}{end}"
        assert accepted(kind, text) == described(kind, text), repr(text)


@pytest.mark.parametrize("kind", READERS)
def test_whatever_the_manual_describes_is_read_and_reads_as_itself_when_written_back(
    kind: str,
) -> None:
    count = 0

    @LAW
    @given(st.from_regex(DESCRIBED[kind], fullmatch=True))
    def law(text: str) -> None:
        nonlocal count
        assert accepted(kind, text) == described(kind, text)
        if described(kind, text):
            count += 1
            read = READERS[kind](text)
            again = READERS[kind](read.entered)
            assert (again.entered, again.unit) == (read.entered, read.unit)
            assert again.quantity == read.quantity
            typed, echoed = (re.findall("[0-9.]+", written_) for written_ in (text, read.entered))
            assert [Fraction(number) for number in typed] == [Fraction(n) for n in echoed]

    law()
    assert count > 20  # fewer would show nothing
