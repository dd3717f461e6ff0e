"""The guide: its examples are run, and a notebook shows an answer as a page."""

import doctest
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from ketaref.label import LABEL
from tests.places import DOCS


def test_every_example_of_the_guide_says_what_it_shows() -> None:
    found = doctest.testfile(str(DOCS / "guide.md"), module_relative=False, encoding="utf-8")
    assert found.attempted > 10
    assert found.failed == 0


# The kernel says by itself that it listens on this machine alone, without encryption.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_notebook_shows_an_answer_as_a_page_with_its_notice() -> None:
    code = "from ketaref import Reference\nReference.open().dose('70 kg', route='iv')"
    cell = {"cell_type": "code", "source": code, "outputs": [], "metadata": {}, "id": "question"}
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    notebook: Any = nbformat.from_dict(whole)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=60).execute()
    [shown] = notebook.cells[0].outputs
    assert "35&#160;to&#160;70&#160;mg" in shown.data["text/html"]
    assert LABEL in shown.data["text/html"]
