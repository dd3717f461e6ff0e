"""Where ``ketaref`` and ``python -m ketaref`` begin."""

import gc
import os
import sys


def main() -> None:
    """Run the command line in a process of its own."""
    # Nothing here lives long enough to be garbage. Looking for it while modules load, and once
    # more on the way out, would take a sixth of the time of a short command.
    gc.disable()
    # No plugin of another package comes between a data file and an answer; nor is one looked for.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    try:
        from ketaref.cli import app

        app()
    except KeyboardInterrupt:  # while modules load; later, the command line sees to it
        sys.exit(130)
    finally:
        if "duckdb" not in sys.modules:  # its binding takes what is frozen for a leak of its own
            gc.freeze()


if __name__ == "__main__":
    main()
