"""The dialer of the measurements: takes every task, as fast as Python can, and counts.

    python -m tests.tools.bench.server --latency-ms 20 --workers 16

It is a process of its own, and the first line of its standard output is its address. What it has
counted since it was last asked, it answers as JSON to any GET.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import select
import socket
import struct
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from tests.tools.bench.wire import ACCEPTED, Counts, Kind, reply, take_requests

if TYPE_CHECKING:
    from collections.abc import Callable

_CLOCK_MONOTONIC, _TFD_TIMER_ABSTIME = 1, 1  # linux/time.h, linux/timerfd.h
_PR_SET_TIMERSLACK = 29  # linux/prctl.h
_SO_TIMESTAMPNS = 35  # asm-generic/socket.h
_MOST_BYTES = 1 << 16
_TIMESPEC = struct.Struct("ll")
# How much of the last lateness counts for the next answers.
_SMOOTHING = 0.02

# A server that takes so many tasks a second forgives what comes this much too early.
FORGIVEN_S = 0.1


@dataclass(frozen=True, slots=True)
class Limits:
    """What the dialer can't do any faster.

    Attributes:
        latency_ms: how long a task takes.
        workers: tasks at once; others wait for their turn. 0 for no limit.
        refuse_above: tasks under way at which one more is refused; 0 for no limit.
        rate: tasks a second above which they are refused; 0 for no limit.
        refusal: the status of a refusal: 429, or 503.
    """

    latency_ms: float = 0.0
    workers: int = 0
    refuse_above: int = 0
    rate: float = 0.0
    refusal: int = 429


UNLIMITED = Limits()


class Callers:
    """The connections of a dialer, and what came of them so far."""

    def __init__(
        self, listener: socket.socket, taker: Callable[[socket.socket], Callable[[Kind], None]]
    ) -> None:
        self._listener = listener
        self._taker = taker
        # A closed connection leaves it by itself.
        self.poll = select.epoll()
        self.poll.register(listener.fileno(), select.EPOLLIN)
        self._callers: dict[int, tuple[socket.socket, Callable[[Kind], None]]] = {}
        self._rests: dict[int, bytes] = {}

    def read(self, number: int) -> None:
        """Take every request that is whole now; a new caller has none yet."""
        if number not in self._callers:
            self._welcome()
            return
        caller, take = self._callers[number]
        try:
            data = self.receive(caller)
            if data:
                self._rests[number] = take_requests(self._rests[number] + data, take)
                return
        except ConnectionError:
            pass
        del self._callers[number], self._rests[number]
        caller.close()

    def receive(self, caller: socket.socket) -> bytes:
        """The next bytes."""
        return caller.recv(_MOST_BYTES)

    def _welcome(self) -> None:
        caller, _ = self._listener.accept()
        caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._callers[caller.fileno()] = (caller, self._taker(caller))
        self._rests[caller.fileno()] = b""
        self.poll.register(caller.fileno(), select.EPOLLIN)


class StampedCallers(Callers):
    """Says also when requests came, which is before this process came to read them.

    Attributes:
        received_at: when the kernel got what was read last, by `time.monotonic`.
    """

    received_at = 0.0

    def receive(self, caller: socket.socket) -> bytes:
        """The next bytes, with the kernel's stamp."""
        data, notes, *_ = caller.recvmsg(_MOST_BYTES, socket.CMSG_SPACE(_TIMESPEC.size))
        age_s = 0.0
        for _, kind, stamp in notes:
            if kind == _SO_TIMESTAMPNS:
                seconds, nanoseconds = _TIMESPEC.unpack(stamp)
                age_s = time.time() - seconds - nanoseconds / 1e9
        self.received_at = time.monotonic() - age_s
        return data


class Alarm:
    """A timer that epoll waits for, to the microsecond; epoll's own time-outs are milliseconds."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        # Linux lets a timer be 50 microseconds late unless it is told otherwise.
        self._libc.prctl(_PR_SET_TIMERSLACK, 1)
        self.number: int = self._libc.timerfd_create(_CLOCK_MONOTONIC, os.O_NONBLOCK)

    def set(self, at: float) -> None:
        """Ring at a time of `time.monotonic`, and not at any that was set before."""
        seconds, rest = divmod(at, 1)
        # An interval of zero, so that it rings once; then when.
        when = (ctypes.c_long * 4)(0, 0, int(seconds), int(rest * 1e9))
        self._libc.timerfd_settime(self.number, _TFD_TIMER_ABSTIME, ctypes.byref(when), None)


class FastDialer:
    """Takes tasks at once: one thread, one system call to read, one to write.

    Without an event loop, because one takes three times as long for a request as all of this.
    """

    def __init__(self, listener: socket.socket) -> None:
        self._counts = Counts()
        self._callers = Callers(listener, self._taker)

    def serve(self) -> None:
        """Until the process is killed."""
        read, poll = self._callers.read, self._callers.poll.poll
        while True:
            for number, _ in poll():
                read(number)

    def _taker(self, caller: socket.socket) -> Callable[[Kind], None]:
        counts, now, send = self._counts, time.monotonic, caller.send

        def take(kind: Kind) -> None:
            if kind is Kind.TASK:
                counts.arrivals.append(now())
                send(ACCEPTED)
            else:
                send(counts.other(kind))

        return take


class LimitedDialer:
    """Takes its time, and no more than it can.

    A task's time begins when the kernel got it. A process is woken a little after it wanted to be:
    so that answers take the time that they should on average, they are aimed earlier by as much as
    those before were late.
    """

    def __init__(self, limits: Limits, listener: socket.socket) -> None:
        self._limits = limits
        self._counts = Counts()
        self._refusal = reply(limits.refusal, b"")
        listener.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)  # and its callers' sockets too
        self._callers = StampedCallers(listener, self._taker)
        self._under_way = 0
        self._next_regular = 0.0
        # When each worker will have finished.
        self._busy_until: list[float] = []
        self._order = count()
        self._due: list[tuple[float, int, float, socket.socket]] = []
        self._late_s = 0.0
        self._alarm = Alarm()

    def serve(self) -> None:
        """Until the process is killed."""
        read, poll = self._callers.read, self._callers.poll
        poll.register(self._alarm.number, select.EPOLLIN)
        while True:
            ready = poll.poll()
            self._answer_due()
            for number, _ in ready:
                if number != self._alarm.number:
                    read(number)
            if self._due:
                self._alarm.set(self._due[0][0] - self._late_s)

    def _taker(self, caller: socket.socket) -> Callable[[Kind], None]:
        return lambda kind: self._take(kind, caller)

    def _take(self, kind: Kind, caller: socket.socket) -> None:
        now = self._callers.received_at
        if kind is not Kind.TASK:
            _send(caller, self._counts.other(kind))
        elif self._is_too_much(now):
            self._counts.refused += 1
            _send(caller, self._refusal)
        else:
            self._counts.arrivals.append(now)
            self._under_way += 1
            heappush(self._due, (self._finish(now), next(self._order), now, caller))

    def _is_too_much(self, now: float) -> bool:
        limits = self._limits
        if limits.refuse_above and self._under_way >= limits.refuse_above:
            return True
        if limits.rate:
            regular = max(self._next_regular, now)
            if regular > now + FORGIVEN_S:
                return True
            self._next_regular = regular + 1 / limits.rate
        return False

    def _finish(self, now: float) -> float:
        begins = now
        if self._limits.workers and len(self._busy_until) >= self._limits.workers:
            begins = max(now, heappop(self._busy_until))
        ends = begins + self._limits.latency_ms / 1000
        if self._limits.workers:
            heappush(self._busy_until, ends)
        return ends

    def _answer_due(self) -> None:
        while self._due and self._due[0][0] - self._late_s <= (now := time.monotonic()):
            due, _, arrived, caller = heappop(self._due)
            self._under_way -= 1
            self._counts.waited_s += now - arrived
            self._late_s += (now - due) * _SMOOTHING
            _send(caller, ACCEPTED)


def _send(caller: socket.socket, answer: bytes) -> None:
    with suppress(OSError):  # nobody waits for it any more
        caller.send(answer)


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.bench.server")
    for name in Limits.__dataclass_fields__:
        default = getattr(UNLIMITED, name)
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    limits = Limits(**vars(parser.parse_args()))
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        if limits == UNLIMITED:
            FastDialer(listener).serve()
        LimitedDialer(limits, listener).serve()


if __name__ == "__main__":
    main()
