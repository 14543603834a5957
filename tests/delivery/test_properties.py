"""Whatever the dialer does and whenever the run is stopped: what is said of a lead is true."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_loader.codes import ProblemCode
from bulk_loader.delivery import Delivery, ErrorLimit, Policy, Prepared
from bulk_loader.dialer.answers import (
    ACCEPTED,
    REJECTED,
    Answer,
    DialerRefusedError,
    NotSentError,
    ThrottledError,
    WrongAddressError,
)
from bulk_loader.errors import LedgerError, SourceError, StoppedError
from bulk_loader.ledger import Ledger
from bulk_loader.model import Ending, Outcome, Status
from tests.delivery.fakes import UNCLEAR, Turn, World, lead
from tests.ledger.conftest import BEGAN, PLAN
from tests.support.clock import run
from tests.support.uploads import Witness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

SECONDS = st.sampled_from([0.0, 0.01, 0.02, 0.5, 40.0])
# What lets the run go on: an answer, or a failure that is tried again.
ANSWERS = st.one_of(
    st.builds(Turn, st.sampled_from([ACCEPTED, ACCEPTED, ACCEPTED, REJECTED]), st.none(), SECONDS),
    st.builds(Turn, st.just(UNCLEAR), st.booleans(), SECONDS),
    st.builds(
        Turn,
        st.sampled_from(
            [NotSentError("refused"), ThrottledError(429, None), ThrottledError(503, 2.0)]
        ),
        st.just(False),
        SECONDS,
    ),
)
# What stops it.
STOPPERS = st.one_of(
    st.builds(
        Turn,
        st.sampled_from(
            [DialerRefusedError(401), WrongAddressError(404), StoppedError("No login.")]
        ),
        st.just(False),
        SECONDS,
    ),
    st.builds(Turn, st.just(RuntimeError("a bug")), st.booleans(), SECONDS),
)
SCRIPTS = st.dictionaries(
    st.integers(0, 60), st.lists(st.one_of(*[ANSWERS] * 6, STOPPERS), min_size=1, max_size=3)
)
POLICIES = st.builds(
    Policy,
    concurrency=st.sampled_from([1, 2, 5, 16]),
    is_tuned=st.booleans(),
    rate=st.sampled_from([None, None, 50.0]),
    retry_for_s=st.sampled_from([5.0, 300.0]),
    max_doubts=st.sampled_from([3, 20]),
    max_errors=st.sampled_from([None, ErrorLimit(8), ErrorLimit(30, is_percent=True)]),
    canary=st.sampled_from([0, 3]),
    grace_s=st.sampled_from([0.0, 10.0]),
)
BATCHES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=4)


def batches_of(sizes: list[tuple[int, int]]) -> list[Prepared]:
    """Batches with so many leads to send and so many that are invalid, by ascending rows."""
    batches = []
    row = 0
    for to_send, to_refuse in sizes:
        refused = range(row + to_send, row + to_send + to_refuse)
        decided = [
            (Outcome(number, Status.INVALID, ProblemCode.PHONE_TOO_SHORT), None)
            for number in refused
        ]
        batches.append(Prepared([lead(n) for n in range(row, row + to_send)], decided))
        row += to_send + to_refuse
    return batches


@dataclass(frozen=True)
class Troubles:
    """What befalls a run from outside, and when."""

    interrupts: list[float]
    pauses: list[tuple[float, float]]
    ledger_fails_at: int | None
    source_fails: bool


TROUBLES = st.builds(
    Troubles,
    st.lists(st.floats(0, 50), max_size=3),
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 500)), max_size=3),
    st.none() | st.integers(1, 12),
    st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(policy=POLICIES, script=SCRIPTS, sizes=BATCHES, troubles=TROUBLES)
def test_every_lead_has_one_status_and_it_is_true(
    policy: Policy,
    script: dict[int, list[Turn]],
    sizes: list[tuple[int, int]],
    troubles: Troubles,
) -> None:
    """Statuses add up; accepted is true; nothing is sent twice; starts keep the file's order."""
    world = World(policy, script)

    async def around(_world: World, delivery: Delivery) -> None:
        for moment in troubles.interrupts:
            asyncio.get_running_loop().call_at(moment, delivery.interrupt)
        for moment, length_s in troubles.pauses:
            asyncio.get_running_loop().call_at(moment, delivery.pause)
            asyncio.get_running_loop().call_at(moment + length_s, delivery.go_on)

    def fail(commit: int) -> None:
        if commit == troubles.ledger_fails_at:
            raise LedgerError("The ledger can't be used.")

    world.around = around
    world.ledger.before_commit = fail
    given_batches: list[Prepared | Exception] = [*batches_of(sizes)]
    if troubles.source_fails:
        given_batches.append(SourceError("The file is gone."))
    report = world.deliver(*given_batches)
    world.assert_true(report)
    assert world.ledger.in_doubt <= {outcome.row for outcome in report.unsaved}
    if report.ending is Ending.FINISHED:
        assert (report.failure, report.stopped_why) == (None, "")
        assert Status.UNSENT not in world.statuses(report)
    else:
        assert report.stopped_why
    if policy.concurrency == 1:
        assert world.dialer.recorded == sorted(world.dialer.recorded)


class Snapshots:
    """A dialer that copies the ledger's files in the middle of its requests."""

    def __init__(self, home: Path, crash_at: set[int]) -> None:
        self._home = home
        self._crash_at = crash_at
        self._count = 0
        self.recorded: list[int] = []
        self.crashes: list[tuple[Path, list[int]]] = []

    async def send(self, body: bytes, _doubt: Callable[[], None] | None = None) -> Answer:
        await asyncio.sleep(0.01)
        self.recorded.append(int(body))
        self._count += 1
        if self._count in self._crash_at:
            copy = self._home.with_name(f"crash-{self._count}")
            copytree(self._home, copy)
            self.crashes.append((copy, list(self.recorded)))
        await asyncio.sleep(0.01)
        return ACCEPTED if int(body) % 4 else REJECTED if int(body) % 8 else UNCLEAR


def deliver(ledger: Ledger, dialer: Snapshots, rows: list[int], concurrency: int) -> None:
    """A whole run of a file with these rows."""

    async def given() -> AsyncIterator[Prepared]:
        yield Prepared([lead(row) for row in rows], [])

    async def main() -> None:
        open_run = ledger.begin(PLAN, BEGAN)
        witness = Witness()
        report = await Delivery(dialer, open_run, Policy(concurrency), witness).run(given())
        assert report.ending is Ending.FINISHED
        assert witness.counts == {
            s: n for s, n in ledger.outcomes.counts(open_run.record).items() if n
        }

    run(main())


@settings(max_examples=12, deadline=None)
@given(concurrency=st.sampled_from([1, 3, 8]), crash_at=st.sets(st.integers(1, 60), min_size=1))
def test_after_a_crash_no_lead_that_was_sent_is_sent_again(
    concurrency: int, crash_at: set[int]
) -> None:
    """At any moment the files on the disk say of every recorded lead that it was, or may be.

    Of leads in doubt there are at most twice the concurrency, and all others are right.
    """
    rows = list(range(1, 61))
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory) / "home"
        dialer = Snapshots(home, crash_at)
        with Ledger.open(home) as ledger:
            deliver(ledger, dialer, rows, concurrency)
        for copy, recorded in dialer.crashes:
            with Ledger.open(copy) as crashed:
                (record,) = crashed.runs.all()
                in_doubt = crashed.doubts.break_off(record)
                prior = crashed.outcomes.prior([record])
                found = prior.find(rows, [lead(row).key for row in rows])
            assert in_doubt <= 2 * concurrency
            unsure = {o.row for o in found if o is not None and o.code == "broken_off"}
            said = {o.row for o in found if o is not None} - unsure
            assert said <= set(recorded) <= said | unsure
