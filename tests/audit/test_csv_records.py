"""A CSV file is counted by its bytes: an engine might leave lines out, or swallow them."""

import csv
import io
from pathlib import Path
from random import Random

import pytest

from ketaref.audit import csv_records
from ketaref.audit.csv_records import Counted, count_records, reconciled
from ketaref.errors import InputError
from tests.audit.audits import GOOD, HEADER
from tests.audit.doses import SEED


# By hand: records, the line of a quote left open, line breaks inside quotes, and the longest cell.
@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", (0, None, 0, (0, 0))),
        ("a,b\n1,2\n", (2, None, 0, (0, 0))),
        ("a\n\n\r\n1", (2, None, 0, (0, 0))),
        ('a\n"x\ny"\n', (2, None, 1, (1, 2))),
        ('"a\nb\nc"\n"d\ne"\n', (2, None, 3, (2, 1))),
        ('a\n"d\ne"\n"a\nb\nc"\n', (3, None, 3, (2, 4))),
        ('a\n1,"x\n', (2, 2, 0, (0, 0))),
        ('a\n"b"\n\n"x\ny', (3, 4, 0, (0, 2))),
    ],
)
def test_records_are_counted_by_the_line_ends_outside_quotes(
    tmp_path: Path, text: str, counted: tuple[int, int | None, int, tuple[int, int]]
) -> None:
    file = tmp_path / "x.csv"
    file.write_text(text, newline="")
    assert count_records(file) == Counted(*counted)


def test_records_are_counted_as_another_reader_counts_them(tmp_path: Path) -> None:
    random = Random(SEED)
    for _ in range(300):
        cells = ("a", '"b"', '"c\nd"', '"e""f"', '""', "", '"\n\n"', '"g\r\nh, i"')
        ends = ("\n", "\r\n", "\n\n", "\n\r\n")
        text = "".join(
            ",".join(random.choice(cells) for _ in range(random.randrange(2, 4)))
            + random.choice(ends)
            for _ in range(random.randrange(12))
        ).removesuffix("\n" if random.random() < 0.3 else "no such end")
        file = tmp_path / "x.csv"
        file.write_text(text, newline="")
        records = sum(bool(row) for row in csv.reader(io.StringIO(text, newline="")))
        assert count_records(file)[:2] == (records, None), text


def test_a_cell_may_have_a_thousand_line_breaks_and_no_more(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text('a\n"' + "\n" * 1_000 + '"\n')
    assert reconciled(file, "x.csv", 1, []) == (0, (), 1_000)
    file.write_text('a\n"' + "\n" * 1_001 + '"\n')
    with pytest.raises(InputError, match="a quoted cell of 1,002 lines, from line 2 on"):
        reconciled(file, "x.csv", 1, [])


def test_a_refusal_says_both_counts_where_they_differ(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a\n1\n2\n3\n")
    assert reconciled(file, "x.csv", 3, []) == (0, (), 0)
    assert reconciled(file, "x.csv", 2, [4]) == (1, (3,), 0)
    both = "was read as 1 rows and 1 malformed lines, but has 3 records under its header"
    with pytest.raises(InputError, match=both):
        reconciled(file, "x.csv", 1, [4])
    with pytest.raises(InputError, match="was read as 4 rows and 0 malformed lines, but has 3"):
        reconciled(file, "x.csv", 4, [])


def test_a_reader_that_began_inside_a_quoted_cell_is_found_out(tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    file.write_text(f'{HEADER}\n{GOOD}\n1,iv,"a\nb",35\n')
    inside = file.read_bytes().index(b"b")
    with pytest.raises(InputError, match="from inside a quoted cell, on line 4"):
        reconciled(file, "doses.csv", 1, [inside])
    assert reconciled(file, "doses.csv", 1, [inside - 9]).lines == (3,)


def test_a_character_that_lies_across_two_parts_of_a_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_records, "CHUNK", 7)
    file = tmp_path / "doses.csv"
    text = "a\n" + "\u00e9\u8840\U0001f600" * 9 + "\n"
    file.write_text(text, encoding="utf-8")
    assert count_records(file).not_utf8 is None
    file.write_bytes(text.encode() + "\u8840".encode()[:2])
    assert count_records(file).not_utf8 == len(text.encode())
