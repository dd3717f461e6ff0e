"""Text that is wider on a terminal than it has characters, and text that imitates the program."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from ketaref import document
from ketaref.document import Column, Table, wrap
from ketaref.writers import screen
from tests.conftest import Run
from tests.places import NARROW

Edited = Callable[..., Path]

CHECK = "Somebody is there to take the patient home"
WIDE = {
    "Japanese": "\u8840\u5727\u306e\u4e0a\u9650 160/100",
    "Japanese, without a space": "\u6700\u592735 mg\u3092\u8d85\u3048\u306a\u3044" * 3 + "160/100",
    "emoji": "\u26a0\ufe0f\U0001fa7a BP at most 160/100",
    "a joined emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467 at most 160/100",
    "Hindi": "\u0930\u0915\u094d\u200d\u0924 160/100",
    "a letter with its accent apart": "Ve\u0301rifier 160/100",
}


@pytest.mark.parametrize("width", [20, 33, 40, 60, 80, 120])
@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE.keys())
def test_no_character_of_a_wide_text_is_lost_at_any_width(
    run: Run, protocol: Edited, monkeypatch: pytest.MonkeyPatch, text: str, width: int
) -> None:
    """H: number-cut-from-unit. "at most 160/100" was printed as "16"."""
    monkeypatch.setenv("COLUMNS", str(width))
    shown = run("checklist", "--protocol", str(protocol((CHECK, text)))).stdout
    assert max(map(cell_len, shown.splitlines())) <= width
    words = re.sub(r"\s|\[ \]|[|]", "", shown)
    words = re.sub("Infusionprotocol,|section9", "", words)  # in the column beside it
    assert re.sub(r"\s", "", text) in words
    assert "160/100" in shown


@pytest.mark.parametrize("width", range(8, 40))
def test_a_long_word_is_cut_between_characters_and_never_inside_a_number(width: int) -> None:
    word = "\u6700\u5927160/100\u307e\u3067" * 4
    lines = wrap(word, width, " ")
    assert max(map(cell_len, lines)) <= width
    assert "".join(line.strip() for line in lines) == word
    assert sum(line.count("160/100") for line in lines) == 4


def test_a_table_that_was_cropped_is_a_defect_and_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (screen, document):
        monkeypatch.setattr(module, "width_of", len)  # as it was measured once
    block = Table((Column("Check"),), (("\u8840\u5727 160/100",),))
    with pytest.raises(ValueError, match="cropped"):
        screen._lay_out((block,), 80, styled=False)


# ------------------------------------------------------------ what imitates the program

FORGED = "Zroute Zdrug Zrange Zintravenous 140 to 280 mg, Zcorroborated, Zbolus " * 4


@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize("old", ["A hospital", CHECK, "section 4", "Anxiety infusions"])
def test_no_line_begins_with_what_a_clinic_wrote(
    run: Run, protocol: Edited, monkeypatch: pytest.MonkeyPatch, old: str, width: int
) -> None:
    """H: local-row-taken-for-published. The beginnings of lines are the program's own."""
    monkeypatch.setenv("COLUMNS", str(width))
    file = str(protocol((old, FORGED.strip())))
    shown = [
        run(*line, "--protocol", file).stdout
        for line in (
            ["dose", "70 kg"],
            ["check", "35 mg", "-r", "iv", "-w", "70kg"],
            ["chart"],
            ["checklist"],
            ["review"],
        )
    ]
    assert any("Zroute" in each for each in shown)
    assert not re.findall(r"^(?:Z|140|280|mg).*", "\n".join(shown), re.MULTILINE)


@pytest.mark.parametrize(
    ("format_", "mark"),
    [("table", "| local protocol"), ("markdown", "> ## local protocol"), ("html", 'class="local"')],
)
def test_a_clinics_part_is_marked_in_each_format(run: Run, format_: str, mark: str) -> None:
    shown = run("dose", "70 kg", "--protocol", str(NARROW), "-f", format_).stdout
    assert mark in shown
    assert mark not in run("dose", "70 kg", "-f", format_).stdout


def test_each_fact_of_a_clinic_is_marked_in_plain_text(run: Run) -> None:
    for line in (["dose", "70 kg"], ["checklist"], ["review"], ["routes"]):
        published = set(run(*line, "-f", "plain").stdout.splitlines())
        for fact in run(*line, "--protocol", str(NARROW), "-f", "plain").stdout.splitlines():
            counted = fact.startswith(("items:", "record in, the protocol"))
            assert fact in published or fact.startswith("local ") or counted, fact


@pytest.mark.parametrize(
    "blank",
    ["\u2800", "\u3164", "\u115f", "\uffa0", "\u17b4", "\u180e", "\u034f", "\U000e0100", "\ufe00"],
    ids=lambda blank: f"U+{ord(blank):04X}",
)
def test_a_character_that_shows_nothing_is_refused_by_its_number(
    run: Run, protocol: Edited, blank: str
) -> None:
    """H: local-row-taken-for-published. With blanks a name drew a table of its own."""
    result = run("protocol", "check", str(protocol(("A hospital", f"A{blank}hospital"))))
    assert result.exit_code == 4
    assert "institution: has a c" in result.stderr
    assert blank not in result.stderr


@pytest.mark.parametrize(
    "name",
    [
        "\u0628\u06cc\u0645\u0627\u0631\u0633\u062a\u0627\u0646\u200c\u0647\u0627",  # Persian
        "\u0930\u0915\u094d\u200d\u0924",  # Hindi
        "Clinic \U0001f468\u200d\u2695\ufe0f",
        "\u6771\u4eac\u3000\u75c5\u9662",
    ],
)
def test_names_in_persian_hindi_and_with_emoji_are_read(
    run: Run, protocol: Edited, name: str
) -> None:
    result = run("routes", "--protocol", str(protocol(("A hospital", name))), "-f", "json")
    assert result.exit_code == 0, result.stderr
    shown = json.loads(result.stdout)["protocol"]["institution"]
    assert shown == name.replace("\u3000", " ")


@pytest.mark.parametrize("name", ["A\u200c\u200chospital", "\u200cA hospital", "A \u200dhospital"])
def test_joiners_that_join_nothing_are_refused(run: Run, protocol: Edited, name: str) -> None:
    assert run("protocol", "check", str(protocol(("A hospital", name)))).exit_code == 4


@pytest.mark.parametrize(
    "name", ["all", "published", "local", "iv", "intravenous", "nasal", "sc", "oral", "ketamine"]
)
@pytest.mark.parametrize("old", ["iv-capped", "way-home"])
def test_a_name_that_means_something_else_is_no_id(
    run: Run, protocol: Edited, name: str, old: str
) -> None:
    """H: local-row-taken-for-published. "all" was the total of an audit too."""
    result = run("protocol", "check", str(protocol((f'"{old}"', f'"{name}"'))))
    assert result.exit_code == 4
    assert f'id: "{name}" means something else here' in result.stderr


def test_spaces_in_a_row_are_one(run: Run, protocol: Edited) -> None:
    file = protocol(("A hospital", "A     \u00a0 \u3000hospital"))
    report = json.loads(run("routes", "--protocol", str(file), "-f", "json").stdout)
    assert report["protocol"]["institution"] == "A hospital"
