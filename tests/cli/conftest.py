"""The reference as Python programs open it: it cannot be changed, so that tests may share it."""

import pytest

from ketaref import Reference
from tests.conftest import TODAY
from tests.places import NARROW


@pytest.fixture(scope="session")
def reference() -> Reference:
    """Return the reference as it is shipped."""
    return Reference.open(today=TODAY)


@pytest.fixture(scope="session")
def with_protocol() -> Reference:
    """Return the reference with a clinic's protocol."""
    return Reference.open(NARROW, today=TODAY)
