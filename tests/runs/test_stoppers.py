"""A run in a thread beside the main one, which no signal reaches, and who stops it there."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bulk_loader.model import Ending, Status
from bulk_loader.runs.watch import Silent
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.settings import Settings


class Stopping(Silent):
    """Stops the run after so many leads."""

    def __init__(self, after: int) -> None:
        self._left = after
        self._stop: Callable[[], None] = lambda: None

    def stoppable(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        if not self._left:
            stop()

    def settled(self, _status: Status, count: int = 1) -> None:
        self._left -= count
        if self._left == 0:
            # Whoever wants to stop a run is in another thread than the run.
            thread = threading.Thread(target=self._stop)
            thread.start()
            thread.join()

    def stop_late(self) -> None:
        self._stop()


def test_a_run_in_a_thread_is_stopped_gently_and_goes_on(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """What was sent is accepted, the rest unsent, and the same call sends just that rest."""
    leads.write(*numbered(60))
    watch = Stopping(after=10)
    with FaultyDialer() as dialer, ThreadPoolExecutor() as pool:
        told = settings(dialer, concurrency=1)
        summary = pool.submit(upload, leads.path, told, watch).result()
        assert summary.ending is Ending.INTERRUPTED
        assert 10 <= summary.counts[Status.ACCEPTED] == len(dialer.recorded) < 60
        assert summary.counts[Status.ACCEPTED] + summary.counts[Status.UNSENT] == 60
        watch.stop_late()  # when all is over, nothing happens
        upload(leads.path, told)
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(60)]


def test_a_run_that_is_stopped_before_its_first_lead_sends_none(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """Who wanted to stop while the file was still being read is obeyed."""
    leads.write(*numbered(20))
    with FaultyDialer() as dialer, ThreadPoolExecutor() as pool:
        summary = pool.submit(upload, leads.path, settings(dialer), Stopping(after=0)).result()
        assert (summary.ending, dialer.recorded) == (Ending.INTERRUPTED, [])
        assert summary.counts[Status.UNSENT] == 20
