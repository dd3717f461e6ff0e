"""Where ``ketaref`` and ``python -m ketaref`` begin."""

import gc
import os


def main() -> None:
    """Run the command line in a process of its own."""
    # Nothing here lives long enough to be garbage. Looking for it while modules load, and once
    # more on the way out, would take a sixth of the time of a short command.
    gc.disable()
    # No plugin of another package comes between a data file and an answer; nor is one looked for.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    from ketaref.cli import app

    try:
        app()
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
