"""The commands about doses. Each reads its words, asks for a report, and sends it."""

from typing import Annotated

import typer

from ketaref.cli import options as opt
from ketaref.cli.app import app
from ketaref.cli.environment import today
from ketaref.cli.output import delivery, print_out
from ketaref.cli.reference import reference
from ketaref.errors import ExitCode

# What a command needs to answer is imported in its body: --help and --version need none of it.


@app.command()
def routes(
    route: opt.RouteArgument = None,
    *,
    protocol: opt.ProtocolOption = None,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Show the published ranges, and how each stands.

    For example: ketaref routes iv
    """
    from ketaref.reports.names import parse_route
    from ketaref.reports.routes import routes_report

    to = delivery(format_, output, force=force, no_color=no_color)
    dataset, laid = reference(protocol, to.file)
    asked = parse_route(dataset, " ".join(route), laid) if route else None
    to.send(routes_report(dataset, asked, laid, today=today()))


@app.command()
def dose(
    weight: opt.WeightArgument,
    *,
    route: opt.RoutesOption = None,
    drug: opt.DrugOption = None,
    strength: opt.StrengthOption = None,
    over: opt.OverOption = None,
    confirm_weight: opt.ConfirmOption = False,
    protocol: opt.ProtocolOption = None,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Show the ranges for a body weight.

    For example: ketaref dose 154 lb -r iv -s 50mg/mL --over 40min
    """
    from ketaref import units
    from ketaref.reports.dose import DoseQuestion, dose_report
    from ketaref.reports.measures import refuse_not_applicable
    from ketaref.reports.names import parse_drug, parse_route, rows_for

    to = delivery(format_, output, force=force, no_color=no_color, notes=True)
    asked = DoseQuestion(
        weight=units.parse_weight(" ".join(weight), confirmed=confirm_weight),
        drug=None if drug is None else parse_drug(drug),
        strength=None if strength is None else units.parse_strength(strength),
        over=None if over is None else units.parse_duration(over),
        confirmed=confirm_weight,
    )
    dataset, laid = reference(protocol, to.file)
    named = [parse_route(dataset, name, laid) for name in route or ()]
    rows = rows_for(dataset, named, asked.drug, laid)
    if named:
        refuse_not_applicable((*rows.published, *rows.local), asked.strength, asked.over)
    to.send(dose_report(dataset, rows, asked, laid, today=today()))


@app.command()
def check(
    amount: opt.DoseArgument,
    *,
    route: opt.RouteOption,
    drug: opt.DrugOption = None,
    weight: opt.WeightOption = None,
    over: opt.OverOption = None,
    confirm_weight: opt.ConfirmOption = False,
    protocol: opt.ProtocolOption = None,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Show where a dose lies in its range; exit 3 if outside.

    For example: ketaref check 35 mg -r iv -w 70kg --over 40min
    """
    from ketaref import units
    from ketaref.reports.check import CheckQuestion, check_report
    from ketaref.reports.measures import refuse_not_applicable
    from ketaref.reports.names import parse_drug, parse_route, rows_for

    to = delivery(format_, output, force=force, no_color=no_color, notes=True)
    dataset, laid = reference(protocol, to.file)
    asked = CheckQuestion(
        dose=units.parse_dose(" ".join(amount)),
        route=parse_route(dataset, route, laid),
        drug=None if drug is None else parse_drug(drug),
        weight=None if weight is None else units.parse_weight(weight, confirmed=confirm_weight),
        over=None if over is None else units.parse_duration(over),
        confirmed=confirm_weight,
    )
    rows = rows_for(dataset, [asked.route], asked.drug, laid)
    refuse_not_applicable((*rows.published, *rows.local), None, asked.over)
    report = check_report(dataset, rows, asked, laid, today=today())
    to.send(report)
    if report.outside:
        raise typer.Exit(ExitCode.OUTSIDE)


@app.command()
def chart(
    *,
    route: opt.RouteOption = "iv",
    lightest: Annotated[str, typer.Option("--from", metavar="WEIGHT", help="Lightest.")] = "40kg",
    heaviest: Annotated[str, typer.Option("--to", metavar="WEIGHT", help="Heaviest.")] = "120kg",
    step: Annotated[str, typer.Option(metavar="WEIGHT", help="Step, in the same unit.")] = "5kg",
    strength: opt.StrengthOption = None,
    confirm_weight: opt.ConfirmOption = False,
    protocol: opt.ProtocolOption = None,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Show a range over a ladder of body weights.

    For example: ketaref chart -r iv --from 8st --to 18st --step 1st
    """
    from ketaref import units
    from ketaref.reports.chart import ChartQuestion, Ladder, chart_report
    from ketaref.reports.measures import refuse_not_applicable
    from ketaref.reports.names import parse_route, rows_for

    to = delivery(format_, output, force=force, no_color=no_color)
    ladder = Ladder(
        units.parse_weight(lightest, confirmed=confirm_weight, option="--from"),
        units.parse_weight(heaviest, confirmed=confirm_weight, option="--to"),
        units.parse_weight_step(step, option="--step"),
    )
    known = None if strength is None else units.parse_strength(strength)
    dataset, laid = reference(protocol, to.file)
    asked = ChartQuestion(parse_route(dataset, route, laid), ladder, known, confirm_weight)
    rows = rows_for(dataset, [asked.route], None, laid)
    refuse_not_applicable((*rows.published, *rows.local), known, None)
    to.send(chart_report(dataset, rows, asked, laid, today=today()))


@app.command()
def sources(
    source_id: opt.SourceArgument = None,
    *,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Show the sources, and how each was read.

    For example: ketaref sources taylor-2018
    """
    from ketaref.reports.sources import sources_report
    from ketaref.store import load_dataset

    to = delivery(format_, output, force=force, no_color=no_color)
    to.send(sources_report(load_dataset(), source_id, today=today()))


@app.command()
def schema(kind: opt.KindArgument = None) -> None:
    """Print a JSON Schema: of reports, dataset or protocol."""
    from ketaref.reports.schema import schema_of
    from ketaref.writers import json

    print_out(json.dumps(schema_of(kind)) + "\n")


@app.command()
def about(
    *,
    hazards: Annotated[bool, typer.Option("--hazards", help="The log of hazards, whole.")] = False,
    format_: opt.FormatOption = None,
    output: opt.OutputOption = None,
    force: opt.ForceOption = False,
    no_color: opt.NoColorOption = False,
) -> None:
    """Show what this is, what it is not, and its hazards."""
    from ketaref.reports.about import about_report
    from ketaref.store import load_dataset, load_hazards

    to = delivery(format_, output, force=force, no_color=no_color)
    to.send(about_report(load_dataset(), load_hazards(), log=hazards, today=today()))
