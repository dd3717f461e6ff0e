"""Quantities with units: a closed registry, and one strict grammar for what a user types."""

from ketaref.units.parse import (
    CHECK_UNIT_FROM_KG,
    WEIGHT_USUAL_FROM_KG,
    WEIGHT_USUAL_TO_KG,
    check_strength,
    check_weight,
    parse_dose,
    parse_duration,
    parse_strength,
    parse_weight,
    parse_weight_step,
)
from ketaref.units.quantities import Dose, Duration, Strength, Weight
from ketaref.units.registry import KG_PER_LB, LB_PER_STONE, magnitude, quantity

__all__ = [
    "CHECK_UNIT_FROM_KG",
    "KG_PER_LB",
    "LB_PER_STONE",
    "WEIGHT_USUAL_FROM_KG",
    "WEIGHT_USUAL_TO_KG",
    "Dose",
    "Duration",
    "Strength",
    "Weight",
    "check_strength",
    "check_weight",
    "magnitude",
    "parse_dose",
    "parse_duration",
    "parse_strength",
    "parse_weight",
    "parse_weight_step",
    "quantity",
]
