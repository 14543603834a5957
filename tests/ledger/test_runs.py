from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bulk_loader.model import Ending, Outcome, Status
from tests.ledger.conftest import BEGAN, PLAN, key

if TYPE_CHECKING:
    from bulk_loader.ledger import Ledger, OpenRun, RunPlan
    from tests.ledger.conftest import Home


def test_a_run_is_found_as_it_was_noted(ledger: Ledger) -> None:
    """Plan, moment and state come back from the ledger unchanged."""
    run = ledger.begin(PLAN, BEGAN)
    (found,) = ledger.runs.all()
    assert found == run.record
    assert found.name.startswith("20260301-0930-")
    assert found.plan == PLAN
    assert (found.ending, found.started_at, found.ended_at) == (Ending.UNFINISHED, BEGAN, None)


def test_no_run_begins_in_the_future(ledger: Ledger) -> None:
    """What others take since it was begun is asked for by the ledger's clock, not by a fast one."""
    record = ledger.begin(PLAN, datetime.now(UTC) + timedelta(hours=1)).record
    assert record.started_at <= datetime.now(UTC)
    assert ledger.runs.all() == [record]


def test_what_a_run_could_not_say_is_kept_with_it(ledger: Ledger) -> None:
    """It is found with that run and no other, and the last word replaces the one before."""
    run, other = ledger.begin(PLAN, BEGAN).record, ledger.begin(PLAN, BEGAN).record
    ledger.runs.note_unsaid(run.name, "first")
    ledger.runs.note_unsaid(run.name, "Summary\nwith ñ")
    assert ledger.runs.by_name(run.name) == replace(run, unsaid="Summary\nwith ñ")
    assert ledger.runs.by_name(other.name) == other


def test_resuming_turns_doubts_into_unknown(ledger: Ledger, home: Home) -> None:
    """Going on with a run settles what nobody is sending any more, and takes the new settings."""
    record = ledger.begin(PLAN, BEGAN).record
    ledger.open_run(record).commit([], [(2, key(2))])
    ledger.runs.end(record, Ending.STOPPED, "Because.")
    ledger.resume(record, replace(PLAN, settings='{"rate": 5}', results="/other.csv"))
    assert home.query("SELECT status, code FROM lead") == [("unknown", "broken_off")]
    (found,) = ledger.runs.all()
    assert found.plan.settings == '{"rate": 5}'
    assert found.plan.results == "/other.csv"
    assert (found.ending, found.stopped_why, found.ended_at) == (Ending.UNFINISHED, "", None)


def test_a_run_is_named_by_the_beginning_of_its_id(ledger: Ledger) -> None:
    """The beginning is enough where it fits one run only; the whole id always is."""
    first = ledger.begin(PLAN, BEGAN).record
    assert ledger.runs.by_name("2026") == first
    second = ledger.begin(PLAN, BEGAN + timedelta(days=1)).record
    assert ledger.runs.by_name("20260301") == first
    assert ledger.runs.by_name(second.name) == second
    assert ledger.runs.by_name("2026") is None
    assert ledger.runs.by_name("2025") is None
    assert ledger.runs.by_name("%") is None


def test_runs_come_newest_first(ledger: Ledger) -> None:
    """Also those of a file, and those that wrote a results file."""
    first = ledger.begin(PLAN, BEGAN).record
    second = ledger.begin(replace(PLAN, digest="d2"), BEGAN).record
    moved = ledger.begin(replace(PLAN, path="/moved.csv", results="/m.csv"), BEGAN).record
    ledger.begin(replace(PLAN, target="https://other.example"), BEGAN)
    assert [run.id for run in ledger.runs.all()] == [4, 3, 2, 1]
    assert ledger.runs.of_list(PLAN.path, "d1", PLAN.target) == [moved, second, first]
    assert ledger.runs.of_list("/nowhere", "d2", PLAN.target) == [second]
    assert ledger.runs.with_results(PLAN.results, PLAN.target) == [second, first]
    assert ledger.runs.with_results("/m.csv", PLAN.target) == [moved]


def test_a_results_file_belongs_to_the_last_run_that_wrote_it(ledger: Ledger) -> None:
    """Whatever dialer it was sent to."""
    ledger.begin(PLAN, BEGAN)
    last = ledger.begin(replace(PLAN, target="https://other.example"), BEGAN).record
    assert ledger.runs.newest_with_results(PLAN.results) == last
    assert ledger.runs.newest_with_results("/nothing.csv") is None


def test_a_chain_goes_back_to_the_first_run(ledger: Ledger, home: Home) -> None:
    """A run that goes on with another knows it, until that is forgotten."""
    first = ledger.begin(PLAN, BEGAN).record
    second = ledger.begin(replace(PLAN, continues=first.id), BEGAN + timedelta(days=9)).record
    third = ledger.begin(replace(PLAN, continues=second.id), BEGAN + timedelta(days=18)).record
    assert ledger.runs.chain(third) == [third, second, first]
    home.change("UPDATE run SET continues = NULL WHERE id = ?", third.id)
    home.change("DELETE FROM run WHERE id IN (?, ?)", first.id, second.id)
    newest = ledger.runs.by_name(third.name)
    assert newest is not None
    assert ledger.runs.chain(newest) == [newest]
    assert ledger.runs.chain(third) == [third], "even by a record that is out of date"


AGES_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def finished(ledger: Ledger, plan: RunPlan = PLAN, began: datetime = BEGAN) -> OpenRun:
    """A run that sent one lead and came to its end."""
    run = ledger.begin(plan, began)
    run.commit([], [(2, key(run.record.id))])
    run.commit([Outcome(2, Status.ACCEPTED)])
    ledger.runs.end(run.record, Ending.FINISHED, "")
    return run


def test_only_runs_that_are_over_and_old_are_forgotten(ledger: Ledger, home: Home) -> None:
    """A finished run goes with its leads once it is old; only its name is remembered."""
    old, ended_late = finished(ledger), finished(ledger)
    home.change("UPDATE run SET ended_at = ? WHERE id = ?", BEGAN.isoformat(), old.record.id)
    month = BEGAN + timedelta(days=30)
    assert [run.id for run in ledger.runs.forgettable(month, AGES_AGO)] == [old.record.id]
    assert ledger.runs.forget(month, AGES_AGO) == 1
    assert ledger.runs.all() == [ledger.runs.by_id(ended_late.record.id)]
    assert home.query("SELECT run FROM lead") == [(ended_late.record.id,)]
    assert ledger.runs.is_known(old.record.name)
    assert not ledger.runs.is_known("20200101-0000-ffffff")


@pytest.mark.parametrize("ending", [Ending.UNFINISHED, Ending.STOPPED, Ending.INTERRUPTED])
def test_an_unfinished_run_is_never_forgotten(ledger: Ledger, home: Home, ending: Ending) -> None:
    """Its people would be sent again; the runs that it went on with stay with it."""
    first = finished(ledger)
    home.change("UPDATE run SET ending = 'stopped' WHERE id = ?", first.record.id)
    later = ledger.begin(replace(PLAN, continues=first.record.id), BEGAN)
    if ending is not Ending.UNFINISHED:
        ledger.runs.end(later.record, ending, "")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert ledger.runs.forget(tomorrow, AGES_AGO) == 0
    ledger.runs.end(later.record, Ending.FINISHED, "")
    assert ledger.runs.forget(tomorrow, AGES_AGO) == 2, "what it went on with is over, too"


def test_a_run_with_a_young_doubt_is_not_forgotten(ledger: Ledger, home: Home) -> None:
    """Only once the doubt's time is over, or it is decided, may the run go."""
    run = finished(ledger)
    home.change("UPDATE lead SET status = 'unknown', code = 'read_timeout'")
    now = datetime.now(UTC)
    tomorrow = now + timedelta(days=1)
    assert ledger.runs.forget(tomorrow, now - timedelta(days=7)) == 0
    assert ledger.runs.forgettable(tomorrow, tomorrow) == [ledger.runs.by_id(run.record.id)]
    ledger.doubts.settle(PLAN.target, [key(run.record.id).contact], Status.ACCEPTED)
    assert ledger.runs.forget(tomorrow, now - timedelta(days=7)) == 1
