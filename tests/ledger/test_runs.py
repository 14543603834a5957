from __future__ import annotations

import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import LedgerError
from bulk_loader.ledger import Ledger
from bulk_loader.model import Ending, Outcome, Status
from tests.ledger.conftest import BEGAN, PLAN, TASK, key

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.ledger import OpenRun, RunPlan
    from tests.ledger.conftest import Home

ACCEPTED = Outcome(2, Status.ACCEPTED)
REJECTED = Outcome(3, Status.REJECTED, "answered_0")
INVALID = Outcome(4, Status.INVALID, "phone_too_short", "4")


def test_a_run_is_found_as_it_was_noted(ledger: Ledger) -> None:
    """Plan, moment and state come back from the ledger unchanged."""
    run = ledger.begin(PLAN, BEGAN)
    (found,) = ledger.runs()
    assert found == run.record
    assert found.name.startswith("20260301-0930-")
    assert found.plan == PLAN
    assert (found.ending, found.started_at, found.ended_at) == (Ending.UNFINISHED, BEGAN, None)


def test_what_a_run_could_not_say_is_kept_with_it(ledger: Ledger) -> None:
    """It is found with that run and no other, and the last word replaces the one before."""
    run, other = ledger.begin(PLAN, BEGAN).record, ledger.begin(PLAN, BEGAN).record
    ledger.note_unsaid(run.name, "first")
    ledger.note_unsaid(run.name, "Summary\nwith ñ")
    assert ledger.run(run.name) == replace(run, unsaid="Summary\nwith ñ")
    assert ledger.run(other.name) == other


def test_an_intent_without_outcome_is_a_doubt(ledger: Ledger) -> None:
    """What was being sent when the program died counts as unknown, and nothing else does."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2)), (3, key(3))])
    run.commit([ACCEPTED], [], [(INVALID, None)])
    broken = Outcome(3, Status.UNKNOWN, "broken_off")
    assert list(ledger.outcomes(run.record)) == [ACCEPTED, broken, INVALID]
    assert ledger.counts(run.record) == {
        **dict.fromkeys(Status, 0),
        Status.ACCEPTED: 1,
        Status.UNKNOWN: 1,
        Status.INVALID: 1,
    }
    assert ledger.doubt(run.record) == 1
    assert ledger.doubt(run.record) == 0
    assert list(ledger.outcomes(run.record)) == [ACCEPTED, broken, INVALID]


def test_resuming_turns_doubts_into_unknown(ledger: Ledger, home: Home) -> None:
    """Going on with a run settles what nobody is sending any more, and takes the new settings."""
    record = ledger.begin(PLAN, BEGAN).record
    ledger.open_run(record).commit([], [(2, key(2))])
    ledger.close_out(record, Ending.STOPPED, "Because.")
    ledger.resume(record, replace(PLAN, settings='{"rate": 5}', results="/other.csv"))
    assert home.query("SELECT status, code FROM lead") == [("unknown", "broken_off")]
    (found,) = ledger.runs()
    assert found.plan.settings == '{"rate": 5}'
    assert found.plan.results == "/other.csv"
    assert (found.ending, found.stopped_why, found.ended_at) == (Ending.UNFINISHED, "", None)


def test_what_was_committed_is_there_after_a_crash(home: Home, tmp_path: Path) -> None:
    """The files as they lie on the disk at any moment are a whole ledger."""
    with Ledger.open(home.path) as ledger:
        run = ledger.begin(PLAN, BEGAN)
        run.commit([], [(2, key(2)), (3, key(3))])
        shutil.copytree(home.path, tmp_path / "first")
        run.commit([ACCEPTED], [(4, key(4))])
        shutil.copytree(home.path, tmp_path / "second")
        record = run.record
    with Ledger.open(tmp_path / "first") as crashed:
        assert [o.status for o in crashed.outcomes(record)] == [Status.UNKNOWN] * 2
    with Ledger.open(tmp_path / "second") as crashed:
        assert [o.status for o in crashed.outcomes(record)] == [
            Status.ACCEPTED,
            Status.UNKNOWN,
            Status.UNKNOWN,
        ]


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN])
def test_what_a_lead_became_by_being_sent_stands(ledger: Ledger, status: Status) -> None:
    """Neither a later judgement of the row nor a completion overwrites it."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2))])
    sent = Outcome(2, status, "code", "detail")
    run.commit([sent])
    run.commit([], [], [(Outcome(2, Status.INVALID, "phone_too_short"), None)])
    run.complete([(Outcome(2, Status.UNSENT, "run_stopped"), key(2))])
    assert list(ledger.outcomes(run.record)) == [sent]


@pytest.mark.parametrize(
    "status", [Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN, None], ids=str
)
def test_a_sent_row_is_never_sent_again_in_its_run(ledger: Ledger, status: Status | None) -> None:
    """A row that was sent, or is being sent, can't be intended again, whatever its hash is now."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2))])
    if status is not None:
        run.commit([Outcome(2, status)])
    before = list(ledger.outcomes(run.record))
    with pytest.raises(LedgerError, match="already sent") as caught:
        run.commit([], [(3, key(3)), (2, key(99))])
    assert "settings of the first time" in caught.value.remedy
    assert list(ledger.outcomes(run.record)) == before


def test_a_lead_that_was_left_out_may_be_sent_later(ledger: Ledger) -> None:
    """Unsent and refused rows can be intended, and forget why they were left out."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [], [(Outcome(2, Status.UNSENT, "run_stopped"), key(2)), (INVALID, None)])
    run.commit([], [(2, key(2)), (4, key(4))])
    run.commit([ACCEPTED, Outcome(4, Status.ACCEPTED)])
    assert [o.code for o in ledger.outcomes(run.record)] == ["", ""]


def test_a_later_judgement_replaces_an_earlier_one(ledger: Ledger) -> None:
    """A row that was not sent is judged anew whenever it is looked at."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [], [(INVALID, None)])
    duplicate = Outcome(4, Status.DUPLICATE, "duplicate_row", "2")
    run.commit([], [], [(duplicate, key(2))])
    assert list(ledger.outcomes(run.record)) == [duplicate]


def test_completing_adds_only_what_is_missing(ledger: Ledger) -> None:
    """Leads that the run never came to are accounted for beside the others."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2))])
    run.commit([ACCEPTED])
    unsent = [Outcome(row, Status.UNSENT, "run_stopped") for row in (2, 3)]
    run.complete([(outcome, key(outcome.row)) for outcome in unsent])
    assert list(ledger.outcomes(run.record)) == [ACCEPTED, unsent[1]]


def test_a_group_is_durable_as_a_whole_or_not_at_all(ledger: Ledger) -> None:
    """Where the last part of a group fails, its first part did not happen either."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2))])
    with pytest.raises(LedgerError):
        run.commit([ACCEPTED, REJECTED], [(4, key(4))])
    assert [o.status for o in ledger.outcomes(run.record)] == [Status.UNKNOWN]


def test_outcomes_of_a_forgotten_run_are_noticed(ledger: Ledger, home: Home) -> None:
    """A run that was deleted while it was under way stops, instead of settling nothing."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2))])
    home.change("DELETE FROM lead")
    with pytest.raises(LedgerError, match="no longer holds"):
        run.commit([ACCEPTED])


def test_a_run_is_named_by_the_beginning_of_its_id(ledger: Ledger) -> None:
    """The beginning is enough where it fits one run only; the whole id always is."""
    first = ledger.begin(PLAN, BEGAN).record
    assert ledger.run("2026") == first
    second = ledger.begin(PLAN, BEGAN + timedelta(days=1)).record
    assert ledger.run("20260301") == first
    assert ledger.run(second.name) == second
    assert ledger.run("2026") is None
    assert ledger.run("2025") is None
    assert ledger.run("%") is None


def test_runs_come_newest_first(ledger: Ledger) -> None:
    """Also those of a file, and those that wrote a results file."""
    first = ledger.begin(PLAN, BEGAN).record
    second = ledger.begin(replace(PLAN, digest="d2"), BEGAN).record
    moved = ledger.begin(replace(PLAN, path="/moved.csv", results="/m.csv"), BEGAN).record
    ledger.begin(replace(PLAN, target="https://other.example"), BEGAN)
    assert [run.id for run in ledger.runs()] == [4, 3, 2, 1]
    assert ledger.runs_of(PLAN.path, "d1", PLAN.target) == [moved, second, first]
    assert ledger.runs_of("/nowhere", "d2", PLAN.target) == [second]
    assert ledger.runs_with_results(PLAN.results, PLAN.target) == [second, first]
    assert ledger.runs_with_results("/m.csv", PLAN.target) == [moved]


def test_a_results_file_belongs_to_the_last_run_that_wrote_it(ledger: Ledger) -> None:
    """Whatever dialer it was sent to."""
    ledger.begin(PLAN, BEGAN)
    last = ledger.begin(replace(PLAN, target="https://other.example"), BEGAN).record
    assert ledger.run_with_results(PLAN.results) == last
    assert ledger.run_with_results("/nothing.csv") is None


def test_a_chain_goes_back_to_the_first_run(ledger: Ledger, home: Home) -> None:
    """A run that goes on with another knows it, until that is forgotten."""
    first = ledger.begin(PLAN, BEGAN).record
    second = ledger.begin(replace(PLAN, continues=first.id), BEGAN + timedelta(days=9)).record
    third = ledger.begin(replace(PLAN, continues=second.id), BEGAN + timedelta(days=18)).record
    assert ledger.chain(third) == [third, second, first]
    home.change("PRAGMA foreign_keys = OFF")
    home.change("UPDATE run SET continues = NULL WHERE id = ?", third.id)
    home.change("DELETE FROM run WHERE id IN (?, ?)", first.id, second.id)
    newest = ledger.run(third.name)
    assert newest is not None
    assert ledger.chain(newest) == [newest]
    assert ledger.chain(third) == [third], "even by a record that is out of date"


AGES_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def finished(ledger: Ledger, plan: RunPlan = PLAN, began: datetime = BEGAN) -> OpenRun:
    """A run that sent one lead and came to its end."""
    run = ledger.begin(plan, began)
    run.commit([], [(2, key(run.record.id))])
    run.commit([Outcome(2, Status.ACCEPTED)])
    ledger.close_out(run.record, Ending.FINISHED, "")
    return run


def test_only_runs_that_are_over_and_old_are_forgotten(ledger: Ledger, home: Home) -> None:
    """A finished run goes with its leads once it is old; only its name is remembered."""
    old, ended_late = finished(ledger), finished(ledger)
    home.change("UPDATE run SET ended_at = ? WHERE id = ?", BEGAN.isoformat(), old.record.id)
    month = BEGAN + timedelta(days=30)
    assert [run.id for run in ledger.forgettable(month, AGES_AGO)] == [old.record.id]
    assert ledger.forget(month, AGES_AGO) == 1
    assert ledger.runs() == [ledger.record(ended_late.record.id)]
    assert home.query("SELECT run FROM lead") == [(ended_late.record.id,)]
    assert ledger.is_known(old.record.name)
    assert not ledger.is_known("20200101-0000-ffffff")


@pytest.mark.parametrize("ending", [Ending.UNFINISHED, Ending.STOPPED, Ending.INTERRUPTED])
def test_an_unfinished_run_is_never_forgotten(ledger: Ledger, home: Home, ending: Ending) -> None:
    """Its people would be sent again; the runs that it went on with stay with it."""
    first = finished(ledger)
    home.change("UPDATE run SET ending = 'stopped' WHERE id = ?", first.record.id)
    later = ledger.begin(replace(PLAN, continues=first.record.id), BEGAN)
    if ending is not Ending.UNFINISHED:
        ledger.close_out(later.record, ending, "")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert ledger.forget(tomorrow, AGES_AGO) == 0
    ledger.close_out(later.record, Ending.FINISHED, "")
    assert ledger.forget(tomorrow, AGES_AGO) == 2, "what it went on with is over, too"


def test_a_run_with_a_young_doubt_is_not_forgotten(ledger: Ledger, home: Home) -> None:
    """Only once the doubt's time is over, or it is decided, may the run go."""
    run = finished(ledger)
    home.change("UPDATE lead SET status = 'unknown', code = 'read_timeout'")
    now = datetime.now(UTC)
    tomorrow = now + timedelta(days=1)
    assert ledger.forget(tomorrow, now - timedelta(days=7)) == 0
    assert ledger.forgettable(tomorrow, tomorrow) == [ledger.record(run.record.id)]
    ledger.settle(PLAN.target, [key(run.record.id).contact], Status.ACCEPTED)
    assert ledger.forget(tomorrow, now - timedelta(days=7)) == 1


def test_accepted_contacts_are_of_one_dialer_and_of_late(ledger: Ledger, home: Home) -> None:
    """Only what that dialer accepted since then counts, from any file, each contact once."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(row, key(row)) for row in (2, 3, 4)])
    run.commit([Outcome(2, Status.ACCEPTED), REJECTED, Outcome(4, Status.ACCEPTED)])
    again = ledger.begin(replace(PLAN, path="/other.csv"), BEGAN)
    again.commit([], [(9, key(2))])
    again.commit([Outcome(9, Status.ACCEPTED)])
    other = ledger.begin(replace(PLAN, target="https://other.example"), BEGAN)
    other.commit([], [(2, key(5))])
    other.commit([ACCEPTED])
    now = datetime.now(UTC)
    lately = ledger.accepted_contacts(PLAN.target, now - timedelta(days=1))
    assert lately.tolist() == [-4, -2]
    home.change("UPDATE lead SET settled_at = ? WHERE row = 4", int(time.time()) - 864_000)
    lately = ledger.accepted_contacts(PLAN.target, now - timedelta(days=7))
    assert lately.tolist() == [-2]


def test_a_lead_that_keeps_its_status_is_no_contact(ledger: Ledger) -> None:
    """A retry notes accepted rows without a key, and they disturb no search for contacts."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [], [(Outcome(2, Status.ACCEPTED, "kept"), None)])
    since = datetime.now(UTC) - timedelta(days=1)
    assert ledger.accepted_contacts(PLAN.target, since).tolist() == []
    assert ledger.prior([run.record]).leads == 0


def test_no_phone_name_or_payload_is_in_the_files(home: Home) -> None:
    """Search every byte of the ledger for what a lead says: nothing is found."""
    with Ledger.open(home.path) as ledger:
        task = ledger.keys.task(TASK)
        contact = ledger.keys.contact(TASK.campaign, TASK.destination)
        run = ledger.begin(PLAN, BEGAN)
        run.commit([], [(2, key(2)._replace(task=task, contact=contact))])
        run.commit([ACCEPTED])
        content = b"".join(file.read_bytes() for file in home.path.iterdir())
    content += b"".join(file.read_bytes() for file in home.path.iterdir())
    for secret in (TASK.destination, TASK.destination[3:], TASK.campaign, "Ana", "destination"):
        for encoding in ("utf-8", "utf-16-le"):
            assert secret.encode(encoding) not in content
