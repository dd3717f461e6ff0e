"""What this program is for, what it is not, and which hazards it controls."""

from typing import ClassVar, Literal

from ketaref.answers.answer import Answer, data_stamp
from ketaref.label import INTENDED_USE, INTENDED_USER, LIMITS
from ketaref.model.base import Frozen
from ketaref.model.hazard import Hazard
from ketaref.ranges.library import Library


class AboutInputs(Frozen):
    """The question: the label, or the whole log of hazards."""

    hazards: bool


class AboutResult(Frozen):
    """The intended user and use, the limits, the review, the hazards."""

    intended_user: str
    intended_use: str
    limits: tuple[str, ...]
    review: str
    hazards: tuple[Hazard, ...]


class AboutAnswer(Answer):
    """What the program is and is not."""

    kind: Literal["about"] = "about"
    inputs: AboutInputs
    results: tuple[AboutResult, ...]
    result_model: ClassVar[type[Frozen]] = AboutResult


def about_answer(
    library: Library, hazards: tuple[Hazard, ...], *, whole_log: bool = False
) -> AboutAnswer:
    """Return what the program is and is not, and who has reviewed its data."""
    result = AboutResult(
        intended_user=INTENDED_USER,
        intended_use=INTENDED_USE,
        limits=LIMITS,
        review=library.dataset.clinical_review,
        hazards=hazards,
    )
    return AboutAnswer(
        data=data_stamp(library.dataset),
        inputs=AboutInputs(hazards=whole_log),
        results=(result,),
        cautions=library.overdue(),
    )
