from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bulk_loader.codes import ForeignCode, OutcomeCode
from bulk_loader.ledger import LeadKey, Regard
from bulk_loader.model import Ending, Outcome, Status
from tests.ledger.conftest import BEGAN, OTHER, PLAN, WEEK_S, begun, connection_of, key, only_sqlite

if TYPE_CHECKING:
    from bulk_loader.ledger import Ledger, OpenRun, RunRecord
    from tests.ledger.conftest import Awake, Home


def sent(run: OpenRun, *statuses: Status | None) -> RunRecord:
    """Leads 1, 2, … of these statuses, in the rows of the same numbers; None is being sent."""
    rows = dict(enumerate(statuses, start=1))
    run.commit([], [(row, key(row)) for row in rows])
    run.commit(
        [Outcome(row, status, ForeignCode("code")) for row, status in rows.items() if status]
    )
    return run.record


def test_a_contact_in_doubt_is_not_sent_from_another_list(ledger: Ledger, awake: Awake) -> None:
    """Its lead is in doubt there too, since the run that sent it; all others are sent."""
    first = sent(begun(ledger, awake), Status.UNKNOWN, Status.REJECTED)
    awake.runs.clear()
    withheld = begun(ledger, awake, OTHER).commit([], [(8, key(1)), (9, key(2))])
    assert list(withheld.settled) == [Outcome(8, Status.UNKNOWN, OutcomeCode.IN_DOUBT, first.name)]
    outcomes = {outcome.row: outcome for outcome in ledger.outcomes.of(ledger.runs.all()[0])}
    assert outcomes[8] == withheld.settled[0], "it is durable at once"
    assert outcomes[9].code == "broken_off", "it may be sent: its intent is there"


def test_what_was_being_sent_when_a_program_died_is_in_doubt(ledger: Ledger, awake: Awake) -> None:
    """An intent without an outcome holds as long as its process lives, and is a doubt afterwards."""
    begun(ledger, awake).commit([], [(1, key(1))])
    run = begun(ledger, awake, OTHER)
    assert run.commit([], [(8, key(1))]).waiting == {8}
    assert list(ledger.outcomes.of(run.record)) == [], "it is neither sent nor settled"
    awake.runs.clear()
    (outcome,) = run.commit([], [(8, key(1))]).settled
    assert (outcome.status, outcome.code) == (Status.UNKNOWN, "in_doubt")


def test_a_doubt_is_not_made_of_a_doubt(ledger: Ledger, awake: Awake) -> None:
    """What was left out because of a doubt does not keep it alive for ever."""
    first = sent(begun(ledger, awake), Status.UNKNOWN)
    awake.runs.clear()
    begun(ledger, awake, OTHER).commit([], [(8, key(1))])
    awake.runs.clear()
    third = begun(ledger, awake, replace(OTHER, path="/third.csv"))
    assert third.commit([], [(9, key(1))]).settled[0].detail == first.name
    assert [doubt.run for doubt in ledger.doubts.open_at(PLAN.target, BEGAN)] == [first.id]


def test_an_old_doubt_is_over(ledger: Ledger, home: Home, awake: Awake) -> None:
    """After the time that the user gives, the contact may be sent again, unless it is this list."""
    first = sent(begun(ledger, awake), Status.UNKNOWN)
    awake.runs.clear()
    home.change("UPDATE lead SET settled_at = ?", int(time.time() - WEEK_S - 60))
    assert begun(ledger, awake, OTHER, hold_s=2 * WEEK_S).commit([], [(8, key(1))]).settled
    assert not begun(ledger, awake, OTHER).commit([], [(8, key(1))]).settled
    home.change("DELETE FROM lead WHERE run > ?", first.id)
    same = begun(ledger, awake, ageless=frozenset({first.id}))
    assert same.commit([], [(8, key(1))]).settled


def test_another_dialer_has_doubts_of_its_own(ledger: Ledger, awake: Awake) -> None:
    """The same number at another dialer is another call."""
    sent(begun(ledger, awake), Status.UNKNOWN)
    awake.runs.clear()
    elsewhere = replace(OTHER, target="https://other.example")
    assert not begun(ledger, awake, elsewhere).commit([], [(8, key(1))]).settled


def test_a_doubt_that_was_looked_up_is_sent_and_ends(ledger: Ledger, awake: Awake) -> None:
    """From then on the new request alone says what became of the contact."""
    first = sent(begun(ledger, awake), Status.UNKNOWN, Status.UNKNOWN)
    awake.runs.clear()
    run = begun(ledger, awake, OTHER, looked_up=frozenset({key(1).contact}))
    withheld = run.commit([], [(8, key(1)), (9, key(2))])
    assert [outcome.row for outcome in withheld.settled] == [9]
    run.commit([Outcome(8, Status.ACCEPTED)])
    assert [doubt.row for doubt in ledger.doubts.open_at(PLAN.target, BEGAN)] == [2]
    outcomes = list(ledger.outcomes.of(first))
    assert outcomes[0] == Outcome(1, Status.UNKNOWN, OutcomeCode.SENT_AGAIN, run.record.name)


def test_a_repeated_run_is_sent_with_its_doubts(ledger: Ledger, awake: Awake) -> None:
    """Who asks for all leads once more gets them; the doubts of other lists still hold."""
    first = sent(begun(ledger, awake), Status.UNKNOWN)
    second = begun(ledger, awake, OTHER)
    second.commit([], [(2, key(2))])
    second.commit([Outcome(2, Status.UNKNOWN)])
    awake.runs.clear()
    run = begun(ledger, awake, repeated=frozenset({first.id}))
    withheld = run.commit([], [(1, key(1)), (2, key(2))])
    assert [outcome.row for outcome in withheld.settled] == [2]


def test_leads_told_apart_by_their_tasks_do_not_hold_each_other(
    ledger: Ledger, awake: Awake
) -> None:
    """Where equal contacts are all sent, a doubt of the same list is another lead's, and stays."""
    first = sent(begun(ledger, awake), Status.UNKNOWN)
    awake.runs.clear()
    run = begun(ledger, awake, apart=frozenset({first.id}))
    assert not run.commit([], [(2, LeadKey(99, 1, key(1).contact, 99))]).settled
    assert [doubt.row for doubt in ledger.doubts.open_at(PLAN.target, BEGAN)][:1] == [1]


def test_what_another_run_accepts_meanwhile_is_not_sent_again(
    ledger: Ledger, second: Ledger, awake: Awake
) -> None:
    """Judged by what is durable when the intent is, not by what it was when the run began."""
    one, two = begun(ledger, awake), begun(second, awake, OTHER)
    assert not two.commit([], [(8, key(8))]).settled
    sent(one, Status.ACCEPTED, Status.REJECTED)
    withheld = two.commit([], [(1, key(1)), (2, key(2)), (3, key(3))])
    taken = Outcome(1, Status.DUPLICATE, OutcomeCode.TAKEN_MEANWHILE, one.record.name)
    assert list(withheld.settled) == [taken]
    sent_later = two.commit([Outcome(2, Status.ACCEPTED)], [])
    assert sent_later.settled == ()
    assert one.commit([], [(12, key(2))]).settled[0].status is Status.DUPLICATE


def test_a_run_that_was_under_way_before_counts_from_its_beginning(
    ledger: Ledger, second: Ledger, awake: Awake
) -> None:
    """What it accepted before this run began is as little sent again as what comes after."""
    one = begun(ledger, awake)
    sent(one, Status.ACCEPTED)
    assert begun(second, awake, OTHER).commit([], [(8, key(1))]).settled


def test_a_list_that_was_finished_before_is_another_matter(ledger: Ledger, awake: Awake) -> None:
    """Its people may be called from the next list, as ever; so may those of a run that died."""
    finished = sent(begun(ledger, awake), Status.ACCEPTED)
    ledger.runs.end(finished, Ending.FINISHED, "")
    sent(begun(ledger, awake, replace(OTHER, path="/died.csv")), None, Status.ACCEPTED)
    awake.runs.clear()
    withheld = begun(ledger, awake, OTHER).commit([], [(8, key(2))])
    assert list(withheld.settled) == []


def test_a_run_that_is_gone_on_with_meanwhile_counts_from_then(
    ledger: Ledger, second: Ledger, awake: Awake
) -> None:
    """What it sends now matters, and not what it sent when it broke off long ago."""
    old = sent(begun(ledger, awake), Status.ACCEPTED)
    awake.runs.clear()
    run = begun(second, awake, OTHER)
    assert not run.commit([], [(7, key(7))]).settled
    with_others = ledger.others(PLAN.target, awake, datetime.now(UTC))
    resumed = ledger.resume(old, PLAN, with_others)
    awake.runs.add(old.id)
    resumed.commit([], [(5, key(5))])
    resumed.commit([Outcome(5, Status.ACCEPTED)])
    ledger.runs.end(old, Ending.FINISHED, "")
    awake.runs.discard(old.id)
    withheld = run.commit([], [(5, key(5))])
    assert [outcome.code for outcome in withheld.settled] == ["taken_meanwhile"]


def test_what_others_accepted_since_a_list_was_begun_is_not_sent_when_it_goes_on(
    ledger: Ledger, awake: Awake
) -> None:
    """It was cut short, another list with the same people came to its end, and then it goes on."""
    begun_at = int(time.time())
    cut_short = sent(begun(ledger, awake), Status.ACCEPTED)
    awake.runs.clear()
    other = begun(ledger, awake, OTHER)
    other.commit([], [(8, key(5))])
    other.commit([Outcome(8, Status.ACCEPTED)])
    ledger.runs.end(other.record, Ending.FINISHED, "")
    awake.runs.clear()
    others = ledger.others(PLAN.target, awake, datetime.now(UTC))
    others.regard = Regard(hold_s=WEEK_S, since=begun_at)
    resumed = ledger.resume(cut_short, PLAN, others)
    (outcome,) = resumed.commit([], [(5, key(5)), (6, key(6))]).settled
    assert outcome == Outcome(5, Status.DUPLICATE, OutcomeCode.TAKEN_MEANWHILE, other.record.name)


@pytest.mark.parametrize(
    ("called", "ended", "is_beside"),
    [(-2, -1, True), (-1, -2, False), (-2, 3600, False)],
    ids=["while it read", "before", "by a clock that was wrong"],
)
def test_a_run_that_ended_while_a_command_read_its_list_was_under_way_with_it(
    ledger: Ledger, awake: Awake, home: Home, called: int, ended: int, *, is_beside: bool
) -> None:
    """Who gives two commands at once means it so, however long a busy machine reads."""
    now = datetime.now(UTC)
    first = sent(begun(ledger, awake), Status.ACCEPTED)
    ledger.runs.end(first, Ending.FINISHED, "")
    ended_at = (now + timedelta(seconds=ended)).isoformat()
    home.change("UPDATE run SET ended_at = ?", ended_at)
    awake.runs.clear()
    others = ledger.others(PLAN.target, awake, now + timedelta(seconds=called))
    second = ledger.begin(OTHER, BEGAN, others)
    settled = [outcome.code for outcome in second.commit([], [(8, key(1))]).settled]
    assert settled == (["taken_meanwhile"] if is_beside else [])


def test_a_clock_that_is_set_back_hides_nothing(
    ledger: Ledger, second: Ledger, awake: Awake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a run accepts is new to the others, whatever the clock on the wall says."""
    one, two = begun(ledger, awake), begun(second, awake, OTHER)
    sent(one, Status.ACCEPTED)
    assert two.commit([], [(1, key(1))]).settled
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 3600)
    one.commit([], [(5, key(5))])
    one.commit([Outcome(5, Status.ACCEPTED)])
    assert two.commit([], [(5, key(5))]).settled


@only_sqlite
def test_while_nobody_else_writes_nothing_is_read(ledger: Ledger, awake: Awake) -> None:
    """A look at the others costs one question, which does not grow with the ledger."""
    run = begun(ledger, awake)
    run.commit([], [(1, key(1))])
    asked: list[str] = []
    connection_of(ledger).set_trace_callback(asked.append)
    run.commit([Outcome(1, Status.ACCEPTED)], [(2, key(2))])
    assert [statement for statement in asked if "SELECT" in statement.upper()] == []
    assert asked.count("PRAGMA data_version") == 1


@only_sqlite
@pytest.mark.parametrize("statuses", [[Status.UNKNOWN], [Status.ACCEPTED], [None]])
def test_looking_at_others_reads_no_whole_list(
    ledger: Ledger, awake: Awake, statuses: list[Status | None]
) -> None:
    """Doubts and accepted leads are found by their indexes, also before SQLite knows any figures."""
    sent(begun(ledger, awake), *statuses)
    plans: list[str] = []

    def explain(statement: str) -> None:
        if statement.lstrip().startswith("SELECT") and " lead" in statement:
            plans.append(statement)

    connection_of(ledger).set_trace_callback(explain)
    begun(ledger, awake, OTHER).commit([], [(8, key(1))])
    connection_of(ledger).set_trace_callback(None)
    assert plans
    for statement in plans:
        steps = connection_of(ledger).execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        told = " ".join(str(step[3]) for step in steps)
        assert "SCAN lead" not in told
        assert "lead_in_doubt" in told or "lead_accepted" in told


def test_a_program_that_was_not_heard_of_may_wake_up(
    ledger: Ledger, second: Ledger, awake: Awake
) -> None:
    """What it accepts from then on was accepted meanwhile, and only that, though a second is long."""
    first = begun(ledger, awake)
    sent(first, Status.ACCEPTED)
    awake.runs.clear()
    other = begun(second, awake, OTHER)
    first.commit([], [(2, key(2))])
    first.commit([Outcome(2, Status.ACCEPTED)])
    withheld = other.commit([], [(8, key(1)), (9, key(2))])
    taken = Outcome(9, Status.DUPLICATE, OutcomeCode.TAKEN_MEANWHILE, first.record.name)
    assert list(withheld.settled) == [taken]


def test_who_joins_late_learns_what_runs_of_the_same_list_took_meanwhile(
    ledger: Ledger, second: Ledger, awake: Awake
) -> None:
    """The machine that began the list has seen it; what was before then is its matter."""
    first = begun(ledger, awake)
    first.commit([], [(2, key(2))])
    first.commit([Outcome(2, Status.ACCEPTED)])
    ledger.runs.end(first.record, Ending.FINISHED, "")
    awake.runs.clear()
    same = frozenset({first.record.id})
    seen = begun(ledger, awake, OTHER, ageless=same, since=0)
    assert not seen.commit([], [(5, key(2))]).settled
    late = begun(second, awake, OTHER, ageless=same | {seen.record.id}, since=0, joined_since=0)
    assert late.commit([], [(6, key(2))]).waiting == {6}, "the one before it is sending it"
    seen.commit([Outcome(5, Status.REJECTED)])
    (withheld,) = late.commit([], [(7, key(2))]).settled
    assert (withheld.status, withheld.code) == (Status.DUPLICATE, OutcomeCode.TAKEN_MEANWHILE)
