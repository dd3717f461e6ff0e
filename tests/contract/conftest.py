"""What the tests of the contract share: the folder in which the samples of errors are run."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run the test in a folder in which ``taken.json`` exists."""
    (tmp_path / "taken.json").write_text("mine")
    monkeypatch.chdir(tmp_path)
    return tmp_path
