"""A file that is no protocol at all, or is made to keep the program busy, is refused at once."""

from pathlib import Path

import pytest

from ketaref.protocol.read import LARGEST
from ketaref.store import load_dataset
from tests.conftest import Run
from tests.cpu_time import processor_seconds
from tests.places import NARROW

HEAD = NARROW.read_text(encoding="utf-8").partition("[[row]]")[0]

HOSTILE: dict[str, tuple[bytes, str]] = {
    "10 MB of text": (b'x = "' + b"a" * 10_000_000 + b'"', "is larger than"),
    "10 MB of rows": (b"[[row]]\n" * 1_250_000, "is larger than"),
    "as many rows as fit": (b"[[row]]\n" * (LARGEST // 8), "more than 5,000 values"),
    "too many rows": (b"[[row]]\n" * 2_000, "2,000 tables [[row]]: at most 100 are accepted"),
    "as many wrong keys as fit": (
        HEAD.encode() + b"[[row]]\n" + b"".join(b"k%d=1\n" % n for n in range(4_900)),
        "more problems",
    ),
    "deep arrays": (b"x = " + b"[" * 90_000, "is nested too deeply"),
    "deep tables": (b"[" + b"a." * 40_000 + b"a]", "is nested too deeply"),
    "deep quoted tables": (b"[" + b"'a' . " * 15_000 + b"a]", "is nested too deeply"),
    "one long word": (b"a" * 99_999, "cannot be read"),
    "many quotes": (b'"' * 99_999, "cannot be read"),
    "many spaces": (b"a" + b" " * 99_998, "cannot be read"),
    "pairs of spaces": (b"a ." * 33_000, "nested too deeply"),
    "a long list": (b"x = [" + b"1," * 45_000 + b"]", "more than 5,000 values"),
    "a long string": (b'[protocol]\nname = """' + b"\\u0041" * 15_000 + b'"""', "characters"),
    "a long date": (b"x = 2026-01-01" + b"0" * 80_000, "cannot be read"),
    "deep inline tables": (b"x = " + b"{a=" * 30_000, "nested too deeply"),
    "dotted keys": (b"a." * 45_000 + b"a = 1", "is nested too deeply"),
    "many tables": (b"".join(b"[a.b%d.c]\n" % n for n in range(6_000)), "more than 5,000 values"),
    "many short dotted keys": (
        b"".join(b"[%s.k%d]\n" % (b".".join([b"a"] * 15), n) for n in range(2_500)),
        "is no known table",
    ),
    "a long number": (b"x = " + b"9" * 80_000, "cannot be read"),
    "not UTF-8": (b"\xff\xfe[\x00p\x00", "is not UTF-8 text, from byte 0 on"),
    "Latin-1": (HEAD.replace("A hospital", "H\u00f4pital").encode("latin-1"), "is not UTF-8"),
    "a control character": (b'[protocol]\nname = "\x1b[31m"', "cannot be read"),
    "null bytes": (b"\x00" * 1000, "cannot be read"),
    "nothing": (b"", "[protocol]: is missing"),
    "a number with a long exponent": (b"x = 1e" + b"9" * 40, "cannot be read"),
    "a long hexadecimal number": (
        HEAD.encode() + b"[[row]]\nlow = 0x" + b"f" * 90_000,
        "low: has too many digits",
    ),
    "a long id": (HEAD.encode() + b'[[check]]\nid = "' + b"1" * 90_000 + b'"', "id: begins with"),
    "a long review": (
        HEAD.encode() + b'[[review]]\nrole = "' + b"1 " * 45_000 + b'"',
        "role: has 89,999 characters",
    ),
    "not TOML": (b"<html></html>", "cannot be read"),
    "no rows": (HEAD.encode(), "no [[row]] and no [[check]]: the protocol says nothing"),
}


@pytest.mark.parametrize(("content", "says"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_within_a_second(
    run: Run, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "hostile.toml"
    file.write_bytes(content)
    load_dataset()  # once for all tests; its time is not the file's
    with processor_seconds(at_most=1):
        result = run("protocol", "check", str(file))
    assert result.exit_code == 4
    assert says in result.stderr
    assert len(result.stderr) < 60_000
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize("name", ["missing.toml", ".", "\x00", "/dev/zero"])
def test_what_is_no_ordinary_file_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("protocol", "check", name).exit_code == 4
