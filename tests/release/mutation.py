"""Change the program in one place at a time, and see a test fail.

``python -m tests.release.mutation FOLDER [FILE]...`` (with the extra ``mutation``) makes a copy of
the repository for each processor in FOLDER, has cosmic-ray change each copy, and keeps there what
it found. It takes hours. A second run tries what the first left: files that were edited since, and
changes that no test noticed, by the tests of today. A file goes on the record when each change that
no test notices is in tests/survivors.toml, with the reason why it changes nothing; else it ends
with 1.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.places import ROOT
from tests.release import records

SURVIVORS = Path(__file__).parent / "survivors.toml"
FIRST_PORT = 9876

# The quickest first: pytest stops at the first that fails, and begins with what last failed.
OF_VALUES = (
    "tests/unit/test_dosing.py tests/unit/test_dosing_steps.py tests/unit/test_rounding.py "
    "ketaref/notation.py ketaref/dosing.py ketaref/store.py ketaref/units "
    "tests/unit/test_notation.py tests/unit/test_units.py tests/unit/test_quantities.py "
    "tests/unit/test_refusals.py tests/cli/test_fallbacks.py tests/protocol/test_row_edges.py "
    "tests/data/test_data.py tests/data/test_worked_examples.py tests/data/test_wrong_data.py "
    "tests/contract/test_hazards.py tests/properties/test_fuzz.py "
    "tests/properties/test_dosing_properties.py tests/properties/test_clinic_rows.py "
    "tests/unit/test_grammar.py "
    "tests/cli/test_loading.py::test_routes_need_no_unit_library_and_json_no_tables"
)
OF_ROWS = (
    "ketaref/ranges tests/unit/test_cautions.py tests/unit/test_names.py "
    "tests/unit/test_rounding.py tests/cli/test_formats.py tests/protocol/test_row_edges.py "
    "tests/protocol/test_local_rows.py tests/data/test_worked_examples.py "
    "tests/protocol/test_maximum_and_step.py tests/cli/test_reference_inputs.py "
    "tests/pages/test_chart.py tests/pages/test_chart_weights.py "
    "tests/protocol/test_chart_and_checklist.py tests/protocol/test_deviation.py "
    "tests/contract/test_errors.py tests/pages/test_notes.py "
    "tests/protocol/test_with_published.py tests/contract/test_docs.py"
)
OF_PROTOCOLS = (
    "tests/protocol/test_wrong_files.py tests/protocol/test_deviation.py "
    "tests/protocol/test_protocol_reviews.py tests/protocol/test_row_edges.py "
    "tests/protocol/test_local_rows.py tests/protocol/test_chart_and_checklist.py "
    "tests/protocol/test_hostile_files.py tests/pages/test_review.py "
    "tests/properties/test_fuzz.py tests/protocol/test_with_published.py "
    "tests/protocol/test_template_and_schema.py tests/pages/test_wide_text.py"
)
OF_PAGES = (
    "tests/pages/test_notes.py tests/cli/test_formats.py tests/cli/test_fallbacks.py "
    "tests/pages/test_risks.py tests/pages/test_contraindications.py "
    "tests/protocol/test_local_rows.py tests/protocol/test_chart_and_checklist.py "
    "tests/pages/test_chart.py tests/pages/test_review.py tests/protocol/test_maximum_and_step.py "
    "tests/pages/test_checklist_and_evidence.py tests/pages/test_evidence.py "
    "tests/protocol/test_with_published.py "
    "tests/pages/test_html.py tests/contract/test_docs.py tests/pages/test_layout.py"
)
OF_WRITERS = (
    "ketaref/writers tests/unit/test_markdown.py tests/cli/test_formats.py "
    "tests/cli/test_fallbacks.py tests/pages/test_chart_weights.py "
    "tests/protocol/test_local_rows.py tests/protocol/test_maximum_and_step.py "
    "tests/protocol/test_with_published.py tests/pages/test_html.py tests/pages/test_wide_text.py "
    "tests/contract/test_docs.py tests/contract/test_label.py tests/pages/test_layout.py"
)
OF_QUERIES = (
    "tests/audit/test_dialect.py tests/audit/test_rules.py tests/audit/test_parsing.py "
    "tests/audit/test_summary.py tests/audit/test_query.py tests/audit/test_resolving.py"
)
OF_WAREHOUSES = f"tests/audit/test_warehouse.py {OF_QUERIES}"
OF_FILES = (
    "tests/audit/test_csv_records.py tests/audit/test_columns.py tests/audit/test_paths.py "
    "tests/audit/test_input.py tests/audit/test_run.py tests/audit/test_export.py"
)


class Part(NamedTuple):
    """The tests of a file that is changed, and after how many seconds one hangs for good."""

    tests: str
    seconds: int


def _parts(folder: str, names: str, tests: str, seconds: int) -> dict[str, Part]:
    return {f"{folder}/{name}.py": Part(tests, seconds) for name in names.split()}


PARTS = {
    **_parts("ketaref", "dosing notation store", OF_VALUES, 90),
    **_parts("ketaref/units", "grammar parse quantities refusals registry", OF_VALUES, 90),
    **_parts("ketaref/units", "spellings __init__", OF_VALUES, 90),
    **_parts("ketaref/ranges", "caution cautions computed library row", OF_ROWS, 90),
    **_parts("ketaref/ranges", "selection values weights working", OF_ROWS, 90),
    **_parts("ketaref/answers", "dose check chart", OF_ROWS, 90),
    **_parts("ketaref/protocol", "deviation fields model read", OF_PROTOCOLS, 90),
    **_parts("ketaref/pages", "about_page audit_page chart_page check_page", OF_PAGES, 180),
    **_parts("ketaref/pages", "checklist_page contraindications_page", OF_PAGES, 180),
    **_parts("ketaref/pages", "dose_page evidence_page frame protocol_check_page", OF_PAGES, 180),
    **_parts("ketaref/pages", "review_page risks_page routes_page row_parts", OF_PAGES, 180),
    **_parts("ketaref/pages", "sources_page", OF_PAGES, 180),
    **_parts("ketaref/writers", "csv plain screen markdown svg", OF_WRITERS, 180),
    **_parts("ketaref/audit", "parsing query resolving rules summary", OF_QUERIES, 180),
    **_parts("ketaref/audit", "dialect warehouse", OF_WAREHOUSES, 180),
    **_parts("ketaref/audit", "columns csv_records export input paths run", OF_FILES, 240),
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
    """Return one copy of the repository, as it is now, for each processor."""
    made = [folder / f"copy{number}" for number in range(os.cpu_count() or 1)]
    ignored = shutil.ignore_patterns(".git", "__pycache__", ".*_cache", "dist")
    for copy in made:
        shutil.rmtree(copy, ignore_errors=True)
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
    """Return each change that was made in a file, and what became of it."""
    file = ROOT / part
    name = f"{file.parent.name}-{file.stem}"
    config = folder / f"{name}.toml"
    # Named by what the file says, so that an edited one is tried anew.
    session = folder / f"{name}-{hashlib.sha256(file.read_bytes()).hexdigest()[:8]}.sqlite"
    options = "-x -q -n0 --failed-first --hypothesis-profile=unshrunk --basetemp=.tmp"
    command = f"{sys.executable} -m pytest {options} {PARTS[part].tests}"
    config.write_text(
        f"""[cosmic-ray]
module-path = {json.dumps(part)}
timeout = {PARTS[part].seconds}.0
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
    if session.exists():
        open_ = [job for job, change, became in _outcomes(session) if _is_open(change, became)]
        _forget(open_, session)
    else:
        subprocess.run(["cosmic-ray", "init", config, session], cwd=ROOT, check=True)
        subprocess.run(["cr-filter-operators", session, config], cwd=ROOT, check=True)
    subprocess.run(["cosmic-ray", "exec", config, session], cwd=ROOT, check=True)
    return [(change, became) for _, change, became in _outcomes(session)]


# Left out, or one that cosmic-ray cannot make: an exception of another module, by its full name.
_NO_CHANGE = ("skipped", "exception")


def _outcomes(session: Path) -> list[tuple[str, Change, str]]:
    """Return the changes that a session has made, each with its job and what became of it."""
    dump = subprocess.run(
        ["cosmic-ray", "dump", session], cwd=ROOT, check=True, capture_output=True, text=True
    )
    pairs = [json.loads(line) for line in dump.stdout.splitlines()]
    return [
        (item["job_id"], _change(item, result), result["test_outcome"] or "not tried")
        for item, result in pairs
        if result and result["worker_outcome"] not in _NO_CHANGE
    ]


def _change(item: dict[str, Any], result: dict[str, Any]) -> Change:
    (mutation,) = item["mutations"]
    diff = (result["diff"] or "").splitlines()
    lines = [line for line in diff if not line.startswith(("---", "+++"))]
    old, new = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return Change(mutation["module_path"], mutation["definition_name"] or "", old, new)


def _is_open(change: Change, became: str) -> bool:
    return became != "killed" and change not in explained()


def _forget(jobs: list[str], session: Path) -> None:
    """Have these jobs done again."""
    with closing(sqlite3.connect(session)) as connection, connection:
        connection.executemany("DELETE FROM work_results WHERE job_id = ?", [(j,) for j in jobs])


@cache
def explained() -> dict[Change, str]:
    """Return the changes that change nothing, each with its reason."""
    rows = tomllib.loads(SURVIVORS.read_text(encoding="utf-8")).get("survivor", [])
    return {
        Change(row["file"], row["within"], row["line"], row["changed"]): row["because"]
        for row in rows
    }


def main(folder: Path, wanted: list[str]) -> int:
    """Try all files or some; keep a record of each, or return 1 where a survivor has no reason."""
    folder.mkdir(parents=True, exist_ok=True)
    unexplained = []
    with workers(copies(folder)) as urls:
        for part in wanted or PARTS:
            found = tried(part, folder.resolve(), urls)
            open_ = [change for change, outcome in found if _is_open(change, outcome)]
            unexplained += open_
            if found and not open_:
                _keep(part, Counter(outcome for _, outcome in found))
    for change in unexplained:
        print(f"{change.file} {change.within}\n- {change.line}\n+ {change.changed}")
    return 1 if unexplained else 0


def _keep(part: str, became: Counter[str]) -> None:
    """Put a file on the record, beside those that were tried before."""
    row = {
        "file": part,
        "changes": became.total(),
        "found by a test": became["killed"],
        "not found, and listed with the reason": became.total() - became["killed"],
        "found, in percent": _percent(became["killed"], became.total()),
        "day": records.today(),
        "code": records.code_hash(part),
    }
    print(row, flush=True)
    rows = {each["file"]: each for each in (*records.rows("mutation", "files"), row)}
    parts = [rows[part] for part in PARTS if part in rows]
    changes, found = (sum(part[of] for part in parts) for of in ("changes", "found by a test"))
    facts = {
        "changes": changes,
        "found by a test": found,
        "found, in percent": _percent(found, changes),
        "files": parts,
    }
    records.write("mutation", "python -m tests.release.mutation FOLDER", facts)


def _percent(part: int, of: int) -> str:
    return f"{100 * part / of:.1f}"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
