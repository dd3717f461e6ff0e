"""Published ketamine ranges in anxiety: reference information, not prescribing guidance."""

__version__ = "0.1.0"
