"""Runs one command to its end: how long it took, and the most memory it held."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SHOWN_OF_A_FAILURE = 2000
# As for a user: what is installed has been compiled.
_COMPILED_ONCE = {"PYTHONDONTWRITEBYTECODE": ""}


class CommandError(Exception):
    """A command ended otherwise than it should."""


@dataclass(frozen=True, slots=True)
class Ended:
    """One command that ended well.

    Attributes:
        seconds: wall time of the whole process, its start included.
        cpu_s: of all its threads, in the program and in the kernel.
        peak_mb: the most memory that was resident at once, in units of 1,000,000 bytes.
        output: what it wrote to its standard output.
    """

    seconds: float
    cpu_s: float
    peak_mb: float
    output: str


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> Ended:
    """Run a command; its standard error is shown only where it fails.

    A child's peak begins with the memory of the process that starts it, so this one must stay
    small: nothing in the measurements imports pandas but in processes of its own.

    Raises:
        CommandError: it ended with another exit code than 0.
    """
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        clock = time.perf_counter()
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env={**os.environ, **_COMPILED_ONCE, **(env or {})},
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - clock
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if child.returncode:
            told = (errors.read() or output.read())[-_SHOWN_OF_A_FAILURE:]
            raise CommandError(f"{' '.join(command)} ended with {child.returncode}:\n{told}")
        peak_mb = usage.ru_maxrss * 1024 / 1e6
        return Ended(seconds, usage.ru_utime + usage.ru_stime, peak_mb, output.read())
