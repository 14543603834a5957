from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bulk_loader.codes import OutcomeCode
from bulk_loader.ledger import LeadKey, LoadLimit
from bulk_loader.model import Outcome, Status
from tests.ledger.conftest import BEGAN, OTHER, PLAN, begun, connection_of, only_sqlite

if TYPE_CHECKING:
    from bulk_loader.ledger import Ledger, OpenRun
    from tests.ledger.conftest import Awake, Home

DAY_S = timedelta(days=1).total_seconds()
ONCE = LoadLimit(1, DAY_S, "1 per 1d")
THRICE = LoadLimit(3, 7 * DAY_S, "3 per 7d")
SALES, SUPPORT, CARE, HELP = range(1, 5)


def called(number: int, campaign: int) -> LeadKey:
    """The key of a lead; another campaign is another task and another contact."""
    return LeadKey(10 * number + campaign, 0, -(10 * number + campaign), number)


def load(run: OpenRun, row: int, key: LeadKey, status: Status = Status.ACCEPTED) -> None:
    """Send a lead of this run, with this outcome."""
    withheld = run.commit([], [(row, key)])
    assert [*withheld.settled, *withheld.waiting] == [], "nothing keeps it"
    run.commit([Outcome(row, status)])


def often(row: int, limit: LoadLimit = ONCE) -> Outcome:
    """What becomes of the lead in this row where the limit is reached."""
    return Outcome(row, Status.DUPLICATE, OutcomeCode.LOADED_OFTEN, limit.words)


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.UNKNOWN])
def test_a_number_is_not_loaded_again_from_another_campaign(
    ledger: Ledger, awake: Awake, status: Status
) -> None:
    """What may have been taken counts like what was; another number is another matter."""
    load(begun(ledger, awake), 1, called(7, SALES), status)
    awake.runs.clear()
    run = begun(ledger, awake, OTHER, limits=(ONCE,))
    withheld = run.commit([], [(8, called(7, SUPPORT)), (9, called(6, SUPPORT))])
    assert list(withheld.settled) == [often(8)]
    assert next(iter(ledger.outcomes.of(run.record))) == often(8), "it is durable at once"


@pytest.mark.parametrize("status", [Status.REJECTED, Status.UNSENT])
def test_what_certainly_was_not_taken_is_no_load(
    ledger: Ledger, awake: Awake, status: Status
) -> None:
    """Neither in another run nor in one's own."""
    load(begun(ledger, awake), 1, called(7, SALES), status)
    awake.runs.clear()
    run = begun(ledger, awake, OTHER, limits=(ONCE,))
    load(run, 8, called(7, SUPPORT), status)
    load(run, 9, called(7, CARE))


def test_a_load_counts_as_long_as_the_limit_says(ledger: Ledger, home: Home, awake: Awake) -> None:
    """A day and a minute later the number may be loaded once more."""
    load(begun(ledger, awake), 1, called(7, SALES))
    awake.runs.clear()
    home.change("UPDATE lead SET settled_at = ?", int(time.time() - DAY_S - 60))
    load(begun(ledger, awake, OTHER, limits=(ONCE,)), 8, called(7, SUPPORT))


def test_the_loads_of_a_number_add_up_over_runs(
    ledger: Ledger, second: Ledger, awake: Awake
) -> None:
    """Each counts once, be its run over, under way beside this one, or this one."""
    load(begun(ledger, awake), 1, called(7, SALES))
    awake.runs.clear()
    other = begun(second, awake, replace(OTHER, path="/third.csv"))
    run = begun(ledger, awake, OTHER, limits=(THRICE,))
    load(run, 1, called(1, SALES))
    load(other, 2, called(7, SUPPORT))
    load(run, 2, called(2, SALES))
    load(other, 3, called(3, SUPPORT))
    load(run, 3, called(7, CARE))
    assert list(run.commit([], [(4, called(7, HELP))]).settled) == [often(4, THRICE)]


def test_the_limit_that_is_reached_is_named(ledger: Ledger, awake: Awake) -> None:
    """Of several, the first in the order of the user."""
    run = begun(ledger, awake, limits=(THRICE, ONCE))
    load(run, 1, called(7, SALES))
    assert list(run.commit([], [(2, called(7, SUPPORT))]).settled) == [often(2, ONCE)]


def test_the_same_number_twice_in_one_list_waits_for_the_first(
    ledger: Ledger, awake: Awake
) -> None:
    """Whether the second may be sent depends on what becomes of it."""
    run = begun(ledger, awake, limits=(ONCE,))
    leads = [(1, called(7, SALES)), (2, called(7, SUPPORT))]
    assert run.commit([], leads).waiting == {2}
    assert run.commit([], leads[1:]).waiting == {2}, "still no answer"
    assert run.commit([Outcome(1, Status.REJECTED)], leads[1:]).waiting == frozenset()
    withheld = run.commit([Outcome(2, Status.ACCEPTED)], [(3, called(7, CARE))])
    assert list(withheld.settled) == [often(3)]


def test_two_of_three_under_way_are_two_loads(ledger: Ledger, awake: Awake) -> None:
    """As many are sent at once as the limit has left."""
    run = begun(ledger, awake, limits=(THRICE,))
    leads = [(row, called(7, row)) for row in (SALES, SUPPORT, CARE, HELP)]
    assert run.commit([], leads).waiting == {HELP}


def test_a_number_that_another_run_is_sending_waits(
    ledger: Ledger, second: Ledger, awake: Awake
) -> None:
    """Its answer decides; where the run dies, it may have been taken."""
    other = begun(second, awake)
    other.commit([], [(1, called(7, SALES)), (2, called(8, SALES))])
    run = begun(ledger, awake, OTHER, limits=(ONCE,))
    leads = [(1, called(7, SUPPORT)), (2, called(8, SUPPORT))]
    assert run.commit([], leads).waiting == {1, 2}
    other.commit([Outcome(1, Status.REJECTED)])
    assert run.commit([], leads).waiting == {2}
    awake.runs.discard(other.record.id)
    assert list(run.commit([], leads[1:]).settled) == [often(2)]


def test_a_run_that_is_gone_on_with_knows_what_it_has_loaded(ledger: Ledger, awake: Awake) -> None:
    """For its other rows; what it had no answer for may have been taken."""
    run = begun(ledger, awake, limits=(THRICE,))
    load(run, 1, called(7, SALES))
    run.commit([], [(2, called(7, SUPPORT))])
    others = ledger.others(PLAN.target, awake, datetime.now(UTC))
    others.regard = replace(others.regard, limits=(THRICE,))
    again = ledger.resume(run.record, PLAN, others)
    load(again, 3, called(7, CARE))
    assert list(again.commit([], [(4, called(7, HELP))]).settled) == [often(4, THRICE)]


def test_what_a_run_takes_over_from_another_is_loaded_once(ledger: Ledger, awake: Awake) -> None:
    """The status of a lead that stands in two runs is one load: that of the run that sent it."""
    load(begun(ledger, awake), 1, called(7, SALES))
    taken = (Outcome(1, Status.ACCEPTED), called(7, SALES))
    begun(ledger, awake, OTHER).commit([], [], [taken])
    awake.runs.clear()
    run = begun(ledger, awake, replace(OTHER, path="/third.csv"), limits=(THRICE,))
    load(run, 2, called(7, SUPPORT))
    load(run, 3, called(7, CARE))


def test_a_doubt_that_was_looked_up_is_no_load(ledger: Ledger, awake: Awake) -> None:
    """The user has seen that it is not queued; once it is sent again, that counts."""
    load(begun(ledger, awake), 1, called(7, SALES), Status.UNKNOWN)
    awake.runs.clear()
    looked_up = frozenset({called(7, SALES).contact})
    run = begun(ledger, awake, OTHER, limits=(ONCE,), looked_up=looked_up)
    load(run, 1, called(7, SALES))
    awake.runs.clear()
    third = begun(ledger, awake, replace(OTHER, path="/third.csv"), limits=(ONCE,))
    assert list(third.commit([], [(1, called(7, SUPPORT))]).settled) == [often(1)]


def test_an_answer_that_is_taken_back_is_a_load(ledger: Ledger, awake: Awake) -> None:
    """A refusal that may have been another lead's leaves a doubt; an acceptance counts once."""
    run = begun(ledger, awake, limits=(LoadLimit(2, DAY_S, "2 per 1d"),))
    load(run, 1, called(7, SALES), Status.REJECTED)
    load(run, 2, called(8, SALES))
    run.commit([Outcome(1, Status.UNKNOWN), Outcome(2, Status.UNKNOWN)])
    load(run, 3, called(7, SUPPORT))
    load(run, 4, called(8, SUPPORT))
    withheld = run.commit([], [(5, called(7, CARE)), (6, called(8, CARE))])
    assert [outcome.row for outcome in withheld.settled] == [5, 6]


def test_another_dialer_has_loads_of_its_own(ledger: Ledger, awake: Awake) -> None:
    """The same number at another dialer is another call."""
    load(begun(ledger, awake), 1, called(7, SALES))
    awake.runs.clear()
    elsewhere = replace(OTHER, target="https://other.example")
    load(begun(ledger, awake, elsewhere, limits=(ONCE,)), 8, called(7, SUPPORT))


def test_loads_without_a_number_are_told_of(ledger: Ledger, home: Home, awake: Awake) -> None:
    """An older release noted none; how far back they matter is the limit's time."""
    load(begun(ledger, awake), 1, called(7, SALES))
    assert ledger.outcomes.unnumbered_until(PLAN.target, BEGAN) is None
    home.change("UPDATE lead SET number = NULL")
    now = int(time.time())
    home.change("UPDATE ledger SET numbered_since = ?", now + 1)
    until = ledger.outcomes.unnumbered_until(PLAN.target, BEGAN)
    assert until is not None
    assert int(until.timestamp()) == now + 1
    assert ledger.outcomes.unnumbered_until("https://other.example", BEGAN) is None
    assert ledger.outcomes.unnumbered_until(PLAN.target, until + timedelta(days=1)) is None


@only_sqlite
def test_loads_are_found_by_indexes(ledger: Ledger, awake: Awake) -> None:
    """A ledger of years is not read through for the loads of a day."""
    for status in (Status.ACCEPTED, Status.UNKNOWN):
        load(begun(ledger, awake), 1, called(status is Status.ACCEPTED, SALES), status)
    asked: list[str] = []
    connection_of(ledger).set_trace_callback(asked.append)
    begun(ledger, awake, OTHER, limits=(ONCE,)).commit([], [(8, called(7, SUPPORT))])
    ledger.outcomes.unnumbered_until(PLAN.target, BEGAN)
    connection_of(ledger).set_trace_callback(None)
    plans = [
        " ".join(
            step[3] for step in connection_of(ledger).execute(f"EXPLAIN QUERY PLAN {statement}")
        )
        for statement in asked
        if statement.lstrip().startswith("SELECT") and " lead" in statement
    ]
    assert len(plans) > 4
    assert all("USING INDEX lead_" in plan for plan in plans)
