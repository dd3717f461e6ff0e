"""How much processor time a piece of work takes, as a run of the program would take it."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def processor_seconds(at_most: float) -> Iterator[None]:
    """Fail if the work within took longer.

    Processor time, since other work on the machine is not ours; and without the garbage
    collector, which the program turns off: here it would walk the whole test suite's objects.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        began = time.process_time()
        yield
        took = time.process_time() - began
    finally:
        if collecting:
            gc.enable()
    assert took < at_most, f"{took:.2f} s"
