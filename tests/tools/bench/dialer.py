"""The measurements' side of their dialer: start it, ask what it counted, end it."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

from tests.tools.bench.server import UNLIMITED, Limits

if TYPE_CHECKING:
    from types import TracebackType


@dataclass(frozen=True, slots=True)
class Figures:
    """What the dialer counted.

    Attributes:
        accepted: tasks that it took.
        refused: tasks that were too much for it.
        strays: requests that were no task.
        seconds: from the first task to the last.
        burst: the most tasks in any tenth of a second.
        latency_s: from the arrival of a task to its answer, on average.
    """

    accepted: int
    refused: int
    strays: int
    seconds: float
    burst: int
    latency_s: float

    def pace(self, connections: int = 1) -> float:
        """Tasks a second while it lasted, without those that all connections begin with."""
        return (self.accepted - connections) / self.seconds if self.seconds else 0.0


class MeasuredDialer:
    """A dialer in a process of its own; a context manager."""

    def __init__(self, limits: Limits = UNLIMITED) -> None:
        self._limits = limits

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.tools.bench.server"]
        for field in fields(Limits):
            flag = f"--{field.name.replace('_', '-')}"
            command += [flag, str(getattr(self._limits, field.name))]
        self._server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._server.stdout is not None
        self.url = self._server.stdout.readline().strip()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.kill()
        self._server.communicate()

    def figures(self) -> Figures:
        """What it counted since this was last asked."""
        with urllib.request.urlopen(f"{self.url}/figures") as answer:  # noqa: S310 - ours, on loopback
            return Figures(**json.load(answer))
