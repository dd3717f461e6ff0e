"""The command line: parse, ask the Reference, deliver, exit."""

# In this order the help lists them: a dose is looked up more often than a table is audited.
from ketaref.cli import doses, lists

# isort: split
from ketaref.cli import clinics, data
from ketaref.cli.app import app

__all__ = ["app", "clinics", "data", "doses", "lists"]
