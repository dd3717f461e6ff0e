"""The units a user may type: their spellings, and how many digits each takes."""

from typing import NamedTuple


class Unit(NamedTuple):
    """A unit that a user may type: how it is spelled, and how many digits it takes."""

    symbol: str
    before: int  # digits before the point
    after: int  # digits after it
    spellings: tuple[str, ...]


STONE_DIGITS = 2

# fmt: off
WEIGHT_UNITS = (
    Unit("kg", 3, 3, ("kg", "Kg", "KG", "kgs", "kilogram", "kilograms")),
    Unit("lb", 3, 3, ("lb", "lbs", "pound", "pounds")),
    Unit("st", STONE_DIGITS, 0, ("st", "stone")),
)
DOSE_UNITS = (
    Unit("mg",  4, 3, ("mg", "milligram", "milligrams")),
    Unit("mcg", 7, 3, ("mcg", "ug", "microgram", "micrograms")),
    Unit("g",   1, 6, ("g", "gram", "grams")),
)
STRENGTH_UNITS = (
    Unit("mg per mL", 3, 3, ("mg/mL", "mg per mL")),
)
DURATION_UNITS = (
    Unit("min", 4, 1, ("min", "mins", "minute", "minutes")),
    Unit("h",   2, 2, ("h", "hr", "hour", "hours")),
)
# fmt: on

# Not accepted, but asked about. A closed list, not the nearest spelling: that would turn a grain
# into a gram, or mcg/mL into mg/mL.
SLIPS = {
    "kg": ("kilo", "kilos", "kilogramme", "kilogrammes", "kgm", "kgms"),
    "lb": ("pund", "punds", "lbm"),
    "st": ("stones", "sts"),
    "mg": ("mgs", "mgm", "mgms", "milligramme", "milligrammes"),
    "mcg": ("mcgs", "ugs", "microgramme", "microgrammes"),
    "g": ("gm", "gms", "gramme", "grammes"),
    "mg per mL": ("mgs/ml", "mg/mls", "mgml", "milligram/ml", "milligrams per ml"),
    "min": ("minits", "minuts"),
    "h": ("hrs", "houer", "houers"),
}

# Case is ignored, but not here: SI gives a capital a meaning of its own (Mg is a megagram).
_CASE_MATTERS = frozenset({"kg", "mg", "mg/ml", "mg per ml"})


class Kind(NamedTuple):
    """A kind of quantity: what messages call it, the units it takes, and examples to type."""

    name: str
    units: tuple[Unit, ...]
    examples: tuple[str, str]


WEIGHT = Kind("weight", WEIGHT_UNITS, ("{} kg", "{} lb"))
DOSE = Kind("dose", DOSE_UNITS, ("{} mg", "{} mcg"))
STRENGTH = Kind("strength", STRENGTH_UNITS, ("{} mg/mL", "{} mg per mL"))
DURATION = Kind("duration", DURATION_UNITS, ("{} min", "{} h"))
KINDS = (WEIGHT, DOSE, STRENGTH, DURATION)


def case_matters(word: str) -> bool:
    """Return whether a spelling is read only as it is written."""
    return word.lower() in _CASE_MATTERS


def look_up(word: str, kind: Kind) -> Unit | None:
    """Return the unit of this kind that the word spells, or None."""
    for unit in kind.units:
        if word in unit.spellings:
            return unit
        if word.lower() in unit.spellings and not case_matters(word):
            return unit
    return None
