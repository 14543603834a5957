"""The delivery: ready leads go through intent, request and outcome, in the order of the file."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import TYPE_CHECKING

from bulk_loader.codes import OutcomeCode
from bulk_loader.delivery.courier import Courier, Voice
from bulk_loader.delivery.gate import Gate
from bulk_loader.delivery.journal import Journal
from bulk_loader.delivery.leads import ReadyLead, Report
from bulk_loader.delivery.stopping import StopRules
from bulk_loader.errors import LoaderError
from bulk_loader.model import Ending, Outcome, Status

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from bulk_loader.delivery.leads import Prepared
    from bulk_loader.delivery.policy import Policy
    from bulk_loader.delivery.ports import Listener, RunLedger, Sender
    from bulk_loader.ledger import Withheld

# The next batch is asked for while so many leads still wait for their intent.
LOW_WATER = 500

# A pause of another machine that is told; a shorter one nobody would notice.
TOLD_PAUSE_S = 0.5

# After the last answer, one that comes once too often is waited for as long as an answer takes, and
# no shorter and no longer than this.
LAST_LOOK_S = (0.02, 1.0)

_SENT = frozenset({Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN})


class Delivery:
    """One run's way to the dialer; used once, inside an event loop.

    Args:
        sender: posts one task.
        run: the ledger's side.
        listener: is told how it goes on.
    """

    def __init__(
        self,
        sender: Sender,
        run: RunLedger,
        policy: Policy,
        listener: Listener,
    ) -> None:
        self._policy = policy
        self._settled: Callable[[Status, int], None] = listener.settled
        self._rules = StopRules(policy)
        self._gate = Gate(policy.concurrency, policy.rate)
        self._journal = Journal(run, policy.concurrency, self._release, self._withhold)
        self._noted = listener.noted
        voice = Voice(self.stop, listener.noted, listener.waited, self._aim, self._take_back_answer)
        self._courier = Courier(sender, self._gate, policy, self._rules, voice)
        self._ready: deque[ReadyLead] = deque()
        self._idle: deque[asyncio.Future[None]] = deque()
        self._workers: list[asyncio.Task[None]] = []
        self._open = 0
        self._hungry = asyncio.Event()
        self._quiet = asyncio.Event()
        self._sent = 0
        self._mixed_up = 0
        self._stopped_why = ""
        self._ending = Ending.FINISHED
        self._failure: Exception | None = None
        self._leaves_rest = False
        self._is_over = False
        self._held_at: float | None = None
        self._rested_s = 0.0

    async def run(self, batches: AsyncIterator[Prepared]) -> Report:
        """Deliver all batches; every lead of them has its status when this returns.

        Once the run is stopped, the rest of the batches is still taken in, so that each of
        their leads is accounted for; only a second interrupt, or a ledger that can't hold them,
        leaves them out. A failure on this machine stops the run and stands in the report.
        """
        self._aim(self._courier.first_concurrency)
        if self._rules.is_canary:
            self._gate.narrow(1)
        keeper = asyncio.create_task(self._journal.keep())
        keeper.add_done_callback(self._ledger_ended)
        self._workers = [asyncio.create_task(self._work()) for _ in range(self._policy.concurrency)]
        try:
            await self._feed(batches)
            while self._open:
                self._quiet.clear()
                await self._quiet.wait()
            if self._sent:
                await asyncio.sleep(self._last_look_s())
        except asyncio.CancelledError:
            self.stop("It was interrupted.", Ending.INTERRUPTED)
            raise
        finally:
            await self._wind_up(keeper)
        self._end_rest()
        return Report(
            self._ending,
            self._stopped_why,
            self._sent,
            self._journal.unsaved,
            self._failure,
            self._courier.good_concurrency,
            self._mixed_up,
            self._rested_s,
        )

    def _last_look_s(self) -> float:
        shortest_s, longest_s = LAST_LOOK_S
        if self._ending is Ending.INTERRUPTED:
            return shortest_s
        return min(max(shortest_s, self._courier.longest_s), longest_s)

    async def _wind_up(self, keeper: asyncio.Task[None]) -> None:
        """Wait for nothing but the ledger; what is still under way becomes `unknown`."""
        self._is_over = True
        self._gate.close()
        self._cancel_workers()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._journal.close()
        await asyncio.wait([keeper])
        # Its callback may not have run yet, and the report must not be made before.
        self._ledger_ended(keeper)

    def stop(self, why: str, ending: Ending = Ending.STOPPED) -> None:
        """Start no more requests; those under way, at most `concurrency`, are waited for."""
        if self._ending is not Ending.FINISHED:
            return
        self._ending = ending
        self._stopped_why = why
        is_for_all = ending is Ending.STOPPED and self._failure is None
        self._policy.stopped(why, is_for_all)
        self._gate.close()
        self._take_back()

    def pause(self) -> None:
        """Start no more requests until `go_on`; those under way come to their end.

        The run stays open: its locks are kept, and so are the intents of the leads that were about
        to be sent, at most twice `concurrency`, which a kill leaves in doubt as ever.
        """
        if self._held_at is None:
            self._held_at = asyncio.get_running_loop().time()
            self._gate.hold()

    def go_on(self) -> None:
        """End a pause, or stop the run where nothing may be sent any more."""
        if self._held_at is None:
            return
        if why := self._policy.closed():
            self.stop(why)
        self._end_rest()
        self._courier.rested()
        self._gate.go_on()

    def _end_rest(self) -> None:
        if self._held_at is not None:
            self._rested_s += asyncio.get_running_loop().time() - self._held_at
            self._held_at = None

    def _aim(self, concurrency: int) -> None:
        self._gate.aim(concurrency)
        self._journal.expect(concurrency)

    def _fail(self, error: Exception) -> None:
        self._failure = self._failure or error
        self.stop(_reason(error))

    def _take_back(self) -> None:
        """Settle all leads that are not under way as `unsent`."""
        withdrawn = self._journal.withdraw()
        self._leave_out(withdrawn)
        self._close_leads(len(withdrawn))
        while self._ready:
            self._settle(_unsent(self._ready.popleft()))
        self._hungry.set()

    def interrupt(self) -> None:
        """Stop gently at the first call, at once at the second."""
        if self._ending is Ending.INTERRUPTED:
            self._leaves_rest = True
            self._hungry.set()
            self._cancel_workers()
            return
        self.stop("It was interrupted.", Ending.INTERRUPTED)
        self._ending = Ending.INTERRUPTED
        asyncio.get_running_loop().call_later(self._policy.grace_s, self._cancel_workers)

    def _cancel_workers(self) -> None:
        for worker in self._workers:
            worker.cancel()

    async def _feed(self, batches: AsyncIterator[Prepared]) -> None:
        try:
            async for batch in batches:
                self._take_in(batch)
                while self._journal.pending > LOW_WATER:
                    self._hungry.clear()
                    await self._hungry.wait()
                if self._leaves_rest:
                    break
        except Exception as error:  # noqa: BLE001 - what is under way must be accounted for
            self._fail(error)

    def _take_in(self, batch: Prepared) -> None:
        for status, count in Counter(batch.standing).items():
            self._tell(status, count)
        self._rules.looked_at(len(batch.ready) + len(batch.decided))
        self._journal.decide(batch.decided)
        for status, count in Counter(outcome.status for outcome, _ in batch.decided).items():
            self._tell(status, count)
            if why := self._rules.decided(status, count):
                self.stop(why)
        if self._ending is Ending.FINISHED:
            self._open += len(batch.ready)
            self._journal.intend(batch.ready)
        else:
            self._leave_out(batch.ready)

    def _leave_out(self, leads: Sequence[ReadyLead]) -> None:
        self._journal.decide([(_unsent(lead), lead.key) for lead in leads])
        if leads:
            self._tell(Status.UNSENT, len(leads))

    def _release(self, leads: Sequence[ReadyLead]) -> None:
        if self._ending is not Ending.FINISHED:
            for lead in leads:
                self._settle(_unsent(lead))
            self._take_back()  # those of the same commit that wait for another run
            return
        self._ready.extend(leads)
        # Workers are woken without a lead and take the first one themselves: whoever runs first
        # then starts first, and a cancelled worker can't take a lead with it.
        for _ in range(min(len(leads), len(self._idle))):
            call = self._idle.popleft()
            if not call.done():
                call.set_result(None)
        if self._journal.pending <= LOW_WATER:
            self._hungry.set()

    def _withhold(self, withheld: Withheld) -> None:
        """Count leads that another run keeps from being sent, and pause or stop as the others do."""
        if withheld.pause_s > 0:
            self._pause_with_others(min(withheld.pause_s, self._policy.retry_for_s))
        for outcome in withheld.settled:
            self._close_leads(1)
            self._tell(outcome.status, 1)
        if withheld.stop:
            self.stop(withheld.stop)

    def _pause_with_others(self, pause_s: float) -> None:
        # Its own pause may seem to last a moment longer by the clock that all share.
        if not self._gate.is_paused and pause_s >= TOLD_PAUSE_S:
            self._noted(
                "The dialer asked another machine to slow down: waiting "
                f"{pause_s:.1f} seconds with it."
            )
        self._gate.pause(pause_s)

    async def _work(self) -> None:
        while not self._is_over:
            if self._ready:
                self._answer(await self._deliver(self._ready.popleft()))
            else:
                call: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._idle.append(call)
                await call

    async def _deliver(self, lead: ReadyLead) -> Outcome:
        try:
            return await self._courier.deliver(lead)
        except Exception as error:  # noqa: BLE001 - a bug of ours must not lose a lead
            self._fail(error)
            return Outcome(lead.row, Status.UNKNOWN, OutcomeCode.BROKEN_OFF)

    def _answer(self, outcome: Outcome) -> None:
        if outcome.status in _SENT:
            self._sent += 1
        self._settle(outcome)

    def _settle(self, outcome: Outcome) -> None:
        self._journal.settle(outcome)
        self._close_leads(1)
        self._tell(outcome.status, 1)

    def _take_back_answer(self, row: int, status: Status) -> None:
        """What an answer said of a lead may have been said of another."""
        if not self._mixed_up:
            self._noted(
                "The dialer sent an answer that nobody had asked for. What was answered on that "
                "connection before is unknown now, since it may belong to other leads."
            )
        self._mixed_up += 1
        self._journal.revise(Outcome(row, Status.UNKNOWN, OutcomeCode.MIXED_UP))
        self._tell(status, -1)
        self._tell(Status.UNKNOWN, 1)
        if why := self._rules.taken_back(status):
            self.stop(why)

    def _close_leads(self, count: int) -> None:
        self._open -= count
        if not self._open:
            self._quiet.set()

    def _tell(self, status: Status, count: int) -> None:
        try:
            self._settled(status, count)
        except Exception as error:  # noqa: BLE001 - the accounting must not depend on a listener
            self._settled = _nobody
            self._fail(error)

    def _ledger_ended(self, keeper: asyncio.Task[None]) -> None:
        failure = None if keeper.cancelled() else self._journal.failure or keeper.exception()
        if isinstance(failure, Exception):
            # What is not durable is held in memory, so the rest of a long file is left out.
            self._leaves_rest = True
            self._fail(failure)
            # Where the run was stopped before, the failed commit has given its leads back since.
            self._take_back()


def _nobody(_status: Status, _count: int) -> None:
    """Listens no more."""


def _reason(error: Exception) -> str:
    if isinstance(error, LoaderError):
        return error.one_line
    # Nothing more: its text may repeat what no ledger and no terminal may hold.
    return f"The program failed ({type(error).__name__})."


def _unsent(lead: ReadyLead) -> Outcome:
    return Outcome(lead.row, Status.UNSENT, OutcomeCode.RUN_STOPPED)
