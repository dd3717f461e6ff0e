"""What one cell of a table says, and what the lines of the report count: a case at a time."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.audit.audits import GOOD, HEADER, audited, count, put, read_rows
from tests.audit.doses import write_parquet
from tests.conftest import Run

UNREAD = "not a number or not positive"
LONG = "has too many digits or a leading zero"


def floating(folder: Path, column: str, values: list[str]) -> str:
    """Write a table in Parquet with a line for each value of one column, which is floating."""
    cells = {
        "route": "'iv'",
        "drug": "'ketamine'",
        "dose": "'35'",
        "dose_unit": "'mg'",
        "weight": "'70'",
        "weight_unit": "'kg'",
        column: f"CAST(unnest({values}) AS DOUBLE)",
    }
    file = folder / "doses.parquet"
    select = ", ".join(f"{value} AS {name}" for name, value in cells.items())
    duckdb.execute(f"COPY (SELECT {select}) TO '{file}'")
    return str(file)


def reasons(run: Run, folder: Path, file: str) -> list[str]:
    rows = folder / "rows.csv"
    audited(run, file, "--rows", str(rows))
    return [row["ketaref_reason"] for row in read_rows(rows)]


FLOATING_DOSES = {
    # 9 decimals of what is below 9 million are whole numbers that a double holds.
    "8999999.5": "",
    "8999999.999999999": "",
    "9000000": f"dose {LONG}",
    "9000001.5": f"dose {LONG}",
    "1e299": f"dose {LONG}",
    "1e300": f"dose {UNREAD}",
    "1e301": f"dose {UNREAD}",
    "inf": f"dose {UNREAD}",
    # The nearest number with 9 decimals of half the last place is the last place itself.
    "0.5e-9": "",
    "0.49e-9": f"dose {UNREAD}",
    "0": f"dose {UNREAD}",
    "-1": f"dose {UNREAD}",
    "nan": f"dose {UNREAD}",
}
FLOATING_AGES = {
    "0": "under 18 years",
    "17.99": "under 18 years",
    "18": "",
    "-1": "age not a number",
    "nan": "age not a number",
    "9000000": "age not a number",
}


@pytest.mark.parametrize(
    ("column", "expected"), [("dose", FLOATING_DOSES), ("age_years", FLOATING_AGES)]
)
def test_a_floating_number_is_read_in_its_bounds_and_an_age_may_be_zero(
    run: Run, tmp_path: Path, column: str, expected: dict[str, str]
) -> None:
    found = reasons(run, tmp_path, floating(tmp_path, column, list(expected)))
    assert dict(zip(expected, found, strict=True)) == expected


def test_a_floating_duration_may_be_zero_and_is_then_outside(run: Run, tmp_path: Path) -> None:
    report = audited(run, floating(tmp_path, "duration_min", ["0"]))
    assert count(report, "duration", "outside it", "iv") == 1


SPACES = [" ", "\t", "\r", "\n", "\u00a0", "\u2009", "\u202f"]
NO_SPACES = ["\x08", "\x0b", "\u009f", "\u00a1", "\u200b", "\u3000"]


def test_white_space_around_a_cell_is_not_read(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, quoting=csv.QUOTE_ALL)
        writer.writerow(HEADER.split(","))
        cells = ["1", "iv", "ketamine", "35", "mg", "70", "kg"]
        writer.writerows([f"{space}{cell}{space}" for cell in cells] for space in SPACES)
    assert dict(zip(SPACES, reasons(run, tmp_path, str(file)), strict=True)) == dict.fromkeys(
        SPACES, ""
    )


def test_what_is_no_white_space_belongs_to_the_cell(run: Run, tmp_path: Path) -> None:
    lines = [f"1,iv{other},ketamine,35,mg,70,kg" for other in NO_SPACES]
    found = reasons(run, tmp_path, put(tmp_path, *lines))
    assert dict(zip(NO_SPACES, found, strict=True)) == dict.fromkeys(
        NO_SPACES, "route not in the table"
    )


def counts(report: dict[str, Any], row: str) -> dict[str, tuple[int, int]]:
    return {
        c["name"]: (c["count"], c["of"])
        for c in report["results"]
        if (c["section"], c["row"], c["origin"]) == ("class", row, "published")
    }


def test_each_row_has_its_own_counts_and_shares(run: Run, tmp_path: Path) -> None:
    lines = [
        "1,iv,ketamine,34.9,mg,70,kg",  # below 35 mg
        "2,iv,ketamine,35,mg,70,kg",
        "3,iv,ketamine,70,mg,70,kg",
        "4,iv,ketamine,70.1,mg,70,kg",
        "5,iv,ketamine,35,mg,,",  # no weight
        "6,iv,esketamine,35,mg,70,kg",  # the drug does not fit: of the row by its route
        "7,nasal,esketamine,56,mg,,",
        "8,nasal,esketamine,85,mg,,",
        "9,sublingual,ketamine,14,mg,70,kg",
        "10,oral,ketamine,14,mg,70,kg",  # no row
    ]
    report = audited(run, put(tmp_path, *lines))
    assert counts(report, "iv") == {
        "below": (1, 4), "inside": (2, 4), "above": (1, 4), "not_assessable": (2, 6),
    }  # fmt: skip
    assert counts(report, "nasal") == {
        "below": (0, 2), "inside": (1, 2), "above": (1, 2), "not_assessable": (0, 2),
    }  # fmt: skip
    assert counts(report, "sublingual") == {
        "below": (0, 1), "inside": (1, 1), "above": (0, 1), "not_assessable": (0, 1),
    }  # fmt: skip
    assert counts(report, "no row") == {"not_assessable": (1, 1)}
    shares = [c["share"] is not None for c in report["results"] if c["section"] == "class"]
    others = [c["share"] is not None for c in report["results"] if c["section"] != "class"]
    assert all(shares)
    assert not any(others)
    assert counts(report, "all") == {
        "below": (1, 7), "inside": (4, 7), "above": (2, 7), "not_assessable": (3, 10),
    }  # fmt: skip
    reasons = {c["name"]: c["count"] for c in report["results"] if c["section"] == "reason"}
    assert reasons == {
        "route not in the table": 1,
        "drug does not fit the row": 1,
        "weight missing": 1,
    }


def test_what_was_read_is_counted_beside_what_there_was(run: Run, tmp_path: Path) -> None:
    report = audited(run, put(tmp_path, GOOD, GOOD, "1,iv", "2,iv", "3,iv"))
    lines = {c["name"]: (c["count"], c["of"]) for c in report["results"] if c["section"] == "input"}
    assert lines == {"rows read": (2, 5), "malformed lines": (3, 5)}
    folder = tmp_path / "doses"
    folder.mkdir()
    for number in range(2):
        write_parquet(10, str(folder / f"{number}.parquet"))
        report = audited(run, str(folder))
        found = {c["name"]: (c["count"], c["of"]) for c in report["results"]}
        assert "files read" not in found or number
    (folder / "notes.txt").write_text("")
    (folder / "_SUCCESS").write_text("")
    (folder / "doses.csv").write_text("")
    found = {c["name"]: (c["count"], c["of"]) for c in audited(run, str(folder))["results"]}
    assert found["rows read"] == (20, 20)
    assert found["files read"] == (2, 5)
    assert found["other files in the folder, not read"] == (3, 5)
    (folder / "1.parquet").unlink()
    for name in ("notes.txt", "doses.csv"):
        (folder / name).unlink()
    found = {c["name"]: (c["count"], c["of"]) for c in audited(run, str(folder))["results"]}
    assert found["files read"] == (1, 2)


def test_the_counts_of_a_protocol_are_its_own(
    run: Run, tmp_path: Path, protocol: Callable[..., Path]
) -> None:
    file = protocol(('id = "iv-capped"', 'id = "adult"'))  # a name that sorts before any other
    # by hand: at 120 kg the protocol ends at its maximum of 50 mg, the published range at 120
    lines = ("1,iv,ketamine,60,mg,120,kg", "2,im,ketamine,30,mg,120,kg", GOOD)
    report = audited(run, put(tmp_path, *lines), "--protocol", str(file))
    local = {
        (c["row"], c["name"]): (c["count"], c["of"])
        for c in report["results"]
        if c["section"] == "class" and c["origin"] == "local protocol: Anxiety infusions 3"
    }
    assert local["adult", "above"] == (1, 2)
    assert local["adult", "inside"] == (1, 2)
    assert local["im-row", "inside"] == (1, 1)
    assert local["all", "above"] == (1, 3)
    assert {c["origin"] for c in report["results"]} == {
        "published",
        "local protocol: Anxiety infusions 3",
    }
    assert counts(report, "iv")["inside"] == (2, 2)
    weighed = [c["origin"] for c in report["results"] if c["section"] == "weight"]
    assert weighed == ["published"]  # a weight is the same, whoever's row it is


def test_a_weight_is_unusual_where_the_published_row_is_per_kg_whatever_a_protocol_has(
    run: Run, tmp_path: Path, protocol: Callable[..., Path]
) -> None:
    file = protocol()
    text = file.read_text(encoding="utf-8")
    infusion = text[text.index('[[row]]\nid = "iv-capped"') : text.index('[[row]]\nid = "im-row"')]
    file.write_text(text.replace(infusion, ""), encoding="utf-8")
    lines = ("1,im,ketamine,30,mg,210,kg", "2,iv,ketamine,105,mg,210,kg", GOOD)
    report = audited(run, put(tmp_path, *lines), "--protocol", str(file))
    assert lines_of(report, "weight", "all") == {"unusual, outside 30 to 200 kg": (1, 2)}


def test_a_maximum_ends_the_range_also_where_every_row_has_one(
    run: Run, tmp_path: Path, protocol: Callable[..., Path]
) -> None:
    file = protocol()
    text = file.read_text(encoding="utf-8")
    injection = text[text.index('[[row]]\nid = "im-row"') : text.index("[[check]]")]
    file.write_text(text.replace(injection, ""), encoding="utf-8")
    rows = tmp_path / "rows.csv"
    # by hand: at 120 kg 0.5 mg/kg are 60 mg, and the protocol ends at 50 mg
    table = put(tmp_path, "1,iv,ketamine,50,mg,120,kg", "2,iv,ketamine,50.1,mg,120,kg")
    audited(run, table, "--protocol", str(file), "--rows", str(rows))
    assert [row["ketaref_local_class"] for row in read_rows(rows)] == ["inside", "above"]


def test_a_column_passes_through_under_its_own_name(run: Run, tmp_path: Path) -> None:
    names = ["select", 'a "b"', "Gr\u00f6\u00dfe (m)", "1"]
    file, rows = tmp_path / "doses.csv", tmp_path / "rows.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([[*HEADER.split(","), *names], [*GOOD.split(","), *"wxyz"]])
    audited(run, str(file), "--rows", str(rows))
    (row,) = read_rows(rows)
    assert [row[name] for name in names] == list("wxyz")


def lines_of(report: dict[str, Any], section: str, row: str) -> dict[str, tuple[int, int]]:
    return {
        c["name"]: (c["count"], c["of"])
        for c in report["results"]
        if (c["section"], c["row"]) == (section, row)
    }


def test_durations_and_weights_are_those_of_assessed_rows_alone(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    lines = [
        "1,iv,ketamine,35,mg,70,kg,40",
        "2,iv,ketamine,105,mg,210,kg,90",
        "3,iv,ketamine,35,mg,,,40",  # no weight
        "4,iv,esketamine,35,mg,210,kg,40",  # not the row's drug
        "5,sublingual,ketamine,14,mg,70,kg,40",  # a row without a duration
    ]
    file.write_text("\n".join((f"{HEADER},duration_min", *lines)))
    report = audited(run, str(file))
    assert lines_of(report, "duration", "iv") == {
        "not given": (0, 2),
        "given but not read": (0, 2),
        "inside the stated one": (1, 2),
        "outside it": (1, 2),
    }
    assert lines_of(report, "duration", "sublingual") == {}
    assert lines_of(report, "weight", "all") == {"unusual, outside 30 to 200 kg": (1, 3)}


def test_a_row_without_a_duration_does_not_hide_those_of_the_next(
    run: Run, tmp_path: Path, protocol: Callable[..., Path]
) -> None:
    file = protocol()
    text = file.read_text(encoding="utf-8")
    head, infusion, injection = text.split("[[row]]")
    injection, mark, checks = injection.partition("[[check]]")
    swapped = f"{head}[[row]]{injection}[[row]]{infusion}{mark}{checks}"
    file.write_text(swapped, encoding="utf-8")
    report = audited(run, put(tmp_path, GOOD), "--protocol", str(file))
    assert lines_of(report, "duration", "iv-capped")["not given"] == (1, 1)
