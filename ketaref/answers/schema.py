"""The JSON Schema of each kind of answer: generated from the models, so that it cannot drift."""

from importlib import import_module
from typing import Any, cast

from pydantic import BaseModel, create_model
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from ketaref.answers.answer import Answer
from ketaref.answers.error import ErrorAnswer
from ketaref.errors import ErrorCode, InputError, echo
from ketaref.label import LABEL
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.source import Source
from ketaref.protocol.model import ProtocolFile
from ketaref.ranges.selection import did_you_mean

# Each kind is a module of this package, whose answer is named for it.
KINDS = (
    "routes",
    "dose",
    "check",
    "chart",
    "sources",
    "risks",
    "contraindications",
    "checklist",
    "evidence",
    "trials",
    "drug",
    "about",
    "review",
    "audit",
    "protocol_check",
)

# What is read: the dataset whole, and a clinic's protocol file, for an editor that checks it.
FILES: dict[str, type[BaseModel]] = {"dataset": Dataset, "protocol": ProtocolFile}
FILES_VERSION = 1


def answer_of(kind: str) -> type[Answer]:
    """Return the answer of a kind."""
    name = "".join(part.capitalize() for part in kind.split("_"))
    module = import_module(f"ketaref.answers.{kind}")
    return cast("type[Answer]", getattr(module, f"{name}Answer"))


def schema_of(kind: str | None) -> dict[str, Any]:
    """Return the JSON Schema of a kind of answer, of any, or of the dataset or a protocol file.

    An error is one of the shapes of an answer.
    """
    if kind in FILES:
        return _headed(
            kind,
            FILES_VERSION,
            f"ketaref {kind}",
            (_whole_dataset() if kind == "dataset" else FILES[kind]).model_json_schema(
                mode="validation"
            ),
        )
    if kind is not None and kind not in KINDS:
        raise InputError(
            ErrorCode.KIND_UNKNOWN,
            f'unknown kind "{echo(kind)}"; known: {", ".join((*KINDS, *FILES))}',
            did_you_mean(kind, (*KINDS, *FILES)),
        )
    kinds = KINDS if kind is None else (kind,)
    models: tuple[type[Answer], ...] = (*map(answer_of, kinds), ErrorAnswer)
    references, together = models_json_schema(
        [(model, "serialization") for model in models], ref_template="#/$defs/{model}"
    )
    any_of = [references[model, "serialization"] for model in models]
    schema = {"$defs": together["$defs"], "anyOf": any_of}
    version = Answer.model_fields["schema_version"].default
    return _headed(kind or "report", version, f"ketaref report: {kind or 'any kind'}", schema)


def _whole_dataset() -> type[BaseModel]:
    """Return the dataset with what it reads later: lists, sources, drugs."""
    from ketaref.model.drug import Monograph
    from ketaref.model.lists import Lists

    known = Dataset.model_fields | Lists.model_fields
    fields: dict[str, Any] = {name: (field.annotation, field) for name, field in known.items()}
    fields |= {"sources": (tuple[Source, ...], ...), "drugs": (tuple[Monograph, ...], ...)}
    return create_model("Dataset", __base__=Frozen, __doc__=Dataset.__doc__, **fields)


def _headed(kind: str, version: int, title: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:ketaref:schema:{kind}:{version}",
        "$comment": LABEL,
        **schema,
        "title": title,
    }
