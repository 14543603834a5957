"""One task in, one answer out, over HTTP; nothing here repeats a request."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode

import httpx

from bulk_loader.codes import OutcomeCode
from bulk_loader.dialer.answers import (
    Answer,
    DialerRefusedError,
    NotSentError,
    read_answer,
)
from bulk_loader.dialer.obstacles import not_sent
from bulk_loader.dialer.posting import Poster, choose_transport
from bulk_loader.dialer.route import Route, find_route
from bulk_loader.dialer.sessions import Credentials, Session
from bulk_loader.dialer.single_use import SingleUse
from bulk_loader.dialer.wire import TASK_PATH
from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for each part of a request.

    Attributes:
        connect_s: name, connection and TLS.
        write_s: sending the request.
        read_s: the answer; after it the lead is `unknown`, so it is long on purpose.
        pool_s: a free connection of httpx's pool, which is used where there is a proxy.
    """

    connect_s: float = 10.0
    write_s: float = 30.0
    read_s: float = 60.0
    pool_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where the dialer is and how to speak to it.

    Attributes:
        route: how requests get there; None where the client is to find it.
    """

    base_url: str
    credentials: Credentials
    timeouts: Timeouts = Timeouts()
    connections: int = 8
    retry_503: bool = False
    route: Route | None = None


# The request was not written: httpx raises these before the first byte of it.
_BEFORE_WRITING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


# All is settled by then, and whoever waits for the results should not wait for a courtesy.
END_SESSION_S = 5.0


class DialerClient:
    """The dialer's interface as an asynchronous context manager, which ends a session it opened.

    Args:
        transport: any httpx transport, used by nobody else, which gets one request a connection;
            None takes our own connections, or those to a proxy.

    Raises:
        SettingsError: there is no route to find; see `find_route`.
    """

    def __init__(self, address: Address, transport: httpx.AsyncBaseTransport | None = None) -> None:
        timeouts = address.timeouts
        self._retry_503 = address.retry_503
        timeout = httpx.Timeout(
            connect=timeouts.connect_s,
            write=timeouts.write_s,
            read=timeouts.read_s,
            pool=timeouts.pool_s,
        )
        self._host = httpx.URL(address.base_url).raw_host.decode("ascii")
        if transport is not None:
            self._route = address.route or Route()
            self._transport: httpx.AsyncBaseTransport = SingleUse(transport)
        else:
            self._route = address.route or find_route(address.base_url)
            self._transport = choose_transport(self._route, address.connections)
        self._poster = Poster(address.base_url, timeout, self._transport)
        self._session = Session(address.credentials, self._post_form)

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None or issubclass(kind, Exception):  # not where somebody wants it over at once
            await self._end_session()
        await self._transport.__aexit__(kind, error, trace)

    async def _end_session(self) -> None:
        """As well as it goes: a session that is left open ends by itself some time."""
        with suppress(NotSentError, TimeoutError, httpx.InvalidURL):
            async with asyncio.timeout(END_SESSION_S):
                await self._session.end()

    async def send(self, body: bytes, doubt: Callable[[], None] | None = None) -> Answer:
        """Post one task, once, and report what the dialer did with it.

        The dialer has no idempotency key, so this never repeats a request that may have been
        taken. Only a request whose credentials were refused, and which therefore was not
        taken, is posted again, after one new login.

        Args:
            body: the form body that `wire.to_body` makes.
            doubt: called where it turns out later that the answer may have been that of another
                task, so that this one is `unknown` after all.

        Returns:
            ACCEPTED for a body of "1", REJECTED for "0", UNKNOWN for anything that may have
            been applied: read timeout, cut connection, 5xx, any other body.

        Raises:
            NotSentError: nothing of the task left this machine; calling again is safe, and
                useless for as long as an UnreachableError is all that ever came.
            ThrottledError: not taken; `retry_after_s` is None where none was given.
            DialerRefusedError: the credentials were refused, also after a new login.
            WrongAddressError: no dialer answers at this address.
            StoppedError: a new login was needed and failed.

        Source: the vendor's page "Add Record to Dialer".
        """
        authorization = self._session.authorization
        if not authorization:
            await self._session.renew(authorization)
            authorization = self._session.authorization
        try:
            return await self._post_task(body, authorization, doubt)
        except DialerRefusedError:
            if not await self._session.renew(authorization):
                raise
        return await self._post_task(body, self._session.authorization, doubt)

    async def _post_task(
        self, body: bytes, authorization: str, doubt: Callable[[], None] | None
    ) -> Answer:
        try:
            posted = await self._poster.post(TASK_PATH, authorization, body, doubt)
        except _BEFORE_WRITING as error:
            raise not_sent(error, self._host, self._route) from error
        except httpx.LocalProtocolError:
            raise NotSentError(_UNWRITABLE) from None
        except httpx.ReadTimeout:
            return Answer(Status.UNKNOWN, OutcomeCode.READ_TIMEOUT)
        except httpx.HTTPError:
            return Answer(Status.UNKNOWN, OutcomeCode.CONNECTION_LOST)
        return read_answer(
            posted.status,
            posted.body,
            retry_after=posted.retry_after,
            location=posted.location,
            retry_503=self._retry_503,
        )

    async def log_in(self) -> None:
        """Exchange user and password for a token, as the first task would.

        Raises:
            NotSentError: no answer came.
            StoppedError: the login was refused or not understood.
        """
        await self._session.renew(self._session.authorization)

    async def ask(self, path: str, form: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Look at something that asking does not change: by a form, or without one by a GET.

        Returns:
            HTTP status, and the body; "" for one that is too long to read.

        Raises:
            NotSentError: no answer came.
            StoppedError: a login was needed and failed.
        """
        authorization = self._session.authorization
        if not authorization:
            await self._session.renew(authorization)
            authorization = self._session.authorization
        status, body = await self._look(path, authorization, form)
        if status == HTTPStatus.UNAUTHORIZED and await self._session.renew(authorization):
            return await self._look(path, self._session.authorization, form)
        return status, body

    async def _post_form(self, path: str, form: Mapping[str, str]) -> tuple[int, bytes]:
        return await self._look(path, "", form)

    async def _look(
        self, path: str, authorization: str, form: Mapping[str, str] | None
    ) -> tuple[int, bytes]:
        try:
            if form is None:
                posted = await self._poster.get(path, authorization)
            else:
                body = urlencode(form).encode("ascii")
                posted = await self._poster.post(path, authorization, body)
        except httpx.LocalProtocolError:
            raise NotSentError(_UNWRITABLE) from None
        except httpx.HTTPError as error:
            # What got lost does no harm: no task was posted.
            raise not_sent(error, self._host, self._route) from error
        return posted.status, posted.body or b""


# Instead of the error's own text, which repeats the header that can't be written: that is the token.
_UNWRITABLE = "a header holds a character that HTTP can't carry"
