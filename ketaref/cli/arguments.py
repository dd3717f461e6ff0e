"""What was typed, before typer reads it: a quantity of several words is one argument."""

import re
from collections.abc import Iterable
from itertools import islice

# A number, as typed after an option or by itself. Also one that will be refused: so that the
# refusal is about all of what was typed, "70,5 kg" and not "70,5".
_NUMBER = r"[.,]?[0-9][0-9.,_']*(?:[eE][+-]?[0-9]+)?"
_STARTS = re.compile(rf"(?:--[a-z-]+=|-[a-z]=?)?{_NUMBER}", re.ASCII)
_STONE = re.compile(rf"(?:--[a-z-]+=|-[a-z]=?)?{_NUMBER} ?(?:st|stones?)", re.ASCII | re.IGNORECASE)
_POUNDS = re.compile(rf"{_NUMBER} ?(?:lbs?|pounds?)", re.ASCII | re.IGNORECASE)


def joined(arguments: list[str]) -> list[str]:
    """Return the arguments with each number and the unit after it as one.

    >>> joined(["check", "35", "mg", "-w", "11", "st", "4", "lb", "-s", "50", "mg", "per", "mL"])
    ['check', '35 mg', '-w', '11 st 4 lb', '-s', '50 mg per mL']
    """
    if not any(_STARTS.fullmatch(argument) or _STONE.fullmatch(argument) for argument in arguments):
        return arguments
    quantities: list[str] = []
    left = list(arguments)
    while left:
        taken = _one_quantity(left)
        words, left = left[:taken], left[taken:]
        quantity = " ".join(words)
        if quantities and _STONE.fullmatch(quantities[-1]) and _POUNDS.fullmatch(quantity):
            quantities[-1] += f" {quantity}"
        else:
            quantities.append(quantity)
    return quantities


def _one_quantity(words: list[str]) -> int:
    """Return how many of the words, from the first on, are one quantity."""
    if not _STARTS.fullmatch(words[0]):
        return 1
    following = [word.lower() if word.isascii() else word for word in islice(words, 1, 4)]
    if following[:1] and following[0] in _unit_words():
        return 4 if following[1:2] == ["per"] and following[2:] else 2
    return 1


def _unit_words() -> Iterable[str]:
    from ketaref.units.spellings import KINDS, SLIPS

    for kind in KINDS:
        for unit in kind.units:
            yield from map(str.lower, unit.spellings)
            yield from SLIPS[unit.symbol]
