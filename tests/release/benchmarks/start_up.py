"""How long ketaref takes to start, as ratios to what its libraries take: interleaved runs.

``python tests/release/benchmarks/start_up.py [--record]``, in an environment where ketaref is
installed. Absolute times depend on the machine; the ratios are the measurement. A ratio above its
limit is measured again; one that is above it three times ends the program with 1.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.release import records

BARE_APP = """\
import typer

app = typer.Typer()


@app.command()
def one() -> None:
    print("one")


@app.command()
def two() -> None:
    print("two")


app()
"""


TRIES = 3
_DOSE = ("dose", "70kg", "-f", "json")
_LIBRARIES = "import typer, pydantic.main, pydantic.types, pint"


class Pair(NamedTuple):
    """A command, what it is measured beside, and the most that their ratio may be."""

    name: str
    beside: str
    most: float
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


def pairs(bare: str) -> list[Pair]:
    """Return what is measured; ``bare`` is a program of two commands that print a word."""
    return [
        Pair("--version", "import typer", 1.3, ("--version",), ("-c", "import typer")),
        Pair("--help", "bare app --help", 1.25, ("--help",), (bare, "--help")),
        Pair("routes -f plain", "bare app", 1.3, ("routes", "-f", "plain"), (bare, "one")),
        Pair("dose 70kg -f json", "libraries", 1.3, _DOSE, ("-c", _LIBRARIES)),
    ]


def main(runs: int = 21, *, record: bool = False) -> int:
    """Print each median time, its opponent's, and the median of the paired ratios."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE_APP)
        print(f"{'ketaref':<20}{'ms':>6}  {'beside':<20}{'ms':>6}  {'ratio':>6}  at most")
        for pair in pairs(str(bare)):
            for _ in range(TRIES):
                ratio = measured(pair, runs)
                if ratio <= pair.most:
                    break
            line = {"ketaref": pair.name, "beside": pair.beside, "ratio": round(ratio, 2)}
            lines.append(line | {"at most": pair.most})
    if record:
        command = "python tests/release/benchmarks/start_up.py --record"
        records.write("start_up", command, {"pairs": lines})
    return int(any(line["ratio"] > line["at most"] for line in lines))  # type: ignore[operator]


def measured(pair: Pair, runs: int) -> float:
    """Return the median ratio of a pair, and print it."""
    python, ketaref = sys.executable, str(Path(sys.executable).with_name("ketaref"))
    times = interleaved([ketaref, *pair.ours], [python, *pair.theirs], runs)
    ours, theirs = (statistics.median(each) * 1000 for each in zip(*times, strict=True))
    ratio = statistics.median(a / b for a, b in times)
    print(
        f"{pair.name:<20}{ours:>6.0f}  {pair.beside:<20}{theirs:>6.0f}  {ratio:>6.2f}  {pair.most}",
        flush=True,
    )
    return ratio


def interleaved(ours: list[str], theirs: list[str], runs: int) -> list[tuple[float, float]]:
    """Return paired times in seconds, in turn, after one run of each to warm the caches."""
    for command in (ours, theirs):
        timed(command)
    return [(timed(ours), timed(theirs)) for _ in range(runs)]


def timed(command: list[str]) -> float:
    """Return how long a command took, from its start to its end."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main(record="--record" in sys.argv))
