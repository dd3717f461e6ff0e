"""Broken input by the thousand: what is accepted, what is refused, and how long it took.

``python -m tests.release.fuzz quantities|protocols|data COUNT [SEED]`` ends with 1 where an input
ends in anything but an answer or an error of ours, or takes a second; an input is known by its
number, on however many processors. ``tests/properties/test_fuzz.py`` runs a few hundred of each.
"""

import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import tomli

from ketaref.errors import DataError, ProtocolError
from ketaref.model.names import Drug
from ketaref.protocol.read import TEMPLATE, read_protocol
from ketaref.store import HAZARDS_FILE, load_dataset, read_dataset, read_hazards
from tests.places import DATA, PROTOCOLS
from tests.release import records
from tests.unit.test_grammar import READERS, accepted, described

TODAY = date(2026, 11, 23)
SEEDS = [file.read_text() for file in sorted(PROTOCOLS.glob("*.toml"))]
SEEDS.append(TEMPLATE.read_text())

_ODD = (
    *("0", "-1", "1e9", "1e-9", "nan", "inf", "true", '""', '"x"', "[]", "{}", "2026-11-23", "'''"),
    *('"\\u0000"', '"\\u202e"', "\n[[row]]\n", "\n[protocol]\n", "#", '"', "=", ".", ",", "\u00e9"),
    *("9" * 30, "0x" + "f" * 40, "{a={a={}}}", "[[[[]]]]", "a.b.c.d=1\n", "\t", "\r", "\x7f"),
)
_QUANTITY = "0123456789.,eE+-_ /\t\u00a0kgmltbstoneupricMLGK\u00b5\u03bc\u0660\uff17\u212a()*\n\x00"


def mutated(text: str, chance: random.Random) -> str:
    """Return a text with one to four pieces cut out, doubled, moved or replaced."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 1, 3, 10, 60)))
        piece = text[start:end]
        new = chance.choice((chance.choice(_ODD), "", piece * 2, piece[::-1]))
        text = text[:start] + new + text[end:]
    return text


def quantity(chance: random.Random) -> str:
    """Put one text to every parser of quantities; say what became of it.

    What is accepted must be what the table of the manual describes, no more and no less.
    """
    text = "".join(chance.choice(_QUANTITY) for _ in range(chance.randint(0, 12)))
    if chance.random() < 0.5:  # and half of the time one that is nearly right
        unit = chance.choice(("kg", "lb", "mg", "mcg", "g", "min", "h", "mg/mL", "st"))
        text = mutated(f"{chance.randint(0, 400)}{chance.choice((' ', ''))}{unit}", chance)
    read = {kind: accepted(kind, text) for kind in READERS}
    for kind, was_read in read.items():
        if was_read != described(kind, text):
            raise AssertionError(f"{text!r} as a {kind}: the manual and the program differ")
    return "accepted" if any(read.values()) else "refused"


def protocol(chance: random.Random, folder: Path) -> str:
    """Read a broken protocol; say what became of it."""
    file = folder / "ours.toml"
    file.write_text(mutated(chance.choice(SEEDS), chance), encoding="utf-8", newline="")
    try:
        read_protocol(file, load_dataset(), today=TODAY)
    except ProtocolError as error:
        if not error.problems:
            raise AssertionError("refused without a reason") from None
        return "refused"
    return "accepted"


def data(chance: random.Random, folder: Path) -> str:
    """Read the reduced data, or the log of hazards, with one broken file; say what became of it."""
    root = reduced(folder / "data")
    file = chance.choice(sorted(root.glob("*.toml")))
    whole = file.read_text(encoding="utf-8")
    file.write_text(mutated(whole, chance), encoding="utf-8", newline="")
    try:
        with patch.object(tomli, "loads", _loads):
            read_hazards(root) if file.name == HAZARDS_FILE else read_dataset(root)
    except DataError as error:
        if not error.problems:
            raise AssertionError("refused without a reason") from None
        return "refused"
    finally:
        file.write_text(whole, encoding="utf-8", newline="")
    return "accepted"


# Most of the time would go into the files that are whole, which say the same each time.
_read_once = lru_cache(maxsize=16)(tomli.loads)


def _loads(text: str, **options: Any) -> dict[str, Any]:
    return {**_read_once(text, **options)}  # a copy: the loader takes the tables out of it


def reduced(root: Path) -> Path:
    """Return a folder with the first table of each kind and its sources: whole, it reads slowly."""
    if root.exists():
        return root
    root.mkdir()
    lists = ("effects", "contraindications", "checks")
    names = ("doses", "trials", *lists, "evidence", "guidelines", "hazards")
    kept = {name: _first_of_each(name) for name in names}
    codes = [text for text in _tables("doses") if text.startswith("[[caution_code]]")]
    used = set(re.findall(r'(?m)^code = "([a-z_]+)"', _without_codes(kept["doses"])))
    named = [text for text in codes if re.search(r'code = "([a-z_]+)"', text)[1] in used]  # type: ignore[index]
    kept["doses"] = _without_codes(kept["doses"]) + "".join(named)
    # Those of the drugs are whole: each section must be there.
    kept |= {drug: (DATA / f"{drug}.toml").read_text(encoding="utf-8") for drug in Drug}
    cited = set(re.findall(r'"([a-z0-9-]+)"', " ".join(kept.values())))
    head, *sources = _tables("sources")
    ids = ((text, re.search(r'id = "([^"]+)"', text)) for text in sources)
    kept["sources"] = head + "".join(text for text, found in ids if found and found[1] in cited)
    kept["reviews"] = (DATA / "reviews.toml").read_text(encoding="utf-8")
    for name, text in kept.items():
        (root / f"{name}.toml").write_text(text, encoding="utf-8", newline="")
    read_dataset(root)
    return root


def _without_codes(doses: str) -> str:
    return re.sub(r"(?ms)^\[\[caution_code\]\].*?(?=^\[)", "", doses)


def _tables(name: str) -> list[str]:
    text = (DATA / f"{name}.toml").read_text(encoding="utf-8")
    return re.split(r"(?m)^(?=\[\[)", text)


def _first_of_each(name: str) -> str:
    head, *tables = _tables(name)
    seen: set[str] = set()
    kept = [head]
    keep = False
    for table in tables:
        kind = table.partition("]]")[0]
        if "." not in kind:  # a table below another goes with it
            keep = kind not in seen
            seen.add(kind)
        kept += [table] if keep else []
    return "".join(kept)


KINDS: dict[str, Callable[[random.Random, Path], str]] = {
    "quantities": lambda chance, _: quantity(chance),
    "protocols": protocol,
    "data": data,
}


class Found(NamedTuple):
    """What became of some inputs, and the longest that one took, in seconds of the processor."""

    outcomes: Counter[str]
    slowest: float


def run(kind: str, numbers: range, seed: int) -> Found:
    """Try the inputs of these numbers; any exception that is not ours goes through."""
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as name:
        for number in numbers:
            began = time.process_time()
            try:
                outcomes[KINDS[kind](random.Random(f"{seed} {kind} {number}"), Path(name))] += 1
            except BaseException:
                print(f"at {kind} {number} of seed {seed}", file=sys.stderr)
                raise
            slowest = max(slowest, time.process_time() - began)
    return Found(outcomes, slowest)


def main(kind: str, count: int, seed: int = 0) -> None:
    """Try so many inputs of a kind in parallel, and keep what became of them."""
    step = 2_000
    parts = [range(at, min(at + step, count)) for at in range(0, count, step)]
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(run, repeat(kind), parts, repeat(seed)))
    outcomes: Counter[str] = sum((part.outcomes for part in found), Counter())
    slowest = max(part.slowest for part in found)
    if slowest > 1:
        raise AssertionError(f"one of the {kind} took {slowest:.1f} seconds")
    tried = {"inputs": kind, "seed": str(seed), "day": records.today(), "tried": outcomes.total()}
    tried |= {word: outcomes[word] for word in ("accepted", "refused")} | {"slowest in s": slowest}
    kinds = [*(line for line in records.rows("fuzz", "kinds") if line["inputs"] != kind), tried]
    records.write("fuzz", "python -m tests.release.fuzz KIND COUNT SEED", {"kinds": kinds})
    print(tried)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *map(int, sys.argv[3:4]))
