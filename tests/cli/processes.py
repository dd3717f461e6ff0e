"""The program run as a process of its own, with bytes for streams."""

import json
import os
import subprocess
import sys
from functools import cache

KETAREF = [sys.executable, "-m", "ketaref"]


@cache
def ketaref(*args: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command line between pipes; each is run once in a run of the tests."""
    return subprocess.run(
        [*KETAREF, *args], env={**os.environ, **env}, capture_output=True, timeout=20, check=False
    )


IN_TURN = """
import json, sys
from ketaref.__main__ import main

def run(line):
    sys.argv = ["ketaref", *line]
    try:
        main()
    except SystemExit as ended:
        return ended.code

*before, last = [run(line) for line in json.loads(sys.argv[1])]
assert not any(before), before
sys.exit(last)
"""


@cache
def in_turn(*lines: tuple[str, ...], **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run command lines in one process, which starts once; all but the last must end with 0."""
    return subprocess.run(
        [sys.executable, "-c", IN_TURN, json.dumps(lines)],
        env={**os.environ, **env},
        capture_output=True,
        timeout=20,
        check=False,
    )
