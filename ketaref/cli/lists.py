"""The commands about risks, contraindications, checks, evidence and sources."""

from typing import TYPE_CHECKING, Annotated

import typer

from ketaref.cli import options as opt
from ketaref.cli.app import app
from ketaref.cli.report import report

if TYPE_CHECKING:
    from ketaref.answers.answer import Answer
    from ketaref.reference import Reference


@report(app, protocol=None)
def risks(reference: "Reference") -> "Answer":
    """Show side effects and risks, and who lists them."""
    return reference.risks()


@report(app, protocol=None)
def contraindications(
    reference: "Reference",
    *,
    category: opt.ClassOption = None,
    drug: opt.AboutOption = None,
    jurisdiction: opt.JurisdictionOption = None,
) -> "Answer":
    """Show contraindications and precautions.

    For example: ketaref contraindications --class "label contraindication" --drug esketamine
    """
    return reference.contraindications(category, drug=drug, jurisdiction=jurisdiction)


@report(app)
def checklist(
    reference: "Reference", *, route: opt.OneRouteOption = None, clinic: opt.ClinicOption = None
) -> "Answer":
    """Show the session checklist, to read or to print.

    For example: ketaref checklist -r iv -o checklist.pdf
    """
    return reference.checklist(route, clinic=clinic)


@report(app, protocol=None)
def drug(
    reference: "Reference", name: opt.DrugArgument, *, section: opt.SectionOption = None
) -> "Answer":
    """Show what is known of a drug beside its ranges.

    For example: ketaref drug spravato --section interactions
    """
    return reference.drug(" ".join(name), section=section)


@report(app, protocol=None)
def evidence(reference: "Reference", topic: opt.TopicArgument = None) -> "Answer":
    """Show how the article's claims stand; guidelines.

    For example: ketaref evidence long-term, or ketaref evidence guidelines
    """
    return reference.evidence(" ".join(topic) if topic else None)


@report(app, protocol=None)
def trials(
    reference: "Reference",
    *,
    route: opt.OneRouteOption = None,
    drug: opt.AboutOption = None,
    diagnosis: opt.DiagnosisOption = None,
) -> "Answer":
    """Show the studies, and which doses they gave.

    For example: ketaref trials -r iv --diagnosis ptsd
    """
    return reference.trials(route, drug=drug, diagnosis=diagnosis)


@report(app, protocol=None, references=True)
def sources(reference: "Reference", source_id: opt.SourceArgument = None) -> "Answer":
    """Show the sources, and how each was read.

    For example: ketaref sources taylor-2018, or for a reference manager
    ketaref sources -o sources.ris, or .csl.json
    """
    return reference.sources(source_id)


@report(app, protocol=None)
def about(
    reference: "Reference",
    *,
    hazards: Annotated[bool, typer.Option("--hazards", help="The log of hazards, whole.")] = False,
) -> "Answer":
    """Show what this is, what it is not, and its hazards."""
    return reference.about(hazards=hazards)
