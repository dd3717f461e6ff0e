"""What a run of a check found, kept as JSON, so that docs/verification.md is written from it."""

import hashlib
import json
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ketaref
from ketaref.store import load_dataset
from tests.places import DOCS

FOLDER = DOCS / "verification"


def today() -> str:
    """Return the day of a run."""
    return datetime.now(UTC).date().isoformat()


def write(name: str, command: str, facts: dict[str, Any]) -> Path:
    """Keep the facts of a run under its name, with the command that repeats it, and of what."""
    dataset = load_dataset()
    record = {
        "command": command,
        "day": today(),
        "program": ketaref.__version__,
        "data": f"{dataset.edition.version} ({dataset.sha256[:12]})",
        "python": platform.python_version(),
        **facts,
    }
    file = FOLDER / f"{name}.json"
    FOLDER.mkdir(exist_ok=True)
    file.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return file


def rows(name: str, of: str) -> list[dict[str, Any]]:
    """Return the rows of the last run of that name, or none where it has not been run."""
    found: list[dict[str, Any]] = read(name)[of] if (FOLDER / f"{name}.json").exists() else []
    return found


def short_hash(said: str) -> str:
    """Return what a row is told by from one of another text: is it still as it was tried?"""
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def read(name: str) -> dict[str, Any]:
    """Return what the last run of that name found."""
    record: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return record
