"""The shipped data: what it says, what it rests on, and that it cannot drift unseen."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ketaref import store
from ketaref.errors import DataError
from ketaref.model.dataset import Dataset, Review
from ketaref.model.dose_row import Basis, DoseRow, StandingCode
from ketaref.model.names import Drug, Route
from ketaref.model.source import Citation, Relation
from tests.places import DATA

STATEMENTS = Path(__file__).with_name("statements.txt")
ROWS = store.load_dataset().rows


@pytest.fixture
def data() -> Dataset:
    return store.load_dataset()


def test_no_number_changes_without_showing_in_review(data: Dataset) -> None:
    assert numbers.table(data) == NUMBERS.read_text(), (
        "a number, a source or a date in data/ is not as in tests/numbers.txt; if it is right, "
        "write the table anew: python -m tests.data.statements > tests/numbers.txt"
    )


# The table of the base article, read by eye; not computed from anything.
ARTICLE = {
    Route.IV: (
        ("0.5-1.0 mg/kg body weight", "40-60 minutes"),
        (Decimal("0.5"), Decimal(1), "mg/kg"),
        ("Precise dosing and monitoring",),
        ("Invasive",),
    ),
    Route.NASAL: (
        ("28-84 mg", "Varies"),
        (Decimal(28), Decimal(84), "mg"),
        ("Less invasive than intravenous infusion",),
        ("Less predictable absorption rate",),
    ),
    Route.SUBLINGUAL: (
        ("0.2-0.4 mg/kg", "Varies"),
        (Decimal("0.2"), Decimal("0.4"), "mg/kg"),
        ("Experimental method",),
        ("Inconclusive evidence for effectiveness in anxiety treatment",),
    ),
}


def test_the_rows_are_those_of_the_article(data: Dataset) -> None:
    assert {
        row.route: (
            (row.as_written, row.duration.as_written),
            (row.low, row.high, row.unit),
            row.advantages,
            row.disadvantages,
        )
        for row in data.rows
    } == ARTICLE


def test_the_rows_do_not_stand_equally(data: Dataset) -> None:
    assert {row.route: (row.standing.code, row.drug) for row in data.rows} == {
        Route.IV: (StandingCode.PARTLY_CORROBORATED, Drug.KETAMINE),
        Route.NASAL: (StandingCode.DIFFERENT_PRODUCT, Drug.ESKETAMINE),
        Route.SUBLINGUAL: (StandingCode.UNSUPPORTED, Drug.KETAMINE),
    }
    assert data.row(Route.NASAL).steps == (Decimal(28), Decimal(56), Decimal(84))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.route)
def test_a_row_says_what_its_source_does_not_say(data: Dataset, row: DoseRow) -> None:
    said = {caution.code.value for caution in (*row.cautions, *data.every_row)}
    assert {"course_not_stated", "not_for_emergency"} <= said
    assert (row.basis is Basis.FIXED) or "body_weight_not_stated" in said
    assert sum(s.relation is Relation.STATES for s in row.standing.sources) == 1
    assert row.stated_in.source_id == "article"


def test_the_unsupported_row_has_nothing_that_agrees(data: Dataset) -> None:
    sources = data.row(Route.SUBLINGUAL).standing.sources
    assert not [s for s in sources if s.relation in (Relation.AGREES, Relation.NARROWS)]
    assert [s for s in sources if s.relation is Relation.CONTRADICTS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.route)
def test_every_citation_has_a_place_and_a_note(row: DoseRow) -> None:
    for source in row.standing.sources:
        assert len(source.place) >= 6
        assert len(source.note) >= 20


def test_every_source_says_which_version_was_read(data: Dataset) -> None:
    for source in data.sources:
        assert source.version_read
        assert source.current or source.not_read
        if source.kind == "label":
            assert not source.current, f"{source.id}: no current label was read whole"


UNVERIFIED = re.compile(r"\[M\]|\bTODO\b|\?\?|from memory|28249076|TRANSFORM|2119365|1156248006")


@pytest.mark.parametrize("file", sorted(DATA.glob("*.toml")), ids=lambda file: file.name)
def test_nothing_unverified_is_in(file: Path) -> None:
    text = file.read_text(encoding="ascii")
    assert not [line for line in text.splitlines() if UNVERIFIED.search(line) and line[0] != "#"]


def test_routes_asked_for_but_not_included_have_a_reason_and_a_source(data: Dataset) -> None:
    names = {left_out.name for left_out in data.not_included}
    assert names == {"intramuscular", "subcutaneous", "oral", "racemic nasal"}
    assert all(left_out.reason and left_out.sources for left_out in data.not_included)


def test_the_hash_is_of_what_the_files_say_without_dates_and_reviews(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    root = tmp_path / "data"
    original = store.read_dataset(root)
    edit(root / "doses.toml", "# ", "# another word ")
    edit(root / "reviews.toml", "2027-05-23", "2027-06-01")
    edit(root / "doses.toml", "low = 0.5\nhigh = 1\n", "high = 1\nlow = 0.5\n")
    assert store.read_dataset(root).sha256 == original.sha256


@pytest.mark.parametrize("table", sorted(store._TABLES.keys() - {"reviews"}))
def test_no_table_changes_without_the_hash(tmp_path: Path, table: str) -> None:
    original = store.load_dataset()
    shutil.copytree(DATA, tmp_path / "data")
    name, kind = store._TABLES[table]
    file = tmp_path / "data" / name
    head, mark, last = file.read_text().rpartition(f"[[{kind}]]")
    text = re.sub(
        r'(?m)^(text|title|reason|says|note|version_read|advantages) = (\[?)"',
        r'\1 = \2"X',
        last,
        count=1,
    )
    assert mark
    assert text != last
    file.write_text(head + mark + text)
    changed = store.read_dataset(tmp_path / "data")
    assert changed.sha256 != original.sha256


def test_no_clinician_has_reviewed_it_until_a_review_of_this_very_data_is_recorded(
    data: Dataset,
) -> None:
    assert data.clinical_review == "not reviewed by a clinician"
    review = Review(
        role="pharmacist",
        organisation="a hospital",
        reviewed=date(2027, 1, 2),
        version="2026.11.1",
        covered="all dose rows",
        sha256="0" * 64,
    )
    other = data.model_copy(update={"reviews": (review,)})
    assert other.clinical_review == "not reviewed by a clinician"
    ours = review.model_copy(update={"sha256": data.sha256})
    reviewed = data.model_copy(update={"reviews": (review, ours)})
    assert reviewed.clinical_review == (
        "reviewed 2027-01-02 by pharmacist, a hospital: all dose rows"
    )


# ----------------------------------------------------------- data that is wrong


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, f"{old!r} is not in {file.name}"
    file.write_text(text.replace(old, new, 1))


Broken = Callable[..., str]


@pytest.fixture
def broken(tmp_path: Path) -> Broken:
    """Return what is said of a copy of the data with these edits: (file, old, new)."""

    def read(*edits: tuple[str, str, str]) -> str:
        root = tmp_path / "data"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(DATA, root)
        for file, old, new in edits:
            edit(root / file, old, new)
        with pytest.raises(DataError) as error:
            store.read_dataset(root)
        assert error.value.exit_code == 4
        return error.value.message

    return read


DOSES, SOURCES, REVIEWS = "doses.toml", "sources.toml", "reviews.toml"
CHECKLISTS, EVIDENCE = "checklists.toml", "evidence.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (DOSES, "low = 0.5", "low = 5", "row iv: row: Value error, low is above high"),
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
        (DOSES, "low = 40, high = 60", "low = 60, high = 40", "duration: Value error, low is"),
        (DOSES, "low = 40, high = 60", "low = 40", "low, high and unit go together"),
        (
            DOSES,
            '\nsources = ["ketalar-us"]',
            "\nsources = []",
            "a caution with a figure in it needs",
        ),
        (DOSES, 'salt_basis_sources = ["spravato-us-2019"]', "", "a salt basis with a figure"),
        (DOSES, 'route = "nasal"', 'route = "iv"', "row iv is there 2 times"),
        (DOSES, 'place = "abstract"', 'place = ""', "place: Value error, a text of printable"),
        (DOSES, "Invasive", "Invasiv\u00e9", "a text of printable ASCII is needed"),
        (DOSES, '"taylor-2018"', '"tailor-2018"', "source tailor-2018 is not in sources.toml"),
        (SOURCES, 'id = "taylor-2018"', 'id = "Taylor 2018"', "a name of small letters"),
        (SOURCES, 'id = "taylor-2018"', 'id = "feder-2014"', "feder-2014 is there 2 times"),
        (SOURCES, 'kind = "label"', 'kind = "blog"', "source ketalar-us: kind: Input should be"),
        (SOURCES, 'checked = "primary"', 'checked = "yes"', "checked: Input should be 'primary'"),
        (SOURCES, "year = 2018", 'year = "2018"', "year: Input should be a valid integer"),
        (SOURCES, "not_read = ", "# ", "not_read must say what was not read"),
        (SOURCES, "[[source]]", "[[sauce]]", "sources.toml: unknown table sauce"),
        (REVIEWS, "2027-05-23", "2026-11-23", "review_due must be later than reviewed"),
        (REVIEWS, 'version = "2026', 'ver = "2026', "[dataset] version: Field required"),
        (REVIEWS, "[dataset]", "[data]", "reviews.toml: unknown table data"),
        (DOSES, "[[row]]", "[[row]", "doses.toml: cannot be read"),
        (DOSES, 'kind = "marketed"', 'kind = "sold"', "strength 0: kind: Input should be 'mark"),
        (CHECKLISTS, "percent = 41", "percent = 100.1", "a percentage is from 0 to 100"),
        (
            CHECKLISTS,
            'corrects = "diz',
            'corrects = "duz',
            "there is no duzziness-and-dissociation",
        ),
        (
            EVIDENCE,
            'standing = "not checked here"',
            'standing = "contradicted"',
            "a verdict needs sources",
        ),
    ],
    ids=lambda value: None,
)
def test_wrong_data_is_refused_with_file_row_and_field(
    broken: Broken, file: str, old: str, new: str, says: str
) -> None:
    message = broken((file, old, new))
    assert says in message
    assert f"{file}: " in message


def test_all_problems_are_reported_at_once(broken: Broken) -> None:
    message = broken(
        (DOSES, "low = 0.5", "low = 5"),
        (DOSES, "low = 28", 'low = "28"'),
        (SOURCES, 'kind = "label"', 'kind = "blog"'),
        (REVIEWS, "2027-05-23", "2026-11-23"),
    )
    assert "4 problems" in message
    assert "2 problems" in broken((DOSES, "[[row]]", "[[row"), (SOURCES, "[[source]]", "[[so"))


def test_a_source_that_nothing_cites_is_refused(broken: Broken) -> None:
    uncited = '[[source]]\nid = "nobody"\ntitle = "t"\nauthors = "a"\nkind = "trial"\n'
    uncited += 'identifier = "i"\nchecked = "primary"\nversion_read = "v"\ncurrent = true\n\n'
    message = broken((SOURCES, "[[source]]", uncited + "[[source]]"))
    assert message.endswith("sources.toml: source nobody: cited by nothing")


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "data" / SOURCES).write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"sources\.toml: cannot be read"):
        store.read_dataset(tmp_path / "data")
    (tmp_path / "data" / SOURCES).unlink()
    with pytest.raises(DataError, match=r"sources\.toml: cannot be read"):
        store.read_dataset(tmp_path / "data")


def test_data_that_is_nowhere_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(store, "_PACKAGE", tmp_path / "ketaref")
    with pytest.raises(DataError, match=r"doses\.toml is neither in the package nor"):
        store.data_root()


def test_the_data_is_read_once() -> None:
    assert store.load_dataset() is store.load_dataset()


def test_a_citation_without_a_place_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="place"):
        Citation.model_validate({"source_id": "article"})


def test_a_row_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        ROWS[0].low = Decimal(2)  # type: ignore[misc]  # what the test is about


def test_what_wrong_data_says_cannot_reach_the_terminal_as_a_command(broken: Broken) -> None:
    message = broken((SOURCES, 'id = "taylor-2018"', r'id = "taylor\u001b[31m\n2018"'))
    assert message.isprintable()
