"""What Python programs may ask with: texts, typed quantities and names, and what is refused."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ketaref import Reference
from ketaref.answers.answer import Answer
from ketaref.errors import ErrorCode, InputError, KetarefError, ProtocolError
from ketaref.model.checklist_item import Category
from ketaref.model.names import Drug, Route
from ketaref.model.statement import Topic
from ketaref.units import (
    Dose,
    Duration,
    Strength,
    Weight,
    parse_weight,
    parse_weight_step,
    quantity,
)
from tests.conftest import TODAY

Question = Callable[[Reference], Answer]


def mg_per_ml(number: int) -> Strength:
    return Strength(Decimal(number), "mg per mL")


def kg(number: int) -> Weight:
    return Weight(f"{number} kg", "kg", quantity(Fraction(number), "kg"))


TYPED: dict[str, tuple[Question, Question]] = {
    "a weight": (lambda r: r.dose("70 kg"), lambda r: r.dose(kg(70))),
    "every quantity and name of dose": (
        lambda r: r.dose("154 lb", route="iv", drug="ketamine", strength="50mg/mL", over="1.5h"),
        lambda r: r.dose(
            parse_weight("154 lb"),
            route=Route.IV,
            drug=Drug.KETAMINE,
            strength=mg_per_ml(50),
            over=Duration(Decimal("1.5"), "h"),
        ),
    ),
    "routes in their order": (
        lambda r: r.dose("70 kg", route=["sublingual", "iv"]),
        lambda r: r.dose("70 kg", route=(Route.SUBLINGUAL, Route.IV)),
    ),
    "every quantity and name of check": (
        lambda r: r.check("35 mg", route="intravenous", weight="70 kg", over="40 minutes"),
        lambda r: r.check(
            Dose(Decimal(35), "mg"),
            route=Route.IV,
            weight=kg(70),
            over=Duration(Decimal(40), "min"),
        ),
    ),
    "every quantity and name of chart": (
        lambda r: r.chart("iv", lightest="60kg", heaviest="80kg", step="10kg", strength="10mg/mL"),
        lambda r: r.chart(
            Route.IV,
            lightest=kg(60),
            heaviest=kg(80),
            step=parse_weight_step("10 kg"),
            strength=mg_per_ml(10),
        ),
    ),
    "a route's monograph": (lambda r: r.routes("nasal"), lambda r: r.routes(Route.NASAL)),
    "a route's checklist": (lambda r: r.checklist("nasal"), lambda r: r.checklist(Route.NASAL)),
    "a class and a drug": (
        lambda r: r.contraindications("do not use", drug="esketamine"),
        lambda r: r.contraindications(Category.DO_NOT_USE, drug=Drug.ESKETAMINE),
    ),
    "a topic": (lambda r: r.evidence("mechanism"), lambda r: r.evidence(Topic.MECHANISM)),
}


@pytest.mark.parametrize(("text", "typed"), TYPED.values(), ids=TYPED.keys())
def test_texts_and_typed_quantities_give_the_same_answer(
    reference: Reference, text: Question, typed: Question
) -> None:
    assert text(reference).to_json() == typed(reference).to_json()


# ------------------------------------------------------------ refusals

REFUSED: dict[str, tuple[Question, ErrorCode]] = {
    "a comma": (lambda r: r.dose("70,5 kg"), ErrorCode.NOT_A_QUANTITY),
    "a unit of dose for a weight": (lambda r: r.dose("70 mg"), ErrorCode.UNIT_UNKNOWN),
    "an unusual weight": (lambda r: r.dose("210 kg"), ErrorCode.WEIGHT_UNUSUAL),
    "an unusual typed weight": (lambda r: r.dose(kg(210)), ErrorCode.WEIGHT_UNUSUAL),
    "a typed weight out of bounds": (lambda r: r.dose(kg(400)), ErrorCode.WEIGHT_RANGE),
    "a typed weight out of bounds in a chart": (
        lambda r: r.chart(heaviest=kg(351)),
        ErrorCode.WEIGHT_RANGE,
    ),
    "a typed strength out of bounds": (
        lambda r: r.dose("70 kg", route="iv", strength=mg_per_ml(500)),
        ErrorCode.STRENGTH_RANGE,
    ),
    "a typed strength out of bounds in a chart": (
        lambda r: r.chart(strength=mg_per_ml(500)),
        ErrorCode.STRENGTH_RANGE,
    ),
    "an unknown route": (lambda r: r.dose("70 kg", route="intraosseous"), ErrorCode.ROUTE_UNKNOWN),
    "a route that is not included": (
        lambda r: r.routes("subcutaneous"),
        ErrorCode.ROUTE_NOT_INCLUDED,
    ),
    "a typed route that is not included": (
        lambda r: r.routes(Route.SUBCUTANEOUS),
        ErrorCode.ROUTE_NOT_INCLUDED,
    ),
    "an unknown drug": (lambda r: r.dose("70 kg", drug="ketamin"), ErrorCode.DRUG_UNKNOWN),
    "a drug that is not the row's": (
        lambda r: r.dose("70 kg", route="nasal", drug=Drug.KETAMINE),
        ErrorCode.DRUG_NOT_OF_ROUTE,
    ),
    "a missing weight": (lambda r: r.check("35 mg", route="iv"), ErrorCode.WEIGHT_MISSING),
    "a fixed dose in a chart": (lambda r: r.chart("nasal"), ErrorCode.FIXED_DOSE),
    "a chart from heavy to light": (
        lambda r: r.chart(lightest="90 kg", heaviest="50 kg"),
        ErrorCode.CHART_ENDS,
    ),
    "a strength for a spray": (
        lambda r: r.dose("70 kg", route="nasal", strength="50 mg/mL"),
        ErrorCode.VOLUME_NOT_APPLICABLE,
    ),
    "a duration for a spray": (
        lambda r: r.check("56 mg", route="nasal", drug="esketamine", over="40 min"),
        ErrorCode.RATE_NOT_APPLICABLE,
    ),
    "an unknown class": (lambda r: r.contraindications("absolute"), ErrorCode.CLASS_UNKNOWN),
    "an unknown jurisdiction": (
        lambda r: r.contraindications(jurisdiction="Mars"),
        ErrorCode.JURISDICTION_UNKNOWN,
    ),
    "a long name of a clinic": (lambda r: r.checklist(clinic="x" * 1000), ErrorCode.TEXT_TOO_LONG),
    "an unknown topic": (lambda r: r.evidence("mechanics"), ErrorCode.TOPIC_UNKNOWN),
    "an unknown source": (lambda r: r.sources("tailor-2018"), ErrorCode.SOURCE_UNKNOWN),
    "the check of no protocol": (lambda r: r.protocol_check(), ErrorCode.USAGE),
}


@pytest.mark.parametrize(("question", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_raises_an_error_of_ketaref(
    reference: Reference, question: Question, code: ErrorCode
) -> None:
    with pytest.raises(KetarefError) as refused:
        question(reference)
    assert refused.value.code is code
    assert str(refused.value) == refused.value.message


@pytest.mark.parametrize("number", [70, 70.5, Decimal(70), Fraction(70)])
def test_a_number_without_a_unit_is_refused(reference: Reference, number: Any) -> None:
    for question in (
        lambda: reference.dose(number),
        lambda: reference.dose("70 kg", route="iv", strength=number),
        lambda: reference.dose("70 kg", route="iv", over=number),
        lambda: reference.check(number, route="iv", weight="70 kg"),
        lambda: reference.check("35 mg", route="iv", weight=number),
        lambda: reference.chart(lightest=number),
        lambda: reference.chart(step=number),
    ):
        with pytest.raises(InputError) as refused:
            question()
        assert refused.value.code is ErrorCode.UNIT_MISSING


@pytest.mark.parametrize("text", ["", "low = 0", "[protocol]\nname = 'x'"])
def test_a_wrong_protocol_raises_with_every_problem(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(text)
    with pytest.raises(ProtocolError) as refused:
        Reference.open(file, today=TODAY)
    assert refused.value.problems
    assert all(problem.startswith("ours.toml: ") for problem in refused.value.problems)
    with pytest.raises(ProtocolError):
        Reference.open(tmp_path / "missing.toml", today=TODAY)
