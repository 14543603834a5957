from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bulk_loader.model import Ending
from tests.ledger.conftest import BEGAN, PLAN

if TYPE_CHECKING:
    from bulk_loader.ledger import Ledger
    from tests.ledger.conftest import Home


def test_the_course_of_a_run_is_kept_with_it(ledger: Ledger) -> None:
    """The last one that was told, and that of no other run."""
    run, other = ledger.begin(PLAN, BEGAN).record, ledger.begin(PLAN, BEGAN).record
    assert ledger.timelines.newest_of([run]) is None
    ledger.timelines.keep(run, b"first")
    ledger.timelines.keep(run, b"second")
    assert ledger.timelines.newest_of([run]) == b"second"
    assert ledger.timelines.newest_of([other]) is None
    assert ledger.timelines.newest_of([other, run]) == b"second"


def test_the_course_is_forgotten_with_its_run(ledger: Ledger, home: Home) -> None:
    """What prune takes leaves nothing behind."""
    record = ledger.begin(PLAN, BEGAN).record
    ledger.timelines.keep(record, b"course")
    ledger.runs.end(record, Ending.FINISHED, "")
    later = record.started_at + timedelta(days=10_000)
    assert ledger.runs.forget(later, later) == 1
    assert home.query("SELECT * FROM timeline") == []
