"""What is done where something that is always there is not."""

import io
import os
import sys

import pytest
import typer
from rich.console import Console

from ketaref.cli import app, environment, failures
from ketaref.cli.output import say
from ketaref.document import Column, Table
from ketaref.reports.base import LABEL, _is_the_notice
from ketaref.reports.review import review_report
from ketaref.store import load_dataset
from ketaref.writers import pdf
from ketaref.writers.table import _print_table
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


def test_a_table_that_does_not_fit_is_not_cut() -> None:
    table = Table((Column("A long title of a column"),), (("cell",),))
    with pytest.raises(ValueError, match="laid out plainly"):
        _print_table(Console(), table, 4)
