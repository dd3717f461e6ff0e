"""What ketaref and its peers answer for the same typed weights, and how long each takes.

``python tests/release/benchmarks/peers.py DRUGDOSE [--record]``, where DRUGDOSE is that program
(0.1.2 on PyPI) in an environment of its own, and GNU units is installed. Each has to answer for
ketamine by infusion at 0.5 mg/kg or what it has nearest; the times are from one interleaved run.
"""

import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.release import records

# What is typed for the weight, and why.
WEIGHTS = {
    "70": "no unit",
    "70 kg": "with its unit",
    "154 lb": "in pounds",
    "70,5 kg": "a decimal comma",
    "nan": "no number",
    "1e2 kg": "an exponent",
    "-70 kg": "a sign",
    "210 kg": "pounds taken for kg?",
}
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_DOSE = re.compile(r"(?<![\w.])(-?(?:nan|[\d.,]+)(?: to [\d.]+)? mg)(?![\w/])")
RUNS = 15


def ask_ketaref(weight: str) -> list[str]:
    return [str(Path(sys.executable).with_name("ketaref")), "dose", "-r", "iv", "--", weight]


def ask_drugdose(program: str, weight: str) -> list[str]:
    number = weight.removesuffix(" kg")
    about = ["--route", "IV", "--age", "40", "--concentration", "50"]
    return [program, "calculate", "ketamine", *about, f"--weight={number}"]


def ask_units(weight: str) -> list[str]:
    return ["units", "--terse", f"0.5 mg/kg * {weight}", "mg"]


def ask_pint(weight: str) -> list[str]:
    """Ask the library of units as it is, without the grammar that ketaref has before it."""
    dose = "pint.Quantity('0.5 mg/kg') * pint.Quantity(sys.argv[1])"
    return [
        sys.executable,
        "-c",
        f"import pint, sys; print(format(({dose}).to('mg'), '~'))",
        weight,
    ]


def answered(command: list[str]) -> str:
    """Return the dose that a program gives, or how it refuses."""
    done = subprocess.run(
        command, capture_output=True, text=True, input="\n" * 20, check=False, env=PLAIN
    )
    text = _STYLE.sub("", done.stdout)
    if done.returncode:
        return "refused"
    if command[0] == "units":
        return f"{text.strip()} mg"
    safe = ", SAFE TO ADMINISTER" if "SAFE TO ADMINISTER" in text else ""
    found = _DOSE.search(text)
    return f"{found[1]}{safe}" if found else "no dose"


PLAIN = {**os.environ, "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "100"}


def timed(command: list[str]) -> float:
    """Return how long a command took, from its start to its end."""
    start = time.perf_counter()
    subprocess.run(
        command, stdout=subprocess.DEVNULL, input="\n" * 20, text=True, check=True, env=PLAIN
    )
    return time.perf_counter() - start


def main(drugdose: str, *, record: bool) -> None:
    """Print what each answers, and the medians of the paired ratios."""
    answers = [
        {
            "typed": f'"{weight}"',
            "which is": why,
            "ketaref": answered(ask_ketaref(weight)),
            "drugdose, which asks for kg": answered(ask_drugdose(drugdose, weight)),
            "GNU units": answered(ask_units(weight)),
            "pint alone": answered(ask_pint(weight)),
        }
        for weight, why in WEIGHTS.items()
    ]
    ours = ask_ketaref("70 kg")
    ratios = []
    for name, theirs in (
        ("drugdose", ask_drugdose(drugdose, "70 kg")),
        ("GNU units", ask_units("70 kg")),
        ("pint alone", ask_pint("70 kg")),
    ):
        timed(ours)
        timed(theirs)
        ratio = statistics.median(timed(ours) / timed(theirs) for _ in range(RUNS))
        ratios.append({"time of ketaref beside": name, "ratio": round(ratio, 2)})
    for row in answers:
        print(*row.values(), sep="; ")
    for pair in ratios:
        print(*pair.values())
    if record:
        command = "python tests/release/benchmarks/peers.py DRUGDOSE --record"
        records.write("peers", command, {"answers": answers, "times": ratios})


if __name__ == "__main__":
    main(sys.argv[1], record="--record" in sys.argv)
