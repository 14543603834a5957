"""Keeps the processors from falling asleep while something is measured that mostly waits.

Where they are virtual, one that has gone to sleep may be woken up to four milliseconds late (a tick
of the kernel), which would be taken for slowness of the client or of the dialer.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Runs only where nothing else wants the processor. It ends with the process that started it.
_LOOP = """
import os, sys
os.sched_setaffinity(0, {int(sys.argv[1])})
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
parent = os.getppid()
while os.getppid() == parent:
    for _ in range(100_000):
        pass
"""


@contextmanager
def wakeful_processors() -> Iterator[None]:
    """None of them sleeps in the body; nothing is taken from what runs there."""
    loops = [
        subprocess.Popen([sys.executable, "-c", _LOOP, str(processor)])
        for processor in os.sched_getaffinity(0)
    ]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
        for loop in loops:
            loop.wait()
