"""What guidelines, professional bodies and agencies say of ketamine, as far as they were read."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from ketaref.model.base import Name, Text
from ketaref.model.source import Citation


class Stance(StrEnum):
    """What a text says for or against; of what was not read, nothing is known."""

    FOR = "for"
    WITH_LIMITS = "for, with limits"
    NOT_FIRST_LINE = "not first line"
    CONDITIONS = "conditions of use only"  # how, not whether
    AGAINST = "against"
    WARNING = "warning"
    REPLACED = "replaced"
    SILENT = "silent in the part read"
    NOT_READ = "not read"


class Guideline(Citation):
    """What one guideline says, and where; its title and how it was read are its source's.

    ``year`` is the guideline's own, which a summary of it may not share.
    """

    id: Name
    body: Text
    year: Annotated[StrictInt, Field(ge=1800, le=2100)] | None = None
    condition: Text
    drug: Literal["ketamine", "esketamine", "both", "none named", "not read"]
    route: Text | None = None
    stance: Stance
    says: Text
