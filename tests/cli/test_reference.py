"""The door for Python programs: the same answers and refusals as on the command line."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import ketaref
from ketaref import Reference
from ketaref.answers.answer import Answer
from ketaref.label import LABEL, NOTICE
from tests.conftest import TODAY, Run
from tests.places import EXPIRED, NARROW

Question = Callable[[Reference], Answer]

# Each question as a command line, and as it is put in Python; a method that is not here fails.
QUESTIONS: list[tuple[list[str], Question]] = [
    (["routes"], lambda r: r.routes()),
    (["routes", "iv"], lambda r: r.routes("iv")),
    (["dose", "70 kg"], lambda r: r.dose("70 kg")),
    (
        ["dose", "154 lb", "-r", "iv", "-s", "50 mg/mL", "--over", "40 min", "-d", "ketamine"],
        lambda r: r.dose("154 lb", route="iv", strength="50 mg/mL", over="40 min", drug="ketamine"),
    ),
    (
        ["dose", "210 kg", "-r", "nasal", "-r", "iv", "--confirm-weight"],
        lambda r: r.dose("210 kg", route=["nasal", "iv"], confirm_weight=True),
    ),
    (
        ["check", "35 mg", "-r", "iv", "-w", "70 kg", "--over", "40 min"],
        lambda r: r.check("35 mg", route="iv", weight="70 kg", over="40 min"),
    ),
    (
        ["check", "60 mg", "-r", "nasal", "-d", "esketamine"],
        lambda r: r.check("60 mg", route="nasal", drug="esketamine"),
    ),
    (["chart"], lambda r: r.chart()),
    (
        ["chart", "-r", "sublingual", "--from", "8 st", "--to", "18 st", "--step", "1 st"],
        lambda r: r.chart("sublingual", lightest="8 st", heaviest="18 st", step="1 st"),
    ),
    (["risks"], lambda r: r.risks()),
    (["drug", "ketamine"], lambda r: r.drug("ketamine")),
    (["drug", "spravato", "--section", "age"], lambda r: r.drug("esketamine", section="age")),
    (
        ["contraindications", "--class", "precaution", "-d", "esketamine", "--jurisdiction", "US"],
        lambda r: r.contraindications("precaution", drug="esketamine", jurisdiction="US"),
    ),
    (
        ["checklist", "-r", "nasal", "--clinic", "A clinic"],
        lambda r: r.checklist("nasal", clinic="A clinic"),
    ),
    (["evidence", "long-term"], lambda r: r.evidence("long-term")),
    (
        ["trials", "-r", "iv", "--diagnosis", "ptsd"],
        lambda r: r.trials("iv", diagnosis="ptsd"),
    ),
    (["sources", "spravato-us-2019"], lambda r: r.sources("spravato-us-2019")),
    (["review"], lambda r: r.review()),
    (["about", "--hazards"], lambda r: r.about(hazards=True)),
]
IDS = [" ".join(line) for line, _ in QUESTIONS]
# Those that take a protocol. The check of one names its file instead.
WITHOUT_PROTOCOL = {
    *("risks", "contraindications", "drug", "evidence", "trials", "sources", "about"),
}


# ------------------------------------------------------------ the same as the command line


def test_every_question_of_the_reference_is_tried_here() -> None:
    methods = {
        name
        for name, _ in inspect.getmembers(Reference, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods == {line[0] for line, _ in QUESTIONS} | {"protocol_check"}


@pytest.mark.parametrize(("line", "question"), QUESTIONS, ids=IDS)
def test_an_answer_is_what_the_command_prints(
    run: Run, reference: Reference, line: list[str], question: Question
) -> None:
    answer = question(reference)
    assert answer.to_json() == run(*line, "-f", "json").stdout
    assert answer._repr_html_() == run(*line, "-f", "html").stdout


@pytest.mark.parametrize(("line", "question"), QUESTIONS, ids=IDS)
def test_an_answer_with_a_protocol_is_what_the_command_prints(
    run: Run, with_protocol: Reference, line: list[str], question: Question
) -> None:
    more = [] if line[0] in WITHOUT_PROTOCOL else ["--protocol", str(NARROW)]
    assert question(with_protocol).to_json() == run(*line, *more, "-f", "json").stdout


def test_the_check_of_a_protocol_is_what_the_command_prints(
    run: Run, with_protocol: Reference
) -> None:
    printed = run("protocol", "check", str(NARROW), "-f", "json").stdout
    assert with_protocol.protocol_check().to_json() == printed


def test_a_protocol_may_be_named_by_a_text(with_protocol: Reference) -> None:
    assert Reference.open(str(NARROW), today=TODAY) == with_protocol


def test_the_day_decides_what_has_expired() -> None:
    last = date(2026, 11, 22)  # as expired.toml says
    for day, expired in ((last, False), (last + timedelta(days=1), True)):
        answer = Reference.open(EXPIRED, today=day).routes()
        assert answer.protocol is not None
        assert answer.protocol.expired is expired
        codes = {caution.code for caution in answer.cautions}
        assert ("protocol_expired" in codes) is expired


def test_the_day_is_that_of_the_clock_unless_it_is_given() -> None:
    before = date.today()  # noqa: DTZ011 - the day that the program reads too
    opened = Reference.open().library.today
    assert before <= opened <= date.today()  # noqa: DTZ011


# ------------------------------------------------------------ answers


def inside(value: object) -> Iterator[object]:
    """Yield a value and all that it is made of."""
    yield value
    parts: Iterator[Any] = iter(())
    if isinstance(value, BaseModel):
        parts = (getattr(value, name) for name in type(value).model_fields)
    elif isinstance(value, tuple):
        parts = iter(value)
    for part in parts:
        yield from inside(part)


@pytest.mark.parametrize(("line", "question"), QUESTIONS, ids=IDS)
def test_an_answer_cannot_be_changed_anywhere(
    with_protocol: Reference, line: list[str], question: Question
) -> None:
    answer = question(with_protocol)
    before = answer.to_json()
    for part in inside(answer):
        assert not isinstance(part, list | dict | set | bytearray)
        if isinstance(part, BaseModel):
            for name in type(part).model_fields:
                with pytest.raises(ValidationError, match="frozen"):
                    setattr(part, name, None)
    assert answer.to_json() == before


def test_the_reference_cannot_be_changed(reference: Reference) -> None:
    with pytest.raises(FrozenInstanceError):
        reference.library = reference.library  # type: ignore[misc]


@pytest.mark.parametrize(("line", "question"), QUESTIONS, ids=IDS)
def test_an_answer_carries_its_label(
    reference: Reference, line: list[str], question: Question
) -> None:
    answer = question(reference)
    assert answer.notice == NOTICE
    page = answer._repr_html_()
    assert page is not None
    assert LABEL in page


def test_an_answer_is_compared_by_what_it_says(reference: Reference) -> None:
    assert reference.dose("70 kg") == reference.dose("70 kg")
    assert reference.dose("70 kg") != reference.dose("71 kg")


def test_the_package_has_the_names_that_it_lists_and_no_other() -> None:
    assert set(ketaref.__all__) == {"Reference", "__version__"}
    assert all(getattr(ketaref, name) for name in ketaref.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'Refrence'"):
        ketaref.Refrence  # noqa: B018
