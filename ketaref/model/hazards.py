"""What could hurt somebody, and what is done about it."""

from typing import Annotated

from annotated_types import Len

from ketaref.model.base import Frozen, Name, Text


class Hazard(Frozen):
    """A hazard, its cause, its control, and the tests that show the control."""

    id: Name
    hazard: Text
    cause: Text
    control: Text
    tests: Annotated[tuple[Text, ...], Len(min_length=1)]
