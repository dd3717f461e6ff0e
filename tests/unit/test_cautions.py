"""The words of cautions on a strength."""

from decimal import Decimal

import pytest

from ketaref.model.dataset import Dataset
from ketaref.model.names import Drug
from ketaref.ranges.cautions import strength_cautions
from ketaref.store import load_dataset
from ketaref.units import parse_strength


def with_marketed(*values: str) -> Dataset:
    """Return the dataset with marketed strengths of ketamine of these values alone."""
    dataset = load_dataset()
    known = dataset.marketed(Drug.KETAMINE)[0]
    strengths = [known.model_copy(update={"value": Decimal(value)}) for value in values]
    return dataset.model_copy(update={"strengths": tuple(strengths)})


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((), "Check the vial: no marketed strength of racemic ketamine is listed here."),
        (("10",), "Check the vial: 10 mg per mL is marketed."),
        (("10", "50"), "Check the vial: 10 and 50 mg per mL are marketed."),
        (("10", "50", "100"), "Check the vial: 10, 50 and 100 mg per mL are marketed."),
    ],
)
def test_the_vials_that_are_marketed_are_listed_as_a_sentence(
    values: tuple[str, ...], text: str
) -> None:
    first, *_ = strength_cautions(with_marketed(*values), Drug.KETAMINE, parse_strength("50 mg/mL"))
    assert first.text == text
