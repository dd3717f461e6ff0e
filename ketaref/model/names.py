"""The names of routes and drugs, and the exact spellings of them that a user may type."""

from enum import StrEnum


class Route(StrEnum):
    """A route, by the name that the command line and JSON use."""

    IV = "iv"
    NASAL = "nasal"
    SUBLINGUAL = "sublingual"
    INTRAMUSCULAR = "intramuscular"
    SUBCUTANEOUS = "subcutaneous"
    ORAL = "oral"

    @property
    def full_name(self) -> str:
        """The route in words: abbreviations of routes have been misread for one another."""
        return _ROUTE_NAMES.get(self, self.value)


class Drug(StrEnum):
    """A drug in the table. Racemic ketamine and esketamine are two drugs."""

    KETAMINE = "ketamine"
    ESKETAMINE = "esketamine"

    @property
    def full_name(self) -> str:
        """The drug, told apart from the other one."""
        return "racemic ketamine" if self is Drug.KETAMINE else "esketamine"

    @property
    def other(self) -> "Drug":
        """The drug that it must not be taken for."""
        return Drug.ESKETAMINE if self is Drug.KETAMINE else Drug.KETAMINE


_ROUTE_NAMES = {Route.IV: "intravenous", Route.NASAL: "intranasal"}

# Accepted spellings, case ignored. Closed: a name that is not here gets no answer. Which of the
# routes have a row, the data says; a clinic's protocol may have rows for any of them.
ROUTE_SPELLINGS = {
    "iv": Route.IV,
    "intravenous": Route.IV,
    "nasal": Route.NASAL,
    "intranasal": Route.NASAL,
    "sublingual": Route.SUBLINGUAL,
    "intramuscular": Route.INTRAMUSCULAR,
    "im": Route.INTRAMUSCULAR,
    "subcutaneous": Route.SUBCUTANEOUS,
    "subcut": Route.SUBCUTANEOUS,
    "sc": Route.SUBCUTANEOUS,
    "sq": Route.SUBCUTANEOUS,
    "oral": Route.ORAL,
    "by mouth": Route.ORAL,
    "po": Route.ORAL,
}
DRUG_SPELLINGS = {
    "ketamine": Drug.KETAMINE,
    "racemic ketamine": Drug.KETAMINE,
    "ketamine hydrochloride": Drug.KETAMINE,
    "esketamine": Drug.ESKETAMINE,
}
# What else leads to a drug's own page: brands, salts, other names of the same drug.
DRUG_WORDS = DRUG_SPELLINGS | {
    "ketamine hcl": Drug.KETAMINE,
    "racemic ketamine hydrochloride": Drug.KETAMINE,
    "ketalar": Drug.KETAMINE,
    "s-ketamine": Drug.ESKETAMINE,
    "s ketamine": Drug.ESKETAMINE,
    "esketamine hydrochloride": Drug.ESKETAMINE,
    "esketamine hcl": Drug.ESKETAMINE,
    "spravato": Drug.ESKETAMINE,
}
