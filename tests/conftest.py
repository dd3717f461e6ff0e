"""What all tests share: a fixed day, and tests that need a program from a system package."""

import os
import shutil
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import typer.testing
from hypothesis import Phase, settings
from typer.main import get_command
from typer.testing import CliRunner, Result

from ketaref.cli import app, environment
from tests.contract.required_tests import not_passed
from tests.places import NARROW

# For runs that ask only whether a test fails, such as those of tests/release/mutation.py.
settings.register_profile(
    "unshrunk", phases=[Phase.explicit, Phase.generate], derandomize=True, database=None
)

# A day on which the data is not due to be read again.
TODAY = date(2026, 11, 23)

Run = Callable[..., Result]

# The commands are put together once: for each line that a test runs, that takes most of its time.
command_of = cache(get_command)


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "today", lambda: TODAY)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "TERM", "KETAREF_PROTOCOL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in this process: ``run("dose", "70 kg")``."""
    monkeypatch.setattr(typer.testing, "_get_command", command_of)

    def call(*args: str) -> Result:
        return CliRunner().invoke(app, list(args))

    return call


@pytest.fixture
def protocol(tmp_path: Path) -> Callable[..., Path]:
    """Return a copy of the narrow protocol with these edits."""

    def edited(*edits: tuple[str, str]) -> Path:
        text = NARROW.read_text(encoding="utf-8")
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new, 1)
        file = tmp_path / "ours.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return edited


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose system package is missing, with the reason."""
    for marker in item.iter_markers("system_package"):
        program = marker.args[0]
        if shutil.which(program) is None:
            pytest.skip(f"needs the program {program}, from a system package")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In the gate, no test is skipped, and each that a hazard or a criterion names must pass."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not os.environ.get("KETAREF_WHOLE_SUITE"):
        return
    missing = not_passed(report.nodeid for report in reporter.stats.get("passed", ()))
    for line in missing:
        reporter.write_line(line, red=True)
    if missing or reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
