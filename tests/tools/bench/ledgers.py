"""Fills a ledger to a size, and takes the time of what is asked of it there.

The arguments: leads, leads of a list, and the ledger's directory; then the address of its database
where machines share it. Writes JSON.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.ledger import LeadKey, Ledger, Regard, RunPlan, leased
from bulk_loader.ledger_place import LedgerPlace
from bulk_loader.model import Ending, Outcome, RunKind, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.ledger.store import Store

LEADS_A_RUN = 100_000
GROUP = 32
WEEK = timedelta(days=7)
PLAN = RunPlan(
    RunKind.UPLOAD, "/list", "digest", "https://dialer.example", "/results", "{}", "shape", 0
)

# One of a thousand is in doubt, one of twenty was rejected. Without the sign of the remainder, which
# PostgreSQL's driver takes for a mark.
_FILL = """
    INSERT INTO lead (run, row, task, occurrence, contact, number, status, code, detail, settled_at)
    SELECT ?, n, {hash}, 0, {hash}, {hash},
        CASE WHEN n / 1000 * 1000 = n THEN 'unknown' WHEN n / 20 * 20 = n THEN 'rejected' ELSE 'accepted' END,
        '', '', CAST(? AS BIGINT) FROM numbers
"""
_NUMBERS = {
    False: "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)",
    True: "WITH numbers AS (SELECT n FROM generate_series(1, CAST(? AS BIGINT)) n)",
}


@dataclass
class Measured:
    """What took how long, wall and CPU time of this process in seconds."""

    ledger: Ledger
    store: Store
    found: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Take the time of the body."""
        wall_at, cpu_at = time.perf_counter(), time.process_time()
        yield
        self.found[what] = time.perf_counter() - wall_at, time.process_time() - cpu_at

    def fill(self, leads: int, *, is_shared: bool) -> None:
        """By finished runs, of which the first tenth is old."""
        now, most = datetime.now(UTC), max(1, min(LEADS_A_RUN, leads // 10))
        for number in range(max(1, leads // most)):
            ended = now - timedelta(days=100 if number < leads // most / 10 else 1)
            run = self.ledger.begin(replace(PLAN, digest=str(number), leads=most), ended)
            spread = f"(n + {number * most}) * 900000000000"
            fill = f"{_NUMBERS[is_shared]} {_FILL}".format(hash=spread)
            self.store.change(fill, (most, run.record.id, int(ended.timestamp())))
            self.ledger.runs.end(run.record, Ending.FINISHED, "")
            self.store.change(
                "UPDATE run SET ended_at = ? WHERE id = ?", (ended.isoformat(), run.record.id)
            )
        self.store.change("ANALYZE")

    def send(self, leads: int) -> int:
        """A new list, as the delivery commits it; how many commits it took."""
        now = datetime.now(UTC)
        with self.timed("look-up"):
            others = self.ledger.others(PLAN.target, lambda _run: False, now)
            others.regard = Regard(hold_s=WEEK.total_seconds())
            self.ledger.outcomes.accepted_contacts(PLAN.target, now - timedelta(hours=1))
            self.ledger.doubts.open_at(PLAN.target, now - WEEK)
            run = self.ledger.begin(replace(PLAN, digest="new", leads=leads), now, others)
            run.commit([], [(0, LeadKey(0, 0, -1, 0))])
        sent: list[int] = []
        groups = [range(at, min(at + GROUP, leads + 1)) for at in range(1, leads + 1, GROUP)]
        with self.timed("insert"):
            for group in [*groups, range(0)]:
                intents = [(row, LeadKey(row, 0, -row - 2, row)) for row in group]
                run.commit([Outcome(row, Status.ACCEPTED) for row in sent], intents)
                sent = list(group)
        return len(groups) + 1

    def prune(self) -> int:
        """Forget the old tenth; how many runs."""
        now = datetime.now(UTC)
        with self.timed("prune"):
            return self.ledger.runs.forget(now - timedelta(days=90), now - WEEK)


def main() -> None:
    """Print what was measured."""
    size, leads, home, *url = sys.argv[1:]
    Path(home).mkdir(mode=0o700, parents=True, exist_ok=True)
    place = LedgerPlace(Path(home), url=url[0] if url else None)
    with Ledger.open(place) as ledger:
        measured = Measured(ledger, ledger._store)
        measured.fill(int(size), is_shared=bool(url))
        if url:
            with (
                leased(place, ["new"], "Under way.") as lease,
                Ledger.open(place, lease) as sending,
            ):
                measured.ledger = sending
                commits = measured.send(int(leads))
            measured.ledger = ledger
        else:
            commits = measured.send(int(leads))
        told = {"commits": commits, "pruned": measured.prune(), "times": measured.found}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
