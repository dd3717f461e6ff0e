"""How a test that runs a command line is named for it."""

_LONGEST = 30  # characters of an argument


def line_id(line: list[str]) -> str:
    """Return a command line as the id of a test."""
    return " ".join(argument[:_LONGEST] for argument in line)
