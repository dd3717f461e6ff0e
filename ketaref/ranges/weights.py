"""A body weight as answers carry it, and the cautions on one that may be in the wrong unit."""

from fractions import Fraction

from ketaref import notation
from ketaref.model.base import Frozen
from ketaref.ranges.caution import Caution, CautionCode
from ketaref.ranges.values import Quantity, rounded
from ketaref.units import (
    CHECK_UNIT_FROM_KG,
    WEIGHT_USUAL_FROM_KG,
    WEIGHT_USUAL_TO_KG,
    Weight,
    magnitude,
    quantity,
)


class EnteredWeight(Frozen):
    """A body weight as it was entered, and in both units."""

    entered: str
    kg: Quantity
    lb: Quantity

    @property
    def text(self) -> str:
        """The weight for people, as entered and converted.

        >>> from ketaref.units import parse_weight
        >>> entered_weight(parse_weight("154 lb")).text
        '154 lb = 69.9 kg'
        """
        # Not in the unit that it was entered in: 70.25 kg is not 70.3 kg.
        others = [
            each
            for each in (self.kg, self.lb)
            if not self.entered.endswith(f" {each.unit}") or " st" in self.entered
        ]
        return " = ".join([self.entered, *(each.text for each in others)])


def entered_weight(weight: Weight) -> EnteredWeight:
    """Return a weight as entered and in kg and lb, rounded half up to 0.1."""
    kg, lb = (
        rounded(notation.half_up(exact, 1), exact, unit)
        for exact, unit in ((weight.kg, "kg"), (weight.lb, "lb"))
    )
    return EnteredWeight(entered=weight.entered, kg=kg, lb=lb)


def weight_cautions(weight: Weight | None) -> tuple[Caution, ...]:
    """Return the cautions on a weight: its unit from 100 kg, and that it is unusual."""
    if weight is None:
        return ()
    cautions = []
    if weight.unit == "kg" and weight.kg >= CHECK_UNIT_FROM_KG:
        number = weight.entered.removesuffix(" kg")
        as_lb = magnitude(quantity(Fraction(number), "lb"), "kg")
        text = (
            f"Check the unit: {weight.entered} is {_tenths(weight.lb, 'lb')}; "
            f"{number} lb is {_tenths(as_lb, 'kg')}"
        )
        cautions.append(Caution(code=CautionCode.CHECK_UNIT, text=text))
    return (*cautions, *unusual_weight(weight))


def unusual_weight(weight: Weight) -> tuple[Caution, ...]:
    """Return the caution on a weight that is unusual, and was confirmed."""
    if WEIGHT_USUAL_FROM_KG <= weight.kg <= WEIGHT_USUAL_TO_KG:
        return ()
    text = (
        f"{weight.entered} is unusual, and was confirmed: outside {WEIGHT_USUAL_FROM_KG} to "
        f"{WEIGHT_USUAL_TO_KG} kg, an engineering limit, not a clinical one."
    )
    return (Caution(code=CautionCode.WEIGHT_UNUSUAL, text=text),)


def _tenths(exact: Fraction, unit: str) -> str:
    return notation.amount(notation.half_up(exact, 1), unit)
