"""What becomes of a request for a task: queued and answered with `1`, or refused with a reason."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from bulk_loader.sandbox.checks import NotATaskError, read_task
from bulk_loader.sandbox.faults import Fault, Faults, Rate

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.model import DialerTask
    from bulk_loader.sandbox.options import SandboxOptions
    from bulk_loader.sandbox.sessions import Sessions
    from bulk_loader.sandbox.store import Store

KEPT_REFUSALS = (
    1000  # enough to see what is wrong; a failed trial of a million must not fill memory
)


class Reply(Enum):
    """The answers of the dialer."""

    TAKEN = "taken"
    REFUSED = "refused"
    UNAUTHORIZED = "unauthorized"
    THROTTLED = "throttled"
    BROKEN = "broken"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One line of the sandbox's log.

    Attributes:
        id: counts all refusals since the start, those no longer kept included.
        received_at: aware, UTC.
    """

    id: int
    received_at: datetime
    reason: str


class Desk:
    """Takes tasks one by one, queues them in groups, and logs what it refuses.

    Args:
        announce: is told every refusal, as one line.
    """

    def __init__(
        self,
        options: SandboxOptions,
        store: Store,
        sessions: Sessions,
        announce: Callable[[str], None],
    ) -> None:
        self._options = options
        self._store = store
        self._sessions = sessions
        self._announce = announce
        self._faults = Faults(options)
        self._rate = Rate(options.rate_limit)
        self._refusals: deque[Refusal] = deque(maxlen=KEPT_REFUSALS)
        self.refused = 0
        self._group: _Group | None = None

    async def reply(self, authorization: str, content_type: str, body: bytes) -> Reply:
        """Judge one request; where the reply is `TAKEN`, the task stands in the queue."""
        if self._rate.is_over(time.monotonic()):
            self._refuse(f"on purpose: more than {self._options.rate_limit:g} tasks a second")
            return Reply.THROTTLED
        if fault := self._sessions.fault_of(authorization):
            self._refuse(fault)
            return Reply.UNAUTHORIZED
        try:
            task = read_task(content_type, body)
            self._check_campaign(task)
        except NotATaskError as error:
            self._refuse(str(error))
            return Reply.REFUSED
        fault_on_purpose = self._faults.next()
        if fault_on_purpose is Fault.NONE:
            return await self._queue(task)
        return await self._spoil(fault_on_purpose, task)

    def _check_campaign(self, task: DialerTask) -> None:
        if not self._options.takes_others and task.campaign not in self._options.campaigns:
            raise NotATaskError("the campaign is none of those that the sandbox takes")

    async def _spoil(self, fault: Fault, task: DialerTask) -> Reply:
        """Answer a good task badly; without a clear answer, it may stand in the queue."""
        if fault is Fault.REFUSE:
            self._refuse(f"on purpose: {self._options.fail_percent:g} % are to fail")
            return Reply.REFUSED
        reply = Reply.BROKEN if fault is Fault.ERROR else Reply.CUT
        is_taken = self._faults.is_taken_all_the_same()
        if is_taken:
            is_taken = await self._queue(task) is Reply.TAKEN
        what = "answered 500" if reply is Reply.BROKEN else "cut off"
        self._refuse(f"on purpose: {what}, {'though queued' if is_taken else 'and not queued'}")
        return reply

    def refusals(self) -> list[Refusal]:
        """The last refusals, newest first."""
        return list(reversed(self._refusals))

    async def _queue(self, task: DialerTask) -> Reply:
        """Queue a task together with those that arrived in the same turn of the event loop."""
        if self._group is None:
            self._group = _Group()
            asyncio.get_running_loop().call_soon(self._commit)
        group = self._group
        group.arrivals.append((datetime.now(UTC), task))
        await group.is_settled.wait()
        if group.fault:
            self._refuse(group.fault)
            return Reply.REFUSED
        return Reply.TAKEN

    def _commit(self) -> None:
        group, self._group = self._group, None
        assert group is not None
        try:
            self._store.add(group.arrivals)
        except sqlite3.Error as error:
            group.fault = f"the queue can't be written: {error}"
        group.is_settled.set()

    def _refuse(self, reason: str) -> None:
        self.refused += 1
        self._refusals.append(Refusal(self.refused, datetime.now(UTC), reason))
        self._announce(f"Refused ({self.refused}): {reason}")


class _Group:
    """Tasks that are committed together."""

    def __init__(self) -> None:
        self.arrivals: list[tuple[datetime, DialerTask]] = []
        self.is_settled = asyncio.Event()
        self.fault = ""
