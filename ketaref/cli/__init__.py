"""The command line: parse, call, write, exit. Nothing below it reads argv, environment or clock."""

from ketaref.cli import audit, commands, governance, lists
from ketaref.cli.app import app

__all__ = ["app", "audit", "commands", "governance", "lists"]
