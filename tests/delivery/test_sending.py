"""What a delivery does as long as nobody stops it."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bulk_loader.codes import OutcomeCode, ProblemCode
from bulk_loader.delivery import Policy, Prepared
from bulk_loader.delivery.engine import LOW_WATER
from bulk_loader.delivery.journal import DECISIONS_A_COMMIT, LONGEST_WAIT_S
from bulk_loader.delivery.retries import (
    FIRST_DELAY_S,
    LONGEST_DELAY_S,
    SHORTEST_FIRST_DELAY_S,
    backoff_s,
)
from bulk_loader.dialer.answers import Answer, NotSentError, ThrottledError
from bulk_loader.model import Ending, Outcome, Status
from tests.delivery.fakes import ACCEPT, REJECT, UNCLEAR, Turn, World, invalid, lead, ready

if TYPE_CHECKING:
    from collections.abc import Callable

UNREACHED = Turn(NotSentError("refused"))
THROTTLED = Turn(ThrottledError(429, None))


def test_every_lead_gets_the_status_of_its_answer() -> None:
    """Accepted, rejected, unknown, refused before: each as it was answered, with its reason."""
    world = World(script={2: [REJECT], 3: [Turn(UNCLEAR)]})
    report = world.deliver(ready([1, 2]), invalid([4]), ready([3, 5]))
    world.assert_true(report)
    assert report.ending is Ending.FINISHED
    assert (report.stopped_why, report.failure, report.unsaved) == ("", None, [])
    assert report.sent == 4
    assert world.ledger.outcomes == {
        1: Outcome(1, Status.ACCEPTED),
        2: Outcome(2, Status.REJECTED, OutcomeCode.ANSWERED_0),
        3: Outcome(3, Status.UNKNOWN, OutcomeCode.HTTP_FAILED, "500"),
        4: Outcome(4, Status.INVALID, ProblemCode.PHONE_TOO_SHORT),
        5: Outcome(5, Status.ACCEPTED),
    }


def test_nothing_to_send_ends_at_once() -> None:
    """No batches, empty batches, and batches without a lead to send are whole runs too."""
    for batches in ([], [ready([])], [invalid([1, 2])], [Prepared([], [], [Status.ACCEPTED])]):
        world = World()
        report = world.deliver(*batches)
        assert report.ending is Ending.FINISHED
        assert report.sent == 0
        assert world.dialer.started == []
        assert sum(world.told.values()) == sum(len(b.decided) + len(b.standing) for b in batches)


def test_leads_that_stand_already_are_only_counted() -> None:
    """What an earlier session of the run settled is told, and neither sent nor written again."""
    world = World()
    batch = Prepared([lead(3)], [], [Status.ACCEPTED, Status.REJECTED, Status.ACCEPTED])
    report = world.deliver(batch)
    assert report.sent == 1
    assert world.told == {Status.ACCEPTED: 3, Status.REJECTED: 1}
    assert list(world.ledger.outcomes) == [3]


@pytest.mark.parametrize("concurrency", [1, 2, 3, 8, 64])
def test_leads_start_in_the_order_of_the_file(concurrency: int) -> None:
    """Whatever the answers take, and however wide the run is."""
    usual = {row: [Turn(seconds=0.001 * (row * 7 % 11))] for row in range(300)}
    world = World(Policy(concurrency=concurrency), usual)
    report = world.deliver(ready(range(100)), ready(range(100, 101)), ready(range(101, 300)))
    world.assert_true(report)
    assert world.dialer.started == list(range(300))
    assert world.dialer.most_inside == concurrency
    if concurrency == 1:
        assert world.dialer.recorded == list(range(300))


def test_more_places_than_leads_are_no_trouble() -> None:
    """A wide run with three leads sends three."""
    world = World(Policy(concurrency=128))
    world.assert_true(world.deliver(ready([1, 2, 3])))
    assert world.dialer.started == [1, 2, 3]


@pytest.mark.parametrize("concurrency", [1, 4, 32])
def test_commits_come_in_groups(concurrency: int) -> None:
    """A thousand leads cost about two commits for every round of requests, never more."""
    world = World(Policy(concurrency=concurrency))
    report = world.deliver(ready(range(1000)))
    world.assert_true(report)
    assert world.ledger.commits <= 2 * 1000 / max(1, concurrency // 2) + 3
    assert world.ledger.most_in_doubt == 2 * concurrency


def test_a_lonely_outcome_does_not_wait_for_company() -> None:
    """Where the others are slow, an answer becomes durable within a moment all the same."""
    world = World(Policy(concurrency=8), script={2: [Turn(seconds=60)]})
    durable: list[int] = []

    def see(moment: float) -> None:
        if len(durable) == 0 and 1 in world.ledger.outcomes:
            durable.append(round(moment * 1000))

    async def watch(_world: World, _delivery: object) -> None:
        for _ in range(100):
            await asyncio.sleep(0.01)
            see(asyncio.get_running_loop().time())

    world.around = watch
    world.assert_true(world.deliver(ready([1, 2])))
    assert durable
    assert durable[0] <= 1000 * (0.02 + LONGEST_WAIT_S + 0.02)


def test_many_decisions_are_written_before_the_end() -> None:
    """A long file of bad rows does not pile up in memory."""
    world = World()
    batches = [invalid(range(n * 500, n * 500 + 500)) for n in range(8)]
    world.assert_true(world.deliver(*batches))
    assert world.ledger.commits >= 8 * 500 // (2 * DECISIONS_A_COMMIT)


def test_a_long_file_is_taken_in_as_it_is_sent() -> None:
    """Only so many leads wait in memory; the next batch is asked for when they run low."""
    world = World(Policy(concurrency=4))
    waiting: list[int] = []
    batches = [ready(range(n * 1000, n * 1000 + 1000)) for n in range(4)]
    world.dialer.on_start = lambda count: waiting.append(len(world.rows) - count)
    world.assert_true(world.deliver(*batches))
    assert max(waiting) <= LOW_WATER + 1000 + 2 * 4


def test_the_rate_is_kept_by_the_whole_run() -> None:
    """Forty a second are forty a second, with many places and answers that vary."""
    script = {row: [Turn(seconds=0.01 * (row % 9))] for row in range(400)}
    world = World(Policy(concurrency=8, rate=40), script)
    world.assert_true(world.deliver(ready(range(400))))
    moments = world.dialer.moments
    assert moments[-1] - moments[0] == pytest.approx(399 / 40, rel=0.02)
    assert max(sum(m <= x < m + 1 for x in moments) for m in moments) <= 42


def test_a_lead_that_did_not_reach_the_dialer_is_tried_again() -> None:
    """Two refused connections and then an answer: one record, and one status."""
    world = World(script={3: [UNREACHED, UNREACHED, ACCEPT]})
    report = world.deliver(ready(range(10)))
    world.assert_true(report)
    assert report.ending is Ending.FINISHED
    assert world.dialer.started.count(3) == 3
    assert world.statuses(report) == {Status.ACCEPTED: 10}


def test_after_an_outage_leads_still_go_in_the_order_of_the_file() -> None:
    """All eight requests under way failed together: they are sent again by row, one at first."""
    world = World(Policy(concurrency=8), {row: [UNREACHED, ACCEPT] for row in range(8)})
    report = world.deliver(ready(range(20)))
    world.assert_true(report)
    assert world.dialer.started == [*range(8), *range(20)]
    assert world.dialer.moments[8] >= 0.02 + FIRST_DELAY_S / 2


def test_a_throttled_lead_waits_as_long_as_the_dialer_says() -> None:
    """Nothing at all starts before `Retry-After` is over."""
    world = World(script={5: [Turn(ThrottledError(429, 7.0)), ACCEPT]})
    report = world.deliver(ready(range(20)))
    world.assert_true(report)
    assert world.statuses(report) == {Status.ACCEPTED: 20}
    gaps = [after - before for before, after in pairwise(world.dialer.moments)]
    assert max(gaps) == pytest.approx(7, abs=0.1)


def test_retry_after_zero_is_no_loop_without_a_pause() -> None:
    """A dialer that says "now" is still not asked a thousand times a second."""
    turns = [*[Turn(ThrottledError(429, 0.0), seconds=0)] * 50, ACCEPT]
    world = World(Policy(concurrency=1), {1: turns})
    world.assert_true(world.deliver(ready([1])))
    assert world.seconds >= 5


def test_a_throttled_run_slows_down_and_comes_back() -> None:
    """After a 429 fewer requests are under way at once, and later as many as before."""
    world = World(Policy(concurrency=8), {40: [THROTTLED, ACCEPT]})
    inside: list[int] = []
    world.dialer.on_start = lambda _count: inside.append(world.dialer.inside)
    world.assert_true(world.deliver(ready(range(300))))
    again = [n for n, row in enumerate(world.dialer.started) if row == 40][1]
    assert max(inside[:again]) == 8
    assert max(inside[again : again + 8]) <= 5
    assert max(inside[-20:]) == 8


def test_an_answer_ends_the_trouble() -> None:
    """Single failures far apart never add up to a stop."""
    script = {row: [UNREACHED, ACCEPT] for row in range(0, 200, 5)}
    world = World(Policy(concurrency=1, max_doubts=2, retry_for_s=5), script)
    report = world.deliver(ready(range(200)))
    world.assert_true(report)
    assert report.ending is Ending.FINISHED


@pytest.mark.parametrize("first_s", [FIRST_DELAY_S, 0.02])
def test_the_back_off_grows_to_a_bound_with_jitter(first_s: float) -> None:
    """Each failure about doubles the wait, never beyond the longest, never below half of it."""
    for failures in range(1, 60):
        longest = min(LONGEST_DELAY_S, first_s * 2.0 ** (failures - 1))
        waits = {backoff_s(failures, first_s) for _ in range(20)}
        assert all(longest / 2 <= wait <= longest for wait in waits)
        assert len(waits) > 1


def test_a_back_off_from_nothing_is_a_pause_all_the_same() -> None:
    """However quick the dialer is to refuse, there is no loop without a pause."""
    assert backoff_s(1, 0.0) >= SHORTEST_FIRST_DELAY_S / 2
    assert backoff_s(1) >= FIRST_DELAY_S / 2


def test_a_sender_that_cancels_by_itself_loses_no_lead() -> None:
    """A cancellation nobody asked for leaves the lead unknown and the run going."""

    class Cancelling(Exception):  # noqa: N818 - a stand-in
        """Told apart from other answers."""

    world = World(script={2: [Turn(Cancelling(), records=True)]})
    send = world.dialer.send

    async def cancelling(body: bytes, doubt: Callable[[], None] | None = None) -> Answer:
        try:
            return await send(body, doubt)
        except Cancelling:
            raise asyncio.CancelledError from None

    world.dialer.send = cancelling  # type: ignore[method-assign]
    report = world.deliver(ready([1, 2, 3]))
    world.assert_true(report)
    assert world.ledger.outcomes[2] == Outcome(2, Status.UNKNOWN, OutcomeCode.INTERRUPTED)
    assert report.ending is Ending.FINISHED
