"""The one way to ask the dialer: an httpx request, handed to an httpx transport."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import httpx

from bulk_loader.dialer.bodies import MAX_ANSWER_BYTES, Whole, read_beginning
from bulk_loader.dialer.single_use import SingleUse
from bulk_loader.dialer.transport import KeepAliveTransport
from bulk_loader.dialer.wire import FORM_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.dialer.route import Route


@dataclass(frozen=True, slots=True)
class Posted:
    """A whole HTTP answer, as far as it matters here; no body where it was too long to read."""

    status: int
    body: bytes | None
    retry_after: str = ""
    location: str = ""


def choose_transport(route: Route, connections: int) -> httpx.AsyncBaseTransport:
    """Our own connections, unless there is a proxy to go through."""
    if route.proxy is None:
        return KeepAliveTransport(route.trust)
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=0)
    return SingleUse(
        httpx.AsyncHTTPTransport(verify=route.trust or True, limits=limits, proxy=route.proxy)
    )


class Poster:
    """Posts forms to paths of one dialer, each once; what is the same in all is made once.

    Not through httpx's client: that keeps cookies, unpacks compressed answers of any size, and
    looks at where a redirect leads.
    """

    def __init__(
        self, base_url: str, timeout: httpx.Timeout, transport: httpx.AsyncBaseTransport
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeouts = timeout.as_dict()
        self._transport = transport

    async def post(
        self,
        path: str,
        authorization: str,
        form: bytes,
        doubt: Callable[[], None] | None = None,
    ) -> Posted:
        """Write one request and wait for its answer.

        Args:
            path: below the dialer's address.
            authorization: "" for none.
            doubt: called where it turns out later that the answer may have been another's.

        Raises:
            httpx.TransportError: as httpx's own transports raise it.
        """
        return await self._exchange("POST", path, authorization, form, doubt)

    async def get(self, path: str, authorization: str) -> Posted:
        """Ask for what is at a path, likewise."""
        return await self._exchange("GET", path, authorization, b"", None)

    async def _exchange(
        self,
        method: str,
        path: str,
        authorization: str,
        form: bytes,
        doubt: Callable[[], None] | None,
    ) -> Posted:
        url, headers = _frame(method, self._base_url + path, authorization, len(form))
        # With a stream, httpx adds nothing to the headers and reads nothing again: 2 µs, not 16.
        request = httpx.Request(
            method,
            url,
            headers=headers,
            stream=Whole(form),
            extensions={"timeout": self._timeouts, "doubt": doubt},
        )
        response = await self._transport.handle_async_request(request)
        read = await read_beginning(response)
        body = read if len(read) <= MAX_ANSWER_BYTES else None
        status, told = response.status_code, response.headers
        if status == httpx.codes.OK:
            return Posted(status, body)
        return Posted(status, body, told.get("Retry-After", ""), told.get("Location", ""))


# Bodies of one list differ little in length; a token changes when a session is renewed.
@lru_cache(maxsize=1024)
def _frame(
    method: str, url: str, authorization: str, length: int
) -> tuple[httpx.URL, httpx.Headers]:
    """What comes before the body; httpx copies the headers into each request."""
    headers = {
        "Accept": "*/*",
        "User-Agent": "bulk-loader",
        **({"Content-Type": FORM_TYPE} if method == "POST" else {}),
        **({"Authorization": authorization} if authorization else {}),
        "Content-Length": str(length),
    }
    request = httpx.Request(method, url, headers=headers)  # adds the name of the host
    return request.url, request.headers
