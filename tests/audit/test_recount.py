"""A CSV file counted by its bytes, where the engine that reads it might leave out or swallow."""

from pathlib import Path

import pytest

from ketaref.audit.csv_records import Counted, count_records, reconciled
from ketaref.errors import InputError


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
def test_records_are_counted_with_what_lies_in_quotes(
    tmp_path: Path, text: str, counted: tuple[int, int | None, int, tuple[int, int]]
) -> None:
    file = tmp_path / "x.csv"
    file.write_text(text, newline="")
    assert count_records(file) == Counted(*counted)


def test_a_cell_may_have_a_thousand_line_breaks_and_no_more(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text('a\n"' + "\n" * 1_000 + '"\n')
    assert reconciled(file, "x.csv", 1, []) == (0, (), 1_000)
    file.write_text('a\n"' + "\n" * 1_001 + '"\n')
    with pytest.raises(InputError, match="a quoted cell of 1,002 lines, from line 2 on"):
        reconciled(file, "x.csv", 1, [])


def test_counts_that_differ_are_both_said(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a\n1\n2\n3\n")
    assert reconciled(file, "x.csv", 3, []) == (0, (), 0)
    assert reconciled(file, "x.csv", 2, [4]) == (1, (3,), 0)
    said = "was read as 1 rows and 1 malformed lines, but has 3 records under its header"
    with pytest.raises(InputError, match=said):
        reconciled(file, "x.csv", 1, [4])
    with pytest.raises(InputError, match="was read as 4 rows and 0 malformed lines, but has 3"):
        reconciled(file, "x.csv", 4, [])
