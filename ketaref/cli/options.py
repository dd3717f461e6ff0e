"""The arguments and options, each spelled and explained once for all commands."""

from typing import Annotated

import typer

from ketaref.formats import Format


def _routes(incomplete: str) -> list[str]:
    from ketaref.store import load_dataset

    return [name for name in load_dataset().route_spellings if name.startswith(incomplete)]


def _drugs(incomplete: str) -> list[str]:
    from ketaref.model.names import DRUG_SPELLINGS

    # Single words only: a shell would insert a space unquoted.
    return [n for n in DRUG_SPELLINGS if n.startswith(incomplete) and " " not in n]


def _source_ids(incomplete: str) -> list[str]:
    from ketaref.store import load_dataset

    return [s.id for s in load_dataset().sources if s.id.startswith(incomplete)]


def _kinds(incomplete: str) -> list[str]:
    from ketaref.answers.schema import FILES, KINDS

    return [kind for kind in (*KINDS, *FILES) if kind.startswith(incomplete)]


def _topics(incomplete: str) -> list[str]:
    from ketaref.model.statement import Topic

    names = [*(topic.value for topic in Topic), "guidelines"]
    return [name for name in names if name.startswith(incomplete)]


def _drug_words(incomplete: str) -> list[str]:
    from ketaref.model.names import DRUG_SPELLINGS, DRUG_WORDS

    known = DRUG_SPELLINGS | DRUG_WORDS
    return [n for n in known if n.startswith(incomplete) and " " not in n]


def _sections(incomplete: str) -> list[str]:
    from ketaref.model.drug import Section

    return [section.value for section in Section if section.value.startswith(incomplete)]


def _classes(incomplete: str) -> list[str]:
    from ketaref.model.checklist_item import Category

    names = [category.value.replace(" ", "-") for category in Category]  # both are read
    return [name for name in names if name.startswith(incomplete)]


def _diagnoses(incomplete: str) -> list[str]:
    from ketaref.answers.trials import DIAGNOSIS_SPELLINGS

    # Single words only: a shell would insert a space unquoted.
    return [n for n in DIAGNOSIS_SPELLINGS if n.startswith(incomplete.lower()) and " " not in n]


_ROUTE_HELP = "A route, such as iv; `ketaref routes` lists them."

WeightArgument = Annotated[
    list[str],
    typer.Argument(metavar="WEIGHT", help="Body weight, in kg, lb or st: 70 kg"),
]
DoseArgument = Annotated[
    list[str], typer.Argument(metavar="DOSE", help="Amount of drug, in mg, mcg or g: 35 mg")
]
RouteArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="ROUTE", help="One route in full, such as iv.", autocompletion=_routes),
]
SourceArgument = Annotated[
    str | None,
    typer.Argument(metavar="ID", help="One source in full.", autocompletion=_source_ids),
]
KindArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="KIND",
        help="A kind of report, such as dose; or dataset, or protocol.",
        autocompletion=_kinds,
    ),
]
RoutesOption = Annotated[
    list[str] | None,
    typer.Option(
        "-r",
        "--route",
        metavar="ROUTE",
        help=f"{_ROUTE_HELP} May be repeated.",
        autocompletion=_routes,
    ),
]
RouteOption = Annotated[
    str, typer.Option("-r", "--route", metavar="ROUTE", help=_ROUTE_HELP, autocompletion=_routes)
]
DrugOption = Annotated[
    str | None,
    typer.Option(
        "-d",
        "--drug",
        metavar="DRUG",
        help="ketamine or esketamine; refused where it is not the drug of the row.",
        autocompletion=_drugs,
    ),
]
WeightOption = Annotated[
    str | None,
    typer.Option(
        "-w", "--weight", metavar="WEIGHT", help="Body weight: 70 kg, 154 lb, 11 st 4 lb."
    ),
]
StrengthOption = Annotated[
    str | None,
    typer.Option(
        "-s",
        "--strength",
        metavar="STRENGTH",
        help="Strength of the vial or bag, for mL: 50 mg/mL. No default.",
    ),
]
InfusionOption = Annotated[
    str | None,
    typer.Option(
        "--infusion",
        metavar="STRENGTH",
        help="Strength of a prepared infusion, for mL and mL/h: 1 mg/mL. Needs --over.",
    ),
]
OverOption = Annotated[
    str | None, typer.Option("--over", metavar="DURATION", help="Infusion time: 40 min, 1 h.")
]
ConfirmOption = Annotated[
    bool,
    typer.Option("--confirm-weight", help="Accept a weight outside 30 to 200 kg (20 to 350 kg)."),
]
FormatOption = Annotated[
    Format | None,
    typer.Option("-f", "--format", help="Format; table unless the ending of FILE says otherwise."),
]
OutputOption = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="To a file: .txt, .json, .csv, .md, .html, .pdf.",
    ),
]
ProtocolOption = Annotated[
    str | None,
    typer.Option(
        "--protocol",
        metavar="FILE",
        envvar="KETAREF_PROTOCOL",
        help="Show a clinic's own protocol too.",
    ),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")]
NoColorOption = Annotated[bool, typer.Option("--no-color", help="No bold; also NO_COLOR=1.")]
TopicArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="TOPIC", help="One topic, such as mechanism; or guidelines.", autocompletion=_topics
    ),
]
DrugArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME", help="A drug or its brand, such as spravato.", autocompletion=_drug_words
    ),
]
SectionOption = Annotated[
    str | None,
    typer.Option(
        metavar="SECTION", help="One section, such as interactions.", autocompletion=_sections
    ),
]
OneRouteOption = Annotated[
    str | None,
    typer.Option("-r", "--route", metavar="ROUTE", help=_ROUTE_HELP, autocompletion=_routes),
]
ClassOption = Annotated[
    str | None,
    typer.Option(
        "--class",
        metavar="CLASS",
        help='What its text says, such as "label contraindication", "do not use" or precaution.',
        autocompletion=_classes,
    ),
]
AboutOption = Annotated[
    str | None,
    typer.Option(
        "-d", "--drug", metavar="DRUG", help="ketamine or esketamine.", autocompletion=_drugs
    ),
]
DiagnosisOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="ptsd, ocd, gad, social anxiety, panic, phobia.",
        autocompletion=_diagnoses,
    ),
]
JurisdictionOption = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="US, EU, UK, CH, DE, DK or SE: whose label says so."),
]
ClinicOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Clinic to print; a line to write on without.")
]
