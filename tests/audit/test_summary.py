"""What a report of an audit counts: classes, reasons, distances, durations, weights and input."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ketaref.answers.audit import wilson
from tests.audit.audits import (
    GOOD,
    HEADER,
    audited,
    count,
    counts,
    put,
    select_good,
    write_parquet,
)
from tests.conftest import Run

LOCAL = "local"


def test_a_wilson_interval_is_the_published_one() -> None:
    # Newcombe, Statistics in Medicine 1998;17:857-872, table I, method 3: 81 of 263; 0 of 20
    share = wilson(81, 263)
    assert share
    assert (share.percent, share.low, share.high) == ("30.8", "25.5", "36.6")
    none = wilson(0, 20)
    assert none
    assert (none.low, none.high) == ("0", "16.1")
    assert wilson(0, 0) is None


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
        "11,nasal,esketamine,50,mg,,",  # no number of devices of 28 mg
        "9,sublingual,ketamine,14,mg,70,kg",
        "10,oral,ketamine,14,mg,70,kg",  # no row
    ]
    report = audited(run, put(tmp_path, *lines))
    assert counts(report, "class", "iv") == {
        "below": (1, 4), "inside": (2, 4), "above": (1, 4), "not_assessable": (2, 6),
    }  # fmt: skip
    assert counts(report, "class", "nasal") == {
        "below": (0, 3), "inside": (1, 3), "between": (1, 3), "above": (1, 3),
        "not_assessable": (0, 3),
    }  # fmt: skip
    assert counts(report, "class", "sublingual") == {
        "below": (0, 1), "inside": (1, 1), "above": (0, 1), "not_assessable": (0, 1),
    }  # fmt: skip
    assert counts(report, "class", "no row") == {"not_assessable": (1, 1)}
    assert counts(report, "class") == {
        "below": (1, 8), "inside": (4, 8), "between": (1, 8), "above": (2, 8),
        "not_assessable": (3, 11),
    }  # fmt: skip
    shares = {(c["section"] == "class", c["share"] is not None) for c in report["results"]}
    assert shares == {(True, True), (False, False)}
    reasons = {name: number for name, (number, _) in counts(report, "reason").items()}
    assert reasons == {
        "route not in the table": 1,
        "drug does not fit the row": 1,
        "weight missing": 1,
    }


def test_doses_outside_are_counted_by_how_far(run: Run, tmp_path: Path) -> None:
    # by hand at 100 kg: 50 to 100 mg; 2.5, 5 and 10 percent of 100 and of 50
    above = ("102.5", "102.501", "105", "105.1", "110", "110.1", "9999")
    below = ("48.75", "48.749", "45", "1")
    lines = (f"1,iv,ketamine,{dose},mg,100,kg" for dose in (*above, *below))
    assert counts(audited(run, put(tmp_path, *lines)), "outside") == {
        "above, by up to 2.5 percent": (1, 7),
        "above, by 2.5 to 5 percent": (2, 7),
        "above, by 5 to 10 percent": (2, 7),
        "above, by more than 10 percent": (2, 7),
        "below, by up to 2.5 percent": (1, 4),
        "below, by 2.5 to 5 percent": (1, 4),
        "below, by 5 to 10 percent": (1, 4),
        "below, by more than 10 percent": (1, 4),
    }


def test_fail_on_ends_with_status_3(run: Run, tmp_path: Path) -> None:
    inside = put(tmp_path, GOOD)
    odd = put(tmp_path, "1,iv,ketamine,1,VIAL,70,kg", name="odd.csv")
    above = put(tmp_path, "1,iv,ketamine,71,mg,70,kg", name="above.csv")
    both = ("--fail-on", "outside", "--fail-on", "not-assessable")
    assert run("audit", inside, *both).exit_code == 0
    assert run("audit", odd, "--fail-on", "outside").exit_code == 0
    assert run("audit", odd, "--fail-on", "not-assessable").exit_code == 3
    assert run("audit", above, "--fail-on", "outside").exit_code == 3
    assert run("audit", above).exit_code == 0


def test_fail_on_not_assessable_counts_malformed_lines(run: Run, tmp_path: Path) -> None:
    file = put(tmp_path, "1,iv", GOOD)
    assert run("audit", file, "--fail-on", "outside").exit_code == 0
    assert run("audit", file, "--fail-on", "not-assessable").exit_code == 3


# ------------------------------------------------------------ durations and weights


def durations(report: dict[str, Any], row: str, origin: str = "published") -> dict[str, int]:
    return {name: number for name, (number, _) in counts(report, "duration", row, origin).items()}


def test_durations_and_unusual_weights_are_counted(run: Run, tmp_path: Path) -> None:
    minutes = ("", "39.9", "40", "60", "60.1", "soon")
    lines = [f"{GOOD},{each}" for each in minutes] + ["1,iv,ketamine,150,mg,210,kg,40"]
    report = audited(run, put(tmp_path, *lines, more=",duration_min"))
    assert durations(report, "iv") == {
        "not given": 1,
        "given but not read": 1,
        "inside the stated one": 3,
        "outside it": 2,
    }
    assert count(report, "weight", "unusual, outside 30 to 200 kg") == 1


def test_only_assessed_rows_have_their_durations_and_weights_counted(
    run: Run, tmp_path: Path
) -> None:
    lines = [
        "1,iv,ketamine,35,mg,70,kg,40",
        "2,iv,ketamine,105,mg,210,kg,90",
        "3,iv,ketamine,35,mg,,,40",  # no weight
        "4,iv,esketamine,35,mg,210,kg,40",  # not the row's drug
        "5,sublingual,ketamine,14,mg,70,kg,40",  # a row without a duration
    ]
    report = audited(run, put(tmp_path, *lines, more=",duration_min"))
    assert counts(report, "duration", "iv") == {
        "not given": (0, 2),
        "given but not read": (0, 2),
        "inside the stated one": (1, 2),
        "outside it": (1, 2),
    }
    assert counts(report, "duration", "sublingual") == {}
    assert counts(report, "weight") == {"unusual, outside 30 to 200 kg": (1, 3)}


def test_a_row_without_a_duration_does_not_hide_those_of_the_next(
    run: Run, tmp_path: Path, protocol: Callable[..., Path]
) -> None:
    file = protocol()
    head, infusion, injection = file.read_text(encoding="utf-8").split("[[row]]")
    injection, mark, checks = injection.partition("[[check]]")
    swapped = f"{head}[[row]]{injection}[[row]]{infusion}{mark}{checks}"
    file.write_text(swapped, encoding="utf-8")
    report = audited(run, put(tmp_path, GOOD), "--protocol", str(file))
    assert counts(report, "duration", "iv-capped", LOCAL)["not given"] == (1, 1)


# ------------------------------------------------------------ a protocol


def test_the_counts_of_a_protocol_are_its_own(
    run: Run, tmp_path: Path, protocol: Callable[..., Path]
) -> None:
    file = protocol(('id = "iv-capped"', 'id = "adult"'))  # a name that sorts before any other
    # by hand: at 120 kg the protocol ends at its maximum of 50 mg, the published range at 120
    lines = ("1,iv,ketamine,60,mg,120,kg", "2,sc,ketamine,30,mg,120,kg", GOOD)
    report = audited(run, put(tmp_path, *lines), "--protocol", str(file))
    adult = counts(report, "class", "adult", LOCAL)
    assert (adult["inside"], adult["above"]) == ((1, 2), (1, 2))
    assert counts(report, "class", "sc-row", LOCAL)["inside"] == (1, 1)
    assert counts(report, "class", origin=LOCAL)["above"] == (1, 3)
    assert counts(report, "class", "iv")["inside"] == (2, 2)
    names = {c["origin_name"] for c in report["results"] if c["origin"] == LOCAL}
    assert names == {"local protocol: Anxiety infusions 3"}
    weighed = [c["origin"] for c in report["results"] if c["section"] == "weight"]
    assert weighed == ["published"]  # a weight is the same by any row


def test_a_weight_is_unusual_where_the_published_row_is_per_kg_whatever_a_protocol_has(
    run: Run, tmp_path: Path, protocol: Callable[..., Path]
) -> None:
    file = protocol()
    text = file.read_text(encoding="utf-8")
    infusion = text[text.index('[[row]]\nid = "iv-capped"') : text.index('[[row]]\nid = "sc-row"')]
    file.write_text(text.replace(infusion, ""), encoding="utf-8")
    lines = ("1,sc,ketamine,30,mg,210,kg", "2,iv,ketamine,105,mg,210,kg", GOOD)
    report = audited(run, put(tmp_path, *lines), "--protocol", str(file))
    assert counts(report, "weight") == {"unusual, outside 30 to 200 kg": (1, 2)}


# ------------------------------------------------------------ what was read


def test_what_was_read_is_counted_out_of_all_that_there_was(run: Run, tmp_path: Path) -> None:
    report = audited(run, put(tmp_path, GOOD, GOOD, "1,iv", "2,iv", "3,iv"))
    assert counts(report, "input") == {"rows read": (2, 5), "malformed lines": (3, 5)}


def test_the_files_of_a_folder_are_counted_where_there_is_more_than_one(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "doses"
    write_parquet(folder / "0.parquet", select_good("range(10)"))
    assert "files read" not in counts(audited(run, str(folder)), "input")
    write_parquet(folder / "1.parquet", select_good("range(10)"))
    found = counts(audited(run, str(folder)), "input")
    assert (found["files read"], found["rows read"]) == ((2, 2), (20, 20))
    (folder / "1.parquet").unlink()
    for name in ("notes.txt", "_SUCCESS", "doses.csv"):
        (folder / name).touch()
        found = counts(audited(run, str(folder)), "input")
        others = len(list(folder.iterdir())) - 1
        assert found["files read"] == (1, 1 + others)
        assert found["other files in the folder, not read"] == (others, 1 + others)


def test_a_report_on_parquet_counts_no_line_breaks(run: Run, tmp_path: Path) -> None:
    file = write_parquet(tmp_path / "doses.parquet", select_good())
    assert list(counts(audited(run, file), "input")) == ["rows read", "malformed lines"]


def test_malformed_lines_are_counted_and_named_by_their_numbers(run: Run, tmp_path: Path) -> None:
    """H: rows-swallowed-in-silence."""
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


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_malformed_line_after_blank_ones_is_named_by_its_own_number(
    run: Run, tmp_path: Path, end: str
) -> None:
    file = tmp_path / "doses.csv"
    file.write_text(end.join((HEADER, GOOD, "", "", "1,iv", "", GOOD, "2,iv")), newline="")
    assert audited(run, str(file))["inputs"]["malformed_lines"] == [5, 8]


def test_a_report_names_the_first_malformed_lines_and_says_that_there_are_more(
    run: Run, tmp_path: Path
) -> None:
    shown = run("audit", put(tmp_path, GOOD, *["1,iv"] * 21), "-f", "plain").stdout
    words = " ".join(shown.split())
    assert "malformed, on lines: 3, 4, 5, 6," in words
    assert "21, 22 and after" in words
