"""How long an audit takes beside a query written by hand for the same job, and how much memory.

``python tests/release/benchmarks/audit.py`` measures, on synthetic tables from a fixed seed:

- the counting query and the writing query on 20 million rows of Parquet, each as a ratio to one
  written by hand that does the same checks, exactly, and keeps the order of the rows (interleaved,
  median of paired ratios, at most 1.25);
- ``ketaref audit --rows`` from 1 to 50 million rows of Parquet, and each pair of formats, CSV and
  Parquet, at 20 million rows: seconds per million, and peak memory (at most 1 GB).

``--small`` takes a hundredth of the rows. The numbers go to stdout, and with
``--record`` to docs/verification.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

sys.path.insert(0, str(Path(__file__).parents[3]))

from ketaref.audit.columns import NEEDED, Columns
from ketaref.audit.dialect import sql
from ketaref.audit.query import classified
from ketaref.audit.rules import rule_sets
from ketaref.reference import Reference
from tests.audit.doses import write_parquet, write_table
from tests.release import records

MOST_RATIO, MOST_BYTES = 1.25, 1_000_000_000

# By hand, as one would write it for this very table: the same words and numbers are checked.
NUMBER = "regexp_matches({0} || '|', '^(0|[1-9][0-9]{{0,9}})([.][0-9]{{1,9}}0{{0,29}})?[|]$')"
SPACES = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(8201) || chr(8239)"
BY_HAND = f"""
WITH t AS (
  SELECT *, trim(CAST(route AS TEXT), {SPACES}) AS r,
    trim(CAST(drug AS TEXT), {SPACES}) AS d,
    trim(CAST(dose_unit AS TEXT), {SPACES}) AS du,
    trim(CAST(weight_unit AS TEXT), {SPACES}) AS wu,
    trim(CAST(dose AS TEXT), {SPACES}) AS dt,
    trim(CAST(weight AS TEXT), {SPACES}) AS wt
  FROM doses),
n AS (
  SELECT *, lower(r) AS rl,
    CASE WHEN lower(d) = 'ketamine' AND upper(d) = 'KETAMINE' OR lower(d) = 'racemic ketamine'
      AND upper(d) = 'RACEMIC KETAMINE' OR lower(d) = 'ketamine hydrochloride'
      AND upper(d) = 'KETAMINE HYDROCHLORIDE' THEN 'ketamine'
      WHEN lower(d) = 'esketamine' AND upper(d) = 'ESKETAMINE' THEN 'esketamine' END AS dn,
    CASE WHEN du = 'mg' OR lower(du) = 'milligram' OR lower(du) = 'milligrams' THEN 1000
      WHEN lower(du) = 'mcg' OR lower(du) = 'ug' OR lower(du) = 'microgram'
        OR lower(du) = 'micrograms' THEN 1
      WHEN lower(du) = 'g' OR lower(du) = 'gram' OR lower(du) = 'grams' THEN 1000000
      END::DECIMAL(15, 0) * 100000000::DECIMAL(9, 0) AS df,
    CASE WHEN wu = 'kg' OR wu = 'Kg' OR wu = 'KG' OR lower(wu) = 'kgs' OR lower(wu) = 'kilogram'
        OR lower(wu) = 'kilograms' THEN 100000000
      WHEN lower(wu) = 'lb' OR lower(wu) = 'lbs' OR lower(wu) = 'pound' OR lower(wu) = 'pounds'
        THEN 45359237 WHEN lower(wu) = 'st' OR lower(wu) = 'stone' THEN 635029318
      END::DECIMAL(9, 0) AS wf,
    CASE WHEN dt IS NULL OR dt = '' THEN 'missing' WHEN regexp_matches(dt || '|', '^0([.]0+)?[|]$')
      THEN 'unread' WHEN {NUMBER.format("dt")} THEN 'read'
      WHEN regexp_matches(dt || '|', '^[0-9]+([.][0-9]+)?[|]$') THEN 'long' ELSE 'unread' END AS dw,
    CASE WHEN wt IS NULL OR wt = '' THEN 'missing' WHEN regexp_matches(wt || '|', '^0([.]0+)?[|]$')
      THEN 'unread' WHEN {NUMBER.format("wt")} THEN
        CASE WHEN regexp_matches(wt || '|', '^[0-9]+([.]0+)?[|]$') THEN 'whole' ELSE 'read' END
      WHEN regexp_matches(wt || '|', '^[0-9]+([.][0-9]+)?[|]$') THEN 'long' ELSE 'unread' END AS ww,
    CASE WHEN {NUMBER.format("dt")} THEN dt::DECIMAL(19, 9) END AS dv,
    CASE WHEN {NUMBER.format("wt")} THEN wt::DECIMAL(19, 9) END AS wv
  FROM t),
b AS (
  SELECT *, CASE WHEN (rl = 'iv' OR rl = 'intravenous') AND dn = 'ketamine' THEN 'iv'
      WHEN (rl = 'nasal' OR rl = 'intranasal') AND dn = 'esketamine' THEN 'nasal'
      WHEN rl = 'sublingual' AND dn = 'ketamine' THEN 'sublingual' END AS w
  FROM n),
s AS (
  SELECT *, CASE w WHEN 'iv' THEN 500 WHEN 'nasal' THEN 28000 WHEN 'sublingual' THEN 200
      END::DECIMAL(8, 0) AS lo,
    CASE w WHEN 'iv' THEN 1000 WHEN 'nasal' THEN 84000 WHEN 'sublingual' THEN 400
      END::DECIMAL(8, 0) AS hi, dv * df AS given,
    wv * wf AS kg,
    CASE WHEN w = 'nasal' THEN 1::DECIMAL(19, 9) * 100000000::DECIMAL(9, 0)
      WHEN wv * wf BETWEEN 2000000000 AND 35000000000 THEN wv * wf END AS x
  FROM b),
p AS (SELECT *, x * lo AS low, x * hi AS high FROM s),
c AS (
  SELECT *, CASE WHEN rl IS NULL OR rl = '' THEN 'route missing'
      WHEN rl <> 'iv' AND rl <> 'intravenous' AND rl <> 'nasal' AND rl <> 'intranasal'
        AND rl <> 'sublingual' THEN 'route not in the table'
      WHEN d IS NULL OR d = '' THEN 'drug missing' WHEN dn IS NULL THEN 'drug not in the table'
      WHEN w IS NULL THEN 'drug does not fit the row' WHEN dw = 'missing' THEN 'dose missing'
      WHEN dw = 'unread' THEN 'dose not a number or not positive'
      WHEN dw = 'long' THEN 'dose has too many digits or a leading zero' WHEN du IS NULL OR du = ''
      THEN 'dose unit missing' WHEN df IS NULL THEN 'dose unit not a mass'
      WHEN w <> 'nasal' AND ww = 'missing' THEN 'weight missing'
      WHEN w <> 'nasal' AND ww = 'unread' THEN 'weight not a number or not positive'
      WHEN w <> 'nasal' AND ww = 'long' THEN 'weight has too many digits or a leading zero'
      WHEN w <> 'nasal' AND (wu IS NULL OR wu = '') THEN 'weight unit missing'
      WHEN w <> 'nasal' AND wf IS NULL THEN 'weight unit unknown'
      WHEN w <> 'nasal' AND wf = 635029318 AND ww <> 'whole' THEN 'weight in stone not whole'
      WHEN w <> 'nasal' AND x IS NULL THEN 'weight implausible' END AS reason
  FROM p),
o AS (SELECT *, CASE WHEN reason IS NOT NULL THEN 'not_assessable' WHEN given < low THEN 'below'
    WHEN given > high THEN 'above' ELSE 'inside' END AS class FROM c)
"""
BY_HAND_COUNT = (
    BY_HAND
    + """
SELECT class, reason, w, CASE WHEN class = 'above' AND given <= high * 2 THEN
    CASE WHEN given::DECIMAL(30, 9) * 1000::DECIMAL(4, 0) <= high::DECIMAL(30, 9) * 1025::DECIMAL(4, 0) THEN 'within 2.5'
      WHEN given::DECIMAL(30, 9) * 1000::DECIMAL(4, 0) <= high::DECIMAL(30, 9) * 1050::DECIMAL(4, 0) THEN 'within 5'
      WHEN given::DECIMAL(30, 9) * 1000::DECIMAL(4, 0) <= high::DECIMAL(30, 9) * 1100::DECIMAL(4, 0) THEN 'within 10'
      ELSE 'more' END
    WHEN class = 'below' THEN
    CASE WHEN given::DECIMAL(30, 9) * 1000::DECIMAL(4, 0) >= low::DECIMAL(30, 9) * 975::DECIMAL(4, 0) THEN 'within 2.5'
      WHEN given::DECIMAL(30, 9) * 1000::DECIMAL(4, 0) >= low::DECIMAL(30, 9) * 950::DECIMAL(4, 0) THEN 'within 5'
      WHEN given::DECIMAL(30, 9) * 1000::DECIMAL(4, 0) >= low::DECIMAL(30, 9) * 900::DECIMAL(4, 0) THEN 'within 10'
      ELSE 'more' END END AS far, w <> 'nasal' AND (kg < 3000000000 OR kg > 20000000000) AS odd, COUNT(*)
FROM o GROUP BY ALL"""
)
BY_HAND_ROWS = (
    BY_HAND
    + """
SELECT id, route, drug, dose, dose_unit, weight, weight_unit, class, reason, w,
  CASE WHEN reason IS NULL THEN low::DECIMAL(26, 9) * 0.00000000001::DECIMAL(11, 11) END AS low_mg,
  CASE WHEN reason IS NULL THEN high::DECIMAL(26, 9) * 0.00000000001::DECIMAL(11, 11) END AS high_mg,
  '2026.11.1' AS version, 'Reference information, not prescribing guidance.' AS notice
FROM o"""
)


def seconds(connection: duckdb.DuckDBPyConnection, query: str) -> float:
    """Run a query to its end, and return how long it took."""
    began = time.perf_counter()
    connection.execute(query).fetchall()
    return time.perf_counter() - began


def beside_a_query_by_hand(folder: Path, rows: int, rounds: int) -> dict[str, float]:
    """Return the ratios of the generated queries to those written by hand."""
    table = folder / "doses.parquet"
    write_parquet(rows, str(table))
    columns = Columns({name: name for name in NEEDED}, through=("id", *NEEDED))
    sets = rule_sets(Reference.open().library)
    source = exp.to_table("doses")
    counting = sql(classified(source, columns._replace(through=()), sets, internal=True), "duckdb")
    writing = sql(classified(source, columns, sets), "duckdb")
    pairs = {
        "counting": (f"SELECT *, COUNT(*) FROM ({counting}) GROUP BY ALL", BY_HAND_COUNT),
        "writing": tuple(
            f"COPY ({query}) TO '{folder}/out.parquet' (FORMAT parquet)"
            for query in (writing, BY_HAND_ROWS)
        ),
    }
    ratios: dict[str, float] = {}
    with duckdb.connect(config={"memory_limit": "600MB", "temp_directory": str(folder)}) as db:
        db.execute(f"CREATE VIEW doses AS SELECT * FROM '{table}'")
        same = (
            "SELECT COUNT(*) FROM ({}) a POSITIONAL JOIN ({}) b WHERE a.{} IS DISTINCT FROM b.class"
        )
        first = (
            f"(SELECT * FROM ({writing}) LIMIT 100000)",
            f"(SELECT * FROM ({BY_HAND_ROWS}) LIMIT 100000)",
        )
        differing = db.execute(same.format(*first, "ketaref_class")).fetchone()
        if differing != (0,):
            raise SystemExit(f"the two queries disagree on {differing} rows")
        for name, (ours, theirs) in pairs.items():
            found = [seconds(db, ours) / seconds(db, theirs) for _ in range(rounds)]
            ratios[name] = statistics.median(found)
    return ratios


def audited(folder: Path, table: Path, rows_to: str | None) -> dict[str, float]:
    """Return the seconds and the peak memory of one audit, in a process of its own."""
    command = [sys.executable, "-m", "ketaref", "audit", str(table), "--force"]
    command += ["-o", f"{folder}/report.json"]
    command += ["--rows", f"{folder}/rows.{rows_to}"] if rows_to else []
    began = time.perf_counter()
    child = os.spawnv(os.P_NOWAIT, command[0], command)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {status}")
    return {"seconds": time.perf_counter() - began, "bytes": usage.ru_maxrss * 1024}


def by_rows(folder: Path, counts: list[int]) -> list[dict[str, Any]]:
    """Return how long an audit takes from Parquet to Parquet, and its memory, by its rows."""
    found: list[dict[str, Any]] = []
    for rows in counts:
        table = folder / "doses.parquet"
        write_parquet(rows, str(table))
        found.append({"rows": rows, **audited(folder, table, "parquet")})
    return found


def by_formats(folder: Path, rows: int) -> list[dict[str, Any]]:
    """Return the same for each pair of formats, what is read and what is written."""
    found: list[dict[str, Any]] = []
    for read in ("parquet", "csv"):
        table = folder / f"doses.{read}"
        write_table(rows, str(table))
        found += [
            {"rows": rows, "from": read, "to": to or "a count", **audited(folder, table, to)}
            for to in (None, "parquet", "csv")
        ]
        table.unlink()
    return found


def _measured(line: dict[str, Any]) -> dict[str, float]:
    return {
        "rows": line["rows"],
        "seconds": round(line["seconds"], 1),
        "seconds per million": round(line["seconds"] / line["rows"] * 1e6, 2),
        "MB at most": round(line["bytes"] / 1e6),
    }


def main() -> None:
    """Measure, print, and end with 1 where a limit is passed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--record", action="store_true")
    asked = parser.parse_args()
    part = 100 if asked.small else 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ratios = beside_a_query_by_hand(folder, 20_000_000 // part, 5)
        table = by_rows(folder, [n // part for n in (1_000_000, 10_000_000, 50_000_000)])
        pairs = by_formats(folder, 20_000_000 // part)
    for query, ratio in ratios.items():
        print(f"{query:10} {ratio:.2f} of a query by hand, at most {MOST_RATIO}")
    for line in table:
        per = line["seconds"] / line["rows"] * 1_000_000
        print(
            f"{line['rows']:>12,} rows {line['seconds']:8.1f} s, {per:.2f} s per million, "
            f"{line['bytes'] / 1e6:,.0f} MB at most"
        )
    for line in pairs:
        print(f"{line['from']:>8} to {line['to']:8} {_measured(line)}")
    if asked.record:
        lines = [_measured(line) for line in table]
        limits = {"most_ratio": MOST_RATIO, "most_bytes": MOST_BYTES}
        rounded = {name: round(value, 2) for name, value in ratios.items()}
        command = "python tests/release/benchmarks/audit.py --record"
        records.write(
            "audit",
            command,
            {
                "ratio": rounded,
                **limits,
                "rows": lines,
                "formats": [
                    {"from": line["from"], "to": line["to"], **_measured(line)} for line in pairs
                ],
            },
        )
    most = max(line["bytes"] for line in (*table, *pairs))
    if not asked.small and (max(ratios.values()) > MOST_RATIO or most > MOST_BYTES):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
