from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from bulk_loader.codes import OutcomeCode, ProblemCode
from bulk_loader.delivery.journal import OTHERS_S, Journal
from bulk_loader.ledger import Withheld
from bulk_loader.model import Outcome, Status
from tests.delivery.fakes import FakeRun, lead
from tests.support.clock import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.delivery import ReadyLead
    from bulk_loader.ledger import LeadKey


def invalid(row: int) -> tuple[Outcome, None]:
    """A decision about a lead that is not sent."""
    return Outcome(row, Status.INVALID, ProblemCode.PHONE_TOO_SHORT), None


def test_what_comes_in_during_the_last_commit_is_written_too() -> None:
    """Closing waits until there is nothing left that only memory holds."""
    ledger = FakeRun()

    async def main() -> None:
        journal = Journal(ledger, 4, lambda _leads: None, lambda _outcomes: None)
        loop = asyncio.get_running_loop()

        def decide_once_more(commit: int) -> None:
            if commit > 1:
                return
            done = threading.Event()

            def decide() -> None:
                journal.decide([invalid(2)])
                done.set()

            loop.call_soon_threadsafe(decide)
            assert done.wait(5)

        ledger.before_commit = decide_once_more
        journal.decide([invalid(1)])
        journal.close()
        await journal.keep()
        assert journal.unsaved == []

    run(main())
    assert sorted(ledger.outcomes) == [1, 2]


def test_leads_are_released_after_their_intent_is_durable_and_in_order() -> None:
    """Never more than twice the concurrency, and more only as outcomes become durable."""
    ledger = FakeRun()
    released: list[int] = []

    async def main() -> None:
        def release(leads: Sequence[ReadyLead]) -> None:
            assert {lead.row for lead in leads} <= ledger.in_doubt
            released.extend(lead.row for lead in leads)

        journal = Journal(ledger, 2, release, lambda _outcomes: None)
        keeper = asyncio.create_task(journal.keep())
        journal.intend([lead(row) for row in range(10)])
        await asyncio.sleep(1)
        assert released == [0, 1, 2, 3]
        assert journal.pending == 6
        journal.settle(Outcome(1, Status.ACCEPTED))
        await asyncio.sleep(1)
        assert released == [0, 1, 2, 3, 4]
        assert [lead.row for lead in journal.withdraw()] == [5, 6, 7, 8, 9]
        journal.close()
        await keeper

    run(main())
    assert ledger.in_doubt == {0, 2, 3, 4}


def test_leads_that_another_run_has_settled_are_told_and_not_released() -> None:
    """They are durable already, leave room for others, and are never sent."""
    ledger = FakeRun()
    ledger.judge = lambda intents: Withheld([taken(row) for row, _ in intents if row % 2])
    released: list[int] = []
    told: list[Outcome] = []

    async def main() -> None:
        journal = Journal(
            ledger,
            2,
            lambda leads: released.extend(lead.row for lead in leads),
            lambda withheld: told.extend(withheld.settled),
        )
        keeper = asyncio.create_task(journal.keep())
        journal.intend([lead(row) for row in range(6)])
        await asyncio.sleep(1)
        journal.close()
        await keeper

    run(main())
    assert released == [0, 2, 4]
    assert told == [taken(1), taken(3), taken(5)]
    assert ledger.in_doubt == {0, 2, 4}


def test_a_lead_that_another_run_is_sending_waits_at_its_place() -> None:
    """It is asked for again until the other one has settled it, and keeps the order of the file."""
    ledger = FakeRun()
    asked: list[list[int]] = []

    def judge(intents: Sequence[tuple[int, LeadKey]]) -> Withheld:
        asked.append([row for row, _ in intents])
        return Withheld(waiting=frozenset({1}) if len(asked) < 4 else frozenset())

    ledger.judge = judge
    released: list[int] = []

    async def main() -> None:
        journal = Journal(
            ledger, 2, lambda leads: released.extend(lead.row for lead in leads), lambda _: None
        )
        keeper = asyncio.create_task(journal.keep())
        journal.intend([lead(row) for row in range(4)])
        await asyncio.sleep(1)
        journal.close()
        await keeper

    run(main())
    assert released == [0, 2, 3, 1]
    assert asked[0] == [0, 1, 2, 3]
    assert asked[1:] == [[1]] * 3, "once for each look, not in a busy loop"


def test_a_lead_that_waits_holds_up_none_that_come_after_it() -> None:
    """As long as others of a group are done with, the next ones are asked for at once."""
    ledger = FakeRun()

    def judge(intents: Sequence[tuple[int, LeadKey]]) -> Withheld:
        told_away = [taken(row) for row, _ in intents if row in range(1, 7)]
        return Withheld(told_away, frozenset({7}) & {row for row, _ in intents})

    ledger.judge = judge
    released: list[int] = []

    async def main() -> None:
        journal = Journal(
            ledger, 4, lambda leads: released.extend(lead.row for lead in leads), lambda _: None
        )
        keeper = asyncio.create_task(journal.keep())
        journal.intend([lead(row) for row in range(12)])
        await asyncio.sleep(OTHERS_S / 2)
        assert released == [0, 8, 9, 10, 11]
        journal.withdraw()
        journal.close()
        await keeper

    run(main())


def taken(row: int) -> Outcome:
    """An outcome that another run made certain."""
    return Outcome(row, Status.DUPLICATE, OutcomeCode.TAKEN_MEANWHILE, "other")
