"""The JSON Schema of each kind of report: generated from the models, so that it cannot drift."""

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from ketaref.errors import ErrorCode, InputError, echo
from ketaref.reports.about import AboutReport
from ketaref.reports.base import LABEL, Report
from ketaref.reports.chart import ChartReport
from ketaref.reports.check import CheckReport
from ketaref.reports.checklist import ChecklistReport
from ketaref.reports.contraindications import ContraindicationsReport
from ketaref.reports.dose import DoseReport
from ketaref.reports.errors import ErrorReport
from ketaref.reports.evidence import EvidenceReport
from ketaref.reports.names import question
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
}


def report_schema(kind: str | None) -> dict[str, Any]:
    """Return the JSON Schema of a kind of report, or of any; an error is one of the shapes."""
    if kind is None:
        models: tuple[type[Report], ...] = (*KINDS.values(), ErrorReport)
    elif kind in KINDS:
        models = (KINDS[kind], ErrorReport)
    else:
        raise InputError(
            ErrorCode.KIND_UNKNOWN,
            f'kind "{echo(kind)}" is not known; known: {", ".join(KINDS)}',
            question(kind, KINDS),
        )
    # A union built at run time, which is the point, and which mypy cannot see through.
    union: Any = models[0]
    for model in models[1:]:
        union = union | model
    schema = TypeAdapter(union).json_schema(mode="serialization")
    version = Report.model_fields["schema_version"].default
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:ketaref:schema:{kind or 'report'}:{version}",
        "$comment": LABEL,
        "title": f"ketaref report: {kind or 'any kind'}",
        **schema,
    }
