"""The rules that stop a run before the harm is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.model import Status

if TYPE_CHECKING:
    from bulk_loader.delivery.policy import Policy

_FAILED = frozenset({Status.INVALID, Status.REJECTED, Status.UNKNOWN})


class StopRules:
    """Watches the outcomes of one run; each method returns why to stop, or "" to go on."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._looked_at = 0
        self._failed = 0
        self._doubts = 0
        self._canaries = 0
        self._canary_accepted = False

    @property
    def is_canary(self) -> bool:
        """The leads that go one at a time are not all answered yet."""
        return self._canaries < self._policy.canary

    def looked_at(self, leads: int) -> None:
        """So many more leads were prepared, whatever becomes of them."""
        self._looked_at += leads

    def decided(self, status: Status, count: int) -> str:
        """So many leads were settled without being sent."""
        return self._count(status, count)

    def answered(self, status: Status) -> str:
        """A lead was sent and settled."""
        self._doubts = self._doubts + 1 if status is Status.UNKNOWN else 0
        was_canary = self.is_canary
        self._canaries += 1
        self._canary_accepted = self._canary_accepted or status is Status.ACCEPTED
        if was_canary and not self.is_canary and not self._canary_accepted:
            return (
                f"None of the first {self._policy.canary} leads was accepted (--canary). "
                "Check the campaign's name in the dialer."
            )
        return self._doubtful() or self._count(status)

    def taken_back(self, status: Status) -> str:
        """The answer that gave a lead its status may have been another's."""
        self._doubts += 1
        # A rejected lead was counted before.
        return self._doubtful() or self._count(Status.UNKNOWN, 0 if status in _FAILED else 1)

    def failed_to_connect(self) -> str:
        """A request could not be started."""
        self._doubts += 1
        return self._doubtful()

    def _doubtful(self) -> str:
        if self._doubts < self._policy.max_doubts:
            return ""
        return (
            f"{self._doubts} requests in a row had no clear answer or no connection (--max-doubts)."
        )

    def _count(self, status: Status, count: int = 1) -> str:
        self._failed += count if status in _FAILED else 0
        limit = self._policy.max_errors
        if limit is None or not limit.is_passed(self._failed, self._looked_at):
            return ""
        return f"{self._failed} leads are invalid, rejected or unknown (--max-errors {limit})."
