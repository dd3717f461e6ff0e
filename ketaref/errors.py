"""What can go wrong, in the words a user reads, and the exit status each case ends with.

An error says what was read, what is accepted, and where it can, what was probably meant, as a
question. Only ``ketaref.cli`` prints one or exits.
"""

from enum import IntEnum, StrEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """The exit statuses of ``ketaref``."""

    DONE = 0
    DEFECT = 1
    REFUSED = 2
    OUTSIDE = 3
    BAD_DATA = 4
    INTERRUPTED = 130


class ErrorCode(StrEnum):
    """The closed list of error codes: the stable part of an error, for programs."""

    AUDIT_AMBIGUOUS = "audit_ambiguous"
    AUDIT_BEYOND = "audit_beyond"
    AUDIT_COLUMNS = "audit_columns"
    AUDIT_INPUT = "audit_input"
    CHART_ENDS = "chart_ends"
    CHART_TOO_LONG = "chart_too_long"
    CHART_UNITS = "chart_units"
    CLASS_UNKNOWN = "class_unknown"
    DATA_INVALID = "data_invalid"
    DEFECT = "defect"
    DIAGNOSIS_UNKNOWN = "diagnosis_unknown"
    DRUG_MISSING = "drug_missing"
    DRUG_NOT_OF_ROUTE = "drug_not_of_route"
    DRUG_UNKNOWN = "drug_unknown"
    DURATION_MISSING = "duration_missing"
    FIXED_DOSE = "fixed_dose"
    FORMAT_DISAGREES = "format_disagrees"
    FORMAT_NOT_HERE = "format_not_here"
    INFUSION_STRENGTH = "infusion_strength"
    JURISDICTION_UNKNOWN = "jurisdiction_unknown"
    KIND_UNKNOWN = "kind_unknown"
    NOT_POSITIVE = "not_positive"
    NOT_A_QUANTITY = "not_a_quantity"
    NOT_INSTALLED = "not_installed"
    OUTPUT_ENDING = "output_ending"
    OUTPUT_EXISTS = "output_exists"
    OUTPUT_FAILED = "output_failed"
    PDF_TO_TERMINAL = "pdf_to_terminal"
    PROTOCOL_INVALID = "protocol_invalid"
    RATE_NOT_APPLICABLE = "rate_not_applicable"
    ROUTE_NOT_INCLUDED = "route_not_included"
    ROUTE_UNKNOWN = "route_unknown"
    SECTION_UNKNOWN = "section_unknown"
    SOURCE_UNKNOWN = "source_unknown"
    STRENGTH_RANGE = "strength_range"
    TEXT_TOO_LONG = "text_too_long"
    TOO_LONG = "too_long"
    TOO_MANY_DIGITS = "too_many_digits"
    TOPIC_UNKNOWN = "topic_unknown"
    UNIT_MISSING = "unit_missing"
    UNIT_UNKNOWN = "unit_unknown"
    USAGE = "usage"
    VOLUME_NOT_APPLICABLE = "volume_not_applicable"
    WEIGHT_MISSING = "weight_missing"
    WEIGHT_RANGE = "weight_range"
    WEIGHT_UNUSUAL = "weight_unusual"


class KetarefError(Exception):
    """Any refusal or failure that ketaref explains itself.

    ``message`` says what is wrong, ``hint`` what to type instead (a question where it is a guess),
    and ``code`` is for programs.
    """

    exit_code = ExitCode.DEFECT

    def __init__(self, code: ErrorCode, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class InputError(KetarefError):
    """The user asked for something that is refused: a quantity, a name, a combination."""

    exit_code = ExitCode.REFUSED


class OutputError(KetarefError):
    """The report could not be put where the user wanted it; nothing was left half written."""

    exit_code = ExitCode.REFUSED


class DataError(KetarefError):
    """The data files are wrong; every problem found is in ``problems``, with file and row."""

    exit_code = ExitCode.BAD_DATA
    what: ClassVar[str] = "the data files have"
    remedy: ClassVar[str] = "install ketaref again, or correct the file named"
    invalid: ClassVar[ErrorCode] = ErrorCode.DATA_INVALID

    def __init__(self, problems: tuple[str, ...]) -> None:
        problems = tuple(printable(problem) for problem in problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        self.summary = f"{self.what} {count}"
        super().__init__(self.invalid, f"{self.summary}: {'; '.join(problems)}", self.remedy)
        self.problems = problems


class ProtocolError(DataError):
    """A clinic's protocol file is wrong, or does not hold today; nothing of it was used."""

    what = "the protocol file has"
    remedy = "correct the file; nothing of it was used; `ketaref protocol new` prints a template"
    invalid = ErrorCode.PROTOCOL_INVALID


ECHO_LENGTH = 40  # longer than any accepted quantity; a message stays readable

_JOINERS = "\u200c\u200d"  # unprintable by themselves, but part of Persian, Hindi and emoji


def printable(text: str) -> str:
    r"""Return the user's text on one line, without what a terminal or a page could be tricked by.

    Control characters, bidirectional overrides and lone surrogates are left out.

    >>> printable("70\x1b[31m kg\n")
    '70[31m kg '
    """
    spaced = "".join(" " if character.isspace() else character for character in text)
    return "".join(c for c in spaced if c.isprintable() or c in _JOINERS)


def echo(text: str) -> str:
    """Return the user's text as a message may repeat it: printable, and not too long."""
    shown = printable(text)
    if len(shown) <= ECHO_LENGTH:
        return shown
    return f"{shown[:ECHO_LENGTH]}... ({len(text):,} characters)"
