"""Run ketaref as ``python -m ketaref``."""

from ketaref.cli import main

main()
