"""The shipped data: what it says, what it rests on, and that it cannot drift unseen."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ketaref import store
from ketaref.model.dataset import NOT_REVIEWED, Dataset, Review
from ketaref.model.dose_row import Basis, DoseRow, StandingCode
from ketaref.model.names import Drug, Route
from ketaref.model.source import Citation, Relation
from tests.data.copies import copy_of_data, edit
from tests.places import DATA

ROWS = store.load_dataset().rows
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.route)


@pytest.fixture
def data() -> Dataset:
    return store.load_dataset()


def row_of(route: Route) -> DoseRow:
    row = store.load_dataset().row(route)
    assert row is not None
    return row


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


def test_the_rows_are_those_of_the_article() -> None:
    assert {
        row.route: (
            (row.as_written, row.duration.as_written),
            (row.low, row.high, row.unit),
            row.advantages,
            row.disadvantages,
        )
        for row in ROWS
        if row.stated_in.source_id == "article"
    } == ARTICLE


@pytest.mark.parametrize(
    ("route", "code", "drug"),
    [
        (Route.IV, StandingCode.PARTLY_CORROBORATED, Drug.KETAMINE),
        (Route.NASAL, StandingCode.DIFFERENT_PRODUCT, Drug.ESKETAMINE),
        (Route.SUBLINGUAL, StandingCode.UNSUPPORTED, Drug.KETAMINE),
    ],
)
def test_the_rows_do_not_stand_equally(route: Route, code: StandingCode, drug: Drug) -> None:
    row = row_of(route)
    assert (row.standing.code, row.drug) == (code, drug)


def test_the_nasal_doses_are_one_two_or_three_devices_of_28_mg() -> None:
    assert row_of(Route.NASAL).steps == tuple(Decimal(28) * devices for devices in (1, 2, 3))


# What a row may not leave out, whatever the question.
@pytest.mark.parametrize(
    ("route", "codes"),
    [
        (Route.IV, {"anaesthetic_range", "no_label_maximum", "body_weight_not_stated"}),
        (Route.NASAL, {"esketamine_only", "devices", "not_per_kg"}),
        (
            Route.SUBLINGUAL,
            {
                "no_other_source",
                "bioavailability",
                "no_approved_product",
                "body_weight_not_stated",
            },
        ),
    ],
)
def test_a_row_has_the_cautions_that_it_may_not_leave_out(route: Route, codes: set[str]) -> None:
    assert codes <= {c.code for c in row_of(route).cautions if c.at_dose is None}


@each_row
def test_a_row_says_what_its_source_does_not_say(data: Dataset, row: DoseRow) -> None:
    codes = {caution.code for caution in (*row.cautions, *data.every_row)}
    assert {"course_not_stated", "not_for_emergency"} <= codes
    assert (row.basis is Basis.FIXED) or "body_weight_not_stated" in codes
    assert sum(s.relation is Relation.STATES for s in row.standing.sources) == 1


def test_the_unsupported_row_has_nothing_that_agrees() -> None:
    sources = row_of(Route.SUBLINGUAL).standing.sources
    assert not [s for s in sources if s.relation in (Relation.AGREES, Relation.NARROWS)]
    assert [s for s in sources if s.relation is Relation.CONTRADICTS]


@each_row
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


UNVERIFIED = re.compile(
    r"\[M\]|\bTODO\b|\?\?|from memory|28249076|TRANSFORM(?!-3.$)|2119365|1156248006"
)


@pytest.mark.parametrize("file", sorted(DATA.glob("*.toml")), ids=lambda file: file.name)
def test_nothing_unverified_is_in(file: Path) -> None:
    text = file.read_text(encoding="ascii")
    assert not [line for line in text.splitlines() if UNVERIFIED.search(line) and line[0] != "#"]


def test_every_route_without_a_row_has_a_reason_and_a_source(data: Dataset) -> None:
    without = {route.full_name for route in Route if route not in data.routes}
    assert {left_out.name for left_out in data.not_included} == without | {"racemic nasal"}
    assert all(left_out.reason and left_out.sources for left_out in data.not_included)


# ----------------------------------------------------------- the hash, and what has been reviewed


def test_the_hash_is_of_what_the_files_say_without_dates_and_reviews(tmp_path: Path) -> None:
    root = copy_of_data(tmp_path)
    original = store.read_dataset(root)
    edit(root / "doses.toml", "# ", "# another word ")
    edit(root / "reviews.toml", "review_due = ", "review_due = 2099-01-01 # ")
    edit(root / "doses.toml", "low = 0.5\nhigh = 1\n", "high = 1\nlow = 0.5\n")
    changed = store.read_dataset(root)
    assert changed.sha256 == original.sha256
    assert changed.edition.review_due > original.edition.review_due


@pytest.mark.parametrize("table", sorted((store._TABLES | store._LISTS).keys() - {"reviews"}))
def test_no_table_changes_without_the_hash(tmp_path: Path, table: str) -> None:
    root = copy_of_data(tmp_path)
    name, kind = (store._TABLES | store._LISTS)[table]
    head, mark, last = (root / name).read_text(encoding="ascii").rpartition(f"[[{kind}]]")
    own, *rest = re.split(r"(?m)^(?=\[)", last)
    field = r'\b(text|title|says|reason|means|salt_basis|place)( = ")'
    text = re.sub(field, r"\1\2X", own, count=1)
    assert mark
    assert text != own
    (root / name).write_text(head + mark + text + "".join(rest), encoding="ascii")
    assert store.read_dataset(root).sha256 != store.load_dataset().sha256


def test_no_clinician_has_reviewed_it_until_a_review_of_this_very_data_is_recorded(
    data: Dataset,
) -> None:
    review = Review(
        role="pharmacist",
        organisation="a hospital",
        reviewed=date(2027, 1, 2),
        version="1",
        covered="all dose rows",
        sha256="0" * 64,
    )
    assert data.model_copy(update={"reviews": ()}).clinical_review == NOT_REVIEWED
    other = data.model_copy(update={"reviews": (review,)})
    assert other.clinical_review == NOT_REVIEWED
    ours = review.model_copy(update={"sha256": data.sha256})
    reviewed = data.model_copy(update={"reviews": (review, ours)})
    assert reviewed.clinical_review == (
        "reviewed 2027-01-02 by pharmacist, a hospital: all dose rows"
    )


def test_the_data_is_read_once() -> None:
    assert store.load_dataset() is store.load_dataset()


def test_a_citation_without_a_place_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="place"):
        Citation.model_validate({"source_id": "article"})


def test_a_row_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        row_of(Route.IV).low = Decimal(2)  # type: ignore[misc]  # what the test is about
