"""The processes of an experiment, all to be killed at any moment."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

REPOSITORY = Path(__file__).parents[3]

# Below the ports that the system gives away by itself: while a killed dialer is down, nobody else
# must get its port.
_ports = itertools.cycle(random.sample(range(20_000, 30_000), 10_000))

LONGEST_S = 60.0
"""No command takes so long with lists of these sizes; what does is stuck."""


def environment(**added: str) -> dict[str, str]:
    """The variables of this process without any that would reach into an experiment.

    Coverage is left out: a killed process leaves half a file of it.
    """
    ours = ("BULK_LOADER_", "COVERAGE_", "COV_CORE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"} | added


@dataclass(slots=True)
class DialerProcess:
    """A misbehaving dialer that keeps its record and its port over a `kill -9`.

    Attributes:
        faults: share of the requests that something befalls.
        latency_ms: of every answer.
    """

    record: Path
    token: str
    seed: int
    faults: float
    latency_ms: float
    port: int = 0
    _process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        for self.port in itertools.islice(_ports, 20):
            if self._starts():
                return
        raise RuntimeError("No dialer could be started on any of 20 ports.")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def recorded(self) -> int:
        """Tasks in the record."""
        return self.record.read_bytes().count(b"\n") if self.record.exists() else 0

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()

    def restart(self) -> None:
        """Begin again with other dice, on the same port, with the same record."""
        self.seed += 1
        if not self._starts():
            raise RuntimeError(f"The dialer could not be started again on port {self.port}.")

    def _starts(self) -> bool:
        arguments = {
            "--port": self.port,
            "--record": self.record,
            "--seed": self.seed,
            "--faults": self.faults,
            "--latency": self.latency_ms,
            "--token": self.token,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.faulty_dialer"]
            + [str(word) for pair in arguments.items() for word in pair],
            cwd=REPOSITORY,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        if self._process.stdout.readline():
            return True
        self.kill()
        return False


class LoaderProcess:
    """One `bulk-loader` command under way; what it says goes into two files.

    Args:
        log: path without ending of these files; its name is what it is called.
    """

    def __init__(self, arguments: Sequence[str | Path], log: Path, **variables: str) -> None:
        self.name = log.name
        self._output, self._errors = log.with_suffix(".out"), log.with_suffix(".err")
        with self._output.open("wb") as output, self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bulk_loader", *arguments],
                cwd=log.parent,  # no settings file there
                env=environment(**variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_over(self) -> bool:
        return self._process.poll() is not None

    @property
    def has_begun(self) -> bool:
        """It has said what it found in the file."""
        return "header in row" in self.errors

    @property
    def output(self) -> str:
        return self._output.read_text("utf-8")

    @property
    def errors(self) -> str:
        return self._errors.read_text("utf-8")

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def end(self) -> int:
        """Wait for the exit code; minus the signal's number where one killed it.

        Raises:
            TimeoutError: it hangs; it is killed.
        """
        try:
            return self._process.wait(LONGEST_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise TimeoutError(f"{self.name} did not end within {LONGEST_S:g} s") from None


@contextmanager
def frozen(processes: Iterable[LoaderProcess]) -> Iterator[None]:
    """Let processes stand still, so that their files are for a while what a crash would leave."""
    running = [process for process in processes if not process.is_over]
    try:
        for process in running:
            process.signal(signal.SIGSTOP)
            # WNOWAIT leaves an end that comes first to be seen by the process's owner.
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        yield
    finally:
        for process in running:
            process.signal(signal.SIGCONT)
