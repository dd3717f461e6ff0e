"""What can go wrong, in the words a user reads, and the exit status each case ends with.

An error says what was read, what is accepted, and where it can, what was probably meant, as a
question. Only ``ketaref.cli`` prints one or exits.
"""

from enum import IntEnum, StrEnum


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

    CHART_ENDS = "chart_ends"
    CHART_TOO_LONG = "chart_too_long"
    CHART_UNITS = "chart_units"
    DATA_INVALID = "data_invalid"
    DEFECT = "defect"
    DRUG_NOT_OF_ROUTE = "drug_not_of_route"
    DRUG_UNKNOWN = "drug_unknown"
    FIXED_DOSE = "fixed_dose"
    FORMAT_DISAGREES = "format_disagrees"
    FORMAT_NOT_HERE = "format_not_here"
    KIND_UNKNOWN = "kind_unknown"
    NOT_POSITIVE = "not_positive"
    NOT_A_QUANTITY = "not_a_quantity"
    OUTPUT_ENDING = "output_ending"
    OUTPUT_EXISTS = "output_exists"
    OUTPUT_FAILED = "output_failed"
    RATE_NOT_APPLICABLE = "rate_not_applicable"
    ROUTE_NOT_INCLUDED = "route_not_included"
    ROUTE_UNKNOWN = "route_unknown"
    SOURCE_UNKNOWN = "source_unknown"
    STRENGTH_RANGE = "strength_range"
    TOO_LONG = "too_long"
    TOO_MANY_DIGITS = "too_many_digits"
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

    def __init__(self, problems: tuple[str, ...]) -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(
            ErrorCode.DATA_INVALID,
            f"the data files have {count}: " + "; ".join(problems),
            "install ketaref again, or correct the file named",
        )
        self.problems = problems


ECHO_LENGTH = 40  # longer than any accepted quantity; a message stays readable


def echo(text: str) -> str:
    r"""Return the user's text as a message may repeat it: printable, one line, not too long.

    Control characters, bidirectional overrides and lone surrogates are left out.

    >>> echo("70\x1b[31m kg")
    '70[31m kg'
    """
    spaced = "".join(" " if character.isspace() else character for character in text)
    printable = "".join(character for character in spaced if character.isprintable())
    if len(printable) <= ECHO_LENGTH:
        return printable
    return f"{printable[:ECHO_LENGTH]}... ({len(text):,} characters)"
