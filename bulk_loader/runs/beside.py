"""The stamp beside a results file, kept up to date while leads are sent."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulk_loader.model import RESULT_COLUMNS, Status
from bulk_loader.results import Stamp, columns_digest, write_stamp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bulk_loader.delivery import RunLedger
    from bulk_loader.ledger import LeadKey, Ledger, RunRecord, Withheld
    from bulk_loader.model import Outcome, Source

# How often it is written: what is lost with a ledger that is restored from a copy of the last
# second can't be noticed, and a folder on a slow network share must not slow down the sending.
INTERVAL_S = 1.0

_SENT = frozenset({Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN})


def stamp_of(ledger: Ledger, record: RunRecord, source: Source) -> Stamp:
    """What the results of a run say of themselves by what the ledger holds now."""
    labels = [label for label in source.columns if label not in RESULT_COLUMNS]
    return Stamp(
        run=record.name,
        list_digest=source.digest,
        dialer=record.plan.target,
        began_at=record.started_at.isoformat(),
        session=record.sessions,
        sent=ledger.outcomes.count_sent(record),
        leads=record.plan.leads,
        columns=columns_digest(labels),
    )


@dataclass(slots=True)
class StampedRun:
    """A run in the ledger that also says beside the results how many leads it has sent.

    So a ledger that is restored from an older copy, or loses its newest part, is noticed.
    """

    run: RunLedger
    results: Path
    stamp: Stamp
    _written_at: float = 0.0

    def commit(
        self,
        outcomes: Sequence[Outcome],
        intents: Sequence[tuple[int, LeadKey]] = (),
        decisions: Sequence[tuple[Outcome, LeadKey | None]] = (),
    ) -> Withheld:
        """As `OpenRun.commit`; only what is durable is told."""
        withheld = self.run.commit(outcomes, intents, decisions)
        sent = sum(outcome.status in _SENT for outcome in outcomes)
        self.stamp = replace(self.stamp, sent=self.stamp.sent + sent)
        if sent and time.monotonic() - self._written_at > INTERVAL_S:
            self._written_at = time.monotonic()
            with suppress(OSError):  # it is a second witness: the ledger is the first
                write_stamp(self.results, self.stamp)
        return withheld
