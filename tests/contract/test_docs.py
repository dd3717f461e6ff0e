"""The documents are true: the README's examples are run, and what the documents name exists."""

import re

import pytest

import ketaref
from ketaref.cli import app
from ketaref.store import load_dataset
from tests.conftest import Run
from tests.contract import cli_reference
from tests.contract.readme_examples import README as README_FILE
from tests.contract.readme_examples import Example, examples, printed, written_anew
from tests.places import DOCS, ROOT

README = README_FILE.read_text(encoding="ascii")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="ascii")
EXAMPLES = examples(README)
DOCUMENTS = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    *(f"docs/{f.name}" for f in DOCS.glob("*.md")),
]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6
    assert README.count("```console\n") == len(EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.command for example in EXAMPLES])
def test_an_example_shows_what_the_program_prints(example: Example) -> None:
    assert printed(example.command) == example.shown, (
        "write the examples anew: python -m tests.contract.readme_examples"
    )


def test_an_example_that_is_out_of_date_is_written_anew() -> None:
    old = "Before.\n\n```console\n$ ketaref --version\nketaref 0.0.0\n```\n\nAfter.\n"
    assert written_anew(old) == old.replace("0.0.0", ketaref.__version__)
    with pytest.raises(ValueError, match="not an example of ketaref: ls"):
        printed("ls")


@pytest.mark.parametrize(
    "command", ["pip install . && ketaref dose 70 kg", 'pip install -e ".[test]" && pytest']
)
def test_the_two_commands_that_the_gate_runs_are_in_the_readme(command: str) -> None:
    assert f"```\n{command}\n```" in README
    assert command in (ROOT / ".ci" / "run").read_text()


def test_every_command_is_in_the_readme_or_the_changelog_and_has_help(run: Run) -> None:
    names = [c.callback.__name__ for c in app.registered_commands if c.callback]
    assert len(names) >= 7
    for name in names:
        assert f"`{name}`" in CHANGELOG or f"ketaref {name}" in README
        help_text = run(name, "--help").stdout
        assert help_text.startswith(f"Usage: ketaref {name}")


def test_the_page_of_the_command_line_is_what_the_help_says() -> None:
    assert cli_reference.FILE.read_text(encoding="ascii") == cli_reference.page(), (
        "write it anew: python -m tests.contract.cli_reference"
    )


def test_the_exit_statuses_are_in_the_readme_and_the_help(run: Run) -> None:
    text = " ".join(run("--help").stdout.split())
    for status in ("0 done", "1 a defect", "2 refused input or usage", "4 ", "130 interrupted"):
        assert status in text
        assert status in README


def test_the_changelog_has_this_version_and_its_data() -> None:
    assert f"## {ketaref.__version__} " in CHANGELOG
    assert "### Data" in CHANGELOG
    assert f"Version {load_dataset().edition.version}, " in CHANGELOG
    assert f"{len(load_dataset().sources)} sources" in CHANGELOG


def test_the_readme_gives_the_standing_of_each_row() -> None:
    for row in load_dataset().rows:
        assert re.search(rf"\| {row.route.full_name} \|.*\| {row.standing.code} \|", README)


@pytest.mark.parametrize("file", DOCUMENTS)
def test_a_link_to_a_file_leads_to_one(file: str) -> None:
    text = (ROOT / file).read_text()
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / file).parent / target).exists(), target
