"""The page of what the program is for, or of the whole log of hazards."""

from ketaref.answers.about import AboutAnswer
from ketaref.document import Document, Facts, Heading, Paragraph, Points
from ketaref.label import NOTICE
from ketaref.model.hazard import Hazard


def body(answer: AboutAnswer) -> Document:
    """Lay out the whole label, or the log of hazards."""
    about = answer.results[0]
    if answer.inputs.hazards:
        return (Heading("Hazards, and what is done about them", 1), *_log(about.hazards))
    hazards = tuple((h.id, f"{h.hazard}: {h.control}") for h in about.hazards)
    hash_line = (("sha256", answer.data.sha256),) if answer.data else ()
    return (
        Heading(f"ketaref {answer.tool.version}", 1),
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
            ("shown by", "; ".join(map(sentence_of, each.tests))),
            ("residual risk", each.residual),
        )
        blocks += [Heading(each.id), Facts(facts)]
    return tuple(blocks)


def sentence_of(test: str) -> str:
    """Return the name of a test, which is a sentence, as one.

    >>> sentence_of("tests/unit/test_refusals.py::test_a_bare_number_is_not_a_weight")
    'a bare number is not a weight (tests/unit/test_refusals.py)'
    """
    file, _, name = test.partition("::")
    return f"{name.removeprefix('test_').replace('_', ' ')} ({file})"
