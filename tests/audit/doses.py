"""Synthetic doses with a fixed seed, and what an audit must say of each: by fractions, not by SQL.

``python -m tests.audit.doses ROWS FILE`` writes a large table, CSV or Parquet. Nothing in it is of
a patient.
"""

import random
import sys
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import duckdb

from ketaref import units
from ketaref.dosing import position_of, resolve
from ketaref.errors import ErrorCode, InputError
from ketaref.model.dose_row import Basis, DoseRow
from ketaref.model.names import DRUG_SPELLINGS, ROUTE_SPELLINGS
from ketaref.store import load_dataset
from ketaref.units.spellings import DOSE, WEIGHT, look_up

COLUMNS = ("id", "route", "drug", "dose", "dose_unit", "weight", "weight_unit")
SEED = 20261123


class Line(NamedTuple):
    """One line of a table, as text; None where a cell is empty."""

    route: str | None
    drug: str | None
    dose: str | None
    dose_unit: str | None
    weight: str | None
    weight_unit: str | None


def by_check(line: Line) -> tuple[str, str | None]:
    """Return the class that ``check --confirm-weight`` gives a line, and the name of its row.

    A number of a table may have more digits than one that is typed: such a line is classified by
    fractions.
    """
    route = ROUTE_SPELLINGS.get(_folded(line.route))
    drug = DRUG_SPELLINGS.get(_folded(line.drug))
    row = load_dataset().row(route, drug) if route and drug else None
    if row is None:
        return "not_assessable", None
    try:
        dose = units.parse_dose(f"{line.dose} {line.dose_unit}")
        weight = None
        if row.basis is Basis.PER_KG:
            weight = units.parse_weight(f"{line.weight} {line.weight_unit}", confirmed=True)
        return position_of(row, resolve(row, weight), dose).value, row.name
    except InputError as error:
        if error.code is ErrorCode.TOO_MANY_DIGITS:
            return _by_fractions(line, row), row.name
        return "not_assessable", row.name


def _folded(word: str | None) -> str:
    tidy = (word or "").strip(" \t\r\n\u00a0\u2009\u202f")
    return tidy.lower() if tidy.isascii() else tidy


def _by_fractions(line: Line, row: DoseRow) -> str:
    dose = Fraction(str(line.dose)) * MG[_symbol(str(line.dose_unit))]
    weight = Fraction(1)
    if row.basis is Basis.PER_KG:
        try:
            units.parse_weight(f"{line.weight} {line.weight_unit}", confirmed=True)
        except InputError as error:
            if error.code is not ErrorCode.TOO_MANY_DIGITS:
                return "not_assessable"
        weight = Fraction(str(line.weight)) * KG[_symbol(str(line.weight_unit))]
        if _symbol(str(line.weight_unit)) == "st" and Fraction(str(line.weight)) % 1:
            return "not_assessable"  # stone are whole, here and there
        if not 20 <= weight <= 350:
            return "not_assessable"
    low, high = Fraction(row.low) * weight, Fraction(row.high) * weight
    return "below" if dose < low else "above" if dose > high else "inside"


def _symbol(word: str) -> str:
    unit = look_up(word.strip(), DOSE) or look_up(word.strip(), WEIGHT)
    assert unit
    return unit.symbol


KG = {"kg": Fraction(1), "lb": Fraction("0.45359237"), "st": Fraction("6.35029318")}
MG = {"mg": Fraction(1), "mcg": Fraction(1, 1000), "g": Fraction(1000)}
_DECIMALS_TYPED = {"mg": 3, "mcg": 3, "g": 6}


def published_per_kg() -> dict[str, tuple[Fraction, Fraction]]:
    """Return the ends of the published ranges per kg, by route."""
    per_kg = (row for row in load_dataset().rows if row.basis is Basis.PER_KG)
    return {row.route.value: (Fraction(row.low), Fraction(row.high)) for row in per_kg}


def at_limits(random_: random.Random, count: int) -> Iterator[Line]:
    """Yield doses on a published limit, and one unit in the last place to either side of it."""
    ranges = published_per_kg()
    while count:
        route = random_.choice(list(ranges))
        weight_unit = random_.choice(list(KG))
        dose_unit = random_.choice(list(MG))
        weight = Decimal(random_.randrange(30_000, 200_000)) / 1000
        if weight_unit == "lb":
            weight = Decimal(random_.randrange(70_000, 440_000)) / 1000
        if weight_unit == "st":
            weight = Decimal(random_.randrange(5, 31))
        limit = random_.choice(ranges[route]) * Fraction(weight) * KG[weight_unit]
        places = _DECIMALS_TYPED[dose_unit]
        scaled = limit / MG[dose_unit] * 10**places
        for off in (-1, 0, 1):
            dose = Decimal(int(scaled) + off).scaleb(-places)
            yield Line(route, "ketamine", f"{dose:f}", dose_unit, f"{weight:f}", weight_unit)
            count -= 1
            if not count:
                return


# fmt: off
_ODD: tuple[tuple[str | None, ...], ...] = (
    (
        "iv", "IV", "Intravenous ", "nasal", "INTRANASAL", "sublingual", "sc", "oral", "", None,
        "i v", "\u0130v", "SUBL\u0130NGUAL", "\u2009iv\u202f", "\u3000iv",
    ),
    (
        "ketamine", "Ketamine", "racemic ketamine", "esketamine", "ketamin", "\u212aetamine",
        "racemic\u00a0ketamine", "ketamine\r\n", "", None,
    ),
    (
        "35", "70", "0", "-5", "nan", "inf", "1e2", "1,000", "35.0", "035", ".5", "5.", "", None,
        "1_0", "35\u2009", "35.000000000000000000",
    ),
    ("mg", "MG", "Mg", "mcg", "UG", "g", "gram", "mL", "VIAL", "mg/kg", " mg", "", None, "m\u0261"),
    ("70", "70.5", "19.999", "20", "350", "350.001", "0", "abc", "", None, "\uff17\uff10", "7 0"),
    (
        "kg", "KG", "Kg", "kG", "kgs", "KGS", "\u212ags", "lb", "LBS", "st", "stone", "", None,
        "kilo",
    ),
)
# fmt: on


def odd(random_: random.Random, count: int) -> Iterator[Line]:
    """Yield lines with a cell or two that cannot be read, or only look so."""
    for _ in range(count):
        cells: list[str | None] = ["iv", "ketamine", "35", "mg", "70", "kg"]
        for at in random_.sample(range(6), random_.choice((1, 1, 2, 3))):
            cells[at] = random_.choice(_ODD[at])
        yield Line(*cells)


def write_parquet(rows: int, file: str) -> None:
    """Write a table of so many rows with decimal and text columns."""
    write_table(rows, file)


def write_table(rows: int, file: str) -> None:
    """Write the table as the ending of the file says, CSV or Parquet."""
    duckdb.execute(
        f"""COPY (SELECT i AS id,
              CASE i % 4 WHEN 0 THEN 'nasal' WHEN 1 THEN 'sublingual' ELSE 'iv' END AS route,
              CASE i % 4 WHEN 0 THEN 'esketamine' ELSE 'ketamine' END AS drug,
              CAST(CASE i % 4 WHEN 0 THEN 28 * (1 + i % 4)
                ELSE (10 + (i * 7919) % 90000 / 1000.0) END AS DECIMAL(9, 3)) AS dose,
              CASE WHEN i % 101 = 0 THEN 'VIAL' ELSE 'mg' END AS dose_unit,
              CAST(40 + (i * 104729) % 80000 / 1000.0 AS DECIMAL(9, 3)) AS weight,
              CASE WHEN i % 5 = 0 THEN 'lb' ELSE 'kg' END AS weight_unit
            FROM range({rows}) t(i)) TO '{file}'"""
    )


if __name__ == "__main__":
    write_table(int(sys.argv[1]), sys.argv[2])
