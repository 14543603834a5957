"""What a misbehaving dialer does with one request: small values that can be told one by one.

A `Reaction` says four things: whether the task is recorded, how long the dialer waits, which bytes
it answers, and how the connection ends. `Fault` names those worth a test.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Cut(Enum):
    """How a connection ends after the answer, or after none."""

    NO = "kept alive"
    CLOSE = "closed"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Reaction:
    """One request's fate, in this order: recorded, waited, answered, cut.

    Attributes:
        reply: the raw bytes of the answer; none at all where empty.
        records: the task truly joins the queue, whatever is answered.
        wait_s: pause between recording and answering; infinite for an answer that never comes.
        drip_s: pause before every byte of the answer.
        again_s: the same answer comes once more so long after the first, unasked; None for never.
        cut: what becomes of the connection.
        goes_down: afterwards the dialer refuses connections and cuts all that are open.
    """

    reply: bytes = b""
    records: bool = False
    wait_s: float = 0.0
    drip_s: float = 0.0
    again_s: float | None = None
    cut: Cut = Cut.NO
    goes_down: bool = False

    def recording(self) -> Reaction:
        """The same to the client, but the task is recorded before."""
        return replace(self, records=True)

    def after(self, seconds: float) -> Reaction:
        """The same, answered that much later."""
        return replace(self, wait_s=seconds)

    def twice(self, seconds: float) -> Reaction:
        """The same, answered once more so much later."""
        return replace(self, again_s=seconds)

    def then(self, following: Reaction) -> Turns:
        """This the first time, the other from the second time on."""
        return Turns((self, following))


@dataclass(frozen=True, slots=True)
class Turns:
    """Reactions one after the other; the last one stays."""

    reactions: tuple[Reaction, ...]

    def then(self, following: Reaction) -> Turns:
        """These, and from the next time on the other."""
        return Turns((*self.reactions, following))

    def reaction(self, earlier: int) -> Reaction:
        """The one whose turn it is after `earlier` requests."""
        return self.reactions[min(earlier, len(self.reactions) - 1)]


def answer(status: int, body: str = "", headers: Mapping[str, str] | None = None) -> bytes:
    """A whole HTTP/1.1 answer."""
    content = body.encode()
    fields = {"Content-Type": "text/plain", "Content-Length": str(len(content))} | dict(
        headers or {}
    )
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
    return (head + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n").encode() + content


_ONE = answer(200, "1")
_CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_PAGE = "<!DOCTYPE html><html><body><h1>Sign in to the network</h1></body></html>"


class Fault:
    """Reactions by name. Those that may or may not be recorded come unrecorded: `.recording()`."""

    ACCEPT = Reaction(_ONE, records=True)
    ZERO = Reaction(answer(200, "0"))
    SPACED_ONE = Reaction(answer(200, " \r\n1\n"), records=True)
    CHUNKED_ONE = Reaction(_CHUNKED_HEAD + b"1\r\n1\r\n0\r\n\r\n", records=True)

    EMPTY_BODY = Reaction(answer(200))
    HTML_PAGE = Reaction(answer(200, _PAGE, {"Content-Type": "text/html"}))
    OTHER_BODY = Reaction(answer(200, "10"))
    NOT_HTTP = Reaction(b"220 mail.example ESMTP\r\n", cut=Cut.CLOSE)

    # The first byte of the body is `1`, and yet nobody can know what the rest would have been.
    HALF_HEAD = Reaction(_ONE[:20], cut=Cut.CLOSE)
    HALF_BODY = Reaction(answer(200, "1", {"Content-Length": "10"}), cut=Cut.CLOSE)
    HALF_CHUNKS = Reaction(_CHUNKED_HEAD + b"1\r\n1\r\n", cut=Cut.CLOSE)

    CLOSE_AFTER_READING = Reaction(cut=Cut.CLOSE)
    RESET_AFTER_READING = Reaction(cut=Cut.RESET)
    CLOSE_AFTER_RECORDING = Reaction(cut=Cut.CLOSE, records=True)
    RESET_AFTER_RECORDING = Reaction(cut=Cut.RESET, records=True)

    ACCEPT_THEN_CLOSE = Reaction(_ONE, records=True, cut=Cut.CLOSE)
    ACCEPT_SAYING_CLOSE = Reaction(
        answer(200, "1", {"Connection": "close"}), records=True, cut=Cut.CLOSE
    )
    ACCEPT_THEN_GO_DOWN = Reaction(_ONE, records=True, cut=Cut.CLOSE, goes_down=True)
    GO_DOWN = Reaction(cut=Cut.RESET, goes_down=True)

    NEVER = Reaction(wait_s=math.inf)
    NEVER_AFTER_RECORDING = Reaction(wait_s=math.inf, records=True)

    THROTTLED = Reaction(answer(429))
    UNAVAILABLE = Reaction(answer(503))
    SERVER_ERROR = Reaction(answer(500))
    BAD_GATEWAY = Reaction(answer(502))
    GATEWAY_TIMEOUT = Reaction(answer(504))
    UNAUTHORIZED = Reaction(answer(401))
    FORBIDDEN = Reaction(answer(403))
    BAD_REQUEST = Reaction(answer(400))
    NOT_FOUND = Reaction(answer(404))
    METHOD_NOT_ALLOWED = Reaction(answer(405))
    UNSUPPORTED_MEDIA = Reaction(answer(415))

    @staticmethod
    def status(code: int, body: str = "", headers: Mapping[str, str] | None = None) -> Reaction:
        """Any other answer."""
        return Reaction(answer(code, body, headers))

    @staticmethod
    def throttled(retry_after: float | datetime | str, code: int = 429) -> Reaction:
        """429, or another code, with `Retry-After`: seconds, a date, or any text."""
        if isinstance(retry_after, datetime):
            retry_after = format_datetime(retry_after.astimezone(UTC), usegmt=True)
        return Reaction(answer(code, headers={"Retry-After": str(retry_after)}))

    @staticmethod
    def redirect(code: int = 301, location: str = "/elsewhere") -> Reaction:
        """Elsewhere; who follows shows among the dialer's `strays`."""
        return Reaction(answer(code, headers={"Location": location}))

    @staticmethod
    def dripping(pause_s: float) -> Reaction:
        """Accepted, with the answer's bytes one at a time."""
        return Reaction(_ONE, records=True, drip_s=pause_s)


COMMON_FAULTS = (
    Fault.ZERO,
    Fault.SPACED_ONE,
    Fault.CHUNKED_ONE,
    Fault.EMPTY_BODY,
    Fault.EMPTY_BODY.recording(),
    Fault.HTML_PAGE,
    Fault.HTML_PAGE.recording(),
    Fault.NOT_HTTP,
    Fault.HALF_HEAD.recording(),
    Fault.HALF_BODY.recording(),
    Fault.HALF_CHUNKS,
    Fault.CLOSE_AFTER_READING,
    Fault.RESET_AFTER_READING,
    Fault.CLOSE_AFTER_RECORDING,
    Fault.RESET_AFTER_RECORDING,
    Fault.ACCEPT_THEN_CLOSE,
    Fault.ACCEPT_SAYING_CLOSE,
    Fault.throttled(0),
    Fault.UNAVAILABLE,
    Fault.UNAVAILABLE.recording(),
    Fault.SERVER_ERROR,
    Fault.SERVER_ERROR.recording(),
    Fault.BAD_GATEWAY.recording(),
    Fault.BAD_REQUEST,
)
"""What may befall single requests without stopping a run or making it wait.

No answer comes twice: where the connection is cut, or the client killed, before the surplus is seen,
nobody can notice it.
"""

SURPLUS_FAULTS = (
    Fault.ZERO,
    Fault.ZERO.twice(0.0),
    Fault.ZERO.twice(0.001),
    Fault.ZERO.twice(0.01),
    Fault.ACCEPT.twice(0.001),
)
"""Answers that come once too often, among others."""
