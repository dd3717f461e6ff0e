"""Find the data files, read them, validate them, and check them against one another."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic import TypeAdapter, ValidationError

from ketaref import monographs, source_file
from ketaref.errors import DataError, echo
from ketaref.model.citations import Cited, citations, citations_of_lists, citations_of_ranges
from ketaref.model.dataset import Dataset
from ketaref.model.names import ROUTE_SPELLINGS
from ketaref.source_file import SourceFile

if TYPE_CHECKING:
    from ketaref.model.hazard import Hazard
    from ketaref.model.lists import Lists

REVIEWS_FILE = "reviews.toml"
HAZARDS_FILE = "hazards.toml"

_PACKAGE = Path(__file__).parent

# Where each part of the dataset stands: the file, and the name of its tables there. Those of the
# lists are read when they are asked for.
_TABLES = {
    "rows": ("doses.toml", "row"),
    "caution_codes": ("doses.toml", "caution_code"),
    "every_row": ("doses.toml", "every_row"),
    "strengths": ("doses.toml", "strength"),
    "not_included": ("doses.toml", "not_included"),
    "trials": ("trials.toml", "trial"),
    "reviews": (REVIEWS_FILE, "review"),
}
_LISTS = {
    "counted": ("effects.toml", "counted"),
    "effects": ("effects.toml", "effect"),
    "boxed": ("effects.toml", "boxed"),
    "contraindications": ("contraindications.toml", "contraindication"),
    "checks": ("checks.toml", "check"),
    "statements": ("evidence.toml", "statement"),
    "guidelines": ("guidelines.toml", "guideline"),
}
_Tables: TypeAlias = dict[str, tuple[str, str]]
_Contents: TypeAlias = dict[str, dict[str, Any]]


@cache
def load_dataset() -> Dataset:
    """Return the shipped dataset, read once; of the drugs, only when they are asked for."""
    return open_dataset(data_root())


@cache
def load_hazards() -> "tuple[Hazard, ...]":
    """Return the hazard log, read once. It is about the program, and not part of the dataset."""
    return read_hazards(data_root())


def data_root() -> Path:
    """Return the folder of the data: in an installed package, or at the top of a checkout.

    A named file is looked for, not a folder: next to an installed package, ``data`` could be
    anyone's.
    """
    for root in (_PACKAGE / "data", _PACKAGE.parent / "data"):
        if (root / "doses.toml").is_file():
            return root
    raise DataError(("doses.toml is neither in the package nor beside it",))


def read_dataset(root: Path) -> Dataset:
    """Read and check all of the data in a folder; the drugs once the rest is right."""
    problems: list[str] = []
    try:
        dataset = open_dataset(root)
    except DataError as error:
        problems += error.problems
    for read in (_sources_of, _lists_of):
        try:
            read(root)
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(tuple(dict.fromkeys(problems)))
    unused = set(dataset.source_ids)
    unused.difference_update(cited.source_id for cited in citations(dataset))
    if problems := [f"sources.toml: source {name}: cited by nothing" for name in sorted(unused)]:
        raise DataError(tuple(problems))
    return dataset


def open_dataset(root: Path) -> Dataset:
    """Read and check the ranges and the studies in a folder; the rest when it is asked for.

    All of it is in the hash. Every problem found is in the one ``DataError``.
    """
    contents, problems = _read_files(root, _files_of(_TABLES))
    if problems:
        raise DataError(tuple(problems))
    edition = contents[REVIEWS_FILE].pop("dataset", None)
    parts, problems = _parts_of(contents, _TABLES)
    texts = _texts(root, _files_of(_LISTS))
    drugs = monographs.read_texts(root)
    sources = _texts(root, (source_file.NAME,))
    sha256 = _hash_of(parts | monographs.hashes(texts | drugs | sources))
    try:
        dataset = Dataset(edition=edition, sha256=sha256, **parts)
    except ValidationError as error:
        problems += _located(error, parts, _TABLES)
        raise DataError(tuple(dict.fromkeys(problems))) from None
    known = SourceFile(sources[source_file.NAME])
    ids = frozenset(known.ids)
    lists, read_drugs = partial(_read_lists, texts, ids), partial(monographs.monographs, drugs, ids)
    dataset.with_later(known, lists, read_drugs)
    if problems := [*problems, *_cross_check(dataset)]:
        raise DataError(tuple(problems))
    return dataset


def _sources_of(root: Path) -> None:
    SourceFile(monographs.read_text(root / source_file.NAME)).sources()


def _lists_of(root: Path) -> None:
    ids = SourceFile(monographs.read_text(root / source_file.NAME)).ids
    _read_lists(_texts(root, _files_of(_LISTS)), frozenset(ids))


def _texts(root: Path, names: Iterable[str]) -> dict[str, str]:
    return {name: monographs.read_text(root / name) for name in names}


def _files_of(tables: _Tables) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, _ in tables.values()))


def _parts_of(contents: _Contents, tables: _Tables) -> tuple[dict[str, Any], list[str]]:
    """Return the parts of the files by their names, and what is wrong with their tables."""
    parts = {part: contents[name].pop(table, []) for part, (name, table) in tables.items()}
    problems = [
        f"{name}: unknown table {echo(key)}" for name, left in contents.items() for key in left
    ]
    return parts, [*problems, *_not_tables(parts, tables)]


def _read_lists(texts: Mapping[str, str], source_ids: frozenset[str]) -> "Lists":
    """Read and check the lists; every problem is in the one ``DataError``."""
    from ketaref.model.lists import Lists

    contents: _Contents = {}
    problems: list[str] = []
    for name, text in texts.items():
        try:
            contents[name] = monographs.parse_lines(name, text)
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(tuple(problems))
    parts, problems = _parts_of(contents, _LISTS)
    try:
        lists = Lists(**parts)
    except ValidationError as error:
        problems += _located(error, parts, _LISTS)
        raise DataError(tuple(dict.fromkeys(problems))) from None
    problems += _open_lists(lists)
    problems += _unknown_sources(citations_of_lists(lists), source_ids)
    if problems:
        raise DataError(tuple(problems))
    return lists


def read_hazards(root: Path) -> "tuple[Hazard, ...]":
    """Read and check the hazard log in a folder; every problem is in the one ``DataError``."""
    from ketaref.model.hazard import Hazard

    tables: Any = _read_toml(root / HAZARDS_FILE).get("hazard", [])
    if not isinstance(tables, list):
        raise DataError((f"{HAZARDS_FILE}: hazard: tables [[hazard]] are needed",))
    try:
        return TypeAdapter(tuple[Hazard, ...]).validate_python(tables)
    except ValidationError as error:
        problems = [
            f"{HAZARDS_FILE}: hazard {int(number) + 1}: {'.'.join(map(str, field))}: "
            f"{problem['msg']}"
            for problem in error.errors()
            for number, *field in [problem["loc"]]
        ]
        raise DataError(tuple(problems)) from None


def _read_files(root: Path, names: tuple[str, ...]) -> tuple[dict[str, Any], list[str]]:
    """Return what the files hold, and what is wrong with those that cannot be read."""
    files: dict[str, Any] = {}
    problems: list[str] = []
    for name in names:
        try:
            files[name] = _read_toml(root / name)
        except DataError as error:
            problems += error.problems
    return files, problems


def _read_toml(file: Path) -> dict[str, Any]:
    return monographs.parse(file.name, monographs.read_text(file))


def _not_tables(parts: dict[str, Any], tables: _Tables) -> list[str]:
    """Say which parts are not lists of tables, and leave them out of what is checked further."""
    problems = []
    for part, (file, table) in tables.items():
        value = parts[part]
        if not (isinstance(value, list) and all(isinstance(row, dict) for row in value)):
            problems.append(f"{file}: {table}: tables [[{table}]] are needed")
            parts[part] = []
    return problems


def _hash_of(parts: dict[str, Any]) -> str:
    try:
        return content_hash({part: parts[part] for part in parts if part != "reviews"})
    except ValueError:  # a number with thousands of digits, which its own row is refused for
        return "none"


def content_hash(parts: dict[str, Any]) -> str:
    """Return the hash of what files say, not how: a comment or a line ending changes nothing."""
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _located(error: ValidationError, parts: dict[str, Any], tables: _Tables) -> Iterator[str]:
    """Say of each problem the file, the row by its name, and the field."""
    for problem in error.errors():
        part, *place = problem["loc"]
        if part not in tables:
            yield f"{REVIEWS_FILE}: [dataset] {'.'.join(map(str, place))}: {problem['msg']}"
            continue
        file, table = tables[str(part)]
        row = parts[str(part)][place[0]] if place else {}
        name = next((row[key] for key in ("id", "route", "name", "code") if key in row), place[0])
        field = ".".join(map(str, place[1:])) or "row"
        yield f"{file}: {table} {name}: {field}: {problem['msg']}"


def _cross_check(dataset: Dataset) -> Iterator[str]:
    """Yield what no single row can see: duplicates, and citations that lead nowhere."""
    yield from duplicates("doses.toml: row", (row.route.value for row in dataset.rows))
    yield from _unreachable_routes(dataset)
    yield from _open_codes(dataset)
    yield from duplicates("trials.toml: trial", (trial.id for trial in dataset.trials))
    ids = {trial.id for trial in dataset.trials}
    for trial in dataset.trials:
        if trial.same_people_as and trial.same_people_as not in ids:
            where = f"trials.toml: trial {trial.id}: same_people_as"
            yield f"{where}: there is no {trial.same_people_as}"
    yield from _unknown_sources(citations_of_ranges(dataset), frozenset(dataset.source_ids))


def _unknown_sources(cited: Iterable[Cited], known: frozenset[str]) -> Iterator[str]:
    for each in cited:
        if each.source_id not in known:
            where = f"{each.file}: {each.what}: {each.place}"
            yield f"{where}: source {each.source_id} is not in sources.toml"


def _open_lists(lists: "Lists") -> Iterator[str]:
    """Yield ids that occur twice in the lists, and names in an effect that lead nowhere."""
    yield from duplicates(
        "effects.toml, contraindications.toml or checks.toml:", lists.checklist_ids
    )
    yield from duplicates("evidence.toml: statement", (each.id for each in lists.statements))
    yield from duplicates("guidelines.toml: guideline", (each.id for each in lists.guidelines))
    yield from duplicates("effects.toml: counted", (each.id for each in lists.counted))
    effects, counted = ({each.id for each in part} for part in (lists.effects, lists.counted))
    for effect in lists.effects:
        where = f"effects.toml: effect {effect.id}"
        if effect.corrects and effect.corrects not in effects:
            yield f"{where}: corrects: there is no {effect.corrects}"
        for each in effect.frequency:
            if each.counted not in counted:
                yield f"{where}: counted: there is no {each.counted}"


def _unreachable_routes(dataset: Dataset) -> Iterator[str]:
    """Yield rows that nobody can ask for, and names that lead to a row and to a refusal."""
    for row in dataset.rows:
        if row.route not in ROUTE_SPELLINGS.values():
            yield f"doses.toml: row {row.route}: no spelling of this route is known"
    for left_out in dataset.not_included:
        for name in (left_out.name, *left_out.also):
            if name in dataset.route_spellings:
                yield f"doses.toml: {name}: is both a row and not included"


def _open_codes(dataset: Dataset) -> Iterator[str]:
    """Yield codes of cautions that are not in the list of codes, and those that nothing uses."""
    cautions = [*dataset.every_row, *(c for row in dataset.rows for c in row.cautions)]
    used, listed = {c.code for c in cautions}, [each.code for each in dataset.caution_codes]
    yield from duplicates("doses.toml: caution_code", listed)
    for code in sorted(used.symmetric_difference(listed)):
        problem = "is not listed as a [[caution_code]]" if code in used else "is used by no caution"
        yield f"doses.toml: caution {code}: {problem}"


def duplicates(what: str, names: Iterable[str]) -> Iterator[str]:
    """Yield which names occur more than once."""
    yield from (f"{what} {name} occurs {n} times" for name, n in Counter(names).items() if n > 1)
