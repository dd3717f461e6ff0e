"""What ketaref is made of: few parts, each with its reason, pinned for the gate by its hash."""

import ast
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import sbom
from tests.places import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCK = (ROOT / ".ci" / "requirements.lock").read_text()
PINS = dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", LOCK, re.MULTILINE))


def named(requirements: list[str]) -> dict[str, Requirement]:
    found = [Requirement(text) for text in requirements if not text.startswith("ketaref[")]
    return {canonicalize_name(each.name): each for each in found}


def imported(folder: Path) -> set[str]:
    """Return the top-level packages that the files of a folder import."""
    names: set[str] = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add((node.module or "").partition(".")[0])
    # pydantic_core is pydantic's own, and has the type of its errors.
    return names - set(sys.stdlib_module_names) - {"ketaref", "pydantic_core"}


def test_every_module_is_held_by_the_contracts_on_imports() -> None:
    package = ROOT / "ketaref"
    modules = {
        "ketaref." + ".".join(file.relative_to(package).with_suffix("").parts)
        for file in package.rglob("*.py")
        if not file.stem.startswith("__")
    }
    allowed = {
        "pint": ("ketaref.units",),
        "rich": ("ketaref.writers.screen", "ketaref.width"),
        "typer": ("ketaref.cli",),
    }
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    held = {c["forbidden_modules"][0]: c for c in contracts["contracts"] if "source_modules" in c}
    assert held.keys() == allowed.keys()
    for library, contract in held.items():
        may = {module for module in modules if module.startswith(allowed[library])}
        parts = tuple(f"{part}." for part in contract["source_modules"])
        assert {m for m in modules if not f"{m}.".startswith(parts)} == may, library


def test_what_is_declared_is_what_is_imported() -> None:
    declared = {*named(PROJECT["dependencies"]), *named(EXTRAS["audit"]), *named(EXTRAS["pdf"])}
    assert imported(ROOT / "ketaref") == declared


def test_each_part_has_its_reason_beside_it() -> None:
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


@pytest.mark.parametrize("extra", ["dependencies", "audit", "pdf", "test", "dev"])
def test_the_lock_holds_what_is_declared_within_its_bounds(extra: str) -> None:
    wanted = named(PROJECT["dependencies"] if extra == "dependencies" else EXTRAS[extra])
    for name, requirement in wanted.items():
        assert requirement.specifier.contains(PINS[name]), name


def test_the_gate_installs_by_the_lock() -> None:
    assert (
        "pip install -q --require-hashes -r .ci/requirements.lock"
        in (ROOT / ".ci" / "run").read_text()
    )


def test_the_list_of_parts_names_what_is_declared_and_a_licence_of_each() -> None:
    parts = json.loads(sbom.FILE.read_text())
    assert parts["bomFormat"] == "CycloneDX"
    names = {canonicalize_name(part["name"]) for part in parts["components"]}
    assert named(PROJECT["dependencies"]).keys() <= names
    assert not names & {*named(EXTRAS["audit"]), *named(EXTRAS["pdf"]), "pytest", "pip"}
    assert "not stated" not in map(sbom.licence, parts["components"])
    assert not re.search(r"file:|/tmp|/home|/opt", json.dumps(parts))
