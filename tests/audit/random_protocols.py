"""Random protocols, with weights and doses at their boundaries: on a step, halfway, at an end.

From a seed; no clinic's, and no patient's.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import NamedTuple

from ketaref.model.names import Drug, Route
from tests.audit.doses import KG, MG, Line
from tests.audit.reckoner import Ends, Reckoned, Row

# An audit takes one row of each.
ROUTES_AND_DRUGS = [(route, drug) for route in Route for drug in Drug]

_HEAD = """\
[protocol]
name = "Random rows"
institution = "No clinic"
version = "1"
approved_by = "Nobody"
approved = 2026-01-15
expires = 2027-01-15
"""
_DIVISORS = ("0.5", "0.25", "0.2", "0.4", "0.1", "1", "0.8", "0.001")  # their quotients end
_STEPS = ("5", "2.5", "10", "1", "0.5", "0.25", "0.1", "7", "0.3", "15", "12.5", "28", "100")
_MAXIMA = ("50", "50.5", "40", "35.25", "100", "84", "7.5", "200", "0.05", "0.04")
_MOST = {True: Fraction(1000), False: Fraction("9999.999")}  # mg/kg, and mg
_DECIMALS = 9  # that a number of a table may have
_LEAST_KG, _TYPICAL_KG, _MOST_KG = 20, 80, 350


class LocalRow(NamedTuple):
    """A row of a protocol: its terms, and for which route and drug."""

    route: Route
    drug: Drug
    terms: Row

    @property
    def id(self) -> str:
        """What the protocol calls it."""
        return f"row-{self.route}-{self.drug}"

    def toml(self) -> str:
        """Return the row as it stands in a protocol's file."""
        terms = self.terms
        lines = [
            "[[row]]",
            f'id = "{self.id}"',
            f'route = "{self.route}"',
            f'drug = "{self.drug}"',
            f'basis = "{"per_kg" if terms.per_kg else "fixed"}"',
            f"low = {plain(terms.low)}",
            f"high = {plain(terms.high)}",
            f'unit = "{"mg/kg" if terms.per_kg else "mg"}"',
            'outside_published_range_reason = "random figures"',
            'sources = [{ title = "None", place = "none" }]',
        ]
        if self.route is Route.IV:
            lines.append('duration = { low = 40, high = 60, unit = "min" }')
        if terms.per_kg:
            lines.append('body_weight = "actual"')
        for name, value in (("maximum", terms.maximum), ("rounding_step", terms.step)):
            if value is not None:
                lines.append(f'{name} = {{ value = {plain(value)}, unit = "mg" }}')
        return "\n".join(lines) + "\n"


class BodyWeight(NamedTuple):
    """A body weight as it stands in a table."""

    number: Decimal
    unit: str

    @property
    def kg(self) -> Fraction:
        """The exact number of kg."""
        return Fraction(self.number) * KG[self.unit]


class GivenDose(NamedTuple):
    """A dose as it stands in a table."""

    number: Decimal
    unit: str

    @property
    def mg(self) -> Fraction:
        """The exact number of mg."""
        return Fraction(self.number) * MG[self.unit]


def toml(rows: Iterable[LocalRow]) -> str:
    """Return a protocol's file."""
    return "\n".join((_HEAD, *(row.toml() for row in rows)))


def line(row: LocalRow, weight: BodyWeight, dose: GivenDose) -> Line:
    """Return a dose given by a row, as a line of a table."""
    return Line(
        row.route, row.drug, f"{dose.number:f}", dose.unit, f"{weight.number:f}", weight.unit
    )


def plain(value: Fraction) -> str:
    """Return a number whose decimal ends, without an exponent."""
    return f"{_decimal(value):f}"


def random_rows(random: Random) -> list[LocalRow]:
    """Return a row for each route and drug."""
    return [LocalRow(route, drug, _terms(random)) for route, drug in ROUTES_AND_DRUGS]


def _terms(random: Random) -> Row:
    per_kg = random.random() < 0.8
    largest = random.choice((1, 1, 2, 30, 900) if per_kg else (30, 100, 9000))
    low = random.choice((_figure(random, largest), Fraction(random.choice(_DIVISORS))))
    high = random.choice((low, low + Fraction(1, 1000), low * 2, low + _figure(random, largest)))
    high = min(high, _MOST[per_kg])
    typical = _TYPICAL_KG if per_kg else 1
    step = maximum = None
    if random.random() < 0.6:
        wider = (high - low) * typical * random.randint(2, 6)  # than the range: no multiple in it
        steps = (Fraction(random.choice(_STEPS)), _figure(random, 20), _tenths(wider))
        step = _valid(random.choice(steps))
    if random.random() < 0.6:
        near = _tenths(high * typical * Fraction(random.randint(5, 20), 10))
        unit = step or Fraction(1)
        multiple = max(round(near / unit), 1) * unit
        maxima = (Fraction(random.choice(_MAXIMA)), near, multiple, multiple + unit / 2)
        maximum = _valid(random.choice(maxima))
        if maximum and not per_kg and maximum < high:
            maximum = None
    return Row(per_kg, low, high, maximum, step)


def _tenths(value: Fraction) -> Fraction:
    return Fraction(round(value * 10), 10)


def _valid(amount: Fraction) -> Fraction | None:
    typed = (amount * 1000).denominator == 1
    return amount if typed and 0 < amount < _MOST[False] else None


def _figure(random: Random, largest: int) -> Fraction:
    """Return a number above 0 with up to 3 decimals, and mostly with few."""
    scale: int = 10 ** random.choice((0, 1, 1, 2, 3))
    return Fraction(random.randint(1, largest * scale), scale)


def random_weights(random: Random, row: Row, count: int) -> list[BodyWeight]:
    """Return weights for a row: half of them at its boundaries, where it has any."""
    at_boundaries = list(_weights_at_boundaries(random, row)) if row.per_kg else []
    chosen = random.sample(at_boundaries, min(len(at_boundaries), count // 2))
    return chosen + [_any_weight(random) for _ in range(count - len(chosen))]


def _weights_at_boundaries(random: Random, row: Row) -> Iterator[BodyWeight]:
    """Yield weights for which an end is a multiple of the step, halfway, or the maximum."""
    unit = row.step or random.choice((Fraction(1), Fraction(1, 10)))
    boundaries = [Fraction(10)]  # from here on, one value is rounded to whole mg
    if row.maximum:
        boundaries += [row.maximum, row.maximum - unit / 2, row.maximum - unit / 4]
    for end in dict.fromkeys((row.low, row.high, (row.low + row.high) / 2)):
        least, most = (end * kg / unit * 2 for kg in (_LEAST_KG, _MOST_KG))
        multiples = [Fraction(random.randint(int(least), int(most)), 2) * unit for _ in range(6)]
        for dose in (*boundaries, *multiples):
            kg = dose / end
            if _LEAST_KG <= kg <= _MOST_KG:  # exactly so, or to the last decimal
                yield BodyWeight(Decimal(int(kg * 10**_DECIMALS)).scaleb(-_DECIMALS), "kg")


def _any_weight(random: Random) -> BodyWeight:
    unit = random.choice(("kg", "kg", "lb", "st"))
    if unit == "st":
        return BodyWeight(Decimal(random.randint(4, 55)), unit)
    places = random.choice((0, 1, 3, _DECIMALS))
    least, most = (Fraction(kg) / KG[unit] * 10**places for kg in (_LEAST_KG, _MOST_KG))
    ends = (int(least) + 1, int(most))
    number = random.choice((random.randint(*ends), random.randint(*ends), *ends))
    return BodyWeight(Decimal(number).scaleb(-places), unit)


def doses_at(random: Random, reckoned: Reckoned) -> list[GivenDose]:
    """Return doses at each end of what a row comes to, and one last place to both sides of it.

    In any unit, with as many decimals as a number of a table may have.
    """
    ends: list[Ends] = [reckoned.accepted, reckoned.limited, reckoned.rounded or reckoned.accepted]
    found = {}
    for end in dict.fromkeys(end for pair in ends for end in pair):
        unit = random.choice(list(MG))
        whole = int(end / MG[unit] * 10**_DECIMALS)
        for number in (whole - 1, whole, whole + 1):
            if number > 0:
                dose = GivenDose(Decimal(number).scaleb(-_DECIMALS), unit)
                found[dose.mg] = dose
    return list(found.values())


def _decimal(value: Fraction) -> Decimal:
    scaled = value * 10**_DECIMALS
    if scaled.denominator != 1:
        raise ValueError(f"{value} has more than {_DECIMALS} decimals")
    return Decimal(scaled.numerator).scaleb(-_DECIMALS).normalize()
