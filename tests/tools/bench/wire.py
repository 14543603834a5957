"""HTTP as far as the dialer of the measurements needs it, and what it counts."""

from __future__ import annotations

import json
from array import array
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_HEAD_END = b"\r\n\r\n"
# Most clients send the same few heads again and again: they differ in the length of the body.
_KEPT_HEADS = 4096
_REASONS = {200: "OK", 429: "Too Many Requests", 503: "Service Unavailable"}

BURST_WINDOW_S = 0.1
"""The stretch of time in which a burst is looked for."""


class Kind(Enum):
    """What a request is."""

    TASK = auto()
    STRAY = auto()
    QUESTION = auto()


def reply(status: int, body: bytes) -> bytes:
    """A whole HTTP answer."""
    head = f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: text/plain\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode("ascii") + body


ACCEPTED = reply(200, b"1")
_REJECTED = reply(200, b"0")


class Counts:
    """What came since it was last asked for.

    Attributes:
        arrivals: of tasks that were taken, in seconds of one clock.
        refused: tasks that were too much.
        strays: requests that were no task.
        waited_s: from the arrival of each task to its answer, all together.
    """

    def __init__(self) -> None:
        self.arrivals = array("d")
        self.refused = 0
        self.strays = 0
        self.waited_s = 0.0

    def other(self, kind: Kind) -> bytes:
        """The answer to what is no task."""
        if kind is Kind.QUESTION:
            return reply(200, json.dumps(self._told()).encode("ascii"))
        self.strays += 1
        return _REJECTED

    def _told(self) -> dict[str, float]:
        arrivals = sorted(self.arrivals)
        told = {
            "accepted": len(arrivals),
            "refused": self.refused,
            "strays": self.strays,
            "seconds": arrivals[-1] - arrivals[0] if arrivals else 0.0,
            "burst": largest_burst(arrivals),
            "latency_s": self.waited_s / len(arrivals) if arrivals else 0.0,
        }
        del self.arrivals[:]
        self.refused = self.strays = 0
        self.waited_s = 0.0
        return told


def largest_burst(arrivals: Sequence[float]) -> int:
    """The most arrivals, which are in order, in any stretch of BURST_WINDOW_S."""
    first = most = 0
    for last, arrival in enumerate(arrivals):
        while arrival - arrivals[first] >= BURST_WINDOW_S:
            first += 1
        most = max(most, last - first + 1)
    return most


@lru_cache(_KEPT_HEADS)
def _read_head(head: bytes) -> tuple[bool, int]:
    """Whether it may be a task's, and the length of the body."""
    _, _, after = head.lower().partition(b"\r\ncontent-length:")
    return head.startswith(b"POST "), int(after.partition(b"\r\n")[0] or 0)


def take_requests(data: bytes, take: Callable[[Kind], None]) -> bytes:
    """Hand on every request that is whole; the bytes of the one that is not."""
    while (end := data.find(_HEAD_END)) >= 0:
        is_post, size = _read_head(data[:end])
        body_at = end + len(_HEAD_END)
        if len(data) < body_at + size:
            break
        if not is_post:
            take(Kind.QUESTION)
        else:
            take(Kind.TASK if data.startswith(b"call=", body_at) else Kind.STRAY)
        data = data[body_at + size :]
    return data
