"""Machines that send one list together, each in a thread."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bulk_loader.ledger import Shares
from bulk_loader.workflows import work as work_module
from bulk_loader.workflows.upload import upload
from bulk_loader.workflows.work import find_list, work
from tests.support.uploads import Witness, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulk_loader.ledger import Lease, RunRecord
    from bulk_loader.model import Status, Summary
    from bulk_loader.runs.helping import Help
    from bulk_loader.settings import Settings
    from tests.support.uploads import Leads


@dataclass
class Stopping(Witness):
    """A watch that stops its run when so many leads of it are settled."""

    count: int = 0
    _stop: Callable[[], None] = lambda: None
    _is_done: bool = False

    def stoppable(self, stop: Callable[[], None]) -> None:
        self._stop = stop

    def settled(self, status: Status, count: int = 1) -> None:
        super().settled(status, count)
        if sum(self.counts.values()) >= self.count and not self._is_done:
            self._is_done = True
            self._stop()


class Machines:
    """Machines that help, each in a thread; whoever leaves waits for them.

    No list is released before all of them are there that were asked to help by then.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor()
        self._there: dict[int, threading.Event] = {}
        self._awaited: list[tuple[threading.Event, Future[Help]]] = []

    def help(self, told: Settings, watch: Witness | None = None) -> Future[Help]:
        """Wait for a list, and help with it."""
        there = threading.Event()

        def helping() -> Help:
            self._there[threading.get_ident()] = there
            return work(find_list(told, wait_s=60), told, watch)

        helped = self._threads.submit(helping)
        self._awaited.append((there, helped))
        return helped

    def expect(self) -> threading.Event:
        """To be set before any list is released."""
        event = threading.Event()
        self._awaited.append((event, Future()))
        return event

    def upload(self, leads: Leads, told: Settings, watch: Witness | None = None) -> Future[Summary]:
        """Upload beside what the test does itself."""
        return self._threads.submit(lambda: upload(leads.path, told, watch))

    def call(self, do: Callable[[], None]) -> Future[None]:
        """Do something else beside them."""
        return self._threads.submit(do)

    def joined(self) -> None:
        """The machine of this thread has joined."""
        if there := self._there.get(threading.get_ident()):
            there.set()

    def wait(self) -> None:
        """Return when nobody is awaited any more."""
        for there, helped in self._awaited:
            while not (helped.done() or there.wait(0.05)):
                pass

    def end(self) -> None:
        """Wait until all have ended."""
        self._threads.shutdown()


@pytest.fixture
def machines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machines]:
    """Nobody helps yet."""
    machines = Machines()
    join, laid_out = Shares.join, Shares.laid_out

    def joined(shares: Shares, run: int, lease: Lease) -> None:
        join(shares, run, lease)
        machines.joined()

    def awaited(shares: Shares, record: RunRecord, invalid: int, *, is_released: bool) -> None:
        machines.wait()
        laid_out(shares, record, invalid, is_released=is_released)

    monkeypatch.setattr(Shares, "join", joined)
    monkeypatch.setattr(Shares, "laid_out", awaited)
    monkeypatch.setattr(work_module, "LOOK_AGAIN_S", 0.05)
    yield machines
    machines.end()


def phones(count: int) -> list[str]:
    """The numbers of so many numbered leads."""
    return [phone for phone, _ in numbered(count)]
