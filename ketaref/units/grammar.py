"""What a typed quantity looks like, as patterns: digits 0 to 9, ASCII letters."""

import re

# Tab, no-break, thin and narrow no-break spaces come with what is copied from a page or a cell.
SPACES = re.compile("[ \t\u00a0\u2009\u202f]+")
NUMBER = r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
QUANTITY = re.compile(rf"({NUMBER}) ?([A-Za-z]+(?:(?:/| per )[A-Za-z]+)?)")
STONE = re.compile(
    r"(0|[1-9][0-9]*) ?(?:st|stone) ?(0|[1-9][0-9]*) ?(?:lbs?|pounds?)", re.IGNORECASE | re.ASCII
)
