"""Limits for many weights beside GNU units, kept: ``python -m tests.release.differential``.

The same is a test; this keeps what came of it for docs/verification.md.
"""

import subprocess

from tests.properties.test_gnu_units import BOUNDS, MANY_WEIGHTS, disagreements_in_mg
from tests.release import records


def main() -> None:
    """Compare, and write the record."""
    version = subprocess.run(["units", "--version"], capture_output=True, text=True, check=True)
    rows = [
        {
            "row": str(route),
            "weights in kg, lb and stone": len(MANY_WEIGHTS),
            "limits compared": 2 * len(MANY_WEIGHTS),
            "disagreements to the last digit shown": len(disagreements_in_mg(route, low, high)),
        }
        for route, low, high in BOUNDS
    ]
    facts = {"beside": version.stdout.splitlines()[0], "rows": rows}
    records.write("units", "python -m tests.release.differential", facts)


if __name__ == "__main__":
    main()
