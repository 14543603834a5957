"""Two ways to post a form to the dialer: our own connections, or any httpx transport."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

import httpx

from bulk_loader.dialer.connection import MAX_ANSWER_BYTES
from bulk_loader.dialer.transport import KeepAliveTransport, head
from bulk_loader.dialer.wire import FORM_TYPE

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    from bulk_loader.dialer.route import Route


@dataclass(frozen=True, slots=True)
class Posted:
    """A whole HTTP answer, as far as it matters here; no body where it was too long to read."""

    status: int
    body: bytes | None
    retry_after: str = ""
    location: str = ""


class Poster(Protocol):
    """Posts forms to paths of one dialer, each once."""

    async def post(self, path: str, authorization: str, form: bytes) -> Posted:
        """Write one request and wait for its answer.

        Args:
            path: below the dialer's address.
            authorization: "" for none.

        Raises:
            httpx.TransportError: as httpx's own transports raise it.
        """

    async def __aenter__(self) -> Self:
        """Nothing is connected before the first post."""

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""


def choose_poster(base_url: str, timeout: httpx.Timeout, connections: int, route: Route) -> Poster:
    """Our own connections, unless there is a proxy to go through."""
    if route.proxy is None:
        return DirectPoster(base_url, timeout, route.trust)
    transport = httpx.AsyncHTTPTransport(
        verify=route.trust or True,
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=0),
        proxy=route.proxy,
    )
    return HttpxPoster(base_url, timeout, transport)


class DirectPoster:
    """Posts over connections of our own; what is the same in every request is made once."""

    def __init__(
        self, base_url: str, timeout: httpx.Timeout, trust: ssl.SSLContext | None = None
    ) -> None:
        self._url = httpx.URL(base_url)
        self._timeout = timeout
        self._transport = KeepAliveTransport(trust)
        self._heads: dict[tuple[str, str], bytes] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._transport.aclose()

    async def post(self, path: str, authorization: str, form: bytes) -> Posted:
        """As `Poster`."""
        fixed = self._heads.get((path, authorization)) or self._make_head(path, authorization)
        raw = b"%b%d\r\n\r\n%b" % (fixed, len(form), form)
        status, headers, body = await self._transport.exchange(self._url, raw, self._timeout)
        if status == httpx.codes.OK:
            return Posted(status, body)
        told = {name.lower(): value.decode("latin-1") for name, value in headers}
        return Posted(status, body, told.get(b"retry-after", ""), told.get(b"location", ""))

    def _make_head(self, path: str, authorization: str) -> bytes:
        """All of the head but the length of the body, which follows."""
        headers = {**_headers(authorization), "Content-Length": ""}
        url = self._url.copy_with(path=self._url.path.rstrip("/") + path)
        request = httpx.Request("POST", url, headers=headers)
        made = head("POST", url, request.headers.raw).rstrip(b"\r\n")
        if len(self._heads) > MAX_HEADS:
            self._heads.clear()
        self._heads[path, authorization] = made
        return made


# A head for each path and token; tokens change when a session is renewed.
MAX_HEADS = 16


class HttpxPoster:
    """Posts through any httpx transport, each request over a connection of its own.

    A transport does not tell of bytes that follow an answer, and httpx's own keeps them for the next
    request on the connection, which would get the answer of another lead. So there is none: the
    request says so, and what the transport shows of its connection is closed before it is given back.

    Not through httpx's client: that keeps cookies, unpacks compressed answers of any size, and
    looks at where a redirect leads.
    """

    def __init__(
        self, base_url: str, timeout: httpx.Timeout, transport: httpx.AsyncBaseTransport
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeouts = timeout.as_dict()
        # The read timeout of a transport begins anew with every byte of an answer. This one ends
        # it, and is long enough to never end what comes before; TLS is a second connecting.
        parts = (timeout.pool, timeout.connect, timeout.connect, timeout.write, timeout.read)
        self._longest_s = sum(part for part in parts if part is not None)
        self._transport = transport

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._transport.__aexit__(kind, error, trace)

    async def post(self, path: str, authorization: str, form: bytes) -> Posted:
        """As `Poster`."""
        request = httpx.Request(
            "POST",
            self._base_url + path,
            headers={**_headers(authorization), "Connection": "close"},
            content=form,
            extensions={"timeout": self._timeouts},
        )
        try:
            async with asyncio.timeout(self._longest_s):
                return await self._exchange(request)
        except TimeoutError as error:
            raise httpx.ReadTimeout("The answer did not come in time.") from error

    async def _exchange(self, request: httpx.Request) -> Posted:
        response = await self._transport.handle_async_request(request)
        try:
            body = await _read_bounded(response)
        finally:
            await _end_connection(response)
            await response.aclose()
        told = response.headers
        return Posted(
            response.status_code, body, told.get("Retry-After", ""), told.get("Location", "")
        )


def _headers(authorization: str) -> dict[str, str]:
    return {
        "Accept": "*/*",
        "User-Agent": "bulk-loader",
        "Content-Type": FORM_TYPE,
        **({"Authorization": authorization} if authorization else {}),
    }


async def _end_connection(response: httpx.Response) -> None:
    """Close the connection even where the transport would keep it; HTTP/2 mixes up no answers."""
    stream = response.extensions.get("network_stream")
    if stream is not None and not response.extensions["http_version"].startswith(b"HTTP/2"):
        await stream.aclose()


async def _read_bounded(response: httpx.Response) -> bytes | None:
    assert isinstance(response.stream, httpx.AsyncByteStream)
    body = b""
    async for part in response.stream:
        body += part
        if len(body) > MAX_ANSWER_BYTES:
            return None
    return body
