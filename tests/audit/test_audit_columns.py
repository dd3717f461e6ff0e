"""What an audit decides with before it reads a line: the columns, and the rows of a protocol."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from ketaref.audit.rules import (
    NEEDED,
    Columns,
    columns_of,
    parse_columns,
    protocol_rules,
    refuse_shared,
)
from ketaref.errors import InputError
from ketaref.protocol.read import read_protocol
from ketaref.store import load_dataset

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (None, {}),
        ("", {}),
        ("dose=amount", {"dose": "amount"}),
        (" dose = amount , weight=kg", {"dose": "amount", "weight": "kg"}),
        ("dose=a=b", {"dose": "a=b"}),
    ],
)
def test_names_of_columns_are_read(text: str | None, names: dict[str, str]) -> None:
    assert parse_columns(text) == names


@pytest.mark.parametrize(
    "text", ["amount", "dose", "dose=", "amount=dose", "dose=a,dose=b", "dose=a,"]
)
def test_what_names_no_column_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not read: each part is NAME=COLUMN"):
        parse_columns(text)


def test_columns_are_found_by_their_names_in_any_case() -> None:
    found = tuple(name.upper() for name in NEEDED)
    assert columns_of(found, {}) == Columns(dict(zip(NEEDED, found, strict=True)), through=found)
    assert columns_of(NEEDED, {}).names == {name: name for name in NEEDED}
    assert "age_years" not in columns_of(NEEDED, {}).names
    assert columns_of((*NEEDED, "AGE_years"), {}).names["age_years"] == "AGE_years"


def test_what_is_missing_is_named_as_it_was_mapped() -> None:
    with pytest.raises(InputError, match=r"no column for route, dose \(as amount\); found: drug,"):
        columns_of(NEEDED[1:], {"dose": "amount"})
    with pytest.raises(InputError, match=r"no column for dose \(as quantity\); found: route,"):
        columns_of(NEEDED, {"dose": "quantity"})
    with pytest.raises(InputError, match=r"no column for age_years \(as age\); found: "):
        columns_of(NEEDED, {"age_years": "age"})
    with pytest.raises(InputError, match=r"found: none$"):
        columns_of((), {})


@pytest.mark.parametrize(("count", "end"), [(29, "c28"), (30, "c29"), (31, "c29 and 1 more")])
def test_thirty_columns_are_named_and_the_others_counted(count: int, end: str) -> None:
    with pytest.raises(InputError, match=f", {end}$"):
        columns_of(tuple(f"c{number}" for number in range(count)), {})


@pytest.mark.parametrize("names", [{"dose": "a", "weight": "a"}, dict.fromkeys(NEEDED, "a")])
def test_one_column_is_not_for_two_things(names: dict[str, str]) -> None:
    with pytest.raises(InputError, match=f"one column, a, is named for {' and '.join(names)}"):
        refuse_shared(names)


def test_columns_of_their_own_are_for_each_its_own() -> None:
    refuse_shared({"dose": "a", "weight": "b"})


@pytest.mark.parametrize(
    ("stated", "minutes"),
    [
        ('low = 40, high = 60, unit = "min"', (40, 60)),
        ('low = 0.75, high = 1.5, unit = "h"', (45, 90)),  # by hand: times 60
    ],
)
def test_the_duration_of_a_protocol_is_in_minutes(
    protocol: Callable[..., Path], stated: str, minutes: tuple[int, int]
) -> None:
    file = protocol(('low = 40, high = 60, unit = "min"', stated))
    rules = protocol_rules(read_protocol(file, load_dataset(), today=TODAY)).rules
    assert [rule.minutes for rule in rules] == [tuple(map(Fraction, minutes)), None]


# Beyond it a product might not fit the 38 digits that all engines hold.
def test_a_protocol_is_counted_up_to_1000_mg_per_kg(protocol: Callable[..., Path]) -> None:
    why = 'outside_published_range_reason = "a test"\nbody_weight = "actual"'
    for most, is_counted in (("1000", True), ("1000.001", False)):
        file = protocol(("high = 0.5", f"high = {most}"), ('body_weight = "actual"', why))
        read = read_protocol(file, load_dataset(), today=TODAY)
        if is_counted:
            assert protocol_rules(read).rules[1].high_mcg == 1_000_000
        else:
            with pytest.raises(InputError, match=r"im-row .* is above 1,000 mg/kg"):
                protocol_rules(read)
