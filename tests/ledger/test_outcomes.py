from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bulk_loader.codes import OutcomeCode
from bulk_loader.model import Outcome, Status
from tests.ledger.conftest import BEGAN, PLAN, key

if TYPE_CHECKING:
    from bulk_loader.ledger import Ledger
    from tests.ledger.conftest import Home

REJECTED = Outcome(3, Status.REJECTED, OutcomeCode.ANSWERED_0)


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
    other.commit([Outcome(2, Status.ACCEPTED)])
    now = datetime.now(UTC)
    lately = ledger.outcomes.accepted_contacts(PLAN.target, now - timedelta(days=1))
    assert lately.tolist() == [-4, -2]
    home.change("UPDATE lead SET settled_at = ? WHERE row = 4", int(time.time()) - 864_000)
    lately = ledger.outcomes.accepted_contacts(PLAN.target, now - timedelta(days=7))
    assert lately.tolist() == [-2]


def test_a_lead_that_keeps_its_status_is_no_contact(ledger: Ledger) -> None:
    """A retry notes accepted rows without a key, and they disturb no search for contacts."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [], [(Outcome(2, Status.ACCEPTED, OutcomeCode.KEPT), None)])
    since = datetime.now(UTC) - timedelta(days=1)
    assert ledger.outcomes.accepted_contacts(PLAN.target, since).tolist() == []
    assert ledger.outcomes.prior([run.record]).leads == 0


def test_a_code_of_another_release_is_shown_as_it_is(ledger: Ledger, home: Home) -> None:
    """Both where outcomes are listed and where they are held against a new run."""
    run = ledger.begin(PLAN, BEGAN)
    run.commit([], [(2, key(2)), (3, key(3))])
    run.commit([Outcome(2, Status.UNKNOWN, OutcomeCode.READ_TIMEOUT), Outcome(3, Status.UNSENT)])
    home.change("UPDATE lead SET code = 'of_tomorrow' WHERE row = 3")
    first, second = ledger.outcomes.of(run.record)
    assert first.code is OutcomeCode.READ_TIMEOUT
    assert second.code == "of_tomorrow"
    prior = ledger.outcomes.prior([run.record])
    assert prior.find([7, 8], [key(2), key(3)]) == [replace(first, row=7), replace(second, row=8)]
