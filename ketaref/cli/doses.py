"""The commands about doses. Each puts a question to the reference."""

from typing import TYPE_CHECKING, Annotated

import typer

from ketaref.cli import options as opt
from ketaref.cli.app import app
from ketaref.cli.report import report

if TYPE_CHECKING:
    from ketaref.answers.answer import Answer
    from ketaref.reference import Reference


@report(app)
def routes(reference: "Reference", route: opt.RouteArgument = None) -> "Answer":
    """Show the published ranges, and how each stands.

    For example: ketaref routes iv
    """
    return reference.routes(" ".join(route) if route else None)


@report(app, notes=True)
def dose(
    reference: "Reference",
    weight: opt.WeightArgument,
    *,
    route: opt.RoutesOption = None,
    drug: opt.DrugOption = None,
    strength: opt.StrengthOption = None,
    over: opt.OverOption = None,
    infusion: opt.InfusionOption = None,
    confirm_weight: opt.ConfirmOption = False,
) -> "Answer":
    """Show the ranges for a body weight.

    For example: ketaref dose 154 lb -r iv -s 50 mg/mL --over 40 min
    """
    return reference.dose(
        " ".join(weight),
        route=route,
        drug=drug,
        strength=strength,
        over=over,
        infusion=infusion,
        confirm_weight=confirm_weight,
    )


@report(app, notes=True)
def check(
    reference: "Reference",
    amount: opt.DoseArgument,
    *,
    route: opt.RouteOption,
    drug: opt.DrugOption = None,
    weight: opt.WeightOption = None,
    over: opt.OverOption = None,
    confirm_weight: opt.ConfirmOption = False,
) -> "Answer":
    """Show where a dose lies in its range; exit 3 if outside.

    For example: ketaref check 35 mg -r iv -w 70 kg --over 40 min
    """
    return reference.check(
        " ".join(amount),
        route=route,
        drug=drug,
        weight=weight,
        over=over,
        confirm_weight=confirm_weight,
    )


@report(app)
def chart(
    reference: "Reference",
    *,
    route: opt.RouteOption = "iv",
    lightest: Annotated[str, typer.Option("--from", metavar="WEIGHT", help="Lightest.")] = "40kg",
    heaviest: Annotated[str, typer.Option("--to", metavar="WEIGHT", help="Heaviest.")] = "120kg",
    step: Annotated[str, typer.Option(metavar="WEIGHT", help="Step, in the same unit.")] = "5kg",
    strength: opt.StrengthOption = None,
    confirm_weight: opt.ConfirmOption = False,
) -> "Answer":
    """Show a range over a series of body weights.

    For example: ketaref chart -r iv --from 8 st --to 18 st --step 1 st
    """
    return reference.chart(
        route,
        lightest=lightest,
        heaviest=heaviest,
        step=step,
        strength=strength,
        confirm_weight=confirm_weight,
    )
