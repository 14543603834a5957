"""Group commits: which leads may be sent now, and what came of those that were.

A lead is in doubt from the commit of its intent to the commit of its outcome. There are never
more of them than twice the concurrency: half are being sent, half are ready or just settled,
so the next requests never wait for the disk.
"""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulk_loader.delivery.leads import ReadyLead
    from bulk_loader.delivery.ports import RunLedger
    from bulk_loader.ledger import LeadKey, Withheld
    from bulk_loader.model import Outcome

# An outcome waits so long for company before it is committed alone.
LONGEST_WAIT_S = 0.05
# Somebody is sending what decides whether a lead may be sent; an answer takes about so long.
OTHERS_S = 0.05
# Leads that are settled without being sent may lie a little longer: nothing depends on them.
DECISIONS_A_COMMIT = 1000


class Journal:
    """The ledger's side of a delivery.

    Attributes:
        failure: why a commit failed; once it is set, nothing more is committed.

    Args:
        run: where to commit.
        concurrency: half of the leads that may be in doubt, from now on.
        release: called in the event loop with leads whose intent is durable.
        withheld: called in the event loop with what keeps leads from being sent; outcomes of it
            are durable.
    """

    def __init__(
        self,
        run: RunLedger,
        concurrency: int,
        release: Callable[[Sequence[ReadyLead]], None],
        withheld: Callable[[Withheld], None],
    ) -> None:
        self._run = run
        self._release = release
        self._withheld = withheld
        self._is_waiting = False
        self.expect(concurrency)
        self._in_doubt = 0
        self._pending: deque[ReadyLead] = deque()
        self._decisions: list[tuple[Outcome, LeadKey | None]] = []
        self._due = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._is_closing = False
        self._outcomes: list[Outcome] = []
        self.failure: Exception | None = None

    def expect(self, concurrency: int) -> None:
        """So many requests are under way at once from now on; half of the leads in doubt."""
        self._most_in_doubt = 2 * concurrency
        self._group = max(1, concurrency // 2)

    @property
    def unsaved(self) -> list[Outcome]:
        """Outcomes that are not durable; after a failure, those that only memory holds."""
        return self._outcomes + [outcome for outcome, _ in self._decisions]

    @property
    def pending(self) -> int:
        """Leads whose intent is not durable yet."""
        return len(self._pending)

    def intend(self, leads: Sequence[ReadyLead]) -> None:
        """These leads are to be sent, in this order, as soon as the ledger holds it."""
        self._pending.extend(leads)
        self._consider()

    def settle(self, outcome: Outcome) -> None:
        """A lead that was released has its outcome."""
        self._outcomes.append(outcome)
        self._consider()

    def revise(self, outcome: Outcome) -> None:
        """A lead that has its outcome gets another; until that is durable, it is in doubt again."""
        for index, unsaved in enumerate(self._outcomes):
            if unsaved.row == outcome.row:
                self._outcomes[index] = outcome
                return
        self._in_doubt += 1
        self.settle(outcome)

    def decide(self, decisions: Sequence[tuple[Outcome, LeadKey | None]]) -> None:
        """These leads are settled without being sent."""
        self._decisions.extend(decisions)
        if len(self._decisions) >= DECISIONS_A_COMMIT:
            self._due.set()

    def withdraw(self) -> list[ReadyLead]:
        """Take back the leads that were not released yet; a commit under way keeps its own."""
        withdrawn = list(self._pending)
        self._pending.clear()
        return withdrawn

    def close(self) -> None:
        """Commit what there is; `keep` ends when it is done."""
        self._is_closing = True
        self._due.set()

    async def keep(self) -> None:
        """Commit whenever it is due, until closed."""
        try:
            while self.failure is None:
                await self._due.wait()
                await self._commit()
                if not self._is_closing:
                    continue
                if not (self._outcomes or self._decisions):
                    break
                self._due.set()
        finally:
            self._cancel_timer()
            self._thread.shutdown(wait=True)

    def _consider(self) -> None:
        unsaved = len(self._outcomes)
        free = self._most_in_doubt - self._in_doubt + unsaved
        if unsaved >= self._group or (
            self._pending and free >= self._group and not self._is_waiting
        ):
            self._due.set()
        elif (unsaved or self._is_waiting) and self._timer is None:
            loop = asyncio.get_running_loop()
            wait_s = OTHERS_S if self._is_waiting else LONGEST_WAIT_S
            self._timer = loop.call_later(wait_s, self._due.set)

    async def _commit(self) -> None:
        self._due.clear()
        self._cancel_timer()
        outcomes, decisions = self._outcomes, self._decisions
        free = max(0, self._most_in_doubt - self._in_doubt + len(outcomes))
        leads = [self._pending.popleft() for _ in range(min(free, len(self._pending)))]
        if not (outcomes or decisions or leads):
            return
        self._outcomes, self._decisions = [], []
        intents = [(lead.row, lead.key) for lead in leads]
        self._in_doubt += len(leads)
        loop = asyncio.get_running_loop()
        try:
            withheld = await loop.run_in_executor(
                self._thread, self._run.commit, outcomes, intents, decisions
            )
        except Exception as error:  # noqa: BLE001 - a bug of ours must not lose a lead either
            self.failure = error
            self._outcomes = outcomes + self._outcomes
            self._decisions = decisions + self._decisions
            self._pending.extendleft(reversed(leads))
            return
        self._in_doubt -= len(outcomes)
        self._release(self._sendable(leads, withheld))
        self._consider()

    def _sendable(self, leads: Sequence[ReadyLead], withheld: Withheld) -> Sequence[ReadyLead]:
        """Those that may be sent now; the others are told, or asked for once more."""
        # Where others of them could be sent, more may be that come after them.
        self._is_waiting = bool(withheld.waiting) and len(withheld.waiting) == len(leads)
        settled = {outcome.row for outcome in withheld.settled}
        if settled or withheld.pause_s or withheld.stop:
            self._withheld(withheld)
        if not (settled or withheld.waiting):
            return leads
        waiting = [lead for lead in leads if lead.row in withheld.waiting]
        self._pending.extendleft(reversed(waiting))
        self._in_doubt -= len(settled) + len(waiting)
        return [
            lead for lead in leads if lead.row not in settled and lead.row not in withheld.waiting
        ]

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
