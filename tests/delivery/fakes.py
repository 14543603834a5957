"""A dialer and a ledger that keep a record, and hold the delivery to its promises meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bulk_loader.codes import OutcomeCode, ProblemCode
from bulk_loader.delivery import Delivery, Policy, Prepared, ReadyLead, Report
from bulk_loader.dialer.answers import ACCEPTED, REJECTED, Answer
from bulk_loader.ledger import LeadKey, Withheld
from bulk_loader.model import Outcome, Status
from tests.support.clock import run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence

UNCLEAR = Answer(Status.UNKNOWN, OutcomeCode.HTTP_FAILED, "500")


@dataclass(frozen=True)
class Turn:
    """What the dialer does with one request: half of its time, then the record, then the rest.

    Attributes:
        answer: returned, or raised.
        records: the task truly joins the queue; None where the answer is honest.
    """

    answer: Answer | Exception = ACCEPTED
    records: bool | None = None
    seconds: float = 0.02

    @property
    def is_recorded(self) -> bool:
        return self.answer is ACCEPTED if self.records is None else self.records


ACCEPT = Turn()
REJECT = Turn(REJECTED)
UNKNOWN = Turn(UNCLEAR, records=True)
NEVER = Turn(records=True, seconds=1e9)


class FakeRun:
    """The ledger's side; a commit that breaks a promise fails the delivery and the test.

    Attributes:
        outcomes: what is durable, by row.
        in_doubt: rows with a durable intent and no outcome.
        before_commit: called in the committing thread with the number of the commit, from 1.
        judge: what other runs say of intents.
        waited: rows that another run was sending, so that they lost their place.
    """

    def __init__(self) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self.in_doubt: set[int] = set()
        self.most_in_doubt = 0
        self.commits = 0
        self.before_commit: Callable[[int], object] = lambda _number: None
        self.waited: set[int] = set()
        self.judge: Callable[[Sequence[tuple[int, LeadKey]]], Withheld] = lambda _: Withheld()

    def commit(
        self,
        outcomes: Sequence[Outcome],
        intents: Sequence[tuple[int, LeadKey]] = (),
        decisions: Sequence[tuple[Outcome, LeadKey | None]] = (),
    ) -> Withheld:
        assert outcomes or intents or decisions, "an empty commit costs a write for nothing"
        self.commits += 1
        self.before_commit(self.commits)
        withheld = self.judge(intents)
        self.waited |= withheld.waiting
        kept_back = {outcome.row: outcome for outcome in withheld.settled}
        settled = {outcome.row: outcome for outcome in outcomes}
        revised = {
            row for row, outcome in settled.items() if outcome.code == OutcomeCode.MIXED_UP
        } & self.outcomes.keys()
        assert settled.keys() <= self.in_doubt | revised, "an outcome without an intent"
        assert len(settled) == len(outcomes), "two outcomes for a lead"
        intended = {row for row, _ in intents} - kept_back.keys() - withheld.waiting
        known = self.outcomes.keys() | self.in_doubt
        assert not intended & known, "an intent for a lead that was intended or settled"
        decided = {outcome.row: outcome for outcome, _ in decisions}
        assert not decided.keys() & (known | intended), "a decision about a lead that was sent"
        self.outcomes |= settled | decided | kept_back
        self.in_doubt = (self.in_doubt - settled.keys()) | intended
        self.most_in_doubt = max(self.most_in_doubt, len(self.in_doubt))
        return withheld


class FakeDialer:
    """The sender; knows what it truly recorded.

    Attributes:
        started: rows in the order in which their requests came.
        recorded: rows in the order in which they joined the queue.
        moments: when each request came, by the loop's time.
        doubts: to be called, by row, where the answer was another's.
    """

    def __init__(self, ledger: FakeRun, script: Mapping[int, Sequence[Turn]], usual: Turn) -> None:
        self._ledger = ledger
        self._script = script
        self._usual = usual
        self._attempts: Counter[int] = Counter()
        self.started: list[int] = []
        self.moments: list[float] = []
        self.recorded: list[int] = []
        self.inside = 0
        self.most_inside = 0
        self.doubts: dict[int, Callable[[], None]] = {}
        self.on_start: Callable[[int], object] = lambda _count: None

    @property
    def first_starts(self) -> list[int]:
        return list(dict.fromkeys(self.started))

    async def send(self, body: bytes, doubt: Callable[[], None] | None = None) -> Answer:
        row = int(body)
        assert doubt is not None
        self.doubts[row] = doubt
        assert row in self._ledger.in_doubt, "a request was written before its intent was durable"
        turns = self._script.get(row, [self._usual])
        turn = turns[min(self._attempts[row], len(turns) - 1)]
        self._attempts[row] += 1
        self.started.append(row)
        self.moments.append(asyncio.get_running_loop().time())
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        try:
            self.on_start(len(self.started))
            await asyncio.sleep(turn.seconds / 2)
            if turn.is_recorded:
                self.recorded.append(row)
            await asyncio.sleep(turn.seconds / 2)
        finally:
            self.inside -= 1
        if isinstance(turn.answer, Exception):
            raise turn.answer
        return turn.answer


def lead(row: int) -> ReadyLead:
    """A lead that may be sent."""
    return ReadyLead(row, LeadKey(row, 0, row, row), str(row).encode())


def ready(rows: Iterable[int]) -> Prepared:
    """A batch of leads that may be sent."""
    return Prepared([lead(row) for row in rows], [])


def invalid(rows: Iterable[int]) -> Prepared:
    """A batch of leads that are not to be sent."""
    return Prepared(
        [], [(Outcome(row, Status.INVALID, ProblemCode.PHONE_TOO_SHORT), None) for row in rows]
    )


@dataclass
class World:
    """One delivery with everything around it.

    Attributes:
        script: turns by row; the last one of a row stays.
        around: runs beside the delivery and may call it; cancelled at the end.
        told: what the listener heard.
        notes: what else it was told.
        waits: what it was told again and again.
        rows: every row that the delivery was given.
    """

    policy: Policy = field(default_factory=lambda: Policy(concurrency=4))
    script: Mapping[int, Sequence[Turn]] = field(default_factory=dict)
    usual: Turn = ACCEPT
    around: Callable[[World, Delivery], Any] | None = None
    told: Counter[Status] = field(default_factory=Counter)
    rows: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = FakeRun()
        self.dialer = FakeDialer(self.ledger, self.script, self.usual)
        self.seconds = 0.0
        self.notes: list[str] = []
        self.waits: list[str] = []
        self.listen: Callable[[Status, int], None] = self._listen

    def _listen(self, status: Status, count: int) -> None:
        self.told[status] += count

    def settled(self, status: Status, count: int = 1) -> None:
        self.listen(status, count)

    def noted(self, sentence: str) -> None:
        self.notes.append(sentence)

    def waited(self, sentence: str) -> None:
        self.waits.append(sentence)

    def deliver(self, *batches: Prepared | Exception) -> Report:
        """Run the delivery to its end in manual time; an exception among the batches is raised."""
        return run(self._deliver(batches))

    async def _deliver(self, batches: Sequence[Prepared | Exception]) -> Report:
        ledger = self.ledger
        delivery = Delivery(self.dialer, ledger, self.policy, self)
        beside = asyncio.ensure_future(self._beside(delivery))
        try:
            report = await delivery.run(self._given(batches))
        finally:
            self.seconds = asyncio.get_running_loop().time()
            beside.cancel()
        if isinstance(report.failure, AssertionError):
            raise report.failure
        return report

    async def _beside(self, delivery: Delivery) -> None:
        if self.around is not None:
            await self.around(self, delivery)

    async def _given(self, batches: Sequence[Prepared | Exception]) -> AsyncIterator[Prepared]:
        for batch in batches:
            await asyncio.sleep(0.001)
            if isinstance(batch, Exception):
                raise batch
            self.rows += [lead.row for lead in batch.ready]
            self.rows += [outcome.row for outcome, _ in batch.decided]
            yield batch

    def outcomes(self, report: Report) -> dict[int, Outcome]:
        """By row, what the ledger and the report say together."""
        return self.ledger.outcomes | {outcome.row: outcome for outcome in report.unsaved}

    def statuses(self, report: Report) -> Counter[Status]:
        return Counter(outcome.status for outcome in self.outcomes(report).values())

    def assert_true(self, report: Report) -> None:
        """Every lead has one status, and none that the dialer's own record contradicts."""
        found = self.outcomes(report)
        assert sorted(found) == sorted(self.rows), "each lead is accounted for"
        if self.listen == self._listen:
            assert self.told == self.statuses(report), "the listener heard of each lead once"
        by_status = {
            status: {row for row, o in found.items() if o.status is status} for status in Status
        }
        recorded = set(self.dialer.recorded)
        assert len(recorded) == len(self.dialer.recorded), "no lead is recorded twice"
        assert by_status[Status.ACCEPTED] <= recorded, "accepted is true"
        assert recorded <= by_status[Status.ACCEPTED] | by_status[Status.UNKNOWN], "none vanishes"
        assert self.ledger.most_in_doubt <= 2 * self.policy.concurrency
        assert self.dialer.most_inside <= self.policy.concurrency
        in_turn = [row for row in self.dialer.first_starts if row not in self.ledger.waited]
        assert in_turn == sorted(in_turn)
        sent = [by_status[s] for s in (Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN)]
        assert report.sent == len(set().union(*sent) - {-1})
