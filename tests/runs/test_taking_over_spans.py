"""Machines that die, sleep or stay away while they send one list with others."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import LedgerError, LockedError, StoppedError
from bulk_loader.ledger import Idle, LeadKey, Ledger, Span, leased, leases, open_shares
from bulk_loader.model import Ending, Outcome, Status
from bulk_loader.settings import Settings, dialer_identity
from bulk_loader.workflows.upload import upload
from bulk_loader.workflows.work import find_list
from tests.runs.machines import Machines, machines, phones
from tests.runs.test_shared_ledger import After
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, change_ledger, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.ledger import Lease, OpenRun

    MakeSettings = Callable[..., Settings]

__all__ = ["machines"]

SLOW = replace(Fault.ACCEPT, wait_s=0.02)


@pytest.fixture
def ledger_url(database: str) -> str:
    """A ledger that machines share, in which nothing is yet."""
    return database


class Sleeper:
    """A machine that takes a span, writes intents for some of its leads, and is heard of no more."""

    def __init__(self, told: Settings, stack: ExitStack) -> None:
        place = told.ledger_place
        self.record = find_list(told, wait_s=60).record
        self.lease: Lease = stack.enter_context(leased(place, [], ""))
        ledger = stack.enter_context(Ledger.open(place, self.lease))
        self.shares = stack.enter_context(open_shares(place, self.lease))
        others = ledger.others(self.record.plan.target, lambda _run: False, datetime.now(UTC))
        self.run: OpenRun = ledger.open_run(self.record, others)
        self.shares.join(self.record.id, self.lease)
        claimed = self.shares.claim(self.record, self.lease, (), is_leader=True)
        assert isinstance(claimed, Span)
        self.span = claimed

    def intend(self, count: int, after: int = 0) -> list[int]:
        """Write intents for leads of its span; their rows."""
        rows = [row for row, _ in self.span.leads[after : after + count]]
        self.run.commit([], [(row, LeadKey(row, 0, -row, row)) for row in rows])
        return rows


def silence(told: Settings, lease: Lease) -> None:
    """Nobody has heard of it for long."""
    change_ledger(
        told,
        "UPDATE holding SET until = clock_timestamp() - interval '1 s' WHERE id = ?",
        lease.id,
    )


def test_what_a_machine_was_sending_that_died_is_unknown_and_the_rest_is_sent_by_others(
    leads: Leads, settings: MakeSettings, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what it wakes up to is refused: the next intent, an outcome, another span."""
    monkeypatch.setattr(leases, "RENEWAL_S", 1000)
    leads.write(*numbered(200))
    with FaultyDialer(otherwise=SLOW) as dialer, ExitStack() as stack:
        told = settings(dialer, spread=True, concurrency=2)
        there = machines.expect()
        sent = machines.upload(leads, told)
        sleeper = Sleeper(told, stack)
        there.set()
        doubtful = sleeper.intend(3)
        silence(told, sleeper.lease)
        summary = sent.result()
        for wake in (
            lambda: sleeper.intend(1, after=3),
            lambda: sleeper.run.commit([Outcome(doubtful[0], Status.ACCEPTED)]),
            lambda: sleeper.shares.claim(sleeper.record, sleeper.lease, ()),
            lambda: sleeper.shares.finish(sleeper.record, [sleeper.span.first]),
        ):
            with pytest.raises(LedgerError, match="Another machine"):
                wake()
        called = sorted(dialer.recorded)
    assert summary.counts[Status.UNKNOWN] == 3
    assert called == [phone for row, phone in enumerate(phones(200), 2) if row not in doubtful]
    assert [
        row for row, status in enumerate(leads.statuses(), 2) if status == "unknown"
    ] == doubtful


def test_a_machine_that_is_only_slow_keeps_its_span(
    leads: Leads, settings: MakeSettings, machines: Machines
) -> None:
    """The others wait for what it sends, and the results tell it."""
    leads.write(*numbered(100))
    with FaultyDialer() as dialer, ExitStack() as stack:
        told = settings(dialer, spread=True)
        there = machines.expect()
        sent = machines.upload(leads, told)
        sleeper = Sleeper(told, stack)
        there.set()
        rows = sleeper.intend(len(sleeper.span.leads))
        while len(dialer.received) < 100 - len(rows):
            assert not sent.done()
        sleeper.run.commit([Outcome(row, Status.REJECTED) for row in rows])
        sleeper.shares.finish(sleeper.record, [sleeper.span.first])
        assert not sent.done(), "it may have something to say of them still"
        stack.close()
        summary = sent.result()
    assert summary.counts[Status.REJECTED] == len(rows)
    assert summary.counts[Status.ACCEPTED] == 100 - len(rows)


def test_what_a_machine_leaves_without_a_word_is_in_doubt_and_can_be_decided(
    leads: Leads, settings: MakeSettings, machines: Machines
) -> None:
    """It gave its spans back with leads of which nobody will hear."""
    leads.write(*numbered(60))
    with FaultyDialer() as dialer, ExitStack() as stack:
        told = settings(dialer, spread=True)
        there = machines.expect()
        sent = machines.upload(leads, told)
        sleeper = Sleeper(told, stack)
        there.set()
        sleeper.intend(3)
        stack.close()
        summary = sent.result()
    assert summary.counts[Status.UNKNOWN] == 3
    with Ledger.open(told.ledger_place) as ledger:
        assert len(ledger.doubts.contacts(sleeper.record, None)) == 3


def test_nobody_waits_for_a_leader_that_died_before_anything_was_released(
    leads: Leads, settings: MakeSettings, machines: Machines
) -> None:
    """While it is heard of, it is waited for."""
    leads.write(*numbered(60))
    with FaultyDialer() as dialer, ExitStack() as stack:
        told = settings(dialer, spread=True)
        there = machines.expect()
        sent = machines.upload(leads, told)
        sleeper = Sleeper(told, stack)
        assert sleeper.shares.claim(sleeper.record, sleeper.lease, [sleeper.span.first]) is (
            Idle.NOT_YET
        )
        change_ledger(
            told, "UPDATE holding SET until = '-infinity' WHERE id = (SELECT leader FROM share)"
        )
        assert sleeper.shares.claim(sleeper.record, sleeper.lease, [sleeper.span.first]) is (
            Idle.LEADERLESS
        )
        there.set()
        stack.close()
        assert sent.result().counts[Status.ACCEPTED] == 60, "it was only not heard of for a while"


def _take_over(told: Settings, leads: Leads) -> None:
    """Hold the list as another machine would that goes on with it."""
    assert told.base_url is not None
    digest = sha256(leads.path.read_bytes()).hexdigest()
    names = [f"{dialer_identity(told.base_url)}\0{digest}"]
    with leased(replace(told.ledger_place, home=told.ledger_place.home / "there"), names, "!"):
        pass


@pytest.fixture
def orphan(leads: Leads, settings: MakeSettings, machines: Machines) -> Callable[..., None]:
    """Begins a list with a helper, and loses the machine that began it in the middle."""

    def begin(dialer: FaultyDialer) -> None:
        told = settings(dialer, spread=True, concurrency=2)
        (told.ledger_place.home / "there").mkdir(parents=True, exist_ok=True)

        def lose() -> None:
            change_ledger(
                told,
                "UPDATE holding SET until = clock_timestamp() - interval '1 s'"
                " WHERE id = (SELECT leader FROM share)",
            )
            try:
                _take_over(told, leads)
            except LockedError:  # it was heard of once more in between
                lose()

        witness = After(count=60, do=lambda: machines.call(lose).result())
        with pytest.raises(StoppedError, match="Another machine"):
            upload(leads.path, told, witness)

    return begin


def test_without_the_one_that_began_the_helpers_go_on_to_the_end(
    leads: Leads, settings: MakeSettings, machines: Machines, orphan: Callable[..., None]
) -> None:
    """They say that nobody has told the results yet; the same command does, and sends nothing more."""
    leads.write(*numbered(300))
    with FaultyDialer(otherwise=SLOW) as dialer:
        helped = machines.help(settings(dialer, concurrency=2))
        orphan(dialer)
        assert helped.result().is_leaderless
        summary = upload(leads.path, settings(dialer))
        doubts = summary.counts[Status.UNKNOWN]
        assert summary.ending is Ending.FINISHED
        assert doubts <= 4
        assert len(dialer.recorded) == len(set(dialer.recorded)) >= 300 - doubts
    assert len(leads.statuses()) == 300


def test_whoever_goes_on_has_the_helpers_end_first(
    leads: Leads, settings: MakeSettings, machines: Machines, orphan: Callable[..., None]
) -> None:
    """What they were sending is settled by themselves, and is in no doubt."""
    leads.write(*numbered(600))
    with FaultyDialer(otherwise=SLOW) as dialer:
        helped = machines.help(settings(dialer, concurrency=2))
        orphan(dialer)
        summary = upload(leads.path, settings(dialer, spread=True, concurrency=2))
        assert "begun anew" in helped.result().report.stopped_why
        doubts = summary.counts[Status.UNKNOWN]
        assert doubts <= 4, "those of the machine that was lost"
        assert summary.counts[Status.ACCEPTED] == 600 - doubts
        assert len(dialer.recorded) == len(set(dialer.recorded)) >= 600 - doubts
