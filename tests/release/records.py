"""What a run of a check found, kept as JSON, so that docs/verification.md is written from it."""

import hashlib
import json
import platform
import tokenize
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import ketaref
from ketaref.store import load_dataset
from tests.places import DOCS, ROOT

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
        "code": program_hash(),
        **facts,
    }
    file = FOLDER / f"{name}.json"
    FOLDER.mkdir(exist_ok=True)
    file.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return file


def read(name: str) -> dict[str, Any] | None:
    """Return what the last run of that name found, or None where it has not been run."""
    file = FOLDER / f"{name}.json"
    if not file.exists():
        return None
    record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return record


def rows(name: str, of: str) -> list[dict[str, Any]]:
    """Return the rows of the last run of that name, or none where it has not been run."""
    found: list[dict[str, Any]] = (read(name) or {}).get(of, [])
    return found


def short_hash(text: str) -> str:
    """Return what tells a text from another one: has it changed since it was tried?"""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def program_hash() -> str:
    """Return a hash of the whole program: its code without comments, and its data."""
    files = sorted((ROOT / "ketaref").rglob("*.py"))
    code = "".join(code_hash(str(file.relative_to(ROOT))) for file in files)
    return short_hash(code + load_dataset().sha256)


def code_hash(part: str) -> str:
    """Return a hash of a file without its comments."""
    text = (ROOT / part).read_text(encoding="utf-8")
    lines = text.splitlines()
    for token in tokenize.generate_tokens(StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            number, column = token.start
            lines[number - 1] = lines[number - 1][:column]
    return short_hash("\n".join(line.rstrip() for line in lines if line.strip()))
