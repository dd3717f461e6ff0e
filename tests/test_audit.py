"""The audit: the arithmetic of ``check`` over a whole table, and no row lost on the way."""

import csv
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ketaref.audit import source
from ketaref.reports.audit import wilson
from tests.conftest import Run
from tests.doses import COLUMNS, SEED, Line, at_limits, by_check, odd, write_parquet
from tests.samples import NARROW

HEADER = ",".join(COLUMNS)
LINES = [*at_limits(random.Random(SEED), 3_000), *odd(random.Random(SEED), 3_000)]
GOOD = "1,iv,ketamine,35,mg,70,kg"


def write_csv(file: Path, lines: list[Line]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        writer.writerows((number, *line) for number, line in enumerate(lines))
    return file


def read_rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def audited(run: Run, *line: str) -> dict[str, Any]:
    result = run("audit", *line, "-f", "json")
    assert result.exit_code in (0, 3), result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def count(report: dict[str, Any], section: str, name: str, row: str = "all") -> int:
    return sum(
        c["count"]
        for c in report["results"]
        if (c["section"], c["name"], c["row"], c["origin"]) == (section, name, row, "published")
    )


def put(folder: Path, *lines: str, name: str = "doses.csv") -> str:
    file = folder / name
    file.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return str(file)


# ------------------------------------------------------------ agreement with check


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
    report = audited(run, str(parquet), "--rows", str(rows))
    assert report["results"][2:] == audited(run, str(table))["results"][2:]
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
    """6.02 at 30.1 kg is exactly 0.2 mg/kg, and a float says 0.19999999999999998."""
    file, rows = tmp_path / "doses.parquet", tmp_path / "rows.csv"
    pairs = (
        ("6.02", 30.1),
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
        "below",
        "below",
        "not_assessable",
        "not_assessable",
        "not_assessable",
    ]
    assert report["inputs"]["floating"] == ["dose", "weight"]
    assert count(report, "input", "floating values in dose") == 6


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


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,,ketamine,35,mg,70,kg", "route missing"),
        ("1,im,ketamine,35,mg,70,kg", "route not in the table"),
        ("1,iv,,35,mg,70,kg", "drug missing"),
        ("1,iv,propofol,35,mg,70,kg", "drug not in the table"),
        ("1,iv,esketamine,35,mg,70,kg", "drug does not fit the row"),
        ("1,iv,ketamine,,mg,70,kg", "dose missing"),
        ("1,iv,ketamine,many,mg,70,kg", "dose not a number or not positive"),
        ("1,iv,ketamine,0.000,mg,70,kg", "dose not a number or not positive"),
        ("1,iv,ketamine,-35,mg,70,kg", "dose not a number or not positive"),
        ("1,iv,ketamine,1.0000000005,mg,70,kg", "dose has too many digits"),
        ("1,iv,ketamine,12345678901,mg,70,kg", "dose has too many digits"),
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
        ("1,iv,ketamine,9999999999,g,70,kg", None),
        ("1,nasal,esketamine,56,mg,,", None),
    ],
)
def test_what_cannot_be_assessed_says_why(
    run: Run, tmp_path: Path, line: str, reason: str | None
) -> None:
    rows = tmp_path / "rows.csv"
    report = audited(run, put(tmp_path, line), "--rows", str(rows))
    assert read_rows(rows)[0]["ketaref_reason"] == (reason or "")
    assert count(report, "reason", reason or "") == (1 if reason else 0)


def test_the_young_are_not_assessed_and_an_unread_age_is_said(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    ages = ("17", "17.9", "18", "", "old")
    lines = [f"{GOOD},{age}" for age in ages]
    file.write_text("\n".join((f"{HEADER},age_years", *lines)))
    report = audited(run, str(file))
    assert count(report, "reason", "under 18 years") == 2
    assert count(report, "reason", "age not a number") == 1
    assert count(report, "class", "inside") == 2


def test_durations_and_unusual_weights_are_counted(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    minutes = ("", "39.9", "40", "60", "60.1", "soon")
    lines = [f"{GOOD},{each}" for each in minutes] + ["1,iv,ketamine,150,mg,210,kg,40"]
    file.write_text("\n".join((f"{HEADER},duration_min", *lines)))
    report = audited(run, str(file))
    assert count(report, "duration", "not given", "iv") == 2
    assert count(report, "duration", "outside it", "iv") == 2
    assert count(report, "duration", "inside the stated one", "iv") == 3
    assert count(report, "weight", "unusual, outside 30 to 200 kg") == 1


def test_rows_outside_are_split_by_how_far(run: Run, tmp_path: Path) -> None:
    # by hand at 100 kg: 50 to 100 mg; 2.5, 5 and 10 percent of 100 and of 50
    doses = ("102.5", "102.501", "105", "105.1", "110", "110.1", "9999", "48.75", "48.7", "45", "1")
    report = audited(run, put(tmp_path, *(f"1,iv,ketamine,{d},mg,100,kg" for d in doses)))
    expected = {
        "above, within 2.5 percent": 1,
        "above, within 5 percent": 2,
        "above, within 10 percent": 2,
        "above, more": 2,
        "below, within 2.5 percent": 1,
        "below, within 5 percent": 1,
        "below, within 10 percent": 1,
        "below, more": 1,
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


# ------------------------------------------------------------ columns, and files that are wrong


def test_other_names_are_mapped_and_a_missing_column_lists_those_found(
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


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_a_byte_order_mark_and_capitals_in_the_header_are_read(
    run: Run, tmp_path: Path, end: str, mark: str
) -> None:
    file, rows = tmp_path / "doses.csv", tmp_path / "rows.csv"
    file.write_text(mark + end.join((HEADER.upper(), GOOD, "", GOOD)), newline="")
    report = audited(run, str(file), "--rows", str(rows))
    assert count(report, "class", "inside") == 2
    assert list(read_rows(rows)[0])[:2] == ["ID", "ROUTE"]


def test_columns_pass_through_as_they_are_and_none_is_printed(run: Run, tmp_path: Path) -> None:
    file, rows = tmp_path / "doses.csv", tmp_path / "rows.csv"
    note = 'a "quoted", multi\nline note'
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([*COLUMNS, "mrn", "Select * From", "note"])
        writer.writerow([*GOOD.split(","), "MRN-4711", "x'; DROP TABLE doses; --", note])
    result = run("audit", str(file), "--rows", str(rows))
    assert "4711" not in result.stdout + result.stderr
    (row,) = read_rows(rows)
    assert (row["mrn"], row["Select * From"], row["note"]) == (
        "MRN-4711",
        "x'; DROP TABLE doses; --",
        note,
    )


def test_cells_that_a_spreadsheet_would_run_are_neutralised_and_counted(
    run: Run, tmp_path: Path
) -> None:
    file, rows = tmp_path / "doses.csv", tmp_path / "rows.csv"
    risky = ["=1+1", "+1", "-1", "@x", "\tx", "\rx"]
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([*COLUMNS, "note"])
        writer.writerows([*GOOD.split(","), note] for note in [*risky, "plain", "a=b"])
    report = audited(run, str(file), "--rows", str(rows))
    assert [row["note"] for row in read_rows(rows)] == [*(f"'{n}" for n in risky), "plain", "a=b"]
    assert count(report, "input", "cells neutralised in the CSV") == len(risky)


def test_malformed_lines_are_counted_and_named_by_their_lines(run: Run, tmp_path: Path) -> None:
    file = put(
        tmp_path,
        '1,iv,ketamine,35,mg,70,"k\ng"',  # lines 2 and 3
        "2,iv,ketamine,35,mg,70",  # line 4: too few
        "",
        GOOD,
        "3,iv,ketamine,35,mg,70,kg,more",  # line 7: too many
    )
    report = audited(run, file)
    assert report["inputs"]["malformed_lines"] == [4, 7]
    assert count(report, "input", "malformed lines") == 2
    assert count(report, "input", "rows read") == 2


def test_a_quote_that_is_never_closed_is_an_error_not_a_swallowed_row(
    run: Run, tmp_path: Path
) -> None:
    lines = [GOOD] * 50_000
    lines[1_000] = '1,iv,"ketamine,35,mg,70,kg'
    result = run("audit", put(tmp_path, *lines))
    assert result.exit_code == 2
    assert "a quote that is never closed, from line 1,002 on" in result.stderr
    lines[40_000] = '1,iv,ketamine",35,mg,70,kg'
    assert run("audit", put(tmp_path, *lines)).exit_code == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "is not UTF-8"),
        (
            HEADER.encode() + b"\n" + GOOD.encode() + b"\n1,iv,k\xe9tamine,35,mg,70,kg\n",
            "doses.csv",
        ),
        (HEADER.replace("id", "dose").encode() + b"\n", 'more than one column "dose"'),
        (HEADER.replace(",", ";").encode() + b"\n", "no column for route"),
        ((HEADER + ",ketaref_class\n").encode(), "columns that an audit adds"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    run: Run, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "doses.csv"
    file.write_bytes(content)
    result = run("audit", str(file))
    assert result.exit_code == 2, result.stdout
    assert says in result.stderr


def test_a_header_alone_is_no_rows(run: Run, tmp_path: Path) -> None:
    assert count(audited(run, put(tmp_path)), "input", "rows read") == 0


@pytest.mark.parametrize("name", ["missing.csv", "doses.xlsx", "empty-folder", "not.parquet"])
def test_what_cannot_be_read_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty-folder").mkdir()
    (tmp_path / "doses.xlsx").write_text("x")
    (tmp_path / "not.parquet").write_text("x")
    result = run("audit", str(tmp_path / name))
    assert result.exit_code == 2
    assert name in result.stderr


@pytest.mark.parametrize("name", ["a [1]*?.csv", "it's.csv", "t\u00e9st \U0001f600.csv"])
def test_any_name_of_a_file_is_read(run: Run, tmp_path: Path, name: str) -> None:
    assert count(audited(run, put(tmp_path, GOOD, name=name)), "class", "inside") == 1


def test_lines_are_counted_by_bytes_as_another_reader_counts_them(tmp_path: Path) -> None:
    random_ = random.Random(SEED)
    for _ in range(300):
        cells = ("a", '"b"', '"c\nd"', '"e""f"', '""', "", '"\n\n"', '"g\r\nh, i"')
        ends = ("\n", "\r\n", "\n\n", "\n\r\n")
        text = "".join(
            ",".join(random_.choice(cells) for _ in range(random_.randrange(2, 4)))
            + random_.choice(ends)
            for _ in range(random_.randrange(12))
        ).removesuffix("\n" if random_.random() < 0.3 else "no such end")
        file = tmp_path / "x.csv"
        file.write_text(text, newline="")
        records = sum(bool(row) for row in csv.reader(io.StringIO(text, newline="")))
        assert source.count_records(file)[:2] == (records, None), text


# ------------------------------------------------------------ where the rows go


def test_the_rows_never_replace_the_input_or_a_file_that_is_there(run: Run, tmp_path: Path) -> None:
    file = put(tmp_path, GOOD)
    before = Path(file).read_bytes()
    link = tmp_path / "link.csv"
    link.symlink_to(file)
    for rows in (file, str(link)):
        result = run("audit", file, "--rows", rows, "--force")
        assert result.exit_code == 2
        assert "it is never written to" in result.stderr
    assert run("audit", file, "--rows", file).exit_code == 2
    assert run("audit", file, "--rows", str(tmp_path / "rows.xlsx")).exit_code == 2
    assert Path(file).read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["doses.csv", "link.csv"]


def _large(folder: Path) -> Path:
    file = folder / "large.parquet"
    write_parquet(6_000_000, str(file))
    return file


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_audit_leaves_nothing_under_the_final_name(
    tmp_path: Path, sent: signal.Signals
) -> None:
    file = _large(tmp_path)
    rows = tmp_path / "rows.csv"
    command = [sys.executable, "-m", "ketaref", "audit", str(file), "--rows", str(rows)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".ketaref-*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.5)
        process.send_signal(sent)
        status = process.wait(timeout=60)
    assert status != 0
    assert not rows.exists()
    if sent is signal.SIGINT:
        assert status == 130
        assert not list(tmp_path.glob(".ketaref-*"))


def test_a_full_disk_is_said_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: the engine's write fails likewise."""
    file = tmp_path / "doses.parquet"
    write_parquet(200_000, str(file))
    rows = tmp_path / "rows.csv"
    command = f"ulimit -f 100; exec {sys.executable} -m ketaref audit {file} --rows {rows}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert result.returncode not in (0, 1), result.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["doses.parquet"]


def test_standard_input_is_a_csv_and_nothing_is_left_of_it(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-m", "ketaref", "audit", "-", "-f", "json"],
        input=f"{HEADER}\n{GOOD}\n",
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    report = json.loads(result.stdout)
    assert report["inputs"]["file"] == "standard input"
    assert count(report, "class", "inside") == 1
    assert result.stderr == ""
    assert not list(tmp_path.iterdir())


def test_without_the_engine_it_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name.startswith("ketaref.audit")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    for line in (["audit", put(tmp_path, GOOD)], ["audit", "--sql", "spark", "--table", "t"]):
        result = run(*line)
        assert result.exit_code == 2
        assert 'pip install "ketaref[audit]"' in result.stderr
