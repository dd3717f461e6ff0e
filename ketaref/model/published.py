"""What is published around a row of a protocol, to tell a figure that is far off."""

from decimal import Decimal
from typing import NamedTuple

from ketaref.model.doses import Basis, DoseRow
from ketaref.model.names import Drug, Route

# A fixed dose of a drug that is published per kg is compared with that range over these weights:
# the usual ones of adults here, an engineering choice.
LIGHT_KG, HEAVY_KG = 30, 200


class Around(NamedTuple):
    """The lowest and the highest figure published for something, and which they are."""

    low: Decimal
    high: Decimal
    words: str


class Published(NamedTuple):
    """The published rows."""

    rows: tuple[DoseRow, ...]

    def row(self, route: Route, drug: Drug) -> DoseRow | None:
        """Return the row of a route and a drug, or None."""
        return next((row for row in self.rows if (row.route, row.drug) == (route, drug)), None)

    def duration(self, route: Route, drug: Drug) -> tuple[Decimal, Decimal] | None:
        """Return the published duration of a route and a drug, in minutes, or None."""
        row = self.row(route, drug)
        if row is None or row.duration.low is None or row.duration.high is None:
            return None
        return row.duration.low, row.duration.high

    def around(self, route: Route, drug: Drug, basis: Basis) -> Around | None:
        """Return the figures nearest in kind: of the route, else of the drug; None if of neither.

        Not of the other drug: the two are not the same.
        """
        alike = [row for row in self.rows if row.basis is basis and row.drug is drug]
        near = [row for row in alike if row.route is route] or alike
        if near:
            low, high = min(row.low for row in near), max(row.high for row in near)
            return Around(low, high, f"{low} to {high} {near[0].unit}")
        by_weight = [r for r in self.rows if r.drug is drug and r.basis is Basis.PER_KG]
        if basis is Basis.PER_KG or not by_weight:
            return None
        low = min(row.low for row in by_weight) * LIGHT_KG
        high = max(row.high for row in by_weight) * HEAVY_KG
        words = f"{low} to {high} mg from {LIGHT_KG} to {HEAVY_KG} kg"
        return Around(low, high, words)
