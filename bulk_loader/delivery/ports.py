"""What a delivery needs of others: someone who posts, and someone who remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulk_loader.dialer.answers import Answer
    from bulk_loader.ledger import LeadKey, Withheld
    from bulk_loader.model import Outcome


class Sender(Protocol):
    """The dialer's client, or what stands for it."""

    async def send(self, body: bytes, doubt: Callable[[], None] | None = None) -> Answer:
        """Post one task, once; see `DialerClient.send`."""


class RunLedger(Protocol):
    """The ledger's side of one run, or what stands for it."""

    def commit(
        self,
        outcomes: Sequence[Outcome],
        intents: Sequence[tuple[int, LeadKey]] = (),
        decisions: Sequence[tuple[Outcome, LeadKey | None]] = (),
    ) -> Withheld:
        """Make one group durable, all of it or nothing; see `OpenRun.commit`."""
