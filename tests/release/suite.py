"""How many tests ran, and what they reached: ``python -m tests.release.suite JUNIT``.

It reads pytest's report (``--junitxml``) and the data of coverage, and keeps both as a record.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from tests.release import records


def main(junit: Path) -> None:
    """Write the record."""
    # The report is our own run's; no other program writes it.
    [suite] = ElementTree.parse(junit).getroot().iter("testsuite")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "coverage.json"
        subprocess.run(["coverage", "json", "-q", "-o", file], check=True)
        totals = json.loads(file.read_text(encoding="utf-8"))["totals"]
    facts = {
        "tests": int(suite.attrib["tests"]),
        "failed": int(suite.attrib["failures"]) + int(suite.attrib["errors"]),
        "skipped": int(suite.attrib["skipped"]),
        "statements": totals["num_statements"],
        "statements not reached": totals["missing_lines"],
        "branches": totals["num_branches"],
        "branches not reached": totals["missing_branches"],
        "lines left out": totals["excluded_lines"],
    }
    records.write("suite", "coverage run -m pytest, under .ci/run", facts)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
