from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from bulk_loader.codes import OutcomeCode
from bulk_loader.dialer.answers import Answer
from bulk_loader.errors import LedgerError
from bulk_loader.ledger import Ledger, Withheld
from bulk_loader.model import Status
from bulk_loader.reports.timeline import Timeline
from bulk_loader.reports.timeline_bytes import from_bytes
from bulk_loader.runs.timing import TimedRun
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulk_loader.settings import Settings


class Accepting:
    """A dialer's client for which everything is accepted."""

    async def send(self, _body: bytes, _doubt: Callable[[], None] | None = None) -> Answer:
        return Answer(Status.ACCEPTED, OutcomeCode.NONE)


class Nothing:
    """A ledger that holds everything back from nobody."""

    def commit(self, *_groups: Sequence[object]) -> Withheld:
        return Withheld()


def kept(settings: Callable[..., Settings], run_id: str) -> Timeline:
    """The course of a run as the ledger has it."""
    with Ledger.open(settings().ledger_place) as ledger:
        record = ledger.runs.by_name(run_id)
        assert record is not None
        return from_bytes(ledger.timelines.newest_of([record]))


def test_each_answer_is_part_of_the_course(leads: Leads, settings: Callable[..., Settings]) -> None:
    """By what it made of its lead; what was not sent is no part of it."""
    leads.write(*numbered(5), ("no tiene", "none"))
    with FaultyDialer({"0991000002": Fault.ZERO, "0991000003": Fault.SERVER_ERROR}) as dialer:
        run_id = upload(leads.path, settings(dialer)).run_id
    timeline = kept(settings, run_id)
    assert timeline.total.counts == {Status.ACCEPTED: 3, Status.REJECTED: 1, Status.UNKNOWN: 1}
    assert timeline.total.times.count == 5
    assert len(timeline.sessions) == 1


def test_a_run_that_is_gone_on_with_has_its_whole_course(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """Both sessions stand in it, and so does that of a list that was edited in between."""
    leads.write(*numbered(6))
    with FaultyDialer({3: Fault.FORBIDDEN}) as dialer:
        first = upload(leads.path, settings(dialer, concurrency=1))
        assert kept(settings, first.run_id).total.counts == {Status.ACCEPTED: 2}
        second = upload(leads.path, settings(dialer, concurrency=1))
        assert second.run_id == first.run_id
    timeline = kept(settings, first.run_id)
    assert timeline.total.counts == {Status.ACCEPTED: 6}
    assert len(timeline.sessions) == 2


def test_a_list_that_was_edited_takes_the_course_along(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """The new run goes on with the old one, and so does its course."""
    leads.write(*numbered(4))
    with FaultyDialer({3: Fault.FORBIDDEN}) as dialer:
        first = upload(leads.path, settings(dialer, concurrency=1))
        leads.write(*reversed(numbered(5)))
        second = upload(leads.path, settings(dialer, concurrency=1))
    assert second.run_id != first.run_id
    assert kept(settings, second.run_id).total.counts == {Status.ACCEPTED: 5}


def test_a_session_without_an_answer_is_no_part_of_the_course(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """A night of tries without a dialer leaves no break for each of them."""
    leads.write(*numbered(2))
    unreachable = settings(url="http://127.0.0.1:9", token="t", allow_http=True, retry_for=0)
    run_id = upload(leads.path, unreachable).run_id
    assert kept(settings, run_id) == Timeline()


def test_a_pause_is_no_part_of_the_course() -> None:
    """What was answered before and after it are two sessions, and both are kept."""
    kept: list[bytes] = []
    run = TimedRun(Nothing(), kept.append, Timeline())
    sender = run.timed(Accepting())
    asyncio.run(sender.send(b""))
    run.rested()
    run.commit([])
    asyncio.run(sender.send(b""))
    run.rested()  # and nothing is answered after this one
    run.finish()
    timeline = from_bytes(kept[-1])
    assert len(timeline.sessions) == 2
    assert timeline.total.counts == {Status.ACCEPTED: 2}


def test_a_course_that_can_not_be_kept_changes_nothing() -> None:
    """The leads are what matters; the ledger's own group is durable by then."""

    def fail(_content: bytes) -> None:
        raise LedgerError("The ledger can't be used.")

    run = TimedRun(Nothing(), fail, Timeline())
    sender = run.timed(Accepting())
    assert asyncio.run(sender.send(b"")).status is Status.ACCEPTED
    assert run.commit([]) == Withheld()
    run.finish()
    assert run.timeline.total.counts == {Status.ACCEPTED: 1}


def test_the_course_holds_nobodys_number(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """It is counts and lengths of time, and neither a number nor a name."""
    leads.write(("099123456", "Ana Muñoz"))
    told = settings(dialer)
    upload(leads.path, told)
    with Ledger.open(told.ledger_place) as ledger:
        content = ledger.timelines.newest_of(ledger.runs.all()) or b""
    assert not re.search(rb"099123456|Ana", content)
