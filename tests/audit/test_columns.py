"""Which column of a table is what: by its name in any case, or by --columns."""

from pathlib import Path

import pytest

from ketaref.audit.columns import NEEDED, Columns, columns_of, parse_columns, refuse_shared
from ketaref.errors import InputError
from tests.audit.audits import GOOD, audited, count, put
from tests.conftest import Run


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
def test_a_text_that_names_no_column_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="each part is NAME=COLUMN"):
        parse_columns(text)


def test_columns_are_found_by_their_names_in_any_case() -> None:
    found = tuple(name.upper() for name in NEEDED)
    assert columns_of(found, {}) == Columns(dict(zip(NEEDED, found, strict=True)), through=found)
    assert columns_of(NEEDED, {}).names == {name: name for name in NEEDED}
    assert "age_years" not in columns_of(NEEDED, {}).names
    assert columns_of((*NEEDED, "AGE_years"), {}).names["age_years"] == "AGE_years"


def test_a_missing_column_is_named_as_it_was_mapped() -> None:
    with pytest.raises(InputError, match=r"no column for route, dose \(as amount\); found: drug,"):
        columns_of(NEEDED[1:], {"dose": "amount"})
    with pytest.raises(InputError, match=r"no column for dose \(as quantity\); found: route,"):
        columns_of(NEEDED, {"dose": "quantity"})
    with pytest.raises(InputError, match=r"no column for age_years \(as age\); found: "):
        columns_of(NEEDED, {"age_years": "age"})
    with pytest.raises(InputError, match=r"found: none$"):
        columns_of((), {})


@pytest.mark.parametrize(("count", "end"), [(29, "c28"), (30, "c29"), (31, "c29 and 1 more")])
def test_a_refusal_names_thirty_columns_and_counts_the_others(count: int, end: str) -> None:
    with pytest.raises(InputError, match=f", {end}$"):
        columns_of(tuple(f"c{number}" for number in range(count)), {})


@pytest.mark.parametrize("names", [{"dose": "a", "weight": "a"}, dict.fromkeys(NEEDED, "a")])
def test_one_column_cannot_be_two_things(names: dict[str, str]) -> None:
    with pytest.raises(InputError, match=f"one column, a, is named for {' and '.join(names)}"):
        refuse_shared(names)


def test_two_columns_may_be_two_things() -> None:
    refuse_shared({"dose": "a", "weight": "b"})


# ------------------------------------------------------------ at the command line


def test_columns_of_other_names_are_mapped_and_a_refusal_lists_those_found(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "doses.csv"
    file.write_text("Weg,drug,amount,uom,weight,weight_unit\niv,ketamine,35,mg,70,kg\n")
    refused = run("audit", str(file))
    assert refused.exit_code == 2
    assert "no column for route, dose, dose_unit; found: Weg, drug, amount, uom" in refused.stderr
    names = "route=Weg,dose=amount,dose_unit=uom"
    assert count(audited(run, str(file), "--columns", names), "class", "inside") == 1
    assert run("audit", str(file), "--columns", "doze=amount").exit_code == 2


def test_naming_one_column_for_two_things_is_refused(run: Run, tmp_path: Path) -> None:
    refused = run("audit", put(tmp_path, GOOD), "--columns", "dose=weight")
    assert refused.exit_code == 2
    assert "one column, weight, is named for dose and weight" in refused.stderr
