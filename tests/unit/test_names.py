"""Names of routes and drugs: exact, or no answer."""

import pytest

from ketaref.errors import ErrorCode, InputError
from ketaref.model.names import Drug, Route
from ketaref.ranges.library import Library
from ketaref.ranges.selection import parse_drug, parse_route, select
from ketaref.store import load_dataset
from tests.conftest import TODAY, Run


@pytest.fixture
def library() -> Library:
    return Library(load_dataset(), None, TODAY)


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
def test_a_route_has_exactly_these_names(library: Library, name: str, route: Route) -> None:
    assert parse_route(library, name) is route


@pytest.mark.parametrize(
    ("name", "drug"),
    [
        ("ketamine", Drug.KETAMINE),
        ("Ketamine", Drug.KETAMINE),
        ("racemic ketamine", Drug.KETAMINE),
        ("ketamine hydrochloride", Drug.KETAMINE),
        ("esketamine", Drug.ESKETAMINE),
        ("ESKETAMINE", Drug.ESKETAMINE),
        ("Ketamine HCl", Drug.KETAMINE),
        ("Ketalar", Drug.KETAMINE),
        ("S-ketamine", Drug.ESKETAMINE),
        ("esketamine hydrochloride", Drug.ESKETAMINE),
        ("Spravato", Drug.ESKETAMINE),
    ],
)
def test_a_drug_has_exactly_these_names(name: str, drug: Drug) -> None:
    assert parse_drug(name) is drug


@pytest.mark.parametrize(
    "name",
    [
        "norketamine",
        "arketamine",
        "ketamine base",
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


@pytest.mark.parametrize("name", ["i", "in", "p", "", "intravenou", "iv,nasal", "\u0130v"])
def test_a_route_that_is_not_in_the_table_gets_no_answer(library: Library, name: str) -> None:
    with pytest.raises(InputError):
        parse_route(library, name)


def test_what_is_not_included_says_why_by_each_of_its_names(library: Library) -> None:
    for absent in library.dataset.not_included:
        for name in (absent.name, absent.name.title(), *absent.also):
            with pytest.raises(InputError) as error:
                parse_route(library, name)
            assert error.value.message.startswith(f"{absent.name} is not included, because")


def test_racemic_nasal_ketamine_is_not_the_nasal_row(library: Library) -> None:
    with pytest.raises(InputError) as error:
        parse_route(library, "racemic nasal")
    assert error.value.code is ErrorCode.ROUTE_NOT_INCLUDED
    assert error.value.message.startswith(
        "racemic nasal is not included, because the nasal row is esketamine"
    )


def test_a_drug_leaves_out_the_rows_of_the_other_and_says_so(library: Library) -> None:
    published = library.dataset.rows
    selection = select(library, [], Drug.KETAMINE)
    assert selection.local == ()
    assert selection.rows == tuple(row for row in published if row.drug is Drug.KETAMINE)
    assert Route.NASAL not in {row.route for row in selection.rows}
    texts = [caution.text for caution in selection.cautions]
    assert "intranasal is left out: that row is esketamine." in texts
    assert len(texts) == len(published) - len(selection.rows)


@pytest.mark.parametrize(
    ("routes", "drug", "reason"),
    [
        ([Route.NASAL], Drug.KETAMINE, "the intranasal row is esketamine"),
        ([Route.IV], Drug.ESKETAMINE, "the intravenous row is racemic ketamine"),
        ([Route.IV, Route.NASAL], Drug.KETAMINE, "the intranasal row is esketamine"),
        ([Route.NASAL, Route.IV], Drug.ESKETAMINE, "the intravenous row is racemic ketamine"),
    ],
)
def test_a_drug_is_refused_for_a_route_that_has_the_other(
    library: Library, routes: list[Route], drug: Drug, reason: str
) -> None:
    with pytest.raises(InputError) as error:
        select(library, routes, drug)
    assert error.value.code is ErrorCode.DRUG_NOT_OF_ROUTE
    assert error.value.message.startswith(reason)
    assert "not the same drug" in error.value.message


@pytest.mark.parametrize("drug", [None, Drug.KETAMINE])
def test_a_drug_is_accepted_for_its_own_route(library: Library, drug: Drug | None) -> None:
    selection = select(library, [Route.IV], drug)
    assert [(row.route, row.drug) for row in selection.rows] == [(Route.IV, Drug.KETAMINE)]
    assert selection.cautions == ()


def test_the_command_line_refuses_the_other_drug_with_its_reason(run: Run) -> None:
    both = run("dose", "70 kg", "-r", "iv", "-r", "nasal", "-d", "ketamine")
    assert both.exit_code == 2
    assert "the intranasal row is esketamine" in both.stderr
    assert run("dose", "70 kg", "-r", "iv", "-d", "esketamine").exit_code == 2
    assert run("dose", "70 kg", "-r", "iv", "-d", "ketamine").exit_code == 0


def test_two_routes_in_one_word_are_not_taken_for_one_of_them(library: Library) -> None:
    for text in ("iv,nasal", "iv nasal", "iv + nasal"):
        with pytest.raises(InputError) as error:
            parse_route(library, text)
        assert error.value.hint == "one route at a time; dose takes more: -r iv -r nasal"


def test_without_a_drug_the_answer_says_how_it_was_read(run: Run) -> None:
    nasal = run("dose", "70 kg", "-r", "nasal", "-f", "plain").stdout
    assert "caution: Esketamine only. Not racemic ketamine." in nasal
    named = run("dose", "70 kg", "-r", "nasal", "-d", "esketamine", "-f", "plain").stdout
    assert "Esketamine only. Not racemic ketamine." not in named
