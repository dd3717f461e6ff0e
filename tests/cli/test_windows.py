"""What Windows does otherwise, imitated: no run on Windows itself is behind these tests."""

import errno
import fcntl
import io
import os
import sys
from pathlib import Path

import pytest

from ketaref.cli import delivery, environment
from ketaref.errors import OutputError
from ketaref.writers import screen
from tests.audit.audits import GOOD, audited, count, put
from tests.conftest import Run


@pytest.fixture
def windows_like(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what Windows has not, and refuse what it refuses, as its documents say."""
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        real(descriptor)

    def symlink_to(*_: object, **__: object) -> None:
        raise OSError(1314, "A required privilege is not held by the client")

    monkeypatch.delattr(os, "fchmod")
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "symlink_to", symlink_to)
    monkeypatch.delattr("signal.SIGHUP")


@pytest.mark.usefixtures("windows_like")
def test_a_report_is_written_and_replaced(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    assert run("dose", "70 kg", "-o", str(file)).exit_code == 0
    assert run("dose", "80 kg", "-o", str(file), "--force").exit_code == 0
    assert "80 kg" in file.read_text()
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.usefixtures("windows_like")
@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_an_audit_needs_no_link(run: Run, tmp_path: Path, format_: str) -> None:
    rows = str(tmp_path / f"rows.{format_}")
    report = audited(run, put(tmp_path, GOOD), "--rows", rows)
    assert count(report, "class", "inside") == 1


@pytest.mark.usefixtures("windows_like")
def test_a_path_that_would_be_a_pattern_is_refused_where_it_cannot_be_linked(
    run: Run, tmp_path: Path
) -> None:
    result = run("audit", put(tmp_path, GOOD, name="doses [1].csv"))
    assert result.exit_code == 2
    assert "takes for a pattern" in result.stderr
    assert "a copy with a plain name" in result.stderr


class ClosedPipe(io.StringIO):
    """What Windows says of a pipe whose reader has gone away."""

    def __init__(self, reason: int) -> None:
        super().__init__()
        self.reason = reason

    def write(self, _: str) -> int:
        raise OSError(self.reason, os.strerror(self.reason))

    def fileno(self) -> int:
        return self.descriptor

    descriptor = -1


@pytest.mark.parametrize(
    ("platform", "reason", "is_error"),
    [
        ("win32", errno.EINVAL, False),
        ("win32", errno.EPIPE, False),
        ("linux", errno.EPIPE, False),
        ("linux", errno.EINVAL, True),
        ("win32", errno.ENOSPC, True),
    ],
)
def test_a_reader_that_goes_away_is_no_error_by_either_name(
    monkeypatch: pytest.MonkeyPatch, platform: str, reason: int, *, is_error: bool
) -> None:
    silenced: list[int] = []
    pipe = ClosedPipe(reason)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "stdout", pipe)
    monkeypatch.setattr(delivery, "silence", silenced.append)
    if is_error:
        with pytest.raises(OutputError, match="could not be written"):
            delivery.print_out("text")
    else:
        delivery.print_out("text")
    assert silenced == [pipe.descriptor]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("escapes", [True, False])
def test_a_console_that_prints_escape_codes_gets_none(
    monkeypatch: pytest.MonkeyPatch, *, escapes: bool
) -> None:
    from ketaref.formats import Format

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(screen, "detect_legacy_windows", lambda: not escapes)
    assert environment.page(Format.TABLE, to_file=False, no_color=False).styled is escapes
