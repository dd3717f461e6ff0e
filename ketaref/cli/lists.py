"""The commands about risks, contraindications, checks and evidence."""

from ketaref.cli import options as opt
from ketaref.cli.app import app
from ketaref.cli.environment import today
from ketaref.cli.output import delivery
from ketaref.cli.reference import reference
from ketaref.errors import ErrorCode, InputError, printable

LONGEST_NAME = 200  # characters of a clinic's name


@app.command()
def risks(
    *,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Show side effects and risks, and who lists them."""
    from ketaref.reports.risks import risks_report
    from ketaref.store import load_dataset

    to = delivery(format_, output, force=force, no_color=no_color)
    to.send(risks_report(load_dataset(), today=today()))


@app.command()
def contraindications(
    *,
    category: opt.ClassOption = None,
    drug: opt.AboutOption = None,
    jurisdiction: opt.JurisdictionOption = None,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Show contraindications and precautions.

    For example: ketaref contraindications --class "label contraindication" --drug esketamine
    """
    from ketaref.reports.contraindications import (
        ContraindicationsQuestion,
        contraindications_report,
        parse_category,
        parse_jurisdiction,
    )
    from ketaref.reports.names import parse_drug
    from ketaref.store import load_dataset

    to = delivery(format_, output, force=force, no_color=no_color)
    asked = ContraindicationsQuestion(
        category=None if category is None else parse_category(category),
        drug=None if drug is None else parse_drug(drug),
        jurisdiction=None if jurisdiction is None else parse_jurisdiction(jurisdiction),
    )
    to.send(contraindications_report(load_dataset(), asked, today=today()))


@app.command()
def checklist(
    *,
    route: opt.OneRouteOption = None,
    clinic: opt.ClinicOption = None,
    protocol: opt.ProtocolOption = None,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Show the session checklist, to read or to print.

    For example: ketaref checklist -r iv -o checklist.pdf
    """
    from ketaref.reports.checklist import checklist_report
    from ketaref.reports.names import parse_route

    to = delivery(format_, output, force=force, no_color=no_color)
    dataset, laid = reference(protocol, to.file)
    asked = None if route is None else parse_route(dataset, route, laid, checks=True)
    name = None if clinic is None else _clinic(clinic)
    to.send(checklist_report(dataset, asked, name, laid, today=today()))


@app.command()
def evidence(
    topic: opt.TopicArgument = None,
    *,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Show what the article says, and how it stands.

    For example: ketaref evidence long-term
    """
    from ketaref.reports.evidence import evidence_report, parse_topic
    from ketaref.store import load_dataset

    to = delivery(format_, output, force=force, no_color=no_color)
    asked = parse_topic(" ".join(topic)) if topic else None
    to.send(evidence_report(load_dataset(), asked, today=today()))


def _clinic(text: str) -> str | None:
    """Return a clinic's name as it may stand on a page; an empty one is a line to write on."""
    name = " ".join(printable(text).split())
    if len(name) > LONGEST_NAME:
        raise InputError(
            ErrorCode.TEXT_TOO_LONG,
            f"the clinic's name has {len(name):,} characters: at most {LONGEST_NAME} are printed",
        )
    return name or None
