"""Requests wait while this machine is not heard of at a ledger that machines share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.dialer.answers import NotSentError
from bulk_loader.errors import StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.delivery import Sender
    from bulk_loader.dialer.answers import Answer
    from bulk_loader.ledger import Lease

LOOK_AGAIN_S = 0.1


@dataclass(slots=True)
class HeardSender:
    """Sends as another does, and nothing once another machine may have taken the run over.

    Args:
        patience_s: so long it is waited for until this machine is heard of again.
        tell: is told that it is waited for, and that it is over.
    """

    sender: Sender
    lease: Lease
    patience_s: float
    tell: Callable[[str], None]
    _is_told: bool = False

    async def send(self, body: bytes, doubt: Callable[[], None] | None = None) -> Answer:
        """As `Sender.send`.

        Raises:
            StoppedError: another machine has gone on with the run, or patience is over.
            NotSentError: it was waited for, and the run was stopped meanwhile.
        """
        if self.lease.is_over:
            try:
                await self._be_heard()
            except asyncio.CancelledError:
                raise NotSentError("the ledger was waited for") from None
        return await self.sender.send(body, doubt)

    async def _be_heard(self) -> None:
        clock = asyncio.get_running_loop().time
        deadline_s = clock() + self.patience_s
        self._tell(
            "The ledger that machines share can't be reached. Waiting for it for up to "
            f"{self.patience_s:g} seconds; nothing is lost.",
            is_away=True,
        )
        while self.lease.is_over:
            if self.lease.is_lost:
                raise StoppedError("Another machine has gone on with this run.")
            if clock() > deadline_s:
                raise StoppedError(
                    "The ledger that machines share could not be reached for "
                    f"{self.patience_s:g} seconds."
                )
            await asyncio.sleep(LOOK_AGAIN_S)
        self._tell("The ledger is reached again.", is_away=False)

    def _tell(self, sentence: str, *, is_away: bool) -> None:
        """Once for all requests that wait."""
        if self._is_told is not is_away:
            self._is_told = is_away
            self.tell(sentence)
