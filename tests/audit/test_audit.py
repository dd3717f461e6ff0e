"""The audit: the arithmetic of ``check`` over a whole table, row by row and in sum."""

import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from ketaref.reports.audit import wilson

from ketaref.audit.rules import published_rules
from ketaref.store import load_dataset
from tests.audit.audits import GOOD, HEADER, audited, count, put, read_rows, write_csv
from tests.audit.doses import SEED, at_limits, by_check, odd
from tests.conftest import Run
from tests.samples import FAR, NARROW

LINES = [*at_limits(random.Random(SEED), 3_000), *odd(random.Random(SEED), 3_000)]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv(tmp_path_factory.mktemp("audit") / "doses.csv", LINES)


def test_every_line_has_the_class_that_check_gives_it_in_the_order_of_the_file(
    run: Run, table: Path, tmp_path: Path
) -> None:
    """The boundary by float is one of the hazards: a third of these lie exactly on a limit."""
    rows = tmp_path / "rows.csv"
    report = audited(run, str(table), "--rows", str(rows))
    written = read_rows(rows)
    assert [row["id"] for row in written] == [str(number) for number in range(len(LINES))]
    for line, row in zip(LINES, written, strict=True):
        expected, name = by_check(line)
        assert row["ketaref_class"] == expected, (line, row["ketaref_reason"])
        assert bool(row["ketaref_reason"]) == (expected == "not_assessable")
        assert row["ketaref_row"] == (name or "")
        assert row["ketaref_notice"] == "Reference information, not prescribing guidance."
    classes = Counter(row["ketaref_class"] for row in written)
    assert min(classes.values()) > 500, "each class is tried"
    for name, number in classes.items():
        assert count(report, "class", name) == number
    assert count(report, "input", "rows read") == len(LINES)


def test_the_limits_shown_are_the_exact_ones(run: Run, table: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    audited(run, str(table), "--rows", str(rows))
    per_kg = {"iv": (Fraction(1, 2), Fraction(1)), "sublingual": (Fraction(1, 5), Fraction(2, 5))}
    kg = {"kg": Fraction(1), "lb": Fraction("0.45359237"), "st": Fraction("6.35029318")}
    for line, row in list(zip(LINES, read_rows(rows), strict=True))[:3_000]:
        for end, share in zip(("low", "high"), per_kg[str(line.route)], strict=True):
            exact = share * Fraction(str(line.weight)) * kg[str(line.weight_unit)]
            assert Fraction(row[f"ketaref_{end}_mg"]) == exact


def test_parquet_in_and_out_says_the_same_as_csv(run: Run, table: Path, tmp_path: Path) -> None:
    parquet, rows = tmp_path / "doses.parquet", tmp_path / "rows.parquet"
    duckdb.execute(f"COPY (SELECT * FROM read_csv('{table}', all_varchar=true)) TO '{parquet}'")
    reports = (audited(run, str(parquet), "--rows", str(rows)), audited(run, str(table)))
    ours, theirs = ([c for c in r["results"] if c["section"] != "input"] for r in reports)
    assert ours == theirs
    found = duckdb.execute(f"SELECT id, ketaref_class FROM '{rows}'").fetchall()
    assert found == [(str(n), by_check(line)[0]) for n, line in enumerate(LINES)]


def test_a_folder_of_parquet_is_read_in_the_order_of_its_names(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in (2, 1):
        duckdb.execute(
            f"COPY (SELECT {number} AS id, 'iv' AS route, 'ketamine' AS drug, 35 AS dose, "
            f"'mg' AS dose_unit, 70 AS weight, 'kg' AS weight_unit) "
            f"TO '{folder}/part-{number}.parquet'"
        )
    rows = tmp_path / "rows.csv"
    audited(run, str(folder), "--rows", str(rows))
    assert [(row["id"], row["ketaref_class"]) for row in read_rows(rows)] == [
        ("1", "inside"),
        ("2", "inside"),
    ]


def test_floating_columns_are_read_by_a_stated_rule_and_counted(run: Run, tmp_path: Path) -> None:
    """6.02 at 30.1 kg is exactly 0.2 mg/kg, and a float says 0.19999999999999998.

    So is 16.005 at 80.025 kg; 16.005 times 10^9 comes out below 16,005,000,000.
    """
    file, rows = tmp_path / "doses.parquet", tmp_path / "rows.csv"
    pairs = (
        ("6.02", 30.1),
        ("16.005", 80.025),
        ("6.019999999", 30.1),
        ("0.30000000000000004", 30),
        ("nan", 70),
        ("inf", 70),
        ("-1", 70),
    )
    values = ", ".join(f"('{dose}', {weight})" for dose, weight in pairs)
    duckdb.execute(
        "COPY (SELECT 'sublingual' AS route, 'ketamine' AS drug, CAST(d AS DOUBLE) AS dose, 'mg' "
        f"AS dose_unit, CAST(w AS DOUBLE) AS weight, 'kg' AS weight_unit FROM (VALUES {values}) "
        f"AS t(d, w)) TO '{file}'"
    )
    report = audited(run, str(file), "--rows", str(rows))
    assert [row["ketaref_class"] for row in read_rows(rows)] == [
        "inside",
        "inside",
        "below",
        "below",
        "not_assessable",
        "not_assessable",
        "not_assessable",
    ]
    assert report["inputs"]["floating"] == ["dose", "weight"]
    assert count(report, "input", "floating values in dose") == 7


def test_a_single_precision_column_is_read_by_its_text(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.parquet"
    duckdb.execute(
        "COPY (SELECT 'iv' AS route, 'ketamine' AS drug, CAST(46.8 AS FLOAT) AS dose, 'mg' AS "
        f"dose_unit, CAST(46.8 AS FLOAT) AS weight, 'kg' AS weight_unit) TO '{file}'"
    )
    assert count(audited(run, str(file)), "class", "inside") == 1


def test_a_wilson_interval_is_the_published_one() -> None:
    # Newcombe, Statistics in Medicine 1998;17:857-872, table I, method 3: 81 of 263; 0 of 20
    share = wilson(81, 263)
    assert share
    assert (share.percent, share.low, share.high) == ("30.8", "25.5", "36.6")
    none = wilson(0, 20)
    assert none
    assert (none.low, none.high) == ("0", "16.1")
    assert wilson(0, 0) is None


# ------------------------------------------------------------ reasons, ages, durations, distances


REASONS = [
    ("1,,ketamine,35,mg,70,kg", "route missing"),
    ("1,im,ketamine,35,mg,70,kg", "route not in the table"),
    ("1,iv,,35,mg,70,kg", "drug missing"),
    ("1,iv,propofol,35,mg,70,kg", "drug not in the table"),
    ("1,iv,esketamine,35,mg,70,kg", "drug does not fit the row"),
    ("1,iv,ketamine,,mg,70,kg", "dose missing"),
    ("1,iv,ketamine,many,mg,70,kg", "dose not a number or not positive"),
    ("1,iv,ketamine,0.000,mg,70,kg", "dose not a number or not positive"),
    ("1,iv,ketamine,-35,mg,70,kg", "dose not a number or not positive"),
    ("1,iv,ketamine,1.0000000005,mg,70,kg", "dose has too many digits or a leading zero"),
    ("1,iv,ketamine,035,mg,70,kg", "dose has too many digits or a leading zero"),
    ("1,iv,ketamine,12345678901,mg,70,kg", "dose has too many digits or a leading zero"),
    ("1,iv,ketamine,35,,70,kg", "dose unit missing"),
    ("1,iv,ketamine,1,VIAL,70,kg", "dose unit not a mass"),
    ("1,iv,ketamine,1,mL,70,kg", "dose unit not a mass"),
    ("1,iv,ketamine,35,mg,,kg", "weight missing"),
    ("1,iv,ketamine,35,mg,heavy,kg", "weight not a number or not positive"),
    ("1,iv,ketamine,35,mg,70,", "weight unit missing"),
    ("1,iv,ketamine,35,mg,70,kilo", "weight unit unknown"),
    ("1,iv,ketamine,35,mg,11.5,st", "weight in stone not whole"),
    ("1,iv,ketamine,35,mg,19.9,kg", "weight implausible"),
    ("1,iv,ketamine,35,mg,351,kg", "weight implausible"),
    ("1,iv,ketamine,35,mg,9999999999,kg", "weight implausible"),
    ("1,iv,ketamine,9999999999,g,70,kg", ""),
    ("1,nasal,esketamine,56,mg,,", ""),
]


def test_what_cannot_be_assessed_says_why(run: Run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    report = audited(run, put(tmp_path, *(line for line, _ in REASONS)), "--rows", str(rows))
    found = [row["ketaref_reason"] for row in read_rows(rows)]
    assert list(zip([line for line, _ in REASONS], found, strict=True)) == REASONS
    for reason, times in Counter(found).items():
        assert count(report, "reason", reason) == (times if reason else 0)


def test_the_young_are_not_assessed_and_an_unread_age_is_said(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    ages = ("0", "17", "17.9", "18", "", "old")
    lines = [f"{GOOD},{age}" for age in ages]
    file.write_text("\n".join((f"{HEADER},age_years", *lines)))
    report = audited(run, str(file))
    assert count(report, "reason", "under 18 years") == 3
    assert count(report, "reason", "age not a number") == 1
    assert count(report, "class", "inside") == 2


def test_durations_and_unusual_weights_are_counted(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    minutes = ("", "39.9", "40", "60", "60.1", "soon")
    lines = [f"{GOOD},{each}" for each in minutes] + ["1,iv,ketamine,150,mg,210,kg,40"]
    file.write_text("\n".join((f"{HEADER},duration_min", *lines)))
    report = audited(run, str(file))
    assert count(report, "duration", "not given", "iv") == 1
    assert count(report, "duration", "given but not read", "iv") == 1
    assert count(report, "duration", "outside it", "iv") == 2
    assert count(report, "duration", "inside the stated one", "iv") == 3
    assert count(report, "weight", "unusual, outside 30 to 200 kg") == 1


def test_a_duration_is_held_to_the_ends_as_they_are_written(
    run: Run, tmp_path: Path, protocol: Callable[..., Path]
) -> None:
    file = tmp_path / "doses.csv"
    minutes = ("1000.0009", "1000.001", "1000.002", "1000.003", "1000.0031")
    file.write_text("\n".join((f"{HEADER},duration_min", *(f"{GOOD},{m}" for m in minutes))))
    why = (
        'body_weight = "ideal"',
        'body_weight = "ideal"\noutside_published_range_reason = "slow"',
    )
    long = protocol(("low = 40, high = 60", "low = 1000.001, high = 1000.003"), why)
    report = audited(run, str(file), "--protocol", str(long))
    found = {
        c["name"]: c["count"]
        for c in report["results"]
        if c["section"] == "duration" and c["row"] == "iv-capped"
    }
    assert (found["inside the stated one"], found["outside it"]) == (3, 2)


def test_rows_outside_are_split_by_how_far(run: Run, tmp_path: Path) -> None:
    # by hand at 100 kg: 50 to 100 mg; 2.5, 5 and 10 percent of 100 and of 50
    doses = (
        "102.5",
        "102.501",
        "105",
        "105.1",
        "110",
        "110.1",
        "9999",
        "48.75",
        "48.749",
        "45",
        "1",
    )
    report = audited(run, put(tmp_path, *(f"1,iv,ketamine,{d},mg,100,kg" for d in doses)))
    expected = {
        "above, by up to 2.5 percent": 1,
        "above, by 2.5 to 5 percent": 2,
        "above, by 5 to 10 percent": 2,
        "above, by more than 10 percent": 2,
        "below, by up to 2.5 percent": 1,
        "below, by 2.5 to 5 percent": 1,
        "below, by 5 to 10 percent": 1,
        "below, by more than 10 percent": 1,
    }
    assert {name: count(report, "outside", name) for name in expected} == expected


def test_fail_on_gives_three(run: Run, tmp_path: Path) -> None:
    inside = put(tmp_path, GOOD)
    odd_ = put(tmp_path, "1,iv,ketamine,1,VIAL,70,kg", name="odd.csv")
    above = put(tmp_path, "1,iv,ketamine,71,mg,70,kg", name="above.csv")
    both = ("--fail-on", "outside", "--fail-on", "not-assessable")
    assert run("audit", inside, *both).exit_code == 0
    assert run("audit", odd_, "--fail-on", "outside").exit_code == 0
    assert run("audit", odd_, "--fail-on", "not-assessable").exit_code == 3
    assert run("audit", above, "--fail-on", "outside").exit_code == 3
    assert run("audit", above).exit_code == 0


def test_a_protocol_is_audited_in_columns_of_its_own(run: Run, tmp_path: Path) -> None:
    # by hand: at 120 kg the protocol's 60 to 90 mg end at 50; im is 0.25 to 0.5 mg/kg
    lines = ("1,iv,ketamine,60,mg,120,kg", "2,im,ketamine,30,mg,120,kg", GOOD)
    rows = tmp_path / "rows.csv"
    audited(run, put(tmp_path, *lines), "--rows", str(rows), "--protocol", NARROW)
    found = read_rows(rows)
    assert [row["ketaref_class"] for row in found] == ["inside", "not_assessable", "inside"]
    assert [row["ketaref_local_class"] for row in found] == ["above", "inside", "inside"]
    assert [row["ketaref_local_high_mg"] for row in found] == ["50", "60", "50"]
    assert {row["ketaref_local_protocol"] for row in found} == {
        "local protocol: Anxiety infusions 3"
    }


def test_a_protocol_without_rows_adds_no_columns(run: Run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    file = str(Path(NARROW).with_name("checklist_only.toml"))
    audited(run, put(tmp_path, GOOD), "--rows", str(rows), "--protocol", file)
    (row,) = read_rows(rows)
    assert row["ketaref_class"] == "inside"
    assert not [name for name in row if name.startswith("ketaref_local")]


def test_a_protocol_far_above_is_not_counted_as_if_it_would_fit(run: Run, tmp_path: Path) -> None:
    result = run("audit", put(tmp_path, GOOD), "--protocol", FAR)
    assert result.exit_code == 2
    assert "row iv-far" in result.stderr
    assert "above 1,000 mg/kg, the most that an audit takes" in result.stderr
    assert "without that row" in result.stderr


@pytest.mark.parametrize("end", ["low", "high"])
def test_a_row_with_parts_of_a_microgram_is_not_rounded(end: str) -> None:
    data = load_dataset()
    row = data.rows[0].model_copy(update={end: Decimal("1.0005")})
    with pytest.raises(ValueError, match="parts of a microgram"):
        published_rules(data.model_copy(update={"rows": (row,)}))


def test_floating_columns_are_named_to_a_reader_as_well(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.parquet"
    columns = "'iv' AS route, 'ketamine' AS drug, 35.5::DOUBLE AS dose, 'mg' AS dose_unit"
    weight = "70.4::DOUBLE AS weight, 'kg' AS weight_unit"
    duckdb.sql(f"COPY (SELECT {columns}, {weight}) TO '{file}'")
    words = " ".join(run("audit", str(file)).stdout.split())
    assert "dose, weight: each value as the nearest number with 9 decimals" in words


def test_a_row_of_a_protocol_without_a_duration_has_none_to_be_inside(
    run: Run, tmp_path: Path, protocol: Callable[..., Path]
) -> None:
    untimed = protocol()
    text = untimed.read_text(encoding="utf-8")
    infusion = text[text.index('[[row]]\nid = "iv-capped"') : text.index('[[row]]\nid = "im-row"')]
    untimed.write_text(text.replace(infusion, ""), encoding="utf-8")
    rows = tmp_path / "rows.csv"
    table = put(tmp_path, "1,intramuscular,ketamine,35,mg,70,kg")  # by hand: 0.5 x 70 = 35
    report = audited(run, table, "--protocol", str(untimed), "--rows", str(rows))
    durations = [c for c in report["results"] if c["section"] == "duration"]
    assert {c["row"] for c in durations if c["count"]} <= {"iv"}, "none of the protocol"
    (row,) = read_rows(rows)
    assert row["ketaref_local_class"] == "inside"
