from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from bulk_loader.codes import ForeignCode, OutcomeCode, ProblemCode
from bulk_loader.errors import LedgerError
from bulk_loader.ledger import Ledger
from bulk_loader.model import Outcome, Status
from tests.ledger.conftest import BEGAN, PLAN, TASK, key, only_sqlite

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ledger.conftest import Home

ACCEPTED = Outcome(2, Status.ACCEPTED)
REJECTED = Outcome(3, Status.REJECTED, OutcomeCode.ANSWERED_0)
INVALID = Outcome(4, Status.INVALID, ProblemCode.PHONE_TOO_SHORT, "4")


def test_an_intent_without_outcome_is_a_doubt(ledger: Ledger) -> None:
    """What was being sent when the program died counts as unknown, and nothing else does."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2)), (3, key(3))])
    run.commit([ACCEPTED], [], [(INVALID, None)])
    broken = Outcome(3, Status.UNKNOWN, OutcomeCode.BROKEN_OFF)
    assert list(ledger.outcomes.of(run.record)) == [ACCEPTED, broken, INVALID]
    assert ledger.outcomes.counts(run.record) == {
        **dict.fromkeys(Status, 0),
        Status.ACCEPTED: 1,
        Status.UNKNOWN: 1,
        Status.INVALID: 1,
    }
    assert ledger.doubts.break_off(run.record) == 1
    assert ledger.doubts.break_off(run.record) == 0
    assert list(ledger.outcomes.of(run.record)) == [ACCEPTED, broken, INVALID]


@only_sqlite
def test_what_was_committed_is_there_after_a_crash(home: Home, tmp_path: Path) -> None:
    """The files as they lie on the disk at any moment are a whole ledger."""
    with Ledger.open(home.place) as ledger:
        run = ledger.begin(PLAN, BEGAN)
        run.commit([], [(2, key(2)), (3, key(3))])
        shutil.copytree(home.path, tmp_path / "first")
        run.commit([ACCEPTED], [(4, key(4))])
        shutil.copytree(home.path, tmp_path / "second")
        record = run.record
    with Ledger.open(tmp_path / "first") as crashed:
        assert [o.status for o in crashed.outcomes.of(record)] == [Status.UNKNOWN] * 2
    with Ledger.open(tmp_path / "second") as crashed:
        assert [o.status for o in crashed.outcomes.of(record)] == [
            Status.ACCEPTED,
            Status.UNKNOWN,
            Status.UNKNOWN,
        ]


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN])
def test_what_a_lead_became_by_being_sent_stands(ledger: Ledger, status: Status) -> None:
    """Neither a later judgement of the row nor a completion overwrites it."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2))])
    sent = Outcome(2, status, ForeignCode("code"), "detail")
    run.commit([sent])
    run.commit([], [], [(Outcome(2, Status.INVALID, ProblemCode.PHONE_TOO_SHORT), None)])
    run.complete([(Outcome(2, Status.UNSENT, OutcomeCode.RUN_STOPPED), key(2))])
    assert list(ledger.outcomes.of(run.record)) == [sent]


@pytest.mark.parametrize(
    "status", [Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN, None], ids=str
)
def test_a_sent_row_is_never_sent_again_in_its_run(ledger: Ledger, status: Status | None) -> None:
    """A row that was sent, or is being sent, can't be intended again, whatever its hash is now."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2))])
    if status is not None:
        run.commit([Outcome(2, status)])
    before = list(ledger.outcomes.of(run.record))
    with pytest.raises(LedgerError, match="already sent") as caught:
        run.commit([], [(3, key(3)), (2, key(99))])
    assert "settings of the first time" in caught.value.remedy
    assert list(ledger.outcomes.of(run.record)) == before


def test_a_lead_that_was_left_out_may_be_sent_later(ledger: Ledger) -> None:
    """Unsent and refused rows can be intended, and forget why they were left out."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit(
        [], [], [(Outcome(2, Status.UNSENT, OutcomeCode.RUN_STOPPED), key(2)), (INVALID, None)]
    )
    run.commit([], [(2, key(2)), (4, key(4))])
    run.commit([ACCEPTED, Outcome(4, Status.ACCEPTED)])
    assert [o.code for o in ledger.outcomes.of(run.record)] == ["", ""]


def test_a_later_judgement_replaces_an_earlier_one(ledger: Ledger) -> None:
    """A row that was not sent is judged anew whenever it is looked at."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [], [(INVALID, None)])
    duplicate = Outcome(4, Status.DUPLICATE, OutcomeCode.DUPLICATE_ROW, "2")
    run.commit([], [], [(duplicate, key(2))])
    assert list(ledger.outcomes.of(run.record)) == [duplicate]


def test_completing_adds_only_what_is_missing(ledger: Ledger) -> None:
    """Leads that the run never came to are accounted for beside the others."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2))])
    run.commit([ACCEPTED])
    unsent = [Outcome(row, Status.UNSENT, OutcomeCode.RUN_STOPPED) for row in (2, 3)]
    run.complete([(outcome, key(outcome.row)) for outcome in unsent])
    assert list(ledger.outcomes.of(run.record)) == [ACCEPTED, unsent[1]]


def test_a_group_is_durable_as_a_whole_or_not_at_all(ledger: Ledger) -> None:
    """Where the last part of a group fails, its first part did not happen either."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2))])
    with pytest.raises(LedgerError):
        run.commit([ACCEPTED, REJECTED], [(4, key(4))])
    assert [o.status for o in ledger.outcomes.of(run.record)] == [Status.UNKNOWN]


def test_outcomes_of_a_forgotten_run_are_noticed(ledger: Ledger, home: Home) -> None:
    """A run that was deleted while it was under way stops, instead of settling nothing."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2))])
    home.change("DELETE FROM lead")
    with pytest.raises(LedgerError, match="no longer holds"):
        run.commit([ACCEPTED])


def test_no_phone_name_or_payload_is_in_the_files(home: Home) -> None:
    """Search every byte of the ledger for what a lead says: nothing is found."""
    with Ledger.open(home.place) as ledger:
        task = ledger.keys.task(TASK)
        contact = ledger.keys.contact(TASK.campaign, TASK.destination)
        run = ledger.begin(PLAN, BEGAN)
        run.commit([], [(2, key(2)._replace(task=task, contact=contact))])
        run.commit([ACCEPTED])
        content = home.content()
    content += home.content()
    for secret in (TASK.destination, TASK.destination[3:], TASK.campaign, "Ana", "destination"):
        for encoding in ("utf-8", "utf-16-le"):
            assert secret.encode(encoding) not in content
