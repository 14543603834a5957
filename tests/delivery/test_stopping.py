"""What stops a delivery, and what is true of every lead then."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from bulk_loader.codes import OutcomeCode
from bulk_loader.delivery import Delivery, ErrorLimit, Policy, Prepared
from bulk_loader.dialer.answers import (
    DialerRefusedError,
    NotSentError,
    ThrottledError,
    UnreachableError,
    WrongAddressError,
)
from bulk_loader.errors import LedgerError, SourceError, StoppedError
from bulk_loader.model import Ending, Outcome, Status
from tests.delivery.fakes import ACCEPT, NEVER, REJECT, UNKNOWN, Turn, World, invalid, ready
from tests.support.clock import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.delivery import Report

UNREACHED = Turn(NotSentError("connection refused"), seconds=0)
NOWHERE = Turn(UnreachableError("there is no host named x", "Check the name."), seconds=0)
DISK_FULL = LedgerError("The ledger can't be used.", "The disk is full.", "Make room.")


def stopped(world: World, *batches: Prepared | Exception) -> Report:
    """A delivery that stopped, with everything accounted for."""
    report = world.deliver(*batches)
    world.assert_true(report)
    assert report.ending is Ending.STOPPED
    return report


class TestRules:
    """The rules that stop a run before the harm is done."""

    def test_canaries_go_one_at_a_time_and_then_the_run_widens(self) -> None:
        """With the first accepted, the rest goes at full width."""
        world = World(Policy(concurrency=4, canary=3), {1: [REJECT]})
        inside: list[int] = []
        world.dialer.on_start = lambda _count: inside.append(world.dialer.inside)
        report = world.deliver(ready(range(40)))
        world.assert_true(report)
        assert report.ending is Ending.FINISHED
        assert inside[:3] == [1, 1, 1]
        assert max(inside) == 4

    def test_a_run_whose_canaries_all_fail_stops_there(self) -> None:
        """A wrong campaign's name costs as many leads as there are canaries, and no more."""
        world = World(Policy(concurrency=8, canary=5), usual=REJECT)
        report = stopped(world, ready(range(50)), ready(range(50, 99)))
        assert world.dialer.started == [0, 1, 2, 3, 4]
        assert "None of the first 5 leads was accepted (--canary)" in report.stopped_why
        assert world.statuses(report) == {Status.REJECTED: 5, Status.UNSENT: 94}

    def test_fewer_leads_than_canaries_are_a_whole_run(self) -> None:
        """There was nothing more to protect."""
        world = World(Policy(concurrency=8, canary=5), usual=REJECT)
        report = world.deliver(ready(range(3)))
        assert report.ending is Ending.FINISHED

    @pytest.mark.parametrize("concurrency", [1, 3, 16])
    def test_too_many_errors_stop_the_run(self, concurrency: int) -> None:
        """Of what was under way when the limit was passed, at most `concurrency` are sent."""
        world = World(Policy(concurrency=concurrency, max_errors=ErrorLimit(10)), usual=REJECT)
        report = stopped(world, ready(range(100)))
        assert "11 leads are invalid, rejected or unknown (--max-errors 10)" in report.stopped_why
        assert 11 <= world.statuses(report)[Status.REJECTED] <= 11 + concurrency - 1

    def test_bad_rows_count_as_errors_before_anything_is_sent(self) -> None:
        """A file that is mostly wrong is not sent by a tenth."""
        world = World(Policy(max_errors=ErrorLimit(10)))
        stopped(world, invalid(range(11)), ready(range(50, 60)))
        assert world.dialer.started == []

    def test_a_share_of_errors_is_judged_by_the_leads_looked_at(self) -> None:
        """A batch with 15 % bad rows passes a limit of 20 %, though they are known first."""
        batch = Prepared(ready(range(85)).ready, invalid(range(85, 100)).decided)
        world = World(Policy(max_errors=ErrorLimit(20, is_percent=True)))
        report = world.deliver(batch)
        world.assert_true(report)
        assert report.ending is Ending.FINISHED

    def test_a_share_of_errors_above_the_limit_stops(self) -> None:
        """Bad rows and refused leads together pass it."""
        batch = Prepared(ready(range(85)).ready, invalid(range(85, 100)).decided)
        limit = ErrorLimit(20, is_percent=True)
        world = World(Policy(max_errors=limit), {row: [REJECT] for row in range(0, 85, 2)})
        report = stopped(world, batch)
        assert "21 leads" in report.stopped_why
        assert "(--max-errors 20%)" in report.stopped_why

    def test_a_share_says_nothing_of_a_few_leads(self) -> None:
        """Below a hundred leads one bad row would weigh too much."""
        limit = ErrorLimit(1, is_percent=True)
        assert not limit.is_passed(99, ErrorLimit.MIN_SAMPLE - 1)
        assert not limit.is_passed(1, ErrorLimit.MIN_SAMPLE)
        assert limit.is_passed(2, ErrorLimit.MIN_SAMPLE)

    @pytest.mark.parametrize("concurrency", [1, 3, 16])
    def test_doubts_in_a_row_stop_the_run(self, concurrency: int) -> None:
        """A dialer that answers nonsense does not get the whole file."""
        world = World(Policy(concurrency=concurrency, max_doubts=5), usual=UNKNOWN)
        report = stopped(world, ready(range(100)))
        assert "5 requests in a row" in report.stopped_why
        assert "--max-doubts" in report.stopped_why
        assert 5 <= world.statuses(report)[Status.UNKNOWN] <= 5 + concurrency - 1

    def test_a_clear_answer_ends_a_row_of_doubts(self) -> None:
        """Four doubts, an answer, four doubts: nothing stops."""
        script = {row: [UNKNOWN] for row in range(100) if row % 5}
        world = World(Policy(concurrency=1, max_doubts=5), script)
        assert world.deliver(ready(range(100))).ending is Ending.FINISHED

    def test_a_dialer_out_of_reach_is_given_up_after_a_while(self) -> None:
        """The run waits for it with growing pauses, then stops with nothing sent."""
        world = World(Policy(concurrency=8, retry_for_s=60, max_doubts=1000), usual=UNREACHED)
        report = stopped(world, ready(range(30)))
        assert "could not be reached for 60 seconds" in report.stopped_why
        assert "The last reason: connection refused" in report.stopped_why
        assert world.statuses(report) == {Status.UNSENT: 30}
        assert 20 < world.seconds <= 61
        assert len(world.dialer.started) < 8 + 15, "one at a time after the first failure"

    def test_failures_to_connect_count_as_doubts(self) -> None:
        """The setting bounds them too, and failures together count once."""
        world = World(Policy(concurrency=8, retry_for_s=1e9, max_doubts=4), usual=UNREACHED)
        report = stopped(world, ready(range(30)))
        assert "4 requests in a row" in report.stopped_why
        assert len(world.dialer.started) >= 8 + 3

    def test_a_dialer_that_keeps_saying_429_is_given_up_after_a_while(self) -> None:
        """Waiting has an end that the user chose, also without `Retry-After`."""
        turn = Turn(ThrottledError(429, None))
        world = World(Policy(concurrency=4, retry_for_s=30), usual=turn)
        report = stopped(world, ready(range(10)))
        assert "HTTP 429" in report.stopped_why
        assert "--retry-for allows (30 seconds)" in report.stopped_why
        assert world.statuses(report) == {Status.UNSENT: 10}
        assert world.seconds <= 31

    def test_a_retry_after_beyond_the_bound_stops_at_once(self) -> None:
        """Nobody waits an hour to be told that there was no time for it."""
        turn = Turn(ThrottledError(503, 3600.0))
        world = World(Policy(retry_for_s=300), {2: [turn]})
        report = stopped(world, ready(range(30)))
        assert "HTTP 503" in report.stopped_why
        assert world.seconds < 1

    def test_what_has_never_worked_stops_the_run_at_once(self) -> None:
        """A name that nobody knows is not tried for minutes; the message says what to mend."""
        report = stopped(world := World(usual=NOWHERE), ready(range(30)))
        assert report.stopped_why == (
            "The dialer can't be reached: there is no host named x. Nothing has answered in this "
            "run yet, so it was not tried again. Check the name."
        )
        assert world.statuses(report) == {Status.UNSENT: 30}
        assert len(world.dialer.started) <= 4
        assert world.seconds < 0.1

    def test_what_was_refused_before_and_never_worked_stops_the_run_at_once(self) -> None:
        """A refused connection is no answer."""
        world = World(script={0: [UNREACHED, NOWHERE]}, usual=UNREACHED)
        assert "no host named x" in stopped(world, ready(range(30))).stopped_why
        assert world.seconds < 2

    @pytest.mark.parametrize("first", [Turn(), REJECT, UNKNOWN, Turn(ThrottledError(429, 1.0))])
    def test_what_has_worked_before_is_tried_again(self, first: Turn) -> None:
        """A name server has its bad minutes, and a certificate is renewed while a run goes on."""
        script = {0: [first, ACCEPT], 9: [NOWHERE, NOWHERE, ACCEPT]}
        world = World(Policy(concurrency=1), script)
        report = world.deliver(ready(range(30)))
        world.assert_true(report)
        assert report.ending is Ending.FINISHED
        assert world.dialer.started.count(9) == 3

    def test_refused_credentials_stop_the_run(self) -> None:
        """The lead was not taken, and nothing more is sent."""
        world = World(script={3: [Turn(DialerRefusedError(401))]})
        report = stopped(world, ready(range(30)))
        assert "refused the credentials (HTTP 401)" in report.stopped_why
        assert world.ledger.outcomes[3] == Outcome(
            3, Status.UNSENT, OutcomeCode.REFUSED_CREDENTIALS, "401"
        )
        assert len(world.dialer.started) <= 4 + 4

    def test_a_wrong_address_stops_the_run(self) -> None:
        """The message says what answered there and where it points."""
        world = World(script={0: [Turn(WrongAddressError(301, "https://elsewhere.example"))]})
        report = stopped(world, ready(range(30)))
        assert "HTTP 301 and points to https://elsewhere.example" in report.stopped_why
        assert "--url" in report.stopped_why
        assert world.ledger.outcomes[0] == Outcome(
            0, Status.UNSENT, OutcomeCode.WRONG_ADDRESS, "301"
        )

    def test_a_wrong_address_without_a_pointer_says_only_the_status(self) -> None:
        """Nothing is made up."""
        world = World(usual=Turn(WrongAddressError(404)))
        report = stopped(world, ready(range(3)))
        assert "it answered HTTP 404. Check" in report.stopped_why

    def test_a_failed_login_stops_the_run_with_its_whole_reason(self) -> None:
        """All parts of it stand in one line, and nothing was sent."""
        failed = StoppedError("No login.", "It answered HTTP 401.", "Check the password.")
        world = World(usual=Turn(failed, records=False))
        report = stopped(world, ready(range(30)))
        assert report.stopped_why == "No login. It answered HTTP 401. Check the password."
        assert world.statuses(report) == {Status.UNSENT: 30}

    def test_the_first_reason_stands(self) -> None:
        """What fails afterwards, because of the stop or beside it, does not hide it."""
        script = {
            0: [Turn(DialerRefusedError(403), seconds=0.01)],
            1: [Turn(WrongAddressError(404), seconds=0.02)],
        }
        report = stopped(World(script=script), ready(range(30)))
        assert "HTTP 403" in report.stopped_why


class TestFailures:
    """What goes wrong on this machine."""

    @pytest.mark.parametrize("number", [1, 2, 3, 7])
    def test_a_ledger_that_fails_stops_the_run_with_everything_accounted_for(
        self, number: int
    ) -> None:
        """What was answered is told by the report, what was not sent is unsent, once each."""
        world = World()

        def fail(commit: int) -> None:
            if commit >= number:
                raise DISK_FULL

        world.ledger.before_commit = fail
        report = stopped(world, ready(range(40)), invalid(range(40, 60)))
        assert report.failure is DISK_FULL
        assert report.stopped_why == "The ledger can't be used. The disk is full. Make room."
        assert world.ledger.commits == number, "a ledger that failed is left alone"
        assert report.unsaved
        assert (world.dialer.started == []) == (number == 1)

    def test_a_ledger_that_fails_at_the_very_end_is_noticed(self) -> None:
        """The last answers are in the report, and the run is not called finished."""
        world = World(Policy(concurrency=8))

        def fail(_commit: int) -> None:
            if len(world.dialer.recorded) == 5:
                raise DISK_FULL

        world.ledger.before_commit = fail
        report = stopped(world, ready(range(5)))
        assert world.statuses(report) == {Status.ACCEPTED: 5}

    def test_a_ledger_that_fails_after_an_interrupt_ends_all_the_same(self) -> None:
        """A commit under way at the interrupt fails: its leads are unsent, nobody waits."""
        world = World()
        interrupt = interrupting(world)

        def fail(commit: int) -> None:
            if commit == 3:
                interrupt()
                raise DISK_FULL

        world.ledger.before_commit = fail
        report = world.deliver(ready(range(40)), ready(range(40, 50)))
        assert report.ending is Ending.INTERRUPTED
        assert report.failure is DISK_FULL
        assert sorted(world.outcomes(report)) == sorted(world.rows)

    def test_a_bug_in_the_ledger_does_not_hang_the_run(self) -> None:
        """An exception that nobody thought of ends it like a failed commit."""
        world = World()

        def fail(commit: int) -> None:
            if commit == 2:
                raise OverflowError("0991234567 is too large")

        world.ledger.before_commit = fail
        report = stopped(world, ready(range(40)))
        assert report.stopped_why == "The program failed (OverflowError)."
        assert isinstance(report.failure, OverflowError)

    def test_a_bug_in_the_sender_loses_no_lead(self) -> None:
        """The lead may have been sent, so it is unknown; its text is not repeated anywhere."""
        world = World(script={5: [Turn(ValueError("secret 0991234567"), records=True)]})
        report = stopped(world, ready(range(40)))
        assert world.ledger.outcomes[5] == Outcome(5, Status.UNKNOWN, OutcomeCode.BROKEN_OFF)
        assert report.stopped_why == "The program failed (ValueError)."
        assert isinstance(report.failure, ValueError)

    def test_a_source_that_fails_stops_the_run(self) -> None:
        """The file is gone in the middle: what was read is settled, the reason is whole."""
        gone = SourceError("The file is gone.", "It was moved.", "Bring it back.")
        report = stopped(World(), ready(range(40)), gone)
        assert report.failure is gone
        assert report.stopped_why == "The file is gone. It was moved. Bring it back."

    def test_a_bug_in_the_preparation_loses_no_lead(self) -> None:
        """Requests that are under way are waited for, and their leads keep their answers."""
        world = World(usual=Turn(seconds=5))
        report = stopped(world, ready(range(40)), KeyError("destination"))
        assert report.stopped_why == "The program failed (KeyError)."
        assert world.statuses(report) == {Status.ACCEPTED: 4, Status.UNSENT: 36}

    @pytest.mark.parametrize("at", [1, 3, 20])
    def test_a_listener_that_fails_loses_no_lead(self, at: int) -> None:
        """A broken progress bar stops the run, and every answer is still accounted for."""
        world = World()
        heard = 0

        def listen(_status: Status, _count: int) -> None:
            nonlocal heard
            heard += 1
            if heard == at:
                raise BrokenPipeError

        world.listen = listen
        report = stopped(world, invalid(range(40, 50)), ready(range(40)))
        assert isinstance(report.failure, BrokenPipeError)
        assert heard == at, "it is not called again"


def interrupting(world: World, times: int = 1) -> Callable[[], None]:
    """A way to interrupt the delivery from any thread, done when it returns."""
    loops: list[tuple[asyncio.AbstractEventLoop, Delivery]] = []

    async def remember(_world: World, delivery: Delivery) -> None:
        loops.append((asyncio.get_running_loop(), delivery))

    world.around = remember

    def interrupt() -> None:
        loop, delivery = loops[0]
        done = threading.Event()

        def call() -> None:
            for _ in range(times):
                delivery.interrupt()
            done.set()

        loop.call_soon_threadsafe(call)
        assert done.wait(5)

    return interrupt


def interrupt_at(*moments: float) -> Callable[[World, Delivery], object]:
    """Interrupts at these moments of the loop's time."""

    async def around(_world: World, delivery: Delivery) -> None:
        loop = asyncio.get_running_loop()
        for moment in moments:
            loop.call_at(moment, delivery.interrupt)

    return around


class TestInterrupts:
    """Ctrl-C, once or twice, and at any moment."""

    def test_the_first_waits_for_what_is_under_way(self) -> None:
        """No more requests start, and those that were sent get their answers."""
        world = World(usual=Turn(seconds=2), around=interrupt_at(3))
        report = world.deliver(ready(range(40)), ready(range(40, 60)))
        world.assert_true(report)
        assert report.ending is Ending.INTERRUPTED
        assert report.stopped_why == "It was interrupted."
        assert world.statuses(report) == {Status.ACCEPTED: 8, Status.UNSENT: 52}
        assert world.seconds == pytest.approx(4, abs=0.1)

    def test_one_after_the_end_changes_nothing(self) -> None:
        """All is settled then, and only the session at the dialer is still being ended."""
        world = World()

        async def main() -> Report:
            delivery = Delivery(world.dialer, world.ledger, world.policy, world)
            report = await delivery.run(world._given([ready(range(9))]))
            delivery.interrupt()
            delivery.interrupt()
            await asyncio.sleep(world.policy.grace_s + 1)
            return report

        report = run(main())
        world.assert_true(report)
        assert (report.ending, report.stopped_why) == (Ending.FINISHED, "")
        assert world.statuses(report) == {Status.ACCEPTED: 9}

    def test_the_first_does_not_wait_for_ever(self) -> None:
        """After the grace, leads without an answer are unknown."""
        world = World(Policy(concurrency=4, grace_s=10), usual=NEVER, around=interrupt_at(3))
        report = world.deliver(ready(range(40)))
        world.assert_true(report)
        assert world.statuses(report) == {Status.UNKNOWN: 4, Status.UNSENT: 36}
        assert world.ledger.outcomes[0] == Outcome(0, Status.UNKNOWN, OutcomeCode.INTERRUPTED)
        assert world.seconds == pytest.approx(13, abs=0.1)

    def test_the_second_ends_it_at_once(self) -> None:
        """Nothing is waited for, and nothing is lost either."""
        world = World(usual=NEVER, around=interrupt_at(3, 4))
        report = world.deliver(ready(range(40)))
        world.assert_true(report)
        assert world.statuses(report) == {Status.UNKNOWN: 4, Status.UNSENT: 36}
        assert world.seconds == pytest.approx(4, abs=0.1)

    def test_the_second_leaves_the_rest_of_the_file_out(self) -> None:
        """A long file is not read to its end for it."""
        world = World(usual=NEVER, around=interrupt_at(0.0005, 0.0006))
        batches = [ready(range(n * 10, n * 10 + 10)) for n in range(20)]
        report = world.deliver(*batches)
        assert report.ending is Ending.INTERRUPTED
        assert len(world.rows) == 10
        assert world.statuses(report) == {Status.UNSENT: 10}

    def test_it_may_come_before_the_first_batch(self) -> None:
        """Then nothing is sent, and every lead is accounted for."""
        world = World(around=interrupt_at(0))
        report = world.deliver(ready(range(10)), invalid(range(10, 12)))
        world.assert_true(report)
        assert world.dialer.started == []
        assert world.statuses(report) == {Status.UNSENT: 10, Status.INVALID: 2}

    def test_it_ends_a_wait_for_the_dialer(self) -> None:
        """Neither a pause of minutes nor a back-off holds it up; the leads were not taken."""
        turn = Turn(ThrottledError(429, 200.0))
        world = World(usual=turn, around=interrupt_at(50))
        report = world.deliver(ready(range(10)))
        world.assert_true(report)
        assert world.statuses(report) == {Status.UNSENT: 10}
        assert world.seconds == pytest.approx(50, abs=0.1)

    def test_a_lead_that_waits_for_its_next_try_was_not_taken(self) -> None:
        """Two interrupts at once end its wait, and it is unsent, not unknown."""
        turn = Turn(ThrottledError(429, 200.0))
        world = World(usual=turn, around=interrupt_at(50, 50))
        report = world.deliver(ready(range(10)))
        world.assert_true(report)
        assert world.statuses(report) == {Status.UNSENT: 10}

    @pytest.mark.parametrize("times", [1, 2])
    @pytest.mark.parametrize("number", [1, 2, 3, 5])
    def test_it_may_come_during_a_commit(self, number: int, times: int) -> None:
        """Leads whose intent is being written are not sent any more, and each is settled."""
        world = World()
        interrupt = interrupting(world, times)
        world.ledger.before_commit = lambda commit: interrupt() if commit == number else None
        report = world.deliver(ready(range(40)))
        world.assert_true(report)
        assert report.ending is Ending.INTERRUPTED

    def test_a_worker_that_was_just_woken_takes_no_lead_with_it(self) -> None:
        """Two interrupts in the moment in which leads are handed out lose none of them."""
        world = World(Policy(concurrency=4))

        async def around(_world: World, delivery: Delivery) -> None:
            release = delivery._journal._release

            def release_and_interrupt(leads: object) -> None:
                release(leads)  # type: ignore[arg-type]
                delivery.interrupt()
                delivery.interrupt()

            delivery._journal._release = release_and_interrupt

        world.around = around
        report = world.deliver(ready(range(10)))
        world.assert_true(report)
        assert world.dialer.started == []

    def test_it_is_told_apart_from_a_stop_before(self) -> None:
        """Who interrupts a run that is stopping ends it; the reason of the stop stays."""
        script = {0: [Turn(DialerRefusedError(401), seconds=0)]}
        world = World(script=script, usual=NEVER, around=interrupt_at(5, 6))
        report = world.deliver(ready(range(40)))
        world.assert_true(report)
        assert report.ending is Ending.INTERRUPTED
        assert "HTTP 401" in report.stopped_why
        assert world.seconds == pytest.approx(6, abs=0.1)

    def test_after_the_end_it_changes_nothing(self) -> None:
        """The grace of an interrupt that came last outlives no run."""
        world = World(usual=Turn(seconds=2), around=interrupt_at(1))
        report = world.deliver(ready([1, 2]))
        world.assert_true(report)
        assert world.statuses(report) == {Status.ACCEPTED: 2}


class TestCancellation:
    """The delivery's own task is cancelled by whoever runs it."""

    def test_what_was_under_way_is_durably_unknown(self) -> None:
        """Nothing more is sent, and the ledger knows of every lead."""
        world = World(usual=NEVER)

        async def main() -> None:
            task = asyncio.ensure_future(world._deliver([ready(range(40))]))
            await asyncio.sleep(5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        run(main())
        statuses = [world.ledger.outcomes[row].status for row in range(40)]
        assert statuses == [Status.UNKNOWN] * 4 + [Status.UNSENT] * 36
        assert world.ledger.in_doubt == set()
        assert world.dialer.started == [0, 1, 2, 3]
