"""One request to a sandbox: what was answered, what was queued, and whether both are as they must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.model import DialerTask
    from bulk_loader.sandbox import Sandbox
    from tests.tools.clients.cases import Case

HTTP_OK = 200


class Reply(NamedTuple):
    """What a client was answered."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request.

    Attributes:
        queued: what the request put into the queue.
    """

    case: Case
    reply: Reply
    queued: tuple[DialerTask, ...]

    @property
    def answer(self) -> str:
        """The body, as the vendor's page knows no other answer; a status that is not 200."""
        return self.reply.body if self.reply.status == HTTP_OK else str(self.reply.status)

    @property
    def fault(self) -> str:
        """What is not as it must be; "" where nothing is."""
        case, wanted = self.case, () if self.case.task is None else (self.case.task,)
        if self.answer != case.answer:
            return f"{case.name}: answered {self.answer!r}, not {case.answer!r}"
        if self.queued != wanted:
            return f"{case.name}: queued as {self.queued}, not as {wanted}"
        return ""


def try_case(sandbox: Sandbox, case: Case, send: Callable[[Case], Reply]) -> Outcome:
    """Have a request sent to a sandbox that nobody else uses."""
    before = len(sandbox.queue())
    reply = send(case)
    return Outcome(case, reply, tuple(queued.task for queued in sandbox.queue()[before:]))
