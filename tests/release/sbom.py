"""The list of parts (SBOM, CycloneDX) of what the wheel installs: ``python -m tests.release.sbom``.

The wheel is built, installed alone into an environment without pip, and that environment is listed.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

from tests.places import ROOT
from tests.release import records

FILE = records.FOLDER / "sbom.cdx.json"


def listed(folder: Path) -> dict[str, Any]:
    """Build and install the wheel in a folder, and return its list of parts."""
    home = folder / "environment"
    venv.create(home, with_pip=False)
    python = str(home / "bin" / "python")
    out = folder / "sbom.json"
    build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    _run(*build)
    (wheel,) = folder.glob("*.whl")
    _run("-m", "pip", "--python", python, "install", "--no-compile", str(wheel))
    _run(
        *("-m", "cyclonedx_py", "environment", "--output-reproducible", "--validate"),
        *("--pyproject", str(ROOT / "pyproject.toml"), "-o", str(out), python),
    )
    parts: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    for part in (*parts["components"], parts["metadata"]["component"]):
        part.pop("externalReferences", None)  # among them where on this machine it came from
    return parts


def _run(*command: str) -> None:
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)


def licence(part: dict[str, Any]) -> str:
    """Return what a part says of its licence."""
    said = [entry.get("expression") or entry["license"] for entry in part.get("licenses", [])]
    names = [each if isinstance(each, str) else each.get("id") or each["name"] for each in said]
    return next(iter(names), "not stated")


def main() -> None:
    """Write the list, and the record of it."""
    with tempfile.TemporaryDirectory() as folder:
        parts = listed(Path(folder))
    records.write(
        "supply_chain",
        "python -m tests.release.sbom",
        {
            "parts": {
                f"{part['name']} {part['version']}": licence(part) for part in parts["components"]
            }
        },
    )
    FILE.write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
