"""Tells what comes from another web page, and takes no more of a body than it should."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Message, Receive

# "none" is what a person does in the browser's own bar; no header at all is no browser.
_OWN_SITES = (b"same-origin", b"none")

COMMON_HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cache-Control", "no-store"),  # what is shown holds phone numbers
]
"""Of every answer, whatever it is to."""


class TooLongError(Exception):
    """A body has more bytes than may come."""


class Counting:
    """Receives a body of which no more is kept than may come.

    Attributes:
        has_more: its end has not come yet.
    """

    __slots__ = ("_left", "_receive", "has_more")

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most
        self.has_more = True

    async def __call__(self) -> Message:
        """The next part.

        Raises:
            TooLongError: it is one too many.
        """
        message = await self._receive()
        self.has_more = message.get("more_body", False)
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLongError
        return message


def is_foreign(headers: dict[bytes, bytes], scheme: str = "http") -> bool:
    """A browser says of the request that another page makes it; its Host is ours for sure.

    Args:
        scheme: by which the browser asks.
    """
    if headers.get(b"sec-fetch-site", b"none").lower() not in _OWN_SITES:
        return True
    origin = headers.get(b"origin")
    return origin is not None and origin.lower() != _origin(scheme, headers)


def has_lost_scheme(headers: dict[bytes, bytes]) -> bool:
    """It comes from our own page by HTTPS, of which a proxy that stands between has not told us."""
    return headers.get(b"origin", b"").lower() == _origin("https", headers)


def is_opened(headers: dict[bytes, bytes]) -> bool:
    """A browser says that the answer fills a window of its own; another page can see nothing of it."""
    return (headers.get(b"sec-fetch-mode"), headers.get(b"sec-fetch-dest")) == (
        b"navigate",
        b"document",
    )


def _origin(scheme: str, headers: dict[bytes, bytes]) -> bytes:
    return scheme.encode() + b"://" + headers.get(b"host", b"").lower()


def is_declared_longer(headers: dict[bytes, bytes], most: int) -> bool:
    """The head says of the body that it is too long; the server has checked that it is a number."""
    length = headers.get(b"content-length", b"")
    return length.isdigit() and int(length) > most
