"""What ketaref is made of: few parts, each with its reason, pinned for the gate by its hash."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import ketaref
from tests.places import ROOT
from tests.release import sbom

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT: dict[str, Any] = PYPROJECT["project"]
PACKAGE = Path(ketaref.__file__).parent  # the gate runs the wheel, beside a clone without it
PROGRAM = sorted(PACKAGE.rglob("*.py"))
EXTRAS = PROJECT["optional-dependencies"]
LOCK = (ROOT / ".ci" / "requirements.lock").read_text()
PINS = dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", LOCK, re.MULTILINE))


def named(requirements: list[str]) -> dict[str, Requirement]:
    found = [Requirement(text) for text in requirements if not text.startswith("ketaref[")]
    return {canonicalize_name(each.name): each for each in found}


def imports_of(file: Path) -> set[str]:
    """Return the top-level packages that a file imports, but for the standard library and ours."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    # pydantic_core is pydantic's own, and has the type of its errors.
    return names - set(sys.stdlib_module_names) - {"ketaref", "pydantic_core"}


def module_of(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def is_within(module: str, packages: Iterable[str]) -> bool:
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


def test_the_import_contracts_name_every_module_and_hold() -> None:
    contracts: list[dict[str, Any]] = PYPROJECT["tool"]["importlinter"]["contracts"]
    (layers,) = [each for each in contracts if each["type"] == "layers"]
    assert (layers["containers"], layers["exhaustive"]) == (["ketaref"], True)
    protected = {
        library: contract["allowed_importers"]
        for contract in contracts
        if contract["type"] == "protected"
        for library in contract["protected_modules"]
    }
    assert protected == {
        "pint": ["ketaref.units"],
        "rich": ["ketaref.writers.screen", "ketaref.width"],
        "typer": ["ketaref.cli"],
    }
    for file in PROGRAM:
        for library in imports_of(file) & protected.keys():
            assert is_within(module_of(file), protected[library]), (file, library)


def test_what_is_declared_is_what_is_imported() -> None:
    declared = {*named(PROJECT["dependencies"]), *named(EXTRAS["audit"]), *named(EXTRAS["pdf"])}
    assert set[str]().union(*map(imports_of, PROGRAM)) == declared


def test_each_dependency_has_its_reason_next_to_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    for name in (*named(PROJECT["dependencies"]), *named(EXTRAS["audit"]), *named(EXTRAS["pdf"])):
        (line,) = [line for line in lines if line.startswith(f'    "{name}>=')]
        assert re.search(r"# \w.{10,}", line), line


def test_the_lock_pins_everything_by_its_hash_and_names_no_place() -> None:
    blocks = re.split(r"\n(?=[a-z])", LOCK.strip())
    assert len(blocks) >= len(PINS) > 40
    for block in blocks:
        assert re.match(r"[a-z0-9-]+==\S+.*( \\\n    --hash=sha256:[0-9a-f]{64})+$", block), block
    assert not re.search(r"://|index|find-links|@|/", LOCK.replace("' or sys", ""))


# The tools of mutation testing are not in the gate.
@pytest.mark.parametrize("extra", ["dependencies", *sorted(EXTRAS.keys() - {"mutation"})])
def test_the_lock_holds_what_is_declared_within_its_bounds(extra: str) -> None:
    wanted = named(PROJECT["dependencies"] if extra == "dependencies" else EXTRAS[extra])
    for name, requirement in wanted.items():
        assert requirement.specifier.contains(PINS[name]), name


def test_the_gate_installs_by_the_lock() -> None:
    assert (
        "pip install -q --require-hashes -r .ci/requirements.lock"
        in (ROOT / ".ci" / "run").read_text()
    )


def test_the_list_of_parts_gives_each_its_licence_and_names_no_place() -> None:
    """The list is a record of a release: whether it is of today's parts, its report says."""
    parts = json.loads(sbom.FILE.read_text())
    assert parts["bomFormat"] == "CycloneDX"
    names = {canonicalize_name(part["name"]) for part in parts["components"]}
    assert not names & {*named(EXTRAS["audit"]), *named(EXTRAS["pdf"]), "pytest", "pip"}
    assert "not stated" not in map(sbom.licence, parts["components"])
    assert not re.search(r"file:|/tmp|/home|/opt", json.dumps(parts))
