"""Take away the control of each hazard, and see the tests that it names fail.

``python -m tests.release.ablation [ID]...`` works on a copy of the repository. ablation.toml has
the patches: each takes one part of a control away, as a hurried edit might. It ends with 1 where no
test notices a patch, where a test that a hazard names fails under none of its patches, and where a
patch is broken: what it takes away is not there, or the program does not run with it.
"""

import ast
import importlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ketaref.model.hazard import Hazard
from ketaref.store import load_hazards
from tests.places import ROOT
from tests.release import records

PATCHES = Path(__file__).with_name("ablation.toml")
PYTEST = [sys.executable, "-m", "pytest", "-q", "-n0", "-rf", "--tb=line", "-p", "no:cacheprovider"]
PYTEST += ["--hypothesis-profile=unshrunk"]
TESTS_FAILED = 1  # pytest's exit status; 2 and more: they could not be run, which shows nothing
_FAILED = re.compile(r"^FAILED ([^\s\[]+::[a-z0-9_]+)", re.MULTILINE)
_BROKEN = re.compile(r"\b(?:Name|Attribute|Import|ModuleNotFound|UnboundLocal)Error\b")
_OWN = ("_before", "_instead")  # how names begin that a patch adds for itself


class BrokenPatchError(Exception):
    """Why a patch shows nothing of a control."""


class Patch(NamedTuple):
    """A part of a hazard's control that is taken away.

    In code, by name: ``without`` is appended to a module, and binds its names again. In any other
    file, by its text: ``without`` takes the place of ``control``.
    """

    hazard: str
    without: str
    module: str = ""
    file: str = ""
    control: str = ""

    @property
    def path(self) -> str:
        """The file that is changed."""
        return self.file or f"{self.module.replace('.', '/')}.py"

    def applied(self, text: str) -> str:
        """Return the text of the file under the patch."""
        if self.file:
            if not self.control or self.control not in text:
                raise BrokenPatchError(f"not in the file: {self.control}")
            return text.replace(self.control, self.without, 1)
        if missing := list(_not_in(self.module, self.without)):
            raise BrokenPatchError(f"not in the module: {', '.join(missing)}")
        return f"{text}\n\n{self.without}"


def _not_in(module: str, code: str) -> Iterator[str]:
    """Yield what code binds or deletes and a module does not have, but for names of its own."""
    names = dict(vars(importlib.import_module(module)))
    for node in ast.parse(code).body:
        targets = getattr(node, "targets", [])  # of an assignment or a deletion
        bound = [part for target in targets for part in getattr(target, "elts", [target])]
        for name in (*map(ast.unparse, bound), getattr(node, "name", "_before")):
            try:
                name.startswith(_OWN) or eval(name, names)
            except (NameError, AttributeError, LookupError):
                yield name


def patches_of(hazard: Hazard) -> list[Patch]:
    """Return the patches of a hazard."""
    rows = tomllib.loads(PATCHES.read_text(encoding="utf-8"))["patch"]
    return [Patch(**row) for row in rows if row["hazard"] == hazard.id]


def failing_under(patch: Patch, folder: Path, tests: tuple[str, ...]) -> set[str]:
    """Return which of a hazard's tests fail in a copy of the repository under a patch."""
    file = folder / patch.path
    whole = file.read_text(encoding="utf-8")
    file.write_text(patch.applied(whole), encoding="utf-8")
    try:
        if patch.module:  # the program may turn an error of a name into an answer
            _run(folder, [sys.executable, "-c", f"import {patch.module}"], 0)
            _run(folder, ["ruff", "check", "--isolated", "--select=F821", patch.path], 0)
        return _run(folder, [*PYTEST, *tests], 0, TESTS_FAILED)
    finally:
        file.write_text(whole, encoding="utf-8")


def _run(folder: Path, command: list[str], *statuses: int) -> set[str]:
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode not in statuses or _BROKEN.search(ran.stdout):
        raise BrokenPatchError(f"{ran.stdout}{ran.stderr}")
    return set(_FAILED.findall(ran.stdout))


def problems_of(hazard: Hazard, folder: Path) -> Iterator[str]:
    """Yield which patches and which tests of a hazard show nothing of its control."""
    try:
        _run(folder, [*PYTEST, *hazard.tests], 0)
    except BrokenPatchError as error:
        yield f"not passed without a patch: {error}"
        return
    silent = set(hazard.tests)
    for patch in patches_of(hazard):
        try:
            failed = failing_under(patch, folder, hazard.tests)
        except (BrokenPatchError, OSError) as error:
            yield f"broken: {patch.path}: {patch.without}: {error}"
            continue
        silent -= failed
        if not failed:
            yield f"noticed by no test: {patch.path}: {patch.without}"
    yield from (f"fails under no patch: {test}" for test in sorted(silent))


def main(wanted: list[str]) -> int:
    """Take away each control in turn; return 1 where that shows nothing."""
    found = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "copy"
        ignored = shutil.ignore_patterns(".git", "__pycache__", ".*_cache", "dist")
        shutil.copytree(ROOT, folder, ignore=ignored)
        for hazard in load_hazards():
            if wanted and hazard.id not in wanted:
                continue
            began = time.monotonic()
            problems = list(problems_of(hazard, folder))
            print(hazard.id, f"{time.monotonic() - began:.0f} s", *problems, sep="\n  ", flush=True)
            found |= bool(problems)
            if not problems:
                _keep(hazard)
    return int(found)


def _keep(hazard: Hazard) -> None:
    """Put a hazard on the record, in the place of what was found of it before."""
    patches = patches_of(hazard)
    row = {
        "hazard": hazard.id,
        "patches that take a part of its control, each noticed": len(patches),
        "tests named, each of which failed": len(hazard.tests),
        "day": records.today(),
        "hash of both": records.short_hash(repr((patches, hazard.tests))),
    }
    rows = {each["hazard"]: each for each in (*records.rows("controls", "controls"), row)}
    kept = [rows[known.id] for known in load_hazards() if known.id in rows]
    records.write("controls", "python -m tests.release.ablation", {"controls": kept})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
