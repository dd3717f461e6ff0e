"""The command line: parse, call, write, exit. Nothing below it reads argv, environment or clock."""

from ketaref.cli.commands import app

__all__ = ["app"]
