"""What is loaded for what: a short command does not wait for what it does not need."""

import subprocess
import sys

import pytest

LARGE = ("duckdb", "jinja2", "pint", "pydantic", "rich", "sqlglot", "tomli", "typer", "typst")


def loaded_by(program: str) -> set[str]:
    """Return which of the larger libraries a program of Python has loaded at its end."""
    ending = "\nprint(*LARGE & sys.modules.keys(), file=sys.stderr)"
    heading = f"import sys\nLARGE = {set(LARGE)}\n"
    command = [sys.executable, "-c", heading + program + ending]
    result = subprocess.run(command, capture_output=True, timeout=20, check=True)
    return set(result.stderr.decode().split())


def test_the_package_alone_loads_no_library_and_knows_its_version() -> None:
    assert loaded_by("import ketaref; assert ketaref.__version__") == set()


def test_the_reference_loads_neither_the_command_line_nor_a_screen() -> None:
    program = "from ketaref import Reference; Reference.open().dose('70 kg').to_json()"
    assert loaded_by(program) == {"pydantic", "pint", "tomli"}


def test_starting_loads_neither_pint_nor_rich_nor_pydantic() -> None:
    assert loaded_by("import ketaref.cli") == {"typer"}


@pytest.mark.parametrize(
    ("line", "loaded"),
    [
        (["routes", "-f", "plain"], set()),
        (["dose", "70 kg", "-f", "json"], {"pint"}),
        (["audit", "--sql", "duckdb", "--table", "doses"], {"sqlglot"}),  # by numbers alone
    ],
)
def test_routes_need_no_unit_library_and_json_no_tables(line: list[str], loaded: set[str]) -> None:
    program = f"from ketaref.cli import app\ntry: app({line})\nexcept SystemExit: pass"
    assert loaded_by(program) == loaded | {"pydantic", "tomli", "typer"}


@pytest.mark.parametrize(
    ("line", "loaded"),
    [
        (["routes", "-f", "plain"], False),
        (["dose", "70 kg", "-f", "json"], False),
        (["contraindications", "-f", "plain"], False),
        (["drug", "ketamine", "-f", "plain"], True),
        (["sources", "-f", "plain"], True),
        (["review", "-f", "json"], True),
    ],
)
def test_the_drugs_are_read_only_for_what_shows_them(line: list[str], *, loaded: bool) -> None:
    program = (
        f"from ketaref.cli import app\ntry: app({line})\nexcept SystemExit: pass\n"
        f"import sys\nassert ('ketaref.model.drug' in sys.modules) is {loaded}"
    )
    subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=20, check=True)


INTERRUPTED = """
import sys

class Interrupt:
    def find_spec(self, name, *_):
        if name == {module!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
sys.argv = ["ketaref", "dose", "70 kg"]
from ketaref.__main__ import main
main()
"""


@pytest.mark.parametrize(
    "module", ["ketaref.cli", "typer", "pydantic", "pint", "ketaref.answers.dose"]
)
def test_an_interrupt_while_modules_load_ends_with_130_and_no_traceback(module: str) -> None:
    program = [sys.executable, "-c", INTERRUPTED.format(module=module)]
    result = subprocess.run(program, capture_output=True, timeout=20, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (130, b"", b"")
