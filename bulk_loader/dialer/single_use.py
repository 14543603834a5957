"""Any httpx transport, with a connection for each request and an end to each wait."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

import httpx

from bulk_loader.dialer.bodies import Whole, read_beginning

if TYPE_CHECKING:
    from types import TracebackType


class SingleUse(httpx.AsyncBaseTransport):
    """Hands each request to another transport, over a connection that no other request gets.

    A transport does not tell of bytes that follow an answer, and httpx's own keeps them for the next
    request on the connection, which would get the answer of another lead. So there is none: the
    request says so, and what the transport shows of its connection is closed before it is given back.

    The read timeout of a transport begins anew with every byte of an answer, so one here ends it.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self._transport.__aexit__(kind, error, trace)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Have it write the request and read the answer, no more of it than `MAX_ANSWER_BYTES`.

        Raises:
            httpx.TransportError: as the other transport raises it.
        """
        request.headers["Connection"] = "close"
        writing = _Writing()
        request.extensions["trace"] = writing.trace
        try:
            async with asyncio.timeout(_longest_s(request)):
                response = await self._transport.handle_async_request(request)
                try:
                    body = await read_beginning(response)
                finally:
                    await _end_connection(response)
                    await response.aclose()
        except TimeoutError as error:
            raise httpx.ReadTimeout("The answer did not come in time.") from error
        if writing.has_failed:
            raise httpx.WriteError("An answer came before the request was written.")
        return httpx.Response(response.status_code, headers=response.headers, stream=Whole(body))


class _Writing:
    """Whether all of a request was written: httpcore reads an answer also where it was not.

    Source: `handle_async_request` in httpcore's `_async/http11.py`, which passes over write errors.
    """

    def __init__(self) -> None:
        self.has_failed = False

    async def trace(self, event: str, _told: object) -> None:
        """Called by httpcore with each thing that it does."""
        if ".send_request_" in event and event.endswith(".failed"):
            self.has_failed = True


def _longest_s(request: httpx.Request) -> float:
    """Long enough to never end what comes before the answer; TLS is a second connecting."""
    limits: dict[str, float | None] = request.extensions["timeout"]
    parts = ("pool", "connect", "connect", "write", "read")
    return sum(limits[part] or 0.0 for part in parts)


async def _end_connection(response: httpx.Response) -> None:
    """Close the connection even where the transport would keep it; HTTP/2 mixes up no answers."""
    stream = response.extensions.get("network_stream")
    if stream is not None and not response.extensions["http_version"].startswith(b"HTTP/2"):
        await stream.aclose()
