"""What this program is for, what it is not, and what is known to be wrong with it."""

from datetime import date
from typing import ClassVar, Literal

from ketaref.document import Document, Facts, Heading, Paragraph, Points
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.hazards import Hazard
from ketaref.reports.base import (
    INTENDED_USE,
    INTENDED_USER,
    LIMITS,
    NOTICE,
    Report,
    overdue,
    stamp,
)


class AboutInputs(Frozen):
    """What was asked: the label, or the whole log of hazards."""

    hazards: bool


class AboutResult(Frozen):
    """The intended user and use, the limits, the review, the hazards."""

    intended_user: str
    intended_use: str
    limits: tuple[str, ...]
    review: str
    hazards: tuple[Hazard, ...]


class AboutReport(Report):
    """What the program is and is not."""

    kind: Literal["about"] = "about"
    inputs: AboutInputs
    results: tuple[AboutResult, ...]
    row_model: ClassVar[type[Frozen]] = AboutResult

    def body(self) -> Document:
        """Lay out the whole label, or the log of hazards."""
        about = self.results[0]
        if self.inputs.hazards:
            return (Heading("Hazards, and what is done about them", 1), *_log(about.hazards))
        hazards = tuple((h.id, f"{h.hazard}: {h.control}") for h in about.hazards)
        hash_line = (("sha256", self.data.sha256),) if self.data else ()
        return (
            Heading(f"ketaref {self.tool.version}", 1),
            Paragraph("notice in full", NOTICE),
            Facts(
                (
                    ("intended user", about.intended_user),
                    ("intended use", about.intended_use),
                    ("review", about.review),
                    *hash_line,
                )
            ),
            Points("limit", tuple(("", limit) for limit in about.limits)),
            Points("hazard and control", hazards),
        )


def _log(hazards: tuple[Hazard, ...]) -> Document:
    blocks: list[Heading | Facts] = []
    for each in hazards:
        facts = (
            ("hazard", each.hazard),
            ("cause", each.cause),
            ("effect", each.effect),
            ("control", each.control),
            ("shown by", "; ".join(map(in_words, each.tests))),
            ("what remains", each.residual),
        )
        blocks += [Heading(each.id), Facts(facts)]
    return tuple(blocks)


def in_words(test: str) -> str:
    """Return the name of a test, which is a sentence, as one.

    >>> in_words("tests/test_refusals.py::test_a_bare_number_is_not_a_weight")
    'a bare number is not a weight (tests/test_refusals.py)'
    """
    file, _, name = test.partition("::")
    return f"{name.removeprefix('test_').replace('_', ' ')} ({file})"


def about_report(
    dataset: Dataset, hazards: tuple[Hazard, ...], *, log: bool = False, today: date
) -> AboutReport:
    """Return what the program is and is not, and who has reviewed its data."""
    result = AboutResult(
        intended_user=INTENDED_USER,
        intended_use=INTENDED_USE,
        limits=LIMITS,
        review=dataset.clinical_review,
        hazards=hazards,
    )
    return AboutReport(
        data=stamp(dataset),
        inputs=AboutInputs(hazards=log),
        results=(result,),
        cautions=overdue(dataset, today),
        sources=(),
    )
