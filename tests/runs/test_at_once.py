from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from bulk_loader.errors import LockedError
from bulk_loader.model import Status, Summary
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Settings

    MakeSettings = Callable[..., Settings]

# Long enough that two runs of some hundred leads are surely under way at the same time.
SLOW = replace(Fault.ACCEPT, wait_s=0.02)


def together(*calls: Callable[[], Summary]) -> list[Summary | LockedError]:
    """What came of several calls that were begun at the same time."""

    def end(call: Callable[[], Summary]) -> Summary | LockedError:
        try:
            return call()
        except LockedError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(end, calls))


def test_two_lists_with_the_same_people_call_each_of_them_once(
    settings: MakeSettings, tmp_path: Path
) -> None:
    """Each person is accepted in one list and a duplicate, with the run, in the other."""
    lists = [Leads(tmp_path / f"{name}.csv") for name in "ab"]
    people = numbered(300)
    for which in lists:
        random.Random(which.path.name).shuffle(people)
        which.write(*people)
    with FaultyDialer(otherwise=SLOW) as dialer:
        ended = together(
            *[lambda which=which: upload(which.path, settings(dialer)) for which in lists]
        )
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(300)]
    for which, summary in zip(lists, ended, strict=True):
        assert isinstance(summary, Summary)
        assert summary.counts[Status.ACCEPTED] + summary.counts[Status.DUPLICATE] == 300
        assert which.statuses().count("accepted") == summary.counts[Status.ACCEPTED]
    finished = [summary for summary in ended if isinstance(summary, Summary)]
    assert sum(summary.counts[Status.ACCEPTED] for summary in finished) == 300


def test_two_retries_of_copies_of_one_results_file_call_nobody_twice(
    leads: Leads, settings: MakeSettings, tmp_path: Path
) -> None:
    """Whoever comes first sends a lead; for the other it is a duplicate."""
    leads.write(*numbered(100))
    with FaultyDialer({1: Fault.UNAUTHORIZED}, otherwise=SLOW) as dialer:
        upload(leads.path, settings(dialer, concurrency=1))
        copy = tmp_path / "copy.csv"
        copy.write_bytes(leads.results.read_bytes())
        together(
            lambda: retry(leads.results, settings(dialer)), lambda: retry(copy, settings(dialer))
        )
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(100)]


def test_doubts_of_a_run_that_goes_on_are_doubts_for_the_other_one(
    settings: MakeSettings, tmp_path: Path
) -> None:
    """Nobody is recorded twice, and what is unknown in one list is never sent by the other."""
    lists = [Leads(tmp_path / f"{name}.csv") for name in "ab"]
    for which in lists:
        which.write(*numbered(100), ("0992222222", which.path.name))
    faults = dict.fromkeys(range(5, 100, 10), Fault.SERVER_ERROR)
    with FaultyDialer(faults) as dialer:
        together(*[lambda which=which: upload(which.path, settings(dialer)) for which in lists])
        assert len(dialer.recorded) == len(set(dialer.recorded))
        destinations = [request.destination for request in dialer.received]
    assert len(destinations) == len(set(destinations)), "not even asked for twice"
