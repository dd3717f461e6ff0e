"""How long ketaref takes to start, as ratios to what its libraries take: one interleaved run.

Run it in an environment where ketaref is installed: ``python tests/benchmarks/start_up.py [RUNS]``.
Absolute times depend on the machine; the ratios are the measurement.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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


def main(runs: int = 21, *, record: bool = False) -> None:
    """Print each command's median time, its reference's, and the median of the paired ratios."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE_APP)
        python, ketaref = sys.executable, str(Path(sys.executable).with_name("ketaref"))
        libraries = "import typer, pydantic.main, pydantic.types, pint"
        pairs = [
            ("--version", "import typer", 1.3, ["--version"], ["-c", "import typer"]),
            ("--help", "bare app --help", 1.25, ["--help"], [str(bare), "--help"]),
            ("routes -f plain", "bare app", 1.3, ["routes", "-f", "plain"], [str(bare), "one"]),
            (
                "dose 70kg -f json",
                "import of libraries",
                1.3,
                ["dose", "70kg", "-f", "json"],
                ["-c", libraries],
            ),
        ]
        lines = []
        print(f"{'ketaref':<20}{'ms':>6}  {'beside':<20}{'ms':>6}  {'ratio':>6}  at most")
        for ours, theirs, most, our_args, their_args in pairs:
            measured = interleaved([ketaref, *our_args], [python, *their_args], runs)
            our_times, their_times = zip(*measured, strict=True)
            ratio = statistics.median(a / b for a, b in measured)
            print(
                f"{ours:<20}{statistics.median(our_times) * 1000:>6.0f}  "
                f"{theirs:<20}{statistics.median(their_times) * 1000:>6.0f}  "
                f"{ratio:>6.2f}  {most}"
            )
            line = {"ketaref": ours, "beside": theirs, "ratio": round(ratio, 2), "at most": most}
            lines.append(line)
    if record:
        records.write("start_up", "python tests/benchmarks/start_up.py --record", {"pairs": lines})


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
    main(record="--record" in sys.argv)
