"""A run that pauses because somebody in another thread wants it to."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bulk_loader.errors import LockedError
from bulk_loader.model import Ending, Status
from bulk_loader.runs.setup import delivery_policy
from bulk_loader.runs.watch import Silent
from bulk_loader.screening.calling_hours import CallingHours
from bulk_loader.workflows.upload import upload
from tests.runs.conftest import only_sqlite
from tests.support.faulty_dialer import FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.settings import Settings
    from tests.support.faulty_dialer import Request


class Pausing(Silent):
    """Has the run pause when so many requests have come; tells when it does.

    Attributes:
        rests: set once the request that was under way is answered.
    """

    def __init__(self, after: int) -> None:
        self._after = after
        self._settled = 0
        self.rests = threading.Event()
        self.stop: Callable[[], None] = lambda: None
        self.pause: Callable[[], None] = lambda: None
        self.go_on: Callable[[], None] = lambda: None

    def pausable(self, pause: Callable[[], None], go_on: Callable[[], None]) -> None:
        self.pause, self.go_on = pause, go_on
        if not self._after:
            pause()
            self.rests.set()

    def stoppable(self, stop: Callable[[], None]) -> None:
        self.stop = stop

    def came(self, _request: Request) -> None:
        self._after -= 1
        if not self._after:
            self.pause()

    def settled(self, _status: Status, _count: int = 1) -> None:
        if self._after <= 0:
            self.rests.set()


def test_a_run_pauses_and_goes_on(leads: Leads, settings: Callable[..., Settings]) -> None:
    """Meanwhile nothing comes to the dialer, and nobody else can send the list; then all of it goes."""
    leads.write(*numbered(60))
    watch = Pausing(after=10)
    with FaultyDialer(watch.came) as dialer, ThreadPoolExecutor() as pool:
        told = settings(dialer, concurrency=1)
        running = pool.submit(upload, leads.path, told, watch)
        watch.rests.wait()
        assert len(dialer.received) == 10
        with pytest.raises(LockedError):
            upload(leads.path, told)
        assert len(dialer.received) == 10
        watch.go_on()
        summary = running.result()
        watch.pause()  # when all is over, nothing happens
        assert (summary.ending, summary.counts[Status.ACCEPTED]) == (Ending.FINISHED, 60)
        assert dialer.recorded == [phone for phone, _ in numbered(60)]


@pytest.mark.parametrize("after", [0, 10])
def test_a_pause_is_stopped(leads: Leads, settings: Callable[..., Settings], after: int) -> None:
    """What was not sent is unsent, and the same call sends just that."""
    leads.write(*numbered(40))
    watch = Pausing(after)
    with FaultyDialer(watch.came) as dialer, ThreadPoolExecutor() as pool:
        told = settings(dialer, concurrency=1)
        running = pool.submit(upload, leads.path, told, watch)
        watch.rests.wait()
        watch.stop()
        summary = running.result()
        assert summary.ending is Ending.INTERRUPTED
        assert summary.counts[Status.ACCEPTED] == len(dialer.recorded) == after
        assert summary.counts[Status.UNSENT] == 40 - after
        upload(leads.path, told)
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(40)]


def test_a_token_that_ends_in_a_pause_is_renewed(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """With user and password, as in a run without one."""
    leads.write(*numbered(30))
    watch = Pausing(after=10)
    with (
        FaultyDialer(watch.came, token="first", token_lasts=10) as dialer,
        ThreadPoolExecutor() as pool,
    ):
        told = settings(dialer, concurrency=1, token=None, user="ana", password="secret")
        running = pool.submit(upload, leads.path, told, watch)
        watch.rests.wait()
        watch.go_on()
        assert running.result().counts[Status.ACCEPTED] == 30
        assert dialer.logins > 1


def test_a_token_that_ends_in_a_pause_stops_the_run(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """Where there is only the token; all that was not taken is unsent, and goes with the next."""
    leads.write(*numbered(30))
    watch = Pausing(after=10)
    with (
        FaultyDialer(watch.came, token="first", token_lasts=10) as dialer,
        ThreadPoolExecutor() as pool,
    ):
        running = pool.submit(
            upload, leads.path, settings(dialer, concurrency=1, token="first"), watch
        )
        watch.rests.wait()
        watch.go_on()
        summary = running.result()
        assert "fresh token" in summary.stopped_why
        assert summary.counts == {
            **dict.fromkeys(Status, 0),
            Status.ACCEPTED: 10,
            Status.UNSENT: 20,
        }


KILLED = """
import sys
from pathlib import Path
from bulk_loader.runs.watch import Silent
from bulk_loader.settings import Settings
from bulk_loader.workflows.upload import upload

class Pausing(Silent):
    def pausable(self, pause, go_on):
        self.pause = pause
    def settled(self, status, count=1):
        self.pause()
        print("pauses", flush=True)

file, home, url = sys.argv[1:]
settings = {"token": "secret-token", "campaign": "SALES", "concurrency": 4}
upload(file, Settings(home=Path(home), url=url, **settings), Pausing())
"""


@only_sqlite
def test_a_run_that_is_killed_in_a_pause_forgets_nothing(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """Leads that were about to be sent are unknown, as after any kill; the rest goes, once."""
    leads.write(*numbered(60))
    with FaultyDialer() as dialer:
        told = settings(dialer, concurrency=4)
        given = [str(leads.path), str(told.home), dialer.url]
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, *given], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == b"pauses"
            process.kill()
        before = len(dialer.recorded)
        counts = upload(leads.path, told).counts
        assert before <= 8
        assert counts[Status.UNKNOWN] <= 8
        assert counts[Status.ACCEPTED] + counts[Status.UNKNOWN] == 60
        assert len(set(dialer.recorded)) == len(dialer.recorded)


def hours_of(moment: datetime) -> CallingHours:
    """All of the weekday of a moment, and no other day."""
    return CallingHours({moment.weekday(): ((time.min, time.max),)}, ZoneInfo("UTC"))


def test_calling_hours_that_end_in_a_pause_stop_the_run(settings: Callable[..., Settings]) -> None:
    """Leads without a date were judged by the moment at which the run began.

    Where people were not called then either, only leads with a date go, and they still may.
    """
    now = datetime.now(UTC)
    before = now - timedelta(days=3)
    why = delivery_policy(settings(), hours_of(before), before).closed()
    assert "The calling hours ended during a pause: nobody is called on a" in why
    assert delivery_policy(settings(), hours_of(before), now).closed() == ""
    always = CallingHours(dict.fromkeys(range(7), ((time.min, time.max),)), ZoneInfo("UTC"))
    assert delivery_policy(settings(), always, before).closed() == ""
    assert delivery_policy(settings()).closed() == ""
