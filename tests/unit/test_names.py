"""Names of routes and drugs: exact, or no answer."""

import pytest
from ketaref.reports.names import parse_drug, parse_route, rows_for

from ketaref.errors import ErrorCode, InputError
from ketaref.model.names import Drug, Route
from ketaref.store import load_dataset
from tests.conftest import Run


@pytest.mark.parametrize(
    ("name", "route"),
    [
        ("iv", Route.IV),
        ("IV", Route.IV),
        ("Intravenous", Route.IV),
        ("nasal", Route.NASAL),
        ("INTRANASAL", Route.NASAL),
        ("sublingual", Route.SUBLINGUAL),
        (" iv ", Route.IV),
    ],
)
def test_a_route_has_exactly_these_names(name: str, route: Route) -> None:
    assert parse_route(load_dataset(), name) is route


@pytest.mark.parametrize(
    ("name", "drug"),
    [
        ("ketamine", Drug.KETAMINE),
        ("Ketamine", Drug.KETAMINE),
        ("racemic ketamine", Drug.KETAMINE),
        ("ketamine hydrochloride", Drug.KETAMINE),
        ("esketamine", Drug.ESKETAMINE),
        ("ESKETAMINE", Drug.ESKETAMINE),
    ],
)
def test_a_drug_has_exactly_these_names(name: str, drug: Drug) -> None:
    assert parse_drug(name) is drug


@pytest.mark.parametrize(
    "name",
    [
        "norketamine",
        "esketamine hydrochloride",
        "arketamine",
        "s-ketamine",
        "k",
        "ket",
        "",
        " ",
        "ketamin",
        "ketamine esketamine",
        "\u212aetamine",  # a Kelvin sign, which lowers to k
        "ketamine\x00",
        "[/red]",
        "*",
        "eskétamine",
    ],
)
def test_a_name_that_is_not_in_the_table_gets_no_answer(run: Run, name: str) -> None:
    with pytest.raises(InputError) as error:
        parse_drug(name)
    assert error.value.code is ErrorCode.DRUG_UNKNOWN
    assert "known: ketamine, racemic ketamine, ketamine hydrochloride, esk" in str(error.value)
    # A slip of the hand is asked about; another molecule is not.
    slips = ("ketamin", "\u212aetamine", "eskétamine")
    assert "did you mean" not in (error.value.hint or "") or name in slips
    if "\x00" not in name:
        result = run("dose", "70 kg", "-d", name)
        assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("name", ["i", "in", "im", "po", "", "intravenou", "iv,nasal", "\u0130v"])
def test_a_route_that_is_not_in_the_table_gets_no_answer(name: str) -> None:
    with pytest.raises(InputError):
        parse_route(load_dataset(), name)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("im", "intramuscular is not included, because"),
        ("Intramuscular", "intramuscular is not included, because"),
        ("subcut", "subcutaneous is not included, because"),
        ("by mouth", "oral is not included, because"),
        ("racemic nasal", "racemic nasal is not included, because the nasal row is esketamine"),
    ],
)
def test_a_route_that_is_not_included_says_why(name: str, says: str) -> None:
    with pytest.raises(InputError) as error:
        parse_route(load_dataset(), name)
    assert error.value.code is ErrorCode.ROUTE_NOT_INCLUDED
    assert error.value.message.startswith(says)


def test_a_drug_leaves_out_the_rows_of_the_other_and_says_so() -> None:
    rows, local, left_out = rows_for(load_dataset(), [], Drug.KETAMINE)
    assert local == ()
    assert [row.route for row in rows] == [Route.IV, Route.SUBLINGUAL]
    assert [caution.text for caution in left_out] == [
        "intranasal is left out: that row is esketamine."
    ]


def test_a_drug_that_is_not_the_named_rows_is_refused() -> None:
    for routes, drug in (([Route.NASAL], Drug.KETAMINE), ([Route.IV], Drug.ESKETAMINE)):
        with pytest.raises(InputError) as error:
            rows_for(load_dataset(), routes, drug)
        assert error.value.code is ErrorCode.DRUG_NOT_OF_ROUTE
        assert "not the same drug" in error.value.message


def test_two_routes_in_one_word_are_not_taken_for_one_of_them() -> None:
    for text in ("iv,nasal", "iv nasal", "iv + nasal"):
        with pytest.raises(InputError) as error:
            parse_route(load_dataset(), text)
        assert error.value.hint == "one route at a time; dose takes more: -r iv -r nasal"


def test_without_a_drug_the_answer_says_how_it_was_read(run: Run) -> None:
    nasal = run("dose", "70 kg", "-r", "nasal", "-f", "plain").stdout
    assert "caution: Read as esketamine; not for racemic ketamine." in nasal
    named = run("dose", "70 kg", "-r", "nasal", "-d", "esketamine", "-f", "plain").stdout
    assert "Read as" not in named
