"""Data that is wrong: refused whole, with every problem and where it is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ketaref import store
from ketaref.errors import DataError
from ketaref.model.names import ROUTE_SPELLINGS, Route
from ketaref.source_file import SourceFile
from tests.data.copies import copy_of_data, edit

Broken = Callable[..., str]


@pytest.fixture
def broken(tmp_path: Path) -> Broken:
    """Return how a copy of the data with these edits is refused: (file, old, new)."""

    def read(*edits: tuple[str, str, str]) -> str:
        root = copy_of_data(tmp_path)
        for file, old, new in edits:
            edit(root / file, old, new)
        with pytest.raises(DataError) as error:
            store.read_dataset(root)
        assert error.value.exit_code == 4
        return error.value.message

    return read


DOSES, SOURCES, REVIEWS = "doses.toml", "sources.toml", "reviews.toml"
EFFECTS, CONTRAINDICATIONS, CHECKS = "effects.toml", "contraindications.toml", "checks.toml"
TRIALS = "trials.toml"
EVIDENCE, GUIDELINES = "evidence.toml", "guidelines.toml"
CAUTION_SOURCES = (
    'sources = [{ source_id = "ketamine-pfizer-us", place = "highlights, section 2" }]'
)
SALT_BASIS_SOURCES = (
    'salt_basis_sources = [{ source_id = "spravato-us-2019", place = "section 11, description" }]'
)


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (DOSES, "low = 0.5", "low = 5", "row iv: row: Value error, low must be below high"),
        (DOSES, "low = 0.5", "low = 1", "row iv: row: Value error, low must be below high"),
        (DOSES, "low = 0.5", 'low = "0.5"', "row iv: low: Value error, a number is needed"),
        (DOSES, "low = 0.5", "low = nan", "row iv: low: Value error, a finite number above 0"),
        (DOSES, "low = 0.5", "low = -0.5", "row iv: low: Value error, a finite number above 0"),
        (DOSES, "low = 0.5", "low = true", "row iv: low: Value error, a number is needed"),
        (DOSES, 'unit = "mg/kg"', 'unit = "mg"', "a per_kg row is in mg/kg"),
        (DOSES, 'unit = "mg/kg"', 'unit = "mcg/kg"', "row iv: unit: Input should be 'mg/kg'"),
        (DOSES, "low = 0.5", "low = 0.5\ndose = 7", "row iv: dose: Extra inputs"),
        (DOSES, 'drug = "ketamine"', 'drug = "ketaminee"', "row iv: drug: Input should be"),
        (DOSES, 'relation = "states"', 'relation = "agrees"', "no source states this range"),
        (DOSES, "steps = [28, 56, 84]", "steps = [28, 56]", "steps must begin at low"),
        (DOSES, "steps = [28, 56, 84]", "steps = [84, 56, 28]", "steps are for a fixed row"),
        (DOSES, "steps = [28, 56, 84]", "steps = [28, 57, 84]", "a multiple of the first"),
        (DOSES, "high = 1\n", "high = 10\n", "not the figures of as_written"),
        (DOSES, "low = 0.2\n", "low = 0.02\n", "not the figures of as_written"),
        (DOSES, "low = 0.2\n", "low = 1e400\n", "row sublingual"),
        (DOSES, "low = 40, high", "low = 4, high", "the duration's figures are not those"),
        (DOSES, "# The published", "row = 5\n# The published", "doses.toml"),
        (REVIEWS, "[dataset]", "review = 5\n[dataset]", "tables [[review]] are needed"),
        (SOURCES, "# The sources", "x = [" + "[" * 5000 + "\n#", "sources.toml: cannot be read"),
        (SOURCES, "year = 2018", "year = " + "9" * 5000, "sources.toml: cannot be read"),
        (SOURCES, "year = 2018", "year = 0x" + "f" * 5000, "year: Input should be less"),
        (
            TRIALS,
            "people = 18\n",
            "people = 0x" + "f" * 5000 + "\n",
            "people: Input should be less",
        ),
        (TRIALS, 'same_people_as = "feder', 'same_people_as = "fader', "there is no fader-2021"),
        (DOSES, "low = 40, high = 60", "low = 60, high = 40", "duration: Value error, low is"),
        (
            DOSES,
            'as_written = "40-60 minutes", ',
            "",
            "the duration needs as_written, the source's",
        ),
        (DOSES, "low = 40, high = 60", "low = 40", "low, high and unit go together"),
        (
            DOSES,
            CAUTION_SOURCES,
            "sources = []",
            "row iv: cautions.1.sources: Tuple should have at",
        ),
        (DOSES, SALT_BASIS_SOURCES, "", "row nasal: row: Value error, a salt basis with a figure"),
        (DOSES, '["Invasive"]', '["Invasive in 5 %"]', "has no source of its own, so no figure"),
        (DOSES, 'code = "bioavailability"', 'code = "devices"', "caution_code devices occurs 2"),
        (DOSES, 'code = "devices"', 'code = "Devices"', "a code of small letters and single under"),
        (DOSES, 'code = "devices"', 'code = "device"', "caution devices: is not listed as a"),
        (DOSES, 'code = "devices"', 'code = "device"', "caution device: is used by no caution"),
        (
            DOSES,
            'also = ["nasal ketamine",',
            'also = ["iv",',
            "doses.toml: iv: is both a row and not",
        ),
        (DOSES, 'route = "nasal"', 'route = "iv"', "row iv occurs 2 times"),
        (DOSES, 'place = "abstract"', 'place = ""', "place: Value error, a text of printable"),
        (DOSES, "Invasive", "Invasiv\u00e9", "a text of printable ASCII is needed"),
        (DOSES, '"taylor-2018"', '"tailor-2018"', "source tailor-2018 is not in sources.toml"),
        (SOURCES, 'id = "taylor-2018"', 'id = "Taylor 2018"', "a name of small letters"),
        (SOURCES, 'id = "taylor-2018"', 'id = "feder-2014"', "feder-2014 occurs 2 times"),
        (SOURCES, 'kind = "label"', 'kind = "blog"', "kind: Input should be 'label'"),
        (SOURCES, 'checked = "primary"', 'checked = "yes"', "checked: Input should be 'primary'"),
        (SOURCES, "year = 2018", 'year = "2018"', "year: Input should be a valid integer"),
        (SOURCES, "not_read = ", "# ", "not_read must say what was not read"),
        (SOURCES, "[[source]]", "[[sauce]]", "sources.toml: unknown table sauce"),
        (
            REVIEWS,
            "review_due = ",
            "review_due = 2020-01-01 # ",
            "review_due must be later than reviewed",
        ),
        (REVIEWS, 'version = "', 'ver = "', "[dataset] version: Field required"),
        (REVIEWS, "[dataset]", "[data]", "reviews.toml: unknown table data"),
        (DOSES, "[[row]]", "[[row]", "doses.toml: cannot be read"),
        (DOSES, 'kind = "marketed"', 'kind = "sold"', "strength 0: kind: Input should be 'mark"),
        (EFFECTS, "percent = 41", "percent = 100.1", "a percentage is from 0 to 100"),
        (EFFECTS, 'counted = "esk', 'counted = "ask', "counted: there is no asketamine-short"),
        (EFFECTS, 'id = "ketamine-old-label"', 'id = "ketamine-infusions"', "occurs 2 times"),
        (CONTRAINDICATIONS, 'class = "do not use"', 'class = "relative"', "class: Input should be"),
        (CONTRAINDICATIONS, 'ketamine = ["US"', 'ketamine = ["XX"', "jurisdictions.ketamine.0"),
        (CHECKS, 'phase = "before"', 'phase = "early"', "check right-drug: phase: Input should"),
        (CHECKS, 'id = "consent"', 'id = "pregnancy"', "checks.toml: pregnancy occurs 2 times"),
        (
            EFFECTS,
            'corrects = "diz',
            'corrects = "duz',
            "there is no duzziness-and-dissociation",
        ),
        (EVIDENCE, 'standing = "supported"', 'standing = "contradicted"', 'make it "contradicted"'),
        (EVIDENCE, 'standing = "supported"', 'standing = "not checked here"', "standing: Input sh"),
        (EVIDENCE, "searched = ", "# ", "statement cited-source: row: Value error, searched goes"),
        (EVIDENCE, "because = ", 'searched = "x, 2026-11-26"\nbecause = ', "and only with it"),
        (EVIDENCE, "of files, 2026-11-26.", "of files.", "searched needs the day of the search"),
        (GUIDELINES, 'stance = "for"', 'stance = "good"', "smc-2258: stance: Input should be"),
        (GUIDELINES, 'drug = "both"', 'drug = "any"', "guideline aana-2024: drug: Input should be"),
        (GUIDELINES, 'id = "kset"', 'id = "apna"', "guidelines.toml: guideline apna occurs 2"),
        (GUIDELINES, '"smc-2258"\nplace', '"smc-1"\nplace', "guideline smc-2258: advice: source"),
        (SOURCES, 'pmid = "', 'pmid = "PMID ', "pmid: String should match pattern"),
        (SOURCES, 'pmcid = "PMC', 'pmcid = "', "pmcid: String should match pattern"),
        (SOURCES, 'doi = "', 'doi = "https://doi.org/', "doi: String should match pattern"),
        (SOURCES, 'nct = "NCT', 'nct = "NCT0', "nct: String should match pattern"),
        (SOURCES, 'actrn = "ACTRN', 'actrn = "', "actrn: String should match pattern"),
        (SOURCES, 'set_id = "', 'set_id = "x', "set_id: String should match pattern"),
        (SOURCES, 'url = "https://', 'url = "', "url: String should match pattern"),
    ],
    ids=lambda value: None,
)
def test_wrong_data_is_refused_with_file_row_and_field(
    broken: Broken, file: str, old: str, new: str, problem: str
) -> None:
    message = broken((file, old, new))
    assert problem in message
    assert f"{file}: " in message


def test_all_problems_are_reported_at_once(broken: Broken) -> None:
    message = broken(
        (DOSES, "low = 0.5", "low = 5"),
        (DOSES, "low = 28", 'low = "28"'),
        (SOURCES, 'kind = "label"', 'kind = "blog"'),
        (REVIEWS, "review_due = ", "review_due = 2020-01-01 # "),
    )
    assert "4 problems" in message
    assert "2 problems" in broken((DOSES, "[[row]]", "[[row"), (SOURCES, "[[source]]", "[[so"))


def test_a_source_that_nothing_cites_is_refused(broken: Broken) -> None:
    uncited = '[[source]]\nid = "nobody"\ntitle = "t"\nauthors = "a"\nkind = "trial"\n'
    uncited += 'checked = "primary"\nversion_read = "v"\ncurrent = true\n\n'
    message = broken((SOURCES, "[[source]]", uncited + "[[source]]"))
    assert message.endswith("sources.toml: source nobody: cited by nothing")


def test_a_row_by_a_route_that_nobody_can_type_is_refused(
    broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {name: route for name, route in ROUTE_SPELLINGS.items() if route is not Route.IV}
    monkeypatch.setattr(store, "ROUTE_SPELLINGS", others)
    assert "doses.toml: row iv: no spelling of this route is known" in broken()


def test_a_file_that_is_missing_or_not_text_is_refused(tmp_path: Path) -> None:
    root = copy_of_data(tmp_path)
    (root / SOURCES).write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"sources\.toml: cannot be read"):
        store.read_dataset(root)
    (root / SOURCES).unlink()
    with pytest.raises(DataError, match=r"sources\.toml: cannot be read"):
        store.read_dataset(root)


def test_data_that_is_nowhere_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(store, "_PACKAGE", tmp_path / "ketaref")
    with pytest.raises(DataError, match=r"doses\.toml is neither in the package nor"):
        store.data_root()


def test_a_control_sequence_in_wrong_data_does_not_reach_the_terminal(broken: Broken) -> None:
    message = broken((SOURCES, 'id = "taylor-2018"', r'id = "taylor\u001b[31m\n2018"'))
    assert message.isprintable()


def test_a_source_that_is_wrong_is_refused_where_it_is_named() -> None:
    with pytest.raises(DataError, match=r"sources\.toml: source a: title: Field required"):
        SourceFile('[[source]]\nid = "a"\n').source("a")


def test_sources_that_are_no_tables_are_refused() -> None:
    with pytest.raises(DataError, match=r"tables \[\[source\]\] are needed"):
        SourceFile("source = 5\n").sources()
