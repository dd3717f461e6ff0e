"""Where a report goes: whole into a file or not at all, never over another without --force."""

import errno
import json
import os
from pathlib import Path

import pytest

from ketaref.cli import delivery
from ketaref.errors import OutputError
from tests.conftest import Run
from tests.places import NARROW


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, in which the program runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "begins"),
    [
        ("a.json", '{\n  "schema_version": 1'),
        ("a.csv", "kind,weight,"),
        ("a.md", "# Published ranges"),
        ("a.txt", "heading: Published ranges"),
        ("A.JSON", '{\n  "schema_version": 1'),
    ],
)
def test_the_ending_names_the_format_and_stdout_stays_empty(
    run: Run, folder: Path, file: str, begins: str
) -> None:
    result = run("dose", "70 kg", "-o", file)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert (folder / file).read_text().startswith(begins)
    assert [path.name for path in folder.iterdir()] == [file]


@pytest.mark.parametrize("format_", ["table", "plain", "note"])
def test_a_text_file_takes_any_format_of_text(run: Run, folder: Path, format_: str) -> None:
    assert run("dose", "70 kg", "-f", format_, "-o", "a.txt").exit_code == 0
    assert (folder / "a.txt").read_text() == run("dose", "70 kg", "-f", format_).stdout


@pytest.mark.parametrize("file", ["a", "a.doc", "a.json.bak", ".json", "folder", "json"])
def test_an_ending_that_names_no_format_is_refused(run: Run, folder: Path, file: str) -> None:
    (folder / "folder").mkdir()
    result = run("dose", "70 kg", "-o", file, "--force")
    assert result.exit_code == 2
    assert not (folder / file).is_file()


def test_a_format_that_disagrees_with_the_ending_is_refused(run: Run, folder: Path) -> None:
    result = run("dose", "70 kg", "-f", "csv", "-o", "a.json")
    assert result.exit_code == 2
    assert "disagree" in result.stderr
    assert not list(folder.iterdir())


def test_an_existing_file_is_left_as_it_is_without_force(run: Run, folder: Path) -> None:
    (folder / "a.json").write_text("mine")
    assert run("dose", "70 kg", "-o", "a.json").exit_code == 2
    assert (folder / "a.json").read_text() == "mine"
    assert run("dose", "70 kg", "-o", "a.json", "--force").exit_code == 0
    assert json.loads((folder / "a.json").read_text())["kind"] == "dose"


def test_a_file_that_appears_meanwhile_is_not_replaced(folder: Path) -> None:
    (folder / "a.json").write_text("mine")
    with pytest.raises(OutputError):
        delivery.write_file(folder / "a.json", "new", force=False)
    assert (folder / "a.json").read_text() == "mine"
    assert [path.name for path in folder.iterdir()] == ["a.json"]


def test_a_folder_and_a_missing_folder_are_refused(run: Run, folder: Path) -> None:
    (folder / "a.json").mkdir()
    for file, says in (("a.json", "is a folder"), ("nowhere/a.json", "there is no folder")):
        result = run("dose", "70 kg", "-o", file, "--force")
        assert (result.exit_code, result.stdout) == (2, "")
        assert says in result.stderr


def test_a_device_behind_a_link_is_not_written_to(run: Run, folder: Path) -> None:
    (folder / "a.json").symlink_to("/dev/full")
    result = run("dose", "70 kg", "-o", "a.json", "--force")
    assert result.exit_code == 2
    assert "not an ordinary file" in result.stderr
    assert (folder / "a.json").is_symlink()


def test_force_follows_a_link_to_an_ordinary_file(run: Run, folder: Path) -> None:
    (folder / "real.json").write_text("old")
    (folder / "a.json").symlink_to("real.json")
    assert run("dose", "70 kg", "-o", "a.json", "--force").exit_code == 0
    assert (folder / "a.json").is_symlink()
    assert json.loads((folder / "real.json").read_text())["kind"] == "dose"


def no_space(_: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("force", [False, True])
def test_a_full_device_leaves_nothing_behind(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, *, force: bool
) -> None:
    monkeypatch.setattr(os, "fsync", no_space)
    result = run("dose", "70 kg", "-o", "a.json", *(["--force"] if force else []))
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert not list(folder.iterdir())


def test_a_file_that_is_to_be_replaced_is_left_whole_where_that_fails(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.json").write_text("mine")
    monkeypatch.setattr(os, "fsync", no_space)
    assert run("dose", "70 kg", "-o", "a.json", "--force").exit_code == 2
    assert [path.name for path in folder.iterdir()] == ["a.json"]
    assert (folder / "a.json").read_text() == "mine"


def test_the_protocol_itself_is_never_written_to(run: Run, folder: Path) -> None:
    ours = folder / "ours.toml"
    ours.write_bytes(NARROW.read_bytes())
    (folder / "a.json").symlink_to(ours)
    for line in (
        ["dose", "70 kg", "--protocol", "ours.toml"],
        ["protocol", "check", "ours.toml"],
        ["checklist", "--protocol", "ours.toml"],
        ["review", "--protocol", "ours.toml"],
    ):
        result = run(*line, "-o", "a.json", "--force")
        assert (result.exit_code, result.stdout) == (2, "")
        assert '"a.json" is the protocol itself: it is never written to' in result.stderr
        assert "choose another name" in result.stderr
    assert ours.read_bytes() == NARROW.read_bytes()


def test_a_file_system_without_links_is_written_to_all_the_same(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", no_links)
    assert run("dose", "70 kg", "-o", "a.json").exit_code == 0
    assert [path.name for path in folder.iterdir()] == ["a.json"]
    with pytest.raises(OutputError):
        delivery.write_file(folder / "a.json", "new", force=False)


def test_a_name_that_no_system_takes_is_refused(run: Run) -> None:
    for file in ("\0.json", "a" * 5000 + ".json"):
        result = run("dose", "70 kg", "-o", file)
        assert result.exit_code == 2
        assert "Traceback" not in result.stderr


def test_a_file_that_is_replaced_stays_as_private_as_it_was(run: Run, folder: Path) -> None:
    (folder / "a.json").touch(mode=0o600)
    assert run("dose", "70 kg", "-o", "a.json", "--force").exit_code == 0
    assert (folder / "a.json").stat().st_mode & 0o777 == 0o600


def test_the_longest_name_that_the_system_takes_is_taken(run: Run, folder: Path) -> None:
    file = "a" * 250 + ".json"
    assert run("dose", "70 kg", "-o", file).exit_code == 0
    assert [path.name for path in folder.iterdir()] == [file]
