"""Copies of the data, to edit and read again."""

import shutil
from pathlib import Path

from tests.places import DATA


def copy_of_data(folder: Path) -> Path:
    """Return a fresh copy of the data in a folder."""
    root = folder / "data"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(DATA, root, ignore=shutil.ignore_patterns("editions"))
    return root


def edit(file: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text in a file, which must have it."""
    text = file.read_text(encoding="ascii")
    assert old in text, f"{old!r} is not in {file.name}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
