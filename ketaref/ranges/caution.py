"""A caution: its code for programs, and its words. Which codes the program itself uses."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, WithJsonSchema

from ketaref.model.base import Frozen


class CautionCode(StrEnum):
    """The codes of cautions that a question calls up. Those of rows are in the data."""

    BODY_WEIGHT_MEANT = "body_weight_meant"
    CAPPED = "capped"
    CHECK_UNIT = "check_unit"
    CHECK_VIAL = "check_vial"
    DEVIATION_REASON = "deviation_reason"
    DRUG_READ_AS = "drug_read_as"
    DURATION_NOT_GIVEN = "duration_not_given"
    DURATION_OUTSIDE = "duration_outside"
    INFUSION_VOLUME = "infusion_volume"
    NEAREST_STEP = "nearest_step"
    NEAREST_VALUE = "nearest_value"
    NO_LOCAL_ROW = "no_local_row"
    NO_STEP_INSIDE = "no_step_inside"
    NOT_A_STEP = "not_a_step"
    NOT_INCLUDED = "not_included"
    NOT_MARKETED = "not_marketed"
    NOT_WHOLE_DEVICES = "not_whole_devices"
    OUTSIDE_PUBLISHED = "outside_published"
    PREPARED_SOLUTION = "prepared_solution"
    PROTOCOL_EXPIRED = "protocol_expired"
    REVIEW_OVERDUE = "review_overdue"
    ROW_LEFT_OUT = "row_left_out"
    STANDING = "standing"
    STRENGTH_NOTE = "strength_note"
    WEIGHT_UNUSUAL = "weight_unusual"


# Of two closed lists: the one above, and the one in the data, which may grow without a change here.
_CODE_SCHEMA = WithJsonSchema(
    {
        "anyOf": [
            {"enum": [code.value for code in CautionCode]},
            {
                "type": "string",
                "pattern": "^[a-z]+(_[a-z]+)*$",
                "description": "a code of the data, listed in doses.toml as caution_code",
            },
        ]
    }
)


class Caution(Frozen):
    """Something to know before the answer is used.

    Those of a row hold for every question about it; ``in_note`` where a note may not leave it out.
    """

    code: Annotated[str, _CODE_SCHEMA]
    text: str
    in_note: Annotated[bool, Field(exclude=True)] = True

    @property
    def sentence(self) -> str:
        """The words without their full stop, for a line of several."""
        return self.text.rstrip(".")
