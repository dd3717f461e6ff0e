"""What an editor says of a protocol file with the published schema: taplo, another program."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.places import PROTOCOLS, SCHEMAS

SCHEMA = SCHEMAS / "protocol.schema.json"


def lint(file: Path) -> subprocess.CompletedProcess[str]:
    taplo = Path(sys.executable).with_name("taplo")
    command = [str(taplo), "lint", "--colors", "never", "--schema", SCHEMA.as_uri(), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=file.parent)


@pytest.mark.parametrize("file", sorted(PROTOCOLS.glob("*.toml")), ids=lambda file: file.stem)
def test_an_editor_accepts_the_worked_protocols(file: Path) -> None:
    done = lint(file)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("high = 0.75", "hihg = 0.75", "hihg"),
        ('unit = "mg/kg"', 'unit = "mcg/kg"', "mcg/kg"),
        ("[[row]]", "[[rows]]", "rows"),
        ('body_weight = "ideal"', 'body_weight = "lean"', "lean"),
        ("low = 0.5", 'low = "0,5"', "0,5"),
    ],
)
def test_an_editor_names_what_is_wrong(
    protocol: Callable[..., Path], old: str, new: str, named: str
) -> None:
    done = lint(protocol((old, new)))
    assert done.returncode != 0
    assert named in done.stderr
