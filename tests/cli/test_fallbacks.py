"""What is done where something that is always there is not."""

import io
import os
import sys
from pathlib import Path

import pytest
import typer
import typst
from ketaref.reports.review import review_report
from ketaref.reports.review_items import Group
from rich.console import Console

from ketaref.audit.csv_records import reconciled
from ketaref.cli import app, environment, failures
from ketaref.cli.delivery import print_out, say, write_file
from ketaref.document import Column, Table
from ketaref.errors import InputError, OutputError
from ketaref.label import LABEL, NOTICE, _is_the_notice
from ketaref.store import load_dataset
from ketaref.writers import Page, pdf
from ketaref.writers.screen import _print_table
from tests.conftest import TODAY


def test_an_interrupt_from_anywhere_has_its_own_status() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    assert failures.run(interrupt, [], ()) == 130


def test_the_command_line_can_be_called_without_ending_the_process() -> None:
    assert typer.main.get_command(app).main(["--version"], standalone_mode=False) == 0


def test_without_a_standard_error_nothing_is_said_and_nothing_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    say("a line")


def test_a_terminal_whose_width_is_not_known_is_not_wrapped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

        def fileno(self) -> int:
            return 0

    def unknown(_: int) -> os.terminal_size:
        raise OSError(25, "Inappropriate ioctl for device")

    monkeypatch.setattr(os, "get_terminal_size", unknown)
    assert environment._width(Terminal(), on_terminal=True) is None


def test_a_report_without_data_says_so_wherever_it_names_it() -> None:
    with_data = review_report(load_dataset(), today=TODAY)
    assert with_data._edition_facts()
    without = with_data.model_copy(update={"data": None})
    assert without._edition() == "none could be read"
    assert without._edition_facts() == ()
    assert without.note_ending() == LABEL
    assert pdf._edition(without) == "no data could be read"


def test_the_notice_cannot_be_another_one() -> None:
    with pytest.raises(ValueError, match="the notice is fixed"):
        _is_the_notice("Reference information.")
    assert _is_the_notice(NOTICE) == NOTICE


def test_a_table_that_does_not_fit_is_not_cut() -> None:
    table = Table((Column("A long title of a column"),), (("cell",),))
    with pytest.raises(ValueError, match="laid out plainly"):
        _print_table(Console(), table, 4)


def test_a_name_that_no_file_can_have_is_no_output() -> None:
    for force in (True, False):
        with pytest.raises(OutputError, match="null"):
            write_file(Path("a\0.json"), "new", force=force)


def test_a_reader_that_has_gone_away_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "w", encoding="utf-8") as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        print_out("a line\n" * 10_000)
        print_out("and no more of it\n")


def test_a_group_of_the_review_pack_without_items_has_no_heading() -> None:
    pack = review_report(load_dataset(), today=TODAY)
    items = tuple(item for item in pack.results if item.group is not Group.PRIMARY)
    without = pack.model_copy(update={"results": items})
    begins = "Read in the sources themselves: "
    assert [begins in str(report.body()) for report in (pack, without)] == [True, False]


def test_a_page_that_is_no_single_file_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typst, "compile", lambda *_, **__: [b"one", b"two"])
    report = review_report(load_dataset(), today=TODAY)
    with pytest.raises(TypeError, match="no single PDF"):
        pdf.write(report, Page(written=TODAY))


def test_counts_that_do_not_agree_refuse_the_table(tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    file.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    assert reconciled(file, "doses.csv", 2, []).total == 0
    with pytest.raises(InputError, match="was read as 1 rows and 0 malformed lines, but has 2"):
        reconciled(file, "doses.csv", 1, [])
