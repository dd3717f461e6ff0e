"""Change the program in one place at a time, and see a test fail.

``python -m tests.mutation FOLDER`` (with the extra ``mutation``) makes a copy of the repository for
each processor in FOLDER, has cosmic-ray change each copy, and keeps there what it found: a second
run goes on where the first stopped. It takes hours. It ends with 1 where a change that no test
notices is not in tests/survivors.toml, with the reason why it changes nothing.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests import records

ROOT = Path(__file__).parents[1]
SURVIVORS = Path(__file__).parent / "survivors.toml"
FIRST_PORT = 9876
SECONDS_FOR_THE_TESTS = 240

# The quickest first: pytest stops at the first that fails.
OF_VALUES = (
    "tests/test_dosing.py ketaref/notation.py ketaref/dosing.py ketaref/store.py ketaref/units "
    "tests/test_notation.py tests/test_refusals.py tests/test_units.py tests/test_last_resorts.py "
    "tests/test_worked_examples.py tests/test_laws.py tests/test_data.py tests/test_grammar.py"
)
OF_TABLES = "ketaref/audit tests/test_audit.py tests/test_audit_files.py tests/test_audit_places.py"
PARTS = {
    "dosing": (["ketaref/dosing.py"], OF_VALUES),
    "notation": (["ketaref/notation.py"], OF_VALUES),
    "units": (["ketaref/units"], OF_VALUES),
    "store": (["ketaref/store.py"], OF_VALUES),
    "audit": (["ketaref/audit"], OF_TABLES),
}
# Changes that raise at once, or that change nothing, whatever the tests are: they would only
# flatter the share that is found, or hide it. `|` stands between types here, and enumerations and
# small numbers are equal where they are identical.
LEFT_OUT = [
    r"core/ReplaceBinaryOperator_.*_(Pow|LShift|RShift|BitOr|BitAnd|BitXor)$",
    r"core/ReplaceBinaryOperator_(BitOr|LShift|BitAnd)_",
    r"core/ReplaceComparisonOperator_(Eq|NotEq|Lt|LtE|Gt|GtE)_(Is|IsNot)$",
    r"core/ReplaceComparisonOperator_(Is|IsNot)_(Eq|NotEq|Lt|LtE|Gt|GtE)$",
    r"core/ReplaceUnaryOperator_USub_(Not|Invert)$",
]


class Change(NamedTuple):
    """A change of one line, and in which function of which file."""

    file: str
    within: str
    line: str
    changed: str


def copies(folder: Path) -> list[Path]:
    """Return one copy of the repository for each processor; those of an earlier run stay."""
    made = [folder / f"copy{number}" for number in range(os.cpu_count() or 1)]
    ignored = shutil.ignore_patterns(".git", "__pycache__", ".*_cache", "dist")
    for copy in made:
        if not copy.exists():
            shutil.copytree(ROOT, copy, ignore=ignored)
    return made


@contextmanager
def workers(places: list[Path]) -> Iterator[list[str]]:
    """Start a worker of cosmic-ray in each copy, and yield where each listens."""
    ports = [str(FIRST_PORT + number) for number in range(len(places))]
    started = [
        subprocess.Popen(
            ["cosmic-ray", "http-worker", "--port", port],
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(place), "NO_PROXY": "localhost"},
            stdout=subprocess.DEVNULL,
        )
        for place, port in zip(places, ports, strict=True)
    ]
    try:
        yield [f"http://localhost:{port}" for port in ports]
    finally:
        for worker in started:
            worker.terminate()


def tried(part: str, folder: Path, urls: list[str]) -> list[tuple[Change, str]]:
    """Return each change that was made in a part, and what became of it."""
    paths, tests = PARTS[part]
    config, session = folder / f"{part}.toml", folder / f"{part}.sqlite"
    options = "-x -q -p no:cacheprovider --hypothesis-profile=unshrunk"
    command = f"{sys.executable} -m pytest {options} {tests}"
    config.write_text(
        f"""[cosmic-ray]
module-path = {json.dumps(paths)}
timeout = {SECONDS_FOR_THE_TESTS}.0
excluded-modules = []
test-command = {json.dumps(command)}
[cosmic-ray.distributor]
name = "http"
http = {{ worker-urls = {json.dumps(urls)} }}
[cosmic-ray.filters.operators-filter]
exclude-operators = {json.dumps(LEFT_OUT)}
""",
        encoding="utf-8",
    )
    place = copies(folder)[0]
    if not session.exists():
        subprocess.run(["cosmic-ray", "init", config, session], cwd=place, check=True)
        subprocess.run(["cr-filter-operators", session, config], cwd=place, check=True)
    subprocess.run(["cosmic-ray", "exec", config, session], cwd=place, check=True)
    dump = subprocess.run(
        ["cosmic-ray", "dump", session], cwd=place, check=True, capture_output=True, text=True
    )
    pairs = [json.loads(line) for line in dump.stdout.splitlines()]
    return [_outcome(*pair) for pair in pairs if pair[1]["worker_outcome"] != "skipped"]


def _outcome(item: dict[str, Any], result: dict[str, Any]) -> tuple[Change, str]:
    (mutation,) = item["mutations"]
    lines = [line for line in result["diff"].splitlines() if not line.startswith(("---", "+++"))]
    old, new = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    change = Change(mutation["module_path"], mutation["definition_name"] or "", old, new)
    return change, result["test_outcome"] or result["worker_outcome"]


def explained() -> dict[Change, str]:
    """Return the changes that change nothing, each with its reason."""
    rows = tomllib.loads(SURVIVORS.read_text(encoding="utf-8")).get("survivor", [])
    return {
        Change(row["file"], row["within"], row["line"], row["changed"]): row["because"]
        for row in rows
    }


def main(folder: Path) -> int:
    """Try all parts, keep the record, and return 1 where a survivor has no reason."""
    folder.mkdir(parents=True, exist_ok=True)
    reasons = explained()
    rows, unexplained = [], []
    with workers(copies(folder)) as urls:
        for part in PARTS:
            found = tried(part, folder.resolve(), urls)
            became = Counter(outcome for _, outcome in found)
            survived = [change for change, outcome in found if outcome != "killed"]
            unexplained += [change for change in survived if change not in reasons]
            rows.append(
                {
                    "part": part,
                    "changes": len(found),
                    "found by a test": became["killed"],
                    "not found, and listed with the reason": len(survived),
                    "found, in percent": f"{100 * became['killed'] / len(found):.1f}",
                }
            )
            print(rows[-1], flush=True)
    for change in unexplained:
        print(f"{change.file} {change.within}\n- {change.line}\n+ {change.changed}")
    if not unexplained:
        records.write("mutation", "python -m tests.mutation FOLDER", {"parts": rows})
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
