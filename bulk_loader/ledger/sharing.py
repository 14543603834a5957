"""What the machines that send one list tell each other in the transactions of their groups."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulk_loader.ledger.store import Store
    from bulk_loader.model import Outcome


class Sharing:
    """One machine's part in the sending of a list.

    What it is told may come from any thread; a flag and a text need no lock.

    Args:
        run: id of the run.
        judge: why nothing more may be sent by how many leads of the list are invalid, how many were
            rejected or are unknown, and how many answers there were; "" where it may.

    Attributes:
        judge: as it was given.
        own: answers that this machine has noted, or is about to.
    """

    def __init__(self, run: int, judge: Callable[[int, int, int], str]) -> None:
        self._run = run
        self.judge = judge
        self._is_proved = False
        self._why = ""
        self.own: Counter[Status] = Counter()

    def prove(self) -> None:
        """A lead was accepted, so that the others may send, too."""
        self._is_proved = True

    def stop(self, why: str) -> None:
        """Nothing more may be sent by anybody."""
        self._why = self._why or why

    def noting(self, outcomes: Sequence[Outcome]) -> None:
        """These are about to be noted; before the group, so that they never count as of others."""
        self.own.update(o.status for o in outcomes if o.status in COUNTED)

    def count(self, store: Store, outcomes: Sequence[Outcome]) -> str:
        """Add answers to those of all, and tell what is to be told; inside a transaction.

        Returns:
            Why nothing more may be sent; "" where it may.
        """
        told = Counter(outcome.status for outcome in outcomes)
        counts = [told[status] for status in COUNTED]
        rows = store.rows(_COUNT, (*counts, self._is_proved, self._why, self._run))
        if not rows:
            return GONE
        ((stopped_why, invalid, failed, answered),) = rows
        if not stopped_why and (stopped_why := self.judge(invalid, failed, answered)):
            store.change(_STOP, (stopped_why, self._run))
        return str(stopped_why)


COUNTED = (Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN)
"""Of what answers are counted over all machines."""

GONE = "The list is not sent by several machines any more."

_COUNT = """
    UPDATE share SET accepted = accepted + ?, rejected = rejected + ?, unknown = unknown + ?,
        is_released = is_released OR ?,
        stopped_why = CASE WHEN stopped_why = '' THEN ? ELSE stopped_why END
    WHERE run = ? RETURNING stopped_why, invalid, rejected + unknown, accepted + rejected + unknown
"""
_STOP = "UPDATE share SET stopped_why = ? WHERE run = ? AND stopped_why = ''"
