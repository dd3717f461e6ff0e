"""Take away the control of each hazard, one at a time, and see its tests fail.

``python -m tests.take_away [ID]...`` works on a copy of the repository, and ends with 1 where the
tests of a hazard pass without its control: then they do not show it.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from ketaref.store import load_hazards
from tests import records

ROOT = Path(__file__).parents[1]


class Patch(NamedTuple):
    """A control as it stands in a file, and what is there without it."""

    file: str
    control: str
    without: str


PATCHES = {
    "tenfold-by-comma": Patch(
        "ketaref/units/parse.py",
        '    tidy = SPACES.sub(" ", text).strip(" ")\n',
        '    tidy = SPACES.sub(" ", text).strip(" ").replace(",", "")\n',
    ),
    "lb-read-as-kg": Patch(
        "ketaref/units/parse.py",
        "    tidy = _tidy(text, option)\n    match",
        "    tidy = _tidy(text, option)\n"
        '    tidy += "" if tidy[-1:].isalpha() else " kg"\n    match',
    ),
    "drug-mix-up": Patch(
        "ketaref/reports/names.py", "if drug not in (None, row.drug):", "if drug == 0:"
    ),
    "strength-mix-up": Patch(
        "ketaref/units/parse.py",
        "    if not STRENGTH_LEAST <= strength.number <= STRENGTH_MOST:",
        "    if not strength.number:",
    ),
    "per-kg-read-as-total": Patch(
        "ketaref/units/registry.py", "kilogram = [body] = kg", "kilogram = 1000 gram = kg"
    ),
    "bolus-read-as-infusion": Patch(
        "ketaref/reports/measures.py",
        "    if row.duration.low is None:\n",
        "    if row.duration.low != 0:\n",
    ),
    "boundary-by-float": Patch(
        "ketaref/dosing.py",
        "    return published_range(row).place(dose_per_kg(dose, weight))",
        '    per_kg = float(dose_per_kg(dose, weight).to("mg/kg").magnitude)\n'
        '    grams = float(dose.quantity.to("g").magnitude) * 1000 / float(weight.kg)\n'
        "    below, above = grams < float(row.low), grams > float(row.high)\n"
        "    return Place.BELOW if below else Place.ABOVE if above else Place.INSIDE if per_kg "
        "else Place.INSIDE",
    ),
    "rounded-outward": Patch(
        "ketaref/notation.py",
        "        up, down = _up(low, low_places), _down(high, high_places)",
        "        up, down = _down(low, low_places), _up(high, high_places)",
    ),
    "number-cut-from-unit": Patch("ketaref/document.py", "def _glue(", "def _glue_not("),
    "unit-lost-on-screen": Patch("ketaref/writers/table.py", r" -- \n", " \u2500\u2500 \\n"),
    "misread-notation": Patch(
        "ketaref/notation.py",
        '    return text.rstrip("0").rstrip(".") if "." in text else text',
        "    return text",
    ),
    "naked-number": Patch(
        "ketaref/reports/base.py", '            Paragraph("notice", LABEL),\n', ""
    ),
    "over-reliance": Patch(
        "ketaref/reports/dose.py", 'Column("Range per dose"),', 'Column("Recommended dose"),'
    ),
    "unsourced-number": Patch(
        "ketaref/model/doses.py",
        "        if not any(source.relation is Relation.STATES",
        "        if False and not any(source.relation is Relation.STATES",
    ),
    "stale-data": Patch("ketaref/reports/base.py", "    if today <= due:", "    if due:"),
    "list-read-as-clearance": Patch(
        "ketaref/reports/checklist.py", "    answer: None = None", '    answer: str = "no"'
    ),
    "item-cut-by-a-page": Patch("ketaref/writers/page.html.j2", "tr { break-inside: avoid; }", ""),
    "claim-taken-for-evidence": Patch(
        "ketaref/reports/evidence.py",
        "row.standing.value, row.says, row.because",
        '"", row.says, row.because',
    ),
    "silent-non-check": Patch(
        "ketaref/reports/check.py",
        "    if row.basis is Basis.PER_KG and asked.weight is None:",
        "    if row.basis is None:",
    ),
    "half-written-file": Patch(
        "ketaref/cli/output.py", "            beside.unlink()", "            beside.exists()"
    ),
    "cap-that-hides": Patch(
        "ketaref/reports/local_doses.py",
        "        return self.capped != self.calculated",
        "        return self.capped is None",
    ),
    "local-row-taken-for-published": Patch(
        "ketaref/protocols.py",
        "    if problems:\n        raise _error(file, problems)\n    return Protocol(",
        "    return Protocol(",
    ),
    "wrong-row-after-an-edit": Patch(
        "ketaref/model/dataset.py",
        "[review for review in reviews if review.sha256 == sha256]",
        "list(reviews)",
    ),
    "rows-swallowed-in-silence": Patch(
        "ketaref/audit/recount.py",
        "    if counted.open_quote:",
        "    if counted.records:\n        return Malformed(0, ())\n    if counted.open_quote:",
    ),
}


def tests_fail_without(folder: Path, name: str, tests: tuple[str, ...]) -> bool:
    """Return whether the tests of a hazard fail in a copy without its control."""
    patch = PATCHES[name]
    file = folder / patch.file
    whole = file.read_text()
    file.write_text(whole.replace(patch.control, patch.without, 1), encoding="utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    finally:
        file.write_text(whole)
    # 1: tests ran and failed. 2 and more: they could not be run, which shows nothing.
    return ran.returncode == 1


def main(wanted: list[str]) -> int:
    """Take away each control in turn; return 1 where its tests still pass."""
    passed, found = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "copy"
        ignored = shutil.ignore_patterns(".git", "__pycache__", ".*_cache", "dist")
        shutil.copytree(ROOT, folder, ignore=ignored)
        for hazard in load_hazards():
            if wanted and hazard.id not in wanted:
                continue
            began = time.monotonic()
            failed = tests_fail_without(folder, hazard.id, hazard.tests)
            took = time.monotonic() - began
            word = "its tests fail" if failed else "ITS TESTS STILL PASS"
            print(f"{hazard.id:32} without its control: {word} ({took:.0f} s)", flush=True)
            passed += [] if failed else [hazard.id]
            found.append({"hazard": hazard.id, "without its control": word})
    if not wanted:
        records.write("controls", "python -m tests.take_away", {"controls": found})
    return 1 if passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
