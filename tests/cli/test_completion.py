"""Completion in the shells that there is completion for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.processes import ketaref
from tests.conftest import Run


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_completion_for(shell: str) -> None:
    script = ketaref("--completion", shell)
    assert (script.returncode, script.stderr) == (0, b"")
    assert f"_KETAREF_COMPLETE=complete_{shell}".encode() in script.stdout
    assert script.stdout == ketaref(_KETAREF_COMPLETE=f"source_{shell}").stdout


def test_only_the_named_shells_have_completion_and_nothing_is_installed() -> None:
    assert ketaref("--completion", "xyz").returncode == 2
    assert ketaref("--install-completion").returncode == 2  # it would write to the user's own files


def test_completion_without_words_to_complete_says_so() -> None:
    called = ketaref(_KETAREF_COMPLETE="complete_bash")
    assert called.returncode == 2
    assert b"there is nothing to complete" in called.stderr


def test_the_script_for_bash_completes() -> None:
    program = (
        'eval "$(ketaref --completion bash)"; COMP_WORDS=(ketaref dose -r intran); COMP_CWORD=3; '
        'complete -p ketaref; _ketaref_completion ketaref; echo "${COMPREPLY[@]}"'
    )
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "-c", program], env={"PATH": path}, capture_output=True, text=True, check=True
    )
    registered, completed = result.stdout.splitlines()
    assert registered == "complete -o default -F _ketaref_completion ketaref"
    assert completed.split() == ["intranasal"]


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("ketaref dose -r intran", ["intranasal"]),
        ("ketaref dose -d es", ["esketamine"]),
        ("ketaref dose -f m", ["markdown"]),
        ("ketaref sources taylor", ["taylor-2018"]),
        ("ketaref schema ch", ["check", "chart", "checklist"]),
        ("ketaref evidence me", ["mechanism"]),
        ("ketaref evidence gu", ["guidelines"]),
        ("ketaref sources -f r", ["ris"]),
        ("ketaref drug spr", ["spravato"]),
        ("ketaref drug ketam", ["ketamine"]),
        ("ketaref drug ketamine --section ren", ["renal-impairment"]),
        ("ketaref trials --diagnosis pt", ["ptsd"]),
        ("ketaref contraindications --class pre", ["precaution"]),
    ],
)
def test_completion_knows_names(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: str, completed: list[str]
) -> None:
    monkeypatch.setenv("_KETAREF_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
    assert run().stdout.split() == completed
