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
# What people type for a route and is none, or is not safe to guess: why, and what to type instead.
_FORM = "it is a form, and no product of it is approved"
_SPRAY = "say which drug: the nasal row is esketamine"
_PUSH = "the intravenous row is an infusion over 40 to 60 minutes, never an injection at once"
ROUTE_WORDS = {
    "troche": (_FORM, "-r sublingual, if it is held under the tongue"),
    "lozenge": (_FORM, "-r sublingual, if it is held under the tongue"),
    "wafer": (_FORM, "-r sublingual, if it is held under the tongue"),
    "rapid dissolve tablet": (_FORM, "-r sublingual, if it is held under the tongue"),
    "buccal": ("no buccal row is published", None),
    "sl": ("the abbreviation has been misread", "-r sublingual"),
    "in": ("the abbreviation has been misread", "-r nasal -d esketamine"),
    "spray": (_SPRAY, "-r nasal -d esketamine"),
    "nasal spray": (_SPRAY, "-r nasal -d esketamine"),
    "spravato": ("it is a product", "-r nasal -d esketamine"),
    "ketalar": ("it is a product", "-r iv, if it is infused"),
    "infusion": ("say into what", "-r iv, if into a vein"),
    "drip": ("say into what", "-r iv, if into a vein"),
    "push": (_PUSH, None),
    "iv push": (_PUSH, None),
    "bolus": (_PUSH, None),
    "iv bolus": (_PUSH, None),
}
DRUG_SPELLINGS = {
    "ketamine": Drug.KETAMINE,
    "racemic ketamine": Drug.KETAMINE,
    "ketamine hydrochloride": Drug.KETAMINE,
    "esketamine": Drug.ESKETAMINE,
}
# Other words for them that people type: a brand, a salt, an older name.
DRUG_WORDS = {
    "ketamine hcl": Drug.KETAMINE,
    "racemic ketamine hydrochloride": Drug.KETAMINE,
    "ketalar": Drug.KETAMINE,
    "esketamine hydrochloride": Drug.ESKETAMINE,
    "esketamine hcl": Drug.ESKETAMINE,
    "s-ketamine": Drug.ESKETAMINE,
    "s ketamine": Drug.ESKETAMINE,
    "spravato": Drug.ESKETAMINE,
}
