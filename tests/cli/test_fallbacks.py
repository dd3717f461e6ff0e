"""What happens where something that is nearly always there is missing."""

import io
import os
import sys
from pathlib import Path

import pytest
import typer
import typst
from rich.console import Console

from ketaref.answers.error import ErrorAnswer
from ketaref.answers.review import ReviewAnswer, review_answer
from ketaref.answers.review_items import Block
from ketaref.audit.csv_records import reconciled
from ketaref.cli import app, environment, failures
from ketaref.cli.delivery import print_out, say, write_file
from ketaref.document import Column, Table
from ketaref.errors import InputError, OutputError
from ketaref.label import LABEL, NOTICE
from ketaref.pages.frame import lay_out, note_ending
from ketaref.ranges.library import Library
from ketaref.store import load_dataset
from ketaref.writers import Page, pdf
from ketaref.writers.plain import facts
from ketaref.writers.screen import _print_table
from tests.conftest import TODAY


def test_an_interrupt_from_anywhere_has_its_own_status() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    assert failures.run(interrupt, [], ()) == 130


def test_the_command_line_can_be_called_without_ending_the_process() -> None:
    assert typer.main.get_command(app).main(["--version"], standalone_mode=False) == 0


def test_without_a_standard_error_no_message_is_printed_and_nothing_fails(
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


@pytest.fixture(scope="module")
def pack() -> ReviewAnswer:
    """Return the review pack of the data as it is shipped."""
    return review_answer(Library(load_dataset(), None, TODAY))


def test_an_answer_without_data_says_so_wherever_it_names_it(pack: ReviewAnswer) -> None:
    without = pack.model_copy(update={"data": None})
    on_paper = dict(facts(lay_out(pack)))
    assert on_paper["data version"] == load_dataset().edition.version
    assert "record in, data/reviews.toml" in on_paper
    on_paper = dict(facts(lay_out(without)))
    assert on_paper["data"] == "none could be read"
    assert "data version" not in on_paper
    assert "record in, data/reviews.toml" not in on_paper
    assert note_ending(without) == LABEL
    assert pdf._edition(without) == "no data could be read"


def test_the_notice_cannot_be_another_one() -> None:
    assert ErrorAnswer(kind=None, data=None).notice == NOTICE
    assert ErrorAnswer(kind=None, data=None, notice=NOTICE).notice == NOTICE
    with pytest.raises(ValueError, match="the notice is fixed"):
        ErrorAnswer(kind=None, data=None, notice="Reference information.")


def test_a_table_that_does_not_fit_is_not_cut() -> None:
    table = Table((Column("Dose"),), (("35 mg/kg",),))
    with pytest.raises(ValueError, match="a cell of the table was cropped"):
        _print_table(Console(), table, [4])


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


def test_a_block_of_the_review_pack_without_items_has_no_heading(pack: ReviewAnswer) -> None:
    items = tuple(item for item in pack.results if item.block is not Block.GUIDELINES)
    without = pack.model_copy(update={"results": items})
    begins = "Guidelines: "
    assert [begins in str(lay_out(each)) for each in (pack, without)] == [True, False]


def test_a_pdf_that_is_no_single_file_is_an_error(
    monkeypatch: pytest.MonkeyPatch, pack: ReviewAnswer
) -> None:
    monkeypatch.setattr(typst, "compile", lambda *_, **__: [b"one", b"two"])
    with pytest.raises(TypeError, match="no single PDF"):
        pdf.write(pack, Page(written=TODAY))


def test_counts_that_do_not_agree_refuse_the_table(tmp_path: Path) -> None:
    file = tmp_path / "doses.csv"
    file.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    assert reconciled(file, "doses.csv", 2, []).total == 0
    with pytest.raises(InputError, match="was read as 1 rows and 0 malformed lines, but has 2"):
        reconciled(file, "doses.csv", 1, [])
