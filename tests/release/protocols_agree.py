"""What random protocols come to, in every way to ask for it: dose, check, chart and three engines.

``python -m tests.release.protocols_agree COUNT SEED`` tries at least COUNT rows of protocols at a
body weight, with doses at both ends of what each comes to and one last place to both sides, against
``tests/audit/reckoner.py``. It needs the extra ``engines``, PostgreSQL and a Java, prints what it
tried and each disagreement, and ends with 1 if there is any. 20,000 take a quarter of an hour.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

from ketaref.reference import Reference
from tests.audit import agreement, engines
from tests.audit.random_protocols import random_rows, toml

TODAY = date(2026, 11, 23)
WEIGHTS = 8  # for each row
SHOWN = 20  # disagreements that are printed in full

ByEngine = Callable[[str, list[engines.Row]], list[engines.Row]]


def main(least: int, seed: int) -> int:
    """Try so many, print what was found, and return the exit status."""
    tried: Counter[str] = Counter()
    disagreements: Counter[str] = Counter()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        run_by: dict[str, ByEngine] = {
            "duckdb": engines.by_duckdb,
            "postgres": partial(
                engines.by_postgres, stack.enter_context(engines.postgres_server())
            ),
            "spark": partial(engines.by_spark, stack.enter_context(engines.spark_session())),
        }
        for number in count():
            if tried["rows at a weight"] >= least:
                break
            found = _one_protocol(Random(f"{seed} {number}"), folder / "ours.toml", run_by, tried)
            for where, what in found:
                disagreements[where] += 1
                if disagreements.total() <= SHOWN:
                    print(f"protocol {number} of seed {seed}, {where}: {what}", flush=True)
            if number % 10 == 0:
                print(f"{tried['rows at a weight']:,} ...", file=sys.stderr, flush=True)
    for what, number in tried.items():
        print(f"{what}: {number:,}")
    for where in ("dose, check and chart", *run_by):
        print(f"disagreements, {where}: {disagreements[where]:,}")
    return 1 if disagreements else 0


def _one_protocol(
    random: Random, file: Path, run_by: dict[str, ByEngine], tried: Counter[str]
) -> Iterator[tuple[str, str]]:
    rows = random_rows(random)
    file.write_text(toml(rows), encoding="utf-8")
    reference = Reference.open(file, today=TODAY)
    cases = agreement.random_cases(random, rows, WEIGHTS)
    tried["protocols"] += 1
    tried["rows"] += len(rows)
    tried["rows at a weight"] += len(cases)
    tried["of them, one value that is rounded out of the exact range"] += sum(
        case.reckoned.accepted.low < case.reckoned.limited.low
        or case.reckoned.accepted.high > case.reckoned.limited.high
        for case in cases
    )
    tried["doses"] += sum(len(case.doses) for case in cases)
    for case in cases:
        for what in agreement.in_answers(reference, case):
            yield "dose, check and chart", what
    table = agreement.table(cases)
    for engine, by_engine in run_by.items():
        found = by_engine(engines.query(engine, reference.library), table)
        for what in agreement.in_audit(cases, found):
            yield engine, what


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
