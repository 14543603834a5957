"""What an answer means: one table from what happened to a status and what to do next.

A POST is not idempotent here, so anything that may have been applied is `unknown`, and only
what certainly was not applied is `unsent`. The table stands in the design of this project.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from bulk_loader.codes import OutcomeCode
from bulk_loader.model import Status


@dataclass(frozen=True, slots=True)
class Answer:
    """What the dialer did with one task.

    Attributes:
        detail: what the code's sentence needs, such as an HTTP status; never the body, which
            may repeat a phone number.
    """

    status: Status
    code: OutcomeCode = OutcomeCode.NONE
    detail: str = ""


ACCEPTED = Answer(Status.ACCEPTED)
REJECTED = Answer(Status.REJECTED, OutcomeCode.ANSWERED_0)


class NotSentError(Exception):
    """Nothing left this machine: name, connect or TLS failure; calling again is safe."""


class UnreachableError(NotSentError):
    """Nothing left this machine, and as far as anybody can tell from here nothing ever will.

    Where the dialer was reached before, it may pass like any other failure.

    Args:
        reason: the words that follow "The dialer can't be reached:", without a stop.
        advice: what to check, whole sentences.
    """

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.advice = advice


class ThrottledError(Exception):
    """The dialer asked to come later, and certainly did not take the task.

    Args:
        http_status: 429, or 503 where the settings say that it means the same.
        retry_after_s: seconds to wait as the dialer says; None where it said nothing.
    """

    def __init__(self, http_status: int, retry_after_s: float | None) -> None:
        super().__init__(f"HTTP {http_status}")
        self.http_status = http_status
        self.retry_after_s = retry_after_s


class DialerRefusedError(Exception):
    """401 or 403: the credentials were refused and the task was not taken; stop the run."""

    def __init__(self, http_status: int) -> None:
        super().__init__(f"HTTP {http_status}")
        self.http_status = http_status


class WrongAddressError(Exception):
    """404, 405, 415 or a redirect: no dialer answers at this address; stop the run."""

    def __init__(self, http_status: int, location: str = "") -> None:
        super().__init__(f"HTTP {http_status}")
        self.http_status = http_status
        self.location = location


_REFUSALS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_WRONG_ADDRESS = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
)


def read_answer(
    http_status: int,
    body: bytes | None,
    *,
    retry_after: str = "",
    location: str = "",
    retry_503: bool,
) -> Answer:
    """The meaning of one HTTP answer.

    Args:
        body: None where it was too long to read.
        retry_after: the header of that name, "" where there is none.
        location: the header of that name, for the message about a redirect.
        retry_503: a 503 certainly means "not taken" at this dialer.

    Raises:
        ThrottledError: the task was not taken; come again later.
        DialerRefusedError: the credentials were refused.
        WrongAddressError: the address is wrong.
    """
    if 200 <= http_status < 300:  # noqa: PLR2004 - the classes of HTTP
        return _read_body(http_status, body)
    if http_status == HTTPStatus.TOO_MANY_REQUESTS or (
        retry_503 and http_status == HTTPStatus.SERVICE_UNAVAILABLE
    ):
        raise ThrottledError(http_status, parse_retry_after(retry_after))
    if http_status in _REFUSALS:
        raise DialerRefusedError(http_status)
    if 300 <= http_status < 400 or http_status in _WRONG_ADDRESS:  # noqa: PLR2004
        raise WrongAddressError(http_status, _shown(location))
    if 400 <= http_status < 500:  # noqa: PLR2004
        return Answer(Status.REJECTED, OutcomeCode.HTTP_REFUSED, str(http_status))
    # A 5xx, a 503 among them, may come from a proxy that had already passed the request on.
    return Answer(Status.UNKNOWN, OutcomeCode.HTTP_FAILED, str(http_status))


def _read_body(http_status: int, body: bytes | None) -> Answer:
    if body is None:
        return Answer(Status.UNKNOWN, OutcomeCode.ANSWER_TOO_LONG, str(http_status))
    match body.strip():
        case b"1":
            return ACCEPTED
        case b"0":
            return REJECTED
        case b"":
            return Answer(Status.UNKNOWN, OutcomeCode.EMPTY_ANSWER, str(http_status))
        case other if other[:1] == b"<":
            return Answer(Status.UNKNOWN, OutcomeCode.WEB_PAGE, str(http_status))
        case _:
            return Answer(Status.UNKNOWN, OutcomeCode.UNCLEAR_ANSWER, str(http_status))


def parse_retry_after(value: str, now: datetime | None = None) -> float | None:
    """Seconds to wait by a `Retry-After` header, never negative; None where it says nothing.

    Source: RFC 9110, section 10.2.3: a number of seconds or an HTTP date.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


# Longer addresses say nothing more to a reader.
MAX_LOCATION_LENGTH = 200


# A user and a password in an address.
_USER = re.compile(r"^((?:[^/@]*:)?//|)[^/]*@")
_PLAIN_SEGMENT = re.compile(r"[A-Za-z][A-Za-z._-]{0,39}")


def _shown(location: str) -> str:
    """Where a redirect leads, fit for a terminal and a log.

    What comes after the path may be a secret, and a part of the path that is no plain word may
    repeat the record that was sent.
    """
    path = location.partition("?")[0].partition("#")[0]
    path = _USER.sub(r"\1", path)
    scheme, slashes, rest = path.rpartition("://")
    host, *segments = rest.split("/")
    shown = [part if not part or _PLAIN_SEGMENT.fullmatch(part) else "…" for part in segments]
    address = f"{scheme}{slashes}{'/'.join([host, *shown])}"
    return "".join(filter(str.isprintable, address))[:MAX_LOCATION_LENGTH]
