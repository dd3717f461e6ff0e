"""What must be said of a weight that may have been entered in the wrong unit."""

from fractions import Fraction

from ketaref import notation
from ketaref.model.doses import CautionCode
from ketaref.reports.base import Caution
from ketaref.units import (
    CHECK_UNIT_FROM_KG,
    WEIGHT_USUAL_FROM_KG,
    WEIGHT_USUAL_TO_KG,
    Weight,
    magnitude,
    quantity,
)


def weight_cautions(weight: Weight) -> tuple[Caution, ...]:
    """Return the cautions on a weight: its unit from 100 kg, and that it is unusual."""
    cautions = []
    if weight.unit == "kg" and weight.kg >= CHECK_UNIT_FROM_KG:
        number = weight.entered.removesuffix(" kg")
        as_lb = magnitude(quantity(Fraction(number), "lb"), "kg")
        text = (
            f"Check the unit: {weight.entered} is {_tenths(weight.lb, 'lb')}; "
            f"{number} lb is {_tenths(as_lb, 'kg')}."
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
