"""Take away the control of each hazard, and see the tests that it names fail.

``python -m tests.release.ablation [ID]...`` works on a copy of the repository. ablation.toml has
the patches: each takes one part of a control away, as a hurried edit might. It ends with 1 where a
test that a hazard names fails under none of its patches: it does not show the control.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import NamedTuple

from ketaref.model.hazard import Hazard
from ketaref.store import load_hazards
from tests.places import ROOT
from tests.release import records

PATCHES = Path(__file__).with_name("ablation.toml")
TESTS_FAILED = 1  # pytest's exit status; 2 and more: they could not be run, which shows nothing
_FAILED = re.compile(r"^FAILED ([^\s\[]+::[a-z0-9_]+)", re.MULTILINE)


class Patch(NamedTuple):
    """A part of a hazard's control as it stands in a file, and what is there without it."""

    hazard: str
    file: str
    control: str
    without: str


def patches() -> tuple[Patch, ...]:
    """Return all patches."""
    rows = tomllib.loads(PATCHES.read_text(encoding="utf-8"))["patch"]
    return tuple(Patch(**row) for row in rows)


def failing_without(folder: Path, patch: Patch, tests: tuple[str, ...]) -> set[str]:
    """Return which of a hazard's tests fail in a copy of the repository under a patch."""
    file = folder / patch.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(patch.control, patch.without, 1), encoding="utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-rf", "--tb=no", "-p", "no:cacheprovider"]
        ran = subprocess.run(
            [*command, "--hypothesis-profile=unshrunk", *tests],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        file.write_text(whole, encoding="utf-8")
    # A name that is not there is a program that is broken, not one without a control.
    noticed = ran.returncode == TESTS_FAILED and "NameError" not in ran.stdout
    return set(_FAILED.findall(ran.stdout)) if noticed else set()


def main(wanted: list[str]) -> int:
    """Take away each control in turn; return 1 where a test that is named does not notice."""
    unmoved: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "copy"
        ignored = shutil.ignore_patterns(".git", "__pycache__", ".*_cache", "dist")
        shutil.copytree(ROOT, folder, ignore=ignored)
        for hazard in load_hazards():
            if wanted and hazard.id not in wanted:
                continue
            began = time.monotonic()
            parts = [patch for patch in patches() if patch.hazard == hazard.id]
            failed = [failing_without(folder, patch, hazard.tests) for patch in parts]
            still = sorted(set(hazard.tests).difference(*failed))
            still += [part.without for part, tests in zip(parts, failed, strict=True) if not tests]
            unmoved += still
            print(hazard.id, len(parts), *still, f"{time.monotonic() - began:.0f} s", flush=True)
            if not still:
                _keep(hazard, len(parts))
    return 1 if unmoved else 0


def hash_of(hazard: Hazard) -> str:
    """Return a short hash of a hazard's patches and tests, to see whether they are as tried."""
    said = repr(([patch for patch in patches() if patch.hazard == hazard.id], hazard.tests))
    return records.short_hash(said)


def _keep(hazard: Hazard, parts: int) -> None:
    """Put a hazard on the record: without each part of its control tests fail, and all in the end.

    It takes the place of what was found of it before; of hazards that are no more, nothing is kept.
    """
    row = {
        "hazard": hazard.id,
        "patches that take a part of its control, each noticed": parts,
        "tests named, each of which failed": len(hazard.tests),
        "day": records.today(),
        "hash of both": hash_of(hazard),
    }
    rows = {each["hazard"]: each for each in (*records.rows("controls", "controls"), row)}
    found = [rows[known.id] for known in load_hazards() if known.id in rows]
    records.write("controls", "python -m tests.release.ablation", {"controls": found})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
