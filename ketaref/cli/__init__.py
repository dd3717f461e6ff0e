"""The command line: parse, call, write, exit. Nothing below it reads argv, environment or clock."""

# In this order the help lists them: a dose is looked up more often than a table is audited.
from ketaref.cli import commands, lists

# isort: split
from ketaref.cli import audit, governance
from ketaref.cli.app import app

__all__ = ["app", "audit", "commands", "governance", "lists"]
