"""The list of changes that no test finds speaks of the program as it is."""

import ast
from pathlib import Path

from tests import mutation


def _lines(file: str, within: str) -> list[str]:
    """Return the lines of a function, a class or a whole file, as they stand, without indents."""
    text = (mutation.ROOT / file).read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    if not within:
        return lines
    named = (ast.FunctionDef, ast.ClassDef)
    return [
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, named) and node.name == within
        for line in lines[node.lineno - 1 : node.end_lineno]
    ]


def test_each_survivor_is_a_change_of_a_line_that_is_there() -> None:
    explained = mutation.explained()
    assert explained
    for change, reason in explained.items():
        assert change.line in " ".join(_lines(change.file, change.within)), change
        assert change.changed != change.line, change
        assert reason.endswith("."), change


def test_each_survivor_is_listed_once() -> None:
    text = mutation.SURVIVORS.read_text(encoding="utf-8")
    assert text.count("[[survivor]]") == len(mutation.explained())


def test_every_file_that_matters_is_changed() -> None:
    package = mutation.ROOT / "ketaref"
    wanted = [package / name for name in ("dosing.py", "notation.py", "store.py")]
    for folder in ("units", "audit"):
        wanted += (package / folder).glob("*.py")
    changed = [mutation.ROOT / file for file in mutation.PARTS]
    assert sorted(changed) == sorted(file for file in wanted if _has_code(file))


def _has_code(file: Path) -> bool:
    (_, *code) = ast.parse(file.read_text(encoding="utf-8")).body  # first, what it is for
    return bool(code)
