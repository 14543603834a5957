"""What a delivery needs of others: someone who posts, someone who remembers, someone who listens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulk_loader.dialer.answers import Answer
    from bulk_loader.ledger import LeadKey, Withheld
    from bulk_loader.model import Outcome, Status


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


class Listener(Protocol):
    """Who is told how the sending goes on, in the event loop; see `runs.watch.Watch`."""

    def settled(self, status: Status, count: int = 1, /) -> None:
        """So many more leads have this status; fewer where it is negative."""

    def noted(self, sentence: str, /) -> None:
        """Sending falters, or goes on."""

    def waited(self, sentence: str, /) -> None:
        """It falters still: one more pause, or one more try, after what was noted."""
