"""What a workflow tells while it goes on; the command line shows it, the Python API may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulk_loader.model import Source, Status
    from bulk_loader.sandbox import QueuedTask


class Watch(Protocol):
    """Someone who is told how a run goes on; called from one thread only."""

    def opened(self, source: Source) -> None:
        """The file was read through once: its columns, leads and notes are known."""

    def noted(self, sentence: str) -> None:
        """A decision or an event the user should see at once, as one sentence."""

    def waited(self, sentence: str) -> None:
        """One more pause, or one more try, of the trouble that was noted; for a log."""

    def began(self, run_id: str) -> None:
        """The run stands in the ledger under this id; nothing was sent yet."""

    def started(self, leads: int) -> None:
        """Sending begins; `leads` is the number to be accounted for."""

    def settled(self, status: Status, count: int = 1) -> None:
        """`count` more leads have this status; fewer where it is negative."""

    def queued(self, queue: Sequence[QueuedTask]) -> None:
        """The run went to a sandbox inside the command, and this is what its queue holds."""


@runtime_checkable
class Stopper(Protocol):
    """A watch that may end the sending, where no signal can: in a thread beside the main one."""

    def stoppable(self, stop: Callable[[], None]) -> None:
        """Sending begins; `stop`, called from any thread, does from now on what Ctrl-C does.

        Gently at the first call, at once at the second; without effect when the run is over.
        """


@runtime_checkable
class Pauser(Protocol):
    """A watch that may have the sending pause."""

    def pausable(self, pause: Callable[[], None], go_on: Callable[[], None]) -> None:
        """Sending begins; both may be called from any thread, as often as anybody likes.

        After `pause` no request begins, and those under way come to their end. `go_on` ends it; it
        stops the run where the calling hours have ended meanwhile. Both are without effect when the
        run is over, and a pause can be stopped as well as gone on from.
        """


class Silent:
    """Tells nobody."""

    def opened(self, source: Source) -> None:
        """Nothing."""

    def noted(self, sentence: str) -> None:
        """Nothing."""

    def waited(self, sentence: str) -> None:
        """Nothing."""

    def began(self, run_id: str) -> None:
        """Nothing."""

    def started(self, leads: int) -> None:
        """Nothing."""

    def settled(self, status: Status, count: int = 1) -> None:
        """Nothing."""

    def queued(self, queue: Sequence[QueuedTask]) -> None:
        """Nothing."""
