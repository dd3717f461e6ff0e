"""A weight as reports carry it, and what must be said of one that may be in the wrong unit."""

from fractions import Fraction

from ketaref import notation
from ketaref.model.base import Frozen
from ketaref.model.doses import CautionCode
from ketaref.reports.base import Caution, Quantity, shown
from ketaref.units import (
    CHECK_UNIT_FROM_KG,
    WEIGHT_USUAL_FROM_KG,
    WEIGHT_USUAL_TO_KG,
    Weight,
    magnitude,
    quantity,
)


class WeightEcho(Frozen):
    """A body weight as it was entered, and in both units."""

    entered: str
    kg: Quantity
    lb: Quantity


def echo_weight(weight: Weight) -> WeightEcho:
    """Return a weight as entered and in kg and lb, rounded half up to 0.1."""
    kg, lb = (
        shown(notation.half_up(exact, 1), exact, unit)
        for exact, unit in ((weight.kg, "kg"), (weight.lb, "lb"))
    )
    return WeightEcho(entered=weight.entered, kg=kg, lb=lb)


def weight_in_words(weight: WeightEcho) -> str:
    """Return a weight for people, as entered and converted.

    >>> from ketaref.units import parse_weight
    >>> weight_in_words(echo_weight(parse_weight("154 lb")))
    '154 lb = 69.9 kg'
    """
    both = (weight.kg, weight.lb)
    # Not in the unit that it was entered in: 70.25 kg is not 70.3 kg.
    others = [
        q for q in both if not weight.entered.endswith(f" {q.unit}") or " st" in weight.entered
    ]
    return " = ".join([weight.entered, *(notation.amount(q.value, q.unit) for q in others)])


def weight_cautions(weight: Weight) -> tuple[Caution, ...]:
    """Return the cautions on a weight: its unit from 100 kg, and that it is unusual."""
    cautions = []
    if weight.unit == "kg" and weight.kg >= CHECK_UNIT_FROM_KG:
        number = weight.entered.removesuffix(" kg")
        as_lb = magnitude(quantity(Fraction(number), "lb"), "kg")
        text = (
            f"Check the unit: {weight.entered} is {_tenths(weight.lb, 'lb')}; "
            f"{number} lb is {_tenths(as_lb, 'kg')}"
        )
        cautions.append(Caution(code=CautionCode.CHECK_UNIT, text=text))
    if not WEIGHT_USUAL_FROM_KG <= weight.kg <= WEIGHT_USUAL_TO_KG:
        text = (
            f"{weight.entered} is unusual, and was confirmed: outside {WEIGHT_USUAL_FROM_KG} to "
            f"{WEIGHT_USUAL_TO_KG} kg, an engineering limit, not a clinical one."
        )
        cautions.append(Caution(code=CautionCode.WEIGHT_UNUSUAL, text=text))
    return tuple(cautions)


def _tenths(exact: Fraction, unit: str) -> str:
    return notation.amount(notation.half_up(exact, 1), unit)
