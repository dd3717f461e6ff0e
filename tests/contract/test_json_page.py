"""docs/json.md is true: each block is a part of what its command prints, each key is explained."""

import json
import re
from typing import Any

import pytest

from ketaref.answers.schema import KINDS
from ketaref.errors import ExitCode
from tests.contract.readme_examples import printed
from tests.contract.test_json import ENVELOPE
from tests.places import DOCS

PAGE = (DOCS / "json.md").read_text(encoding="ascii")
EXAMPLES = re.findall(r"(?:`(ketaref [^`]+)`\n\n)?```json\n(.*?)```", PAGE, re.DOTALL)


def left_of(part: Any, whole: Any) -> Any:
    """Return the whole with only the keys and the first items that the part has."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return {key: left_of(part[key], whole[key]) for key in part if key in whole}
    if isinstance(part, list) and part and isinstance(whole, list):
        return [left_of(one, other) for one, other in zip(part, whole, strict=False)]
    return whole


def test_every_block_is_a_part_of_what_its_command_prints() -> None:
    command, answers = "", 0
    for named, block in EXAMPLES:
        command = named or command
        part = json.loads(block)
        # A refusal is said to people too, after the answer.
        answer, _ = json.JSONDecoder().raw_decode(printed(command))
        assert left_of(part, answer) == part, command
        answers += 1
    assert answers == PAGE.count("```json") >= 6


@pytest.mark.parametrize("wrong", ['{"a": [1, 2]}', '{"a": [], "b": 1}', '{"a": [2]}'])
def test_a_block_that_says_more_or_other_than_the_answer_is_noticed(wrong: str) -> None:
    part = json.loads(wrong)
    assert left_of(part, {"a": [1]}) != part


@pytest.mark.parametrize("name", [*ENVELOPE, *KINDS])
def test_every_key_of_the_envelope_and_every_kind_is_explained(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_status_is_there(code: ExitCode) -> None:
    assert f"\n| {code.value} | " in PAGE
