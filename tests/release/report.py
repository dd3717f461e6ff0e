"""The report of a release: ``python -m tests.release.report`` writes docs/verification.md.

No figure in it is typed by hand: each comes from a record in docs/verification, or from a file that
a test holds to the code. What was tried on another program than this one is printed, and is said on
the page: run it again before a release.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ketaref.store import load_hazards
from tests.contract.required_tests import ACCEPTANCE
from tests.places import DOCS
from tests.release import records

PAGE = DOCS / "verification.md"


class Section(NamedTuple):
    """A record by its name, and what a reader should know before its facts."""

    record: str
    title: str
    about: str


SECTIONS = (
    Section(
        "suite",
        "All tests, and what they reach",
        "No test may fail or be skipped, and no line or branch of ketaref/ may be left. Left out "
        "are lines that pyproject.toml names, with the reason: what a subclass must say, and what "
        "only a type checker reads.",
    ),
    Section(
        "controls",
        "Each control of a hazard, taken away",
        "Small patches, tests/release/ablation.toml, each take a part of a hazard's control out of "
        "a copy of the program. A test that the hazard names must notice each patch, and each test "
        "one. Not every clause of a control has a patch.",
    ),
    Section(
        "fuzz",
        "Broken input",
        "Every input is answered or refused by an error that explains itself, within a second of "
        "processor time. Of quantities, what the manual describes is accepted, no more, no less. "
        "Of the data, the first table of each kind and its sources are tried, not the whole.",
    ),
    Section(
        "matrix",
        "Every command on every page",
        "No traceback, no number lost or parted from its unit, the label there, and no escape "
        "byte but on a terminal that shows them. A sample is written again by processes of their "
        "own, at a terminal of that width or in a pipe, which must write the same bytes.",
    ),
    Section(
        "mutation",
        "Changes to the program",
        "The program is changed in one place at a time; a test must fail. Those that no test can "
        "find are in tests/release/survivors.toml, each with the reason why it changes nothing.",
    ),
    Section(
        "units",
        "Beside GNU units",
        "The limits for random weights in kg, lb and stone, worked out by another program.",
    ),
    Section(
        "start_up",
        "How fast it starts",
        "Medians of paired ratios, from one interleaved run: a command beside the import of the "
        "library that it cannot do without.",
    ),
    Section(
        "audit",
        "The audit of a large table",
        "Ratios to a query written by hand that does the same checks and keeps the order of the "
        "rows; and time and memory by the number of rows.",
    ),
    Section(
        "peers",
        "Beside other programs",
        "What each answers for what is typed wrongly, and ratios of time from one interleaved run.",
    ),
    Section(
        "supply_chain",
        "What the wheel installs",
        "Each part with its licence; the whole list, in CycloneDX, is in "
        "docs/verification/sbom.cdx.json.",
    ),
)
_OF_ANY_RUN = ("command", "day", "program", "data", "python", "code")


def page() -> str:
    """Return the whole page; of a record that is not there, that it has not been run."""
    blocks = [
        "# What was tried, and what was found",
        "Written by `python -m tests.release.report` from what each run left in docs/verification.",
    ]
    for section in SECTIONS:
        blocks += [f"## {section.title}", section.about]
        record = records.read(section.record)
        blocks += _facts(record) if record else ["Not run yet."]
    return "\n\n".join([*blocks, *_hazards(), *_acceptance()]) + "\n"


def _facts(record: dict[str, Any]) -> Iterator[str]:
    yield (
        f"`{record['command']}`, {record['day']}, ketaref {record['program']}, data "
        f"{record['data']}, Python {record['python']}{_since(record)}."
    )
    for name, fact in record.items():
        if name in _OF_ANY_RUN:
            continue
        title = name.replace("_", " ")
        if isinstance(fact, dict):
            yield _table((title, ""), [(key, _shown(value)) for key, value in fact.items()])
        elif isinstance(fact, list):
            yield _table(tuple(fact[0]), [[_shown(row[key]) for key in fact[0]] for row in fact])
        else:
            yield f"- {title}: {_shown(fact)}"


def _since(record: dict[str, Any]) -> str:
    return "" if record.get("code") == records.program_hash() else "; the program has changed since"


def stale() -> Iterator[str]:
    """Yield a line for each record that is not of this program."""
    for section in SECTIONS:
        record = records.read(section.record)
        if record is None:
            yield f"{section.title}: not run yet"
        elif _since(record):
            since = f"the program has changed since {record['day']}"
            yield f"{section.title}: {since}: {record['command']}"


def _shown(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value) if isinstance(value, (str, bool)) else json.dumps(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3g}"


def _table(head: tuple[str, ...], rows: Any) -> str:
    lines = [head, ["---"] * len(head), *rows]
    escaped = [[str(cell).replace("|", "\\|") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in escaped)


def _hazards() -> Iterator[str]:
    hazards = load_hazards()
    yield "## The hazards, and the tests of their controls"
    yield (
        f"{len(hazards)} hazards are in data/hazards.toml; `ketaref about --hazards` shows each "
        "with its cause, effect, control and what remains. After a run of all tests, the gate "
        "fails where a test named here did not pass."
    )
    yield _table(("hazard", "tests"), [(hazard.id, _names(hazard.tests)) for hazard in hazards])


def _acceptance() -> Iterator[str]:
    criteria = tomllib.loads(ACCEPTANCE.read_text(encoding="utf-8"))["criterion"]
    yield "## What a review of 46 dose calculators looked for"
    yield (
        "K. Huckvale and others, BMC Medicine 2015;13:106: how many of the calculators reviewed "
        "failed, and what ketaref does. Only the abstract and the first table were read."
    )
    yield _table(
        ("asked", "failed", "ketaref", "tests"),
        [(row["asks"], row["failed"], row["does"], _names(row["tests"])) for row in criteria],
    )


def _names(tests: Iterable[str]) -> str:
    return ", ".join(test.partition("::")[2] for test in tests)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    for line in stale():
        print(line)
