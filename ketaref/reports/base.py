"""What every report carries, whatever it answers: the label, the data's version, the sources."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

import ketaref
from ketaref import notation
from ketaref.document import Document, Facts, Paragraph, Points
from ketaref.errors import ErrorCode
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.doses import CautionCode
from ketaref.model.sources import Citation, Source

LABEL = "Reference information, not prescribing guidance."

INTENDED_USER = "licensed clinicians and pharmacists"
INTENDED_USE = (
    "to look up ranges published for ketamine and esketamine in anxiety in adults, with their "
    "sources and how they stand, and the arithmetic for a body weight"
)
LIMITS = (
    "About adults only.",
    "Not for emergencies, overdose or anaesthesia: use local protocol.",
    "Not for patients.",
    "Not considered: age, organ function, pregnancy, interactions, other conditions, formulation.",
    "A range is what a source says, not what a patient should have. It is always shown whole.",
    "Regulatory status: not assessed in any jurisdiction.",
    "Bounds on weights and strengths are engineering choices, not clinical ones.",
    "No patient data is asked for, kept or sent; nothing is written but what -o and --rows name.",
    "An audit works in a temporary folder, and takes it away; standard input lies there meanwhile.",
)
NOTICE = (
    f"{LABEL} For {INTENDED_USER}; about adults; not for emergencies; not for patients. Not "
    "considered: age, organ function, pregnancy, interactions, other conditions, formulation. "
    "Regulatory status not assessed in any jurisdiction. See data.clinical_review for whether a "
    "clinician has reviewed it."
)


def _is_the_notice(text: str) -> str:
    if text != NOTICE:
        raise ValueError("the notice is fixed")
    return text


# A JSON number, written out: pydantic would make a text of it.
JsonNumber = Annotated[Decimal, WithJsonSchema({"type": "number"})]


class Quantity(Frozen):
    """A quantity as shown, and exactly: a decimal, or a fraction where the decimal does not end."""

    value: JsonNumber
    unit: str
    ucum: str
    exact: str


class Range(Frozen):
    """A whole range."""

    low: Quantity
    high: Quantity


class Caution(Frozen):
    """What must be said beside an answer."""

    code: CautionCode
    text: str


class Place(Frozen):
    """A source, and the place in it."""

    source_id: str
    place: str


class ErrorEntry(Frozen):
    """Why there is no answer."""

    code: ErrorCode
    message: str
    hint: str | None


class ProtocolStamp(Frozen):
    """Which clinic's protocol was laid beside the reference; ``sha256`` is without its reviews."""

    label: str
    name: str
    institution: str
    version: str
    approved_by: str
    approved: date
    expires: date
    expired: bool
    clinical_review: str
    sha256: str


class Tool(Frozen):
    """The program that answered."""

    name: Literal["ketaref"] = "ketaref"
    version: str = ketaref.__version__


class DataStamp(Frozen):
    """Which edition of the data answered; ``sha256`` is of all but the dates and the reviews."""

    version: str
    reviewed: date
    review_due: date
    clinical_review: str
    sha256: str


# What was asked calls these up; the standing cautions of a row are one command away.
HEEDED_IN_A_NOTE = frozenset(
    {
        CautionCode.CHECK_VIAL,
        CautionCode.DILUTE_FIRST,
        CautionCode.DRUG_READ_AS,
        CautionCode.DURATION_NOT_GIVEN,
        CautionCode.DURATION_OUTSIDE,
        CautionCode.ESKETAMINE_ONLY,
        CautionCode.NO_LOCAL_ROW,
        CautionCode.NOT_MARKETED,
        CautionCode.NOT_WHOLE_DEVICES,
        CautionCode.ONE_DEVICE,
        CautionCode.PREPARED_SOLUTION,
    }
)


class Report(Frozen):
    """An answer with its label, in the shape that JSON has."""

    schema_version: Literal[1] = 1
    kind: str | None
    status: Literal["ok", "error"] = "ok"
    notice: Annotated[
        str, AfterValidator(_is_the_notice), Field(json_schema_extra={"const": NOTICE})
    ] = NOTICE
    intended_use: str = INTENDED_USE
    tool: Tool = Tool()
    data: DataStamp | None
    protocol: ProtocolStamp | None = None
    inputs: Any
    results: tuple[Any, ...]
    # The protocol's own rows, each a `local_model`: beside the results, never among them. Not typed
    # so, since pydantic would then build their validators for every report without a protocol.
    local: tuple[Any, ...] = ()
    cautions: tuple[Caution, ...] = ()
    sources: tuple[Source, ...] = ()
    errors: tuple[ErrorEntry, ...] = ()

    # What one line of the CSV is: the model of a result.
    row_model: ClassVar[type[Frozen]]
    # And of one that a protocol adds.
    local_model: ClassVar[type[Frozen] | None] = None
    # Whether a page of it is wider than high.
    wide: ClassVar[bool] = False
    # The last words before the label, if the report has any.
    closing: ClassVar[str] = ""
    # Which of its cautions the body has already said.
    in_body: ClassVar[tuple[CautionCode, ...]] = ()

    def body(self) -> Document:
        """Return the report's own part of the document."""
        raise NotImplementedError

    def document(self) -> Document:
        """Return the report laid out, with the label as its last words."""
        cautions = tuple(("", c.text) for c in self.cautions if c.code not in self.in_body)
        return (
            *self.body(),
            *([Points("caution", cautions)] if cautions else []),
            Facts((("data", self._edition()),)),
            *([Paragraph("limit", self.closing)] if self.closing else []),
            Paragraph("notice", LABEL),
        )

    def _edition(self) -> str:
        if self.data is None:
            return "none could be read"
        return (
            f"version {self.data.version}, read against its sources {self.data.reviewed}, to be "
            f"read again by {self.data.review_due}; {self.data.clinical_review}"
        )

    def constants(self) -> dict[str, str]:
        """Return what every line of the CSV repeats, beside the results."""
        return {}

    def local_constants(self) -> dict[str, str]:
        """Return the same for a line of a protocol's own."""
        return self.constants()

    def note(self) -> tuple[str, ...]:
        """Return the lines to paste into a record, two for each result."""
        raise NotImplementedError

    def heeded(self, cautions: Iterable[Caution]) -> list[str]:
        """Return the cautions that a note must not leave out: the report's own, and these codes."""
        ours = [c.text for c in cautions if c.code in HEEDED_IN_A_NOTE]
        return [text.rstrip(".") for text in (*ours, *(c.text for c in self.cautions))]

    def note_ending(self) -> str:
        """Return what ends a note: the data's version, its review, the label."""
        if self.data is None:
            return LABEL
        edition = f"data {self.data.version} of {self.data.reviewed}"
        return f"{edition}, {self.data.clinical_review}. {LABEL}"


def stamp(dataset: Dataset) -> DataStamp:
    """Return the edition of the data, as reports carry it."""
    return DataStamp(
        version=dataset.edition.version,
        reviewed=dataset.edition.reviewed,
        review_due=dataset.edition.review_due,
        clinical_review=dataset.clinical_review,
        sha256=dataset.sha256,
    )


def overdue(dataset: Dataset, today: date) -> tuple[Caution, ...]:
    """Return the caution that every report carries once the data should have been read again."""
    due = dataset.edition.review_due
    if today <= due:
        return ()
    text = f"This data was to be read again by {due}; today is {today}. Check every figure."
    return (Caution(code=CautionCode.REVIEW_OVERDUE, text=text),)


def cited(dataset: Dataset, source_ids: Iterable[str]) -> tuple[Source, ...]:
    """Return the sources with these ids, each once, in the order of the data."""
    wanted = set(source_ids)
    return tuple(source for source in dataset.sources if source.id in wanted)


def shown(value: Decimal, exact: Fraction, unit: str) -> Quantity:
    """Return a quantity whose shown value was rounded from an exact one."""
    value = Decimal(notation.plain(value))
    return Quantity(value=value, unit=unit, ucum=notation.UCUM[unit], exact=notation.exact(exact))


def as_is(value: Decimal, unit: str) -> Quantity:
    """Return a quantity that is shown exactly."""
    return shown(value, Fraction(value), unit)


def inward(ends: tuple[Fraction, Fraction], unit: str) -> Range:
    """Return a range rounded inward, with its exact ends."""
    low, high = notation.inward(*ends, unit)
    return Range(low=shown(low, ends[0], unit), high=shown(high, ends[1], unit))


def in_words(span: Range) -> str:
    """Return a range for people."""
    return notation.span(span.low.value, span.high.value, span.low.unit)


def places(citations: Iterable[Citation]) -> tuple[Place, ...]:
    """Return citations as data."""
    return tuple(Place(source_id=c.source_id, place=c.place) for c in citations)


def ids_of(citations: Iterable[Citation]) -> tuple[str, ...]:
    """Return the ids of the sources cited, each once."""
    return tuple(dict.fromkeys(citation.source_id for citation in citations))


def places_in_words(citations: Iterable[Place]) -> str:
    """Return citations for people."""
    return "; ".join(f"{place.source_id}, {place.place}" for place in citations)
