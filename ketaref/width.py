"""How wide a text is on a terminal, in cells: a Chinese character takes two, a combining mark none.

``len`` counts characters, and a table laid out by it loses the digits at the end of a wide text.
"""

_JOINER = "\u200d"


def width_of(text: str) -> int:
    r"""Return the number of cells a text takes.

    Parts of a joined emoji are counted one by one: many terminals show them so.

    >>> width_of("35 mg"), width_of("\u8840\u5727 160/100"), width_of("e\u0301")
    (5, 12, 1)
    """
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # loaded for such a text alone

    return cell_len(text.replace(_JOINER, ""))
