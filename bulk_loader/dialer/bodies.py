"""Bodies of requests and answers, as they go over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# A dialer answers `1` or `0`; a page of a proxy is some kilobytes.
MAX_ANSWER_BYTES = 64 * 1024


class Whole(httpx.AsyncByteStream):
    """A body in one piece, which nobody needs to wait for or to close.

    Unlike `httpx.ByteStream` it is not read once more where a request or an answer is made.
    """

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.body


async def read_beginning(response: httpx.Response) -> bytes:
    """The body, never unpacked; of one longer than `MAX_ANSWER_BYTES` only a longer beginning."""
    if isinstance(response.stream, Whole):
        return response.stream.body
    assert isinstance(response.stream, httpx.AsyncByteStream)
    body = b""
    async for part in response.stream:
        body += part
        if len(body) > MAX_ANSWER_BYTES:
            break
    return body
