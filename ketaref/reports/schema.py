"""The JSON Schema of each kind of report: generated from the models, so that it cannot drift."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from ketaref.errors import ErrorCode, InputError, echo
from ketaref.model.dataset import Dataset
from ketaref.model.protocol import ProtocolFile
from ketaref.reports.about import AboutReport
from ketaref.reports.audit import AuditReport
from ketaref.reports.base import LABEL, Report
from ketaref.reports.chart import ChartReport
from ketaref.reports.check import CheckReport
from ketaref.reports.checklist import ChecklistReport
from ketaref.reports.contraindications import ContraindicationsReport
from ketaref.reports.dose import DoseReport
from ketaref.reports.errors import ErrorReport
from ketaref.reports.evidence import EvidenceReport
from ketaref.reports.names import question
from ketaref.reports.protocol import ProtocolReport
from ketaref.reports.review import ReviewReport
from ketaref.reports.risks import RisksReport
from ketaref.reports.routes import RoutesReport
from ketaref.reports.sources import SourcesReport

KINDS: dict[str, type[Report]] = {
    "routes": RoutesReport,
    "dose": DoseReport,
    "check": CheckReport,
    "chart": ChartReport,
    "sources": SourcesReport,
    "risks": RisksReport,
    "contraindications": ContraindicationsReport,
    "checklist": ChecklistReport,
    "evidence": EvidenceReport,
    "about": AboutReport,
    "review": ReviewReport,
    "audit": AuditReport,
    "protocol_check": ProtocolReport,
}


# What is read: the dataset whole, and a clinic's protocol file, for an editor that checks it.
FILES: dict[str, type[BaseModel]] = {"dataset": Dataset, "protocol": ProtocolFile}
FILES_VERSION = 1


def schema_of(kind: str | None) -> dict[str, Any]:
    """Return the JSON Schema of a kind of report, of any, or of the dataset or a protocol file.

    An error is one of the shapes of a report.
    """
    if kind in FILES:
        return _file_schema(kind)
    if kind is None:
        models: tuple[type[Report], ...] = (*KINDS.values(), ErrorReport)
    elif kind in KINDS:
        models = (KINDS[kind], ErrorReport)
    else:
        raise InputError(
            ErrorCode.KIND_UNKNOWN,
            f'kind "{echo(kind)}" is not known; known: {", ".join((*KINDS, *FILES))}',
            question(kind, (*KINDS, *FILES)),
        )
    local = [model.local_model for model in models if model.local_model]
    references, together = models_json_schema(
        [(model, "serialization") for model in (*models, *local)],
        ref_template="#/$defs/{model}",
    )
    definitions = together["$defs"]
    for model in models:
        if model.local_model:
            items = references[model.local_model, "serialization"]
            definitions[model.__name__]["properties"]["local"]["items"] = items
    schema = {"$defs": definitions, "anyOf": [references[m, "serialization"] for m in models]}
    version = Report.model_fields["schema_version"].default
    return _headed(kind or "report", version, f"ketaref report: {kind or 'any kind'}", schema)


def _file_schema(kind: str) -> dict[str, Any]:
    schema = FILES[kind].model_json_schema(mode="validation")
    return _headed(kind, FILES_VERSION, f"ketaref {kind}", schema)


def _headed(kind: str, version: int, title: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:ketaref:schema:{kind}:{version}",
        "$comment": LABEL,
        **schema,
        "title": title,
    }
