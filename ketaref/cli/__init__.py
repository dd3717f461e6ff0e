"""The command line: parse, call, write, exit. Nothing below it reads argv, environment or clock."""

from ketaref.cli.commands import app


def main() -> None:
    """Run the command line."""
    app()


__all__ = ["app", "main"]
