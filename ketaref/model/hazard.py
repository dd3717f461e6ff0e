"""What could hurt somebody, and what is done about it."""

from typing import Annotated

from pydantic import Field

from ketaref.model.base import Frozen, Name, Text


class Hazard(Frozen):
    """A hazard, its cause and effect, its control, the tests that show it, and what remains."""

    id: Name
    hazard: Text
    cause: Text
    effect: Text
    control: Text
    residual: Text
    tests: Annotated[tuple[Text, ...], Field(min_length=1)]
