from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bulk_loader.jobs.inbox import Candidate, Inbox
from bulk_loader.jobs.open_files import written_now
from bulk_loader.jobs.resting import Resting, wait_for_rest
from tests.jobs.fakes import FakeClock

FILE = Candidate(Path("/in/leads.csv"), 10, 1_000, (1, 7))


def resting(settle_s: float = 30.0, *open_now: tuple[int, int]) -> Resting:
    """With these files open for writing."""
    return Resting(settle_s, lambda: frozenset(open_now))


@pytest.mark.parametrize(
    "changed", [replace(FILE, size=11), replace(FILE, modified_ns=999), replace(FILE, inode=(1, 8))]
)
def test_whatever_changes_begins_the_rest_anew(changed: Candidate) -> None:
    """A file that was written over by another one of the same size, too."""
    watched = resting()
    assert not watched.sort(Inbox((FILE,)), 0).ready
    assert not watched.sort(Inbox((changed,)), 29).ready
    assert not watched.sort(Inbox((changed,)), 58).ready
    assert watched.sort(Inbox((changed,)), 59).ready == (changed,)


def test_a_file_that_was_away_begins_anew() -> None:
    """It may be another one."""
    watched = resting()
    watched.sort(Inbox((FILE,)), 0)
    watched.sort(Inbox(), 10)
    assert watched.sort(Inbox((FILE,)), 35).restless == (FILE,)


def test_a_file_that_is_written_now_never_rests() -> None:
    """Whoever writes it may pause for long."""
    assert resting(0.0, FILE.inode).sort(Inbox((FILE,)), 0).restless == (FILE,)


def test_nothing_is_waited_for_where_there_is_nothing() -> None:
    """A night without a file is known at once."""
    clock = FakeClock()
    rested, _ = wait_for_rest(Inbox, resting(), clock)
    assert (rested.ready, rested.restless, clock.sleeps) == ((), (), 0)


def test_the_waiting_has_an_end() -> None:
    """A program that never closes its file does not hold up the night."""
    clock = FakeClock()
    rested, _ = wait_for_rest(lambda: Inbox((FILE,)), resting(30.0, FILE.inode), clock)
    assert rested.restless == (FILE,)
    assert clock.passed_s == 600


@pytest.mark.skipif(sys.platform != "linux", reason="only /proc tells it")
def test_the_system_tells_what_is_open_for_writing(tmp_path: Path) -> None:
    """And not what is only read."""
    path = tmp_path / "leads.csv"
    path.touch()
    found = path.stat()
    inode = (found.st_dev, found.st_ino)
    with path.open("rb"):
        assert inode not in written_now()
    descriptor = os.open(path, os.O_RDWR)
    assert inode in written_now()
    os.close(descriptor)
    assert inode not in written_now()


def test_a_system_that_does_not_tell_is_believed(tmp_path: Path) -> None:
    """Size and time are all there is then."""
    assert written_now(tmp_path / "no proc") == frozenset()
