"""Broken input by the thousand: what is accepted, what is refused, and how long it took.

``python -m tests.fuzz quantities|protocols|data COUNT [SEED]`` ends with 1 at the first input that
ends in anything but an answer or an error of ours, or takes a second. ``tests/test_fuzz.py`` runs a
few hundred of each.
"""

import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

from ketaref.errors import DataError, InputError, ProtocolError
from ketaref.protocols import TEMPLATE, read_protocol
from ketaref.store import load_dataset, read_dataset
from ketaref.units import parse_dose, parse_duration, parse_strength, parse_weight

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 23)
SEEDS = [file.read_text() for file in sorted((ROOT / "tests" / "protocols").glob("*.toml"))]
SEEDS.append(TEMPLATE.read_text())

_ODD = (
    *("0", "-1", "1e9", "1e-9", "nan", "inf", "true", '""', '"x"', "[]", "{}", "2026-11-23", "'''"),
    *('"\\u0000"', '"\\u202e"', "\n[[row]]\n", "\n[protocol]\n", "#", '"', "=", ".", ",", "\u00e9"),
    *("9" * 30, "0x" + "f" * 40, "{a={a={}}}", "[[[[]]]]", "a.b.c.d=1\n", "\t", "\r", "\x7f"),
)
_QUANTITY = "0123456789.,eE+-_ /\t\u00a0kgmltbstoneupricMLGK\u00b5\u03bc\u0660\uff17\u212a()*\n\x00"
# What the manual says is read, written again and apart from the program's own grammar.
_READS = re.compile(
    r"[ \t\u00a0\u2009\u202f]*(?:0|[1-9]\d*)(?:\.\d+)?[ \t\u00a0\u2009\u202f]*[A-Za-z].*",
    re.ASCII | re.DOTALL,
)


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
    """Put one text to every parser of quantities; say what became of it."""
    text = "".join(chance.choice(_QUANTITY) for _ in range(chance.randint(0, 12)))
    if chance.random() < 0.5:  # and half of the time one that is nearly right
        unit = chance.choice(("kg", "lb", "mg", "mcg", "g", "min", "h", "mg/mL", "st"))
        text = mutated(f"{chance.randint(0, 400)}{chance.choice((' ', ''))}{unit}", chance)
    accepted = 0
    for parse in (parse_weight, parse_dose, parse_strength, parse_duration):
        try:
            parse(text)
        except InputError:
            continue
        accepted += 1
        if not _READS.fullmatch(text):
            raise AssertionError(f"accepted, and not in the grammar: {text!r}")
    return "accepted" if accepted else "refused"


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
    """Read the dataset with one broken file; say what became of it."""
    root = folder / "data"
    if not root.exists():
        shutil.copytree(ROOT / "data", root)
    name = chance.choice(("doses", "checklists", "evidence", "sources", "reviews"))
    file = root / f"{name}.toml"
    whole = (ROOT / "data" / file.name).read_text()
    file.write_text(mutated(whole, chance), encoding="utf-8", newline="")
    try:
        read_dataset(root)
    except DataError:
        return "refused"
    finally:
        file.write_text(whole)
    return "accepted"


def run(kind: str, count: int, seed: int) -> Counter[str]:
    """Try so many inputs of a kind; any exception that is not ours goes through."""
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        kinds: dict[str, Callable[[random.Random], str]] = {
            "quantities": quantity,
            "protocols": lambda chance: protocol(chance, Path(name)),
            "data": lambda chance: data(chance, Path(name)),
        }
        for number in range(count):
            began = time.process_time()
            found[kinds[kind](random.Random(f"{seed} {kind} {number}"))] += 1
            if time.process_time() - began > 1:
                raise AssertionError(f"{kind} {number} of seed {seed} took more than a second")
    return found


if __name__ == "__main__":
    asked_kind, asked_count, *asked_seed = sys.argv[1:]
    outcome = run(asked_kind, int(asked_count), int(asked_seed[0]) if asked_seed else 0)
    print(asked_kind, dict(outcome))
