"""The review pack, and how a review is recorded: nothing is left out, and nothing is invented."""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ketaref import store
from ketaref.errors import DataError
from ketaref.model.dataset import NOT_REVIEWED
from tests.conftest import Run
from tests.places import DATA
from tests.samples import NARROW

REVIEWS = tomllib.loads((DATA / "reviews.toml").read_text())


def pack(run: Run, *more: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run("review", *more, "-f", "json").stdout)
    return answer


def test_every_entry_of_the_data_is_in_the_pack_once(run: Run) -> None:
    data = store.load_dataset()
    items = [(row["part"], row["id"]) for row in pack(run)["results"]]
    assert len(set(items)) == len(items)
    entries = {
        "dose row": {row.route.full_name for row in data.rows},
        "effect": {effect.id for effect in data.lists.effects},
        "boxed warning": {boxed.id for boxed in data.lists.boxed},
        "contraindication": {item.id for item in data.lists.contraindications},
        "check": {check.id for check in data.lists.checks},
        "statement": {statement.id for statement in data.lists.statements},
        "guideline": {guideline.id for guideline in data.lists.guidelines},
        "study": {trial.id for trial in data.trials},
    }
    for part, ids in entries.items():
        assert {name for kind, name in items if kind == part} == ids
    cautions = sum(len(row.cautions) for row in data.rows) + len(data.every_row)
    drugs = sum(len(list(drug.stated)) for drug in data.drugs)
    others = len(data.strengths) + len(data.not_included) + cautions + drugs
    assert len(items) == sum(map(len, entries.values())) + others


def test_the_pack_is_in_order_of_importance_and_in_each_block_the_weakest_comes_first(
    run: Run,
) -> None:
    rows = pack(run)["results"]
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    blocks = list(dict.fromkeys(row["block"] for row in rows))
    assert [row["block"] for row in rows] == sorted(
        (row["block"] for row in rows), key=blocks.index
    )
    assert blocks[0].startswith("dose ranges")
    assert blocks[1].startswith("contraindications")
    order = ["unsupported, or", "read in part", "read in the"]
    for block in blocks:
        groups = [row["group"] for row in rows if row["block"] == block]
        ranks = [next(n for n, each in enumerate(order) if g.startswith(each)) for g in groups]
        assert ranks == sorted(ranks)
    for row in rows:
        secondary = [source["checked"] == "secondary" for source in row["sources"]]
        weak = ("unsupported", "contradicted", "searched, nothing found")
        if row["standing"] in weak or all(secondary):
            assert row["group"].startswith("unsupported")
        else:
            assert row["group"].startswith("read in part" if any(secondary) else "read in the")


def test_page_one_has_every_row_with_what_supports_it(run: Run) -> None:
    text = run("review", "-f", "plain").stdout
    first = text[: text.index("all ".capitalize())]
    for row in store.load_dataset().rows:
        assert f"{row.route.full_name} {row.drug.full_name}" in first
        assert row.standing.label in first
    assert "no controlled intravenous trial was found" in first
    assert "No maximum dose in mg was found" in first


def test_an_item_has_its_sources_as_they_were_read_and_what_contradicts_it(run: Run) -> None:
    rows = {(row["part"], row["id"]): row for row in pack(run)["results"]}
    sublingual = rows["dose row", "sublingual"]
    assert "yanagihara-2003" in sublingual["contradicted_by"]
    for row in rows.values():
        assert (row["decision"], row["initials"], row["date"]) == (None, None, None)
        for source in row["sources"]:
            assert source["place"]
            assert source["version_read"]
            assert source["checked"] in ("primary", "secondary")


def test_there_is_a_box_for_each_decision_on_each_item(run: Run) -> None:
    rows = pack(run)["results"]
    items = len(rows) + len({row["block"] for row in rows})  # and one line for each whole block
    markdown = run("review", "-f", "markdown").stdout
    assert markdown.count(r"| \[ \] | \[ \] | \[ \] |") == items
    html = run("review", "-f", "html").stdout
    assert html.count('aria-label="box to tick"') == 3 * items
    assert "size: landscape" in html


def test_a_protocol_is_reviewed_in_the_same_pack(run: Run) -> None:
    answer = pack(run, "--protocol", NARROW)
    assert [row["id"] for row in answer["local"]] == ["iv-capped", "sc-row", "way-home"]
    first = len(answer["results"]) + 1
    assert [row["number"] for row in answer["local"]] == [first, first + 1, first + 2]
    assert answer["local"][0]["deviation"] == "inside the published 0.5 to 1 mg/kg"
    text = run("review", "--protocol", NARROW, "-f", "plain").stdout
    assert answer["protocol"]["sha256"] in text
    assert answer["data"]["sha256"] in text


# ------------------------------------------------------------ recording one


def recorded(sha: str, **changed: str) -> str:
    fields = {
        "role": '"chief pharmacist"',
        "organisation": '"A hospital"',
        "reviewed": "2026-12-01",
        "version": f'"{REVIEWS["dataset"]["version"]}"',
        "covered": '"all dose rows"',
        "sha256": f'"{sha}"',
    } | changed
    return "\n[[review]]\n" + "".join(f"{key} = {value}\n" for key, value in fields.items())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text() + text)


def test_the_shipped_data_is_reviewed_only_where_a_review_of_it_is_recorded(run: Run) -> None:
    data = pack(run)["data"]
    of_this = [each for each in REVIEWS.get("review", []) if each["sha256"] == data["sha256"]]
    assert (data["clinical_review"] == NOT_REVIEWED) == (not of_this)


def test_a_review_of_exactly_this_data_counts_and_does_not_undo_itself(root: Path) -> None:
    before = store.read_dataset(root)
    append(root / "reviews.toml", recorded(before.sha256))
    after = store.read_dataset(root)
    assert after.sha256 == before.sha256
    assert after.clinical_review == (
        "reviewed 2026-12-01 by chief pharmacist, A hospital: all dose rows"
    )


def test_a_changed_row_loses_the_review(root: Path) -> None:
    append(root / "reviews.toml", recorded(store.read_dataset(root).sha256))
    doses = root / "doses.toml"
    doses.write_text(doses.read_text().replace('"Invasive"', '"Invasive, and costly"'))
    assert store.read_dataset(root).clinical_review == NOT_REVIEWED


def test_a_review_of_another_hash_does_not_count(root: Path) -> None:
    append(root / "reviews.toml", recorded("0" * 64))
    assert store.read_dataset(root).clinical_review == NOT_REVIEWED


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("sha256", '"abc"', "64 digits"),
        ("reviewed", '"2026-12-01"', "a date without quotes"),
        ("reviewed", "20261201", "a date without quotes"),
        ("name", '"Somebody"', "Extra inputs are not permitted"),
        ("role", '""', "a text of printable ASCII is needed"),
    ],
)
def test_a_review_that_leaves_something_out_or_names_a_person_is_refused(
    root: Path, field: str, value: str, message: str
) -> None:
    append(root / "reviews.toml", recorded("0" * 64, **{field: value}))
    with pytest.raises(DataError, match=message):
        store.read_dataset(root)


def test_a_protocol_has_reviews_of_its_own(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(Path(NARROW).read_text())
    check = ["protocol", "check", str(file), "-f", "json"]
    before = json.loads(run(*check).stdout)["protocol"]
    assert before["clinical_review"] == NOT_REVIEWED
    append(file, recorded(before["sha256"], version='"3"', reviewed="2026-11-20"))
    after = json.loads(run(*check).stdout)["protocol"]
    assert after["sha256"] == before["sha256"]
    assert after["clinical_review"].startswith("reviewed 2026-11-20 by chief pharmacist")
    file.write_text(file.read_text().replace("high = 0.75", "high = 0.8"))
    changed = json.loads(run(*check).stdout)["protocol"]
    assert changed["clinical_review"] == NOT_REVIEWED


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("reviewed", "2026-11-24", "is not from the approval, 2026-01-15, to today, 2026-11-23"),
        ("reviewed", "2026-01-14", "is not from the approval"),
        ("version", '"99"', "99 is not the version of the protocol, 3"),
        ("role", '" "', "role: is blank"),
    ],
)
def test_a_review_of_a_protocol_on_an_impossible_day_or_of_another_version_is_refused(
    run: Run, tmp_path: Path, field: str, value: str, message: str
) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(Path(NARROW).read_text())
    check = ["protocol", "check", str(file), "-f", "json"]
    sha256 = json.loads(run(*check).stdout)["protocol"]["sha256"]
    right = {"version": '"3"', "reviewed": "2026-11-20"}
    append(file, recorded(sha256, **(right | {field: value})))
    result = run(*check)
    assert result.exit_code == 4
    assert message in result.stderr
