"""A few hundred broken inputs of each kind; ``python -m tests.release.fuzz`` tries many more."""

import pytest

from tests.release import fuzz


@pytest.mark.parametrize(
    ("kind", "count"), [("quantities", 2_000), ("protocols", 400), ("data", 100)]
)
def test_broken_input_is_answered_or_refused(kind: str, count: int) -> None:
    found, slowest = fuzz.run(kind, range(count), seed=20261123)
    assert slowest < 1
    assert found.total() == count
    assert found["accepted"]
    assert found["refused"] > found["accepted"] / 10
