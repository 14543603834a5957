"""One machine's part in the sending of a list: spans in, settled leads out."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

from bulk_loader.delivery import Prepared
from bulk_loader.ledger import Idle, Span
from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_loader.ledger import LeadKey, Lease, OpenRun, Shares, Sharing, Withheld
    from bulk_loader.model import Outcome
    from bulk_loader.preparation.spans import SpanReader

LOOK_AGAIN_S = 0.3
"""Between two looks whether there is something to send."""

BURY_AGAIN_S = 5.0
"""Between two looks whether all machines are heard of, while there is enough to send."""

AHEAD = 4
"""So many leads for each request under way are held: enough for the ledger's groups, and no more, so
that others have something to do until the end."""


class Part:
    """What one machine holds of a list. Also the ledger's side of its delivery.

    Spans are taken in the thread that prepares, settled in that of the ledger.

    Args:
        concurrency: requests that are under way here at once, at the most.
        is_leader: it began the list, and waits until all of it is settled.

    Attributes:
        is_halted: no more spans are taken.
        is_leaderless: nothing more could be had since the leader is not heard of.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - each is of its own kind
        self,
        run: OpenRun,
        sharing: Sharing,
        shares: Shares,
        lease: Lease,
        reader: SpanReader,
        concurrency: int,
        *,
        is_leader: bool = False,
    ) -> None:
        self._run = run
        self._sharing = sharing
        self._shares = shares
        self._lease = lease
        self._reader = reader
        self._most = AHEAD * concurrency
        self._is_leader = is_leader
        self._change = threading.Condition()
        self._span_of: dict[int, int] = {}
        self._left: dict[int, int] = {}
        self._done: list[int] = []
        self.is_halted = False
        self._told: Counter[Status] = Counter()
        self._buried_at = time.monotonic()
        self.is_leaderless = False

    def halt(self) -> None:
        """Take no more spans."""
        with self._change:
            self.is_halted = True
            self._change.notify_all()

    def commit(
        self,
        outcomes: Sequence[Outcome],
        intents: Sequence[tuple[int, LeadKey]] = (),
        decisions: Sequence[tuple[Outcome, LeadKey | None]] = (),
    ) -> Withheld:
        """As `OpenRun.commit`; spans of which nothing is left are done."""
        self._sharing.noting(outcomes)
        withheld = self._run.commit(outcomes, intents, decisions)
        settled = [*outcomes, *withheld.settled, *(outcome for outcome, _ in decisions)]
        with self._change:
            for outcome in settled:
                self._settle(outcome)
            self._change.notify_all()
        return withheld

    def _settle(self, outcome: Outcome) -> None:
        first = self._span_of.pop(outcome.row, None)
        # What is given back unsent keeps its span open, for another machine.
        if first is None or outcome.status is Status.UNSENT:
            return
        self._left[first] -= 1
        if not self._left[first]:
            self._done.append(first)

    def batches(self) -> Iterator[Prepared]:
        """One span after another, and what the other machines did, until nothing is left."""
        while (span := self._next()) is not None:
            if isinstance(span, Span):
                leads = self._reader.leads(span)
                self._take([lead.row for lead in leads], span.first)
                yield Prepared(leads, ())
            if others := self._others():
                yield Prepared((), (), others)

    def _take(self, rows: Sequence[int], first: int) -> None:
        with self._change:
            self._left[first] = len(rows)
            self._span_of.update(dict.fromkeys(rows, first))
            if not rows:
                self._done.append(first)

    def _next(self) -> Span | Idle | None:
        """The next span, `NOT_YET` after a while without one, or None at the end."""
        if not self._has_room():
            return None
        self.finish()
        record = self._run.record
        claimed = self._shares.claim(record, self._lease, self._left, is_leader=self._is_leader)
        if isinstance(claimed, Span):
            return claimed
        self.is_leaderless = claimed is Idle.LEADERLESS and not self._is_leader
        if claimed is Idle.OVER or self.is_leaderless:
            return None
        with self._change:
            self._change.wait_for(lambda: self.is_halted, LOOK_AGAIN_S)
        return Idle.NOT_YET

    def _has_room(self) -> bool:
        while True:
            with self._change:
                if self.is_halted or len(self._span_of) <= self._most:
                    return not self.is_halted
                self._change.wait(LOOK_AGAIN_S)
            self._bury_sometimes()

    def _bury_sometimes(self) -> None:
        """Who waits for what a dead machine was sending does not wait for this one's spans, too."""
        if time.monotonic() - self._buried_at > BURY_AGAIN_S:
            self._buried_at = time.monotonic()
            self._shares.helpers(self._run.record)

    def finish(self) -> None:
        """Tell which spans are done by now."""
        with self._change:
            done, self._done = self._done, []
        self._shares.finish(self._run.record, done)
        for first in done:
            del self._left[first]

    def _others(self) -> list[Status]:
        """Answers that other machines have got since they were told last."""
        counts, own = self._shares.state(self._run.record).counts, self._sharing.own
        new = Counter({each: counts[each] - own[each] - self._told[each] for each in counts})
        self._told.update(+new)
        return list(new.elements())
