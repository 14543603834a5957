from __future__ import annotations

import asyncio
import traceback
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import httpx
import pytest

from bulk_loader.codes import OutcomeCode
from bulk_loader.dialer.answers import (
    Answer,
    DialerRefusedError,
    NotSentError,
    ThrottledError,
    WrongAddressError,
)
from bulk_loader.dialer.bodies import MAX_ANSWER_BYTES
from bulk_loader.dialer.client import END_SESSION_S, Address, DialerClient, Timeouts
from bulk_loader.dialer.sessions import Credentials
from bulk_loader.errors import StoppedError
from bulk_loader.model import Status
from tests.support.clock import run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

URL = "https://dialer.example"
SECRET = "tok-secret"
TOKEN = Credentials(SECRET)
LOGIN = Credentials(user="ana", password="pass-secret")
TASK = "/Integra/resources/Dialers/DialerTask"
END = "/Integra/resources/auth/EndSession"
BODY = b"call=%7B%7D"
PATIENCE = Timeouts(connect_s=1, write_s=2, read_s=3, pool_s=4)


class Server:
    """An httpx transport that answers by a function, and remembers what came."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = answer
        self.transport = httpx.MockTransport(self._react)

    async def _react(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answer(request)
        await asyncio.sleep(0.1)
        return answer

    @property
    def paths(self) -> list[str]:
        return [request.url.path for request in self.requests]


def always(status: int = 200, body: bytes = b"1", **headers: str) -> Server:
    """The same answer to everything."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Server(lambda _request: httpx.Response(status, content=body, headers=named))


def raising(error: Exception) -> Server:
    """A transport that fails the same way every time."""

    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    return Server(fail)


def send(
    transport: httpx.AsyncBaseTransport, credentials: Credentials = TOKEN, url: str = URL
) -> Answer:
    """Send one task in manual time."""

    async def main() -> Answer:
        address = Address(url, credentials, PATIENCE)
        async with DialerClient(address, transport) as client:
            return await client.send(BODY)

    return run(main())


def test_a_task_is_posted_as_the_vendor_says() -> None:
    """Path, scheme, form and token; nothing compressed is asked for."""
    server = always()
    assert send(server.transport) == Answer(Status.ACCEPTED)
    (request,) = server.requests
    assert (request.method, str(request.url)) == ("POST", URL + TASK)
    assert request.headers["Authorization"] == f"Basic {SECRET}"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.headers["Content-Length"] == str(len(BODY))
    assert "Accept-Encoding" not in request.headers
    assert request.content == BODY


def test_a_path_before_the_interface_is_kept() -> None:
    """A dialer behind a gateway has one."""
    server = always()
    send(server.transport, url="https://gate.example/dialer/")
    assert server.paths == ["/dialer" + TASK]


NOT_WRITTEN = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.PoolTimeout("full"),
    httpx.ProxyError("502"),
    httpx.UnsupportedProtocol("ftp"),
]
WRITTEN = [
    (httpx.ReadTimeout(""), OutcomeCode.READ_TIMEOUT),
    (httpx.ReadError("reset"), OutcomeCode.CONNECTION_LOST),
    (httpx.WriteError("reset"), OutcomeCode.CONNECTION_LOST),
    (httpx.WriteTimeout(""), OutcomeCode.CONNECTION_LOST),
    (httpx.RemoteProtocolError("no answer"), OutcomeCode.CONNECTION_LOST),
    (httpx.CloseError(""), OutcomeCode.CONNECTION_LOST),
]


@pytest.mark.parametrize("error", NOT_WRITTEN, ids=lambda error: type(error).__name__)
def test_what_failed_before_the_first_byte_was_not_sent(error: Exception) -> None:
    """Such a lead may be tried again; the reason is told."""
    with pytest.raises(NotSentError, match=str(error)):
        send(raising(error).transport)


@pytest.mark.parametrize(
    ("error", "code"), WRITTEN, ids=[type(error).__name__ for error, _ in WRITTEN]
)
def test_what_failed_after_the_first_byte_is_unknown(error: Exception, code: OutcomeCode) -> None:
    """Such a lead is never tried again by itself."""
    server = raising(error)
    assert send(server.transport) == Answer(Status.UNKNOWN, code)
    assert len(server.requests) == 1


def test_an_error_without_words_is_named() -> None:
    """A reason is never empty."""
    with pytest.raises(NotSentError, match="ConnectTimeout"):
        send(raising(httpx.ConnectTimeout("")).transport)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["https://elsewhere.example/x", "/login", "http://:bad:", ""])
def test_a_redirect_is_never_followed(code: int, location: str) -> None:
    """Wherever it leads, even nowhere: one request, and the address is called wrong."""
    server = always(code, b"", Location=location)
    with pytest.raises(WrongAddressError) as caught:
        send(server.transport)
    assert caught.value.http_status == code
    assert len(server.requests) == 1


def test_headers_of_the_answer_reach_the_table() -> None:
    """How long to wait is told by the dialer."""
    with pytest.raises(ThrottledError) as caught:
        send(always(429, b"", Retry_After="9").transport)
    assert caught.value.retry_after_s == 9


def test_cookies_are_not_kept() -> None:
    """A server can't make the requests grow."""
    server = always(Set_Cookie="session=1; Path=/")

    async def main() -> None:
        async with DialerClient(Address(URL, TOKEN), server.transport) as client:
            await client.send(BODY)
            await client.send(BODY)

    run(main())
    assert "Cookie" not in server.requests[1].headers


def test_a_compressed_answer_is_not_unpacked() -> None:
    """Nobody asked for it, and it could unpack to any size."""
    bomb = Server(
        lambda _request: httpx.Response(
            200, headers={"Content-Encoding": "gzip"}, stream=Stream([b"\x1f\x8b\x08..."])
        )
    )
    assert send(bomb.transport) == Answer(Status.UNKNOWN, OutcomeCode.UNCLEAR_ANSWER, "200")


class Stream(httpx.AsyncByteStream):
    """A body in parts, with a pause before each."""

    def __init__(self, parts: list[bytes] | None = None, pause_s: float = 0) -> None:
        self._parts = parts
        self._pause_s = pause_s
        self.given = 0
        self.is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self._parts is None or self.given < len(self._parts):
            await asyncio.sleep(self._pause_s)
            self.given += 1
            yield b" " * 1000 if self._parts is None else self._parts[self.given - 1]

    async def aclose(self) -> None:
        self.is_closed = True


def test_an_answer_may_come_in_parts() -> None:
    """White space, the digit and white space, each by itself."""
    stream = Stream([b" ", b"1", b"\n"], pause_s=0.1)
    assert send(Server(lambda _: httpx.Response(200, stream=stream)).transport) == Answer(
        Status.ACCEPTED
    )
    assert stream.is_closed


@pytest.mark.parametrize("status", [200, 404])
def test_an_endless_answer_is_cut_off(status: int) -> None:
    """Only so much is read; outside 2xx the status says enough all the same."""
    stream = Stream()
    transport = Server(lambda _: httpx.Response(status, stream=stream)).transport
    if status == 200:
        assert send(transport) == Answer(Status.UNKNOWN, OutcomeCode.ANSWER_TOO_LONG, "200")
    else:
        with pytest.raises(WrongAddressError):
            send(transport)
    assert stream.given <= MAX_ANSWER_BYTES // 1000 + 1
    assert stream.is_closed


def test_a_dribbling_answer_ends() -> None:
    """A byte now and then does not hold a request for ever."""
    stream = Stream([b" "] * 1000, pause_s=2.9)
    transport = Server(lambda _: httpx.Response(200, stream=stream)).transport

    async def main() -> tuple[Answer, float]:
        async with DialerClient(Address(URL, TOKEN, PATIENCE), transport) as client:
            answer = await client.send(BODY)
            return answer, asyncio.get_running_loop().time()

    answer, seconds = run(main())
    assert answer == Answer(Status.UNKNOWN, OutcomeCode.READ_TIMEOUT)
    assert seconds == 4 + 2 * 1 + 2 + 3
    assert stream.is_closed


class Dialer(Server):
    """Lets in who presents the newest token."""

    def __init__(self, lasts: int = 10**9, body: bytes | None = None) -> None:
        super().__init__(self._reply)
        self.logins = 0
        self._lasts = lasts
        self._used = 0
        self._body = body

    def _reply(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("getUserToken"):
            assert parse_qs(request.content.decode()) == {
                "user": ["ana"],
                "password": ["pass-secret"],
            }
            assert "Authorization" not in request.headers
            self.logins += 1
            self._used = 0
            body = self._body if self._body is not None else b"tok-%d" % self.logins
            return httpx.Response(200, content=body)
        if request.url.path == END:
            return httpx.Response(200, content=b"1")
        self._used += 1
        is_known = request.headers["Authorization"] == f"Basic tok-{self.logins}"
        return httpx.Response(200 if is_known and self._used <= self._lasts else 401, content=b"1")


def test_a_user_is_logged_in_before_the_first_task() -> None:
    """One login, then the task with its token, and in the end that session is ended."""
    dialer = Dialer()
    assert send(dialer.transport, LOGIN) == Answer(Status.ACCEPTED)
    assert dialer.paths == ["/Integra/resources/auth/getUserToken", TASK, END]
    form = parse_qs(dialer.requests[-1].content.decode())
    assert form == {"user": ["ana"], "token": ["tok-1"]}


def test_a_token_of_the_user_is_never_ended() -> None:
    """Not the one that was given, whatever else is known, and not by the same session of a login."""
    for credentials in (TOKEN, Credentials(SECRET, "ana", "pass-secret")):
        server = always()
        send(server.transport, credentials)
        assert server.paths == [TASK]


@pytest.mark.parametrize(
    "at_the_end",
    [
        httpx.ConnectError("gone"),
        httpx.ReadTimeout("slow"),
        httpx.Response(500, content=b"tok-1"),
        httpx.Response(404),
        httpx.Response(200, content=b"<html>"),
    ],
)
def test_a_session_that_can_not_be_ended_changes_nothing(
    at_the_end: Exception | httpx.Response,
) -> None:
    """All is settled by then: neither an error nor an answer reaches whoever sent the task."""

    def react(request: httpx.Request) -> httpx.Response:
        if request.url.path != END:
            return httpx.Response(200, content=b"1" if request.url.path == TASK else b"tok-1")
        if isinstance(at_the_end, Exception):
            raise at_the_end
        return at_the_end

    assert send(Server(react).transport, LOGIN) == Answer(Status.ACCEPTED)


def test_the_end_of_a_session_is_not_waited_for_long() -> None:
    """A dialer that has nothing to say any more keeps nobody from the results."""

    async def react(request: httpx.Request) -> httpx.Response:
        if request.url.path == END:
            await asyncio.sleep(10**6)
        return httpx.Response(200, content=b"1" if request.url.path == TASK else b"tok-1")

    async def main() -> float:
        loop = asyncio.get_running_loop()
        began_at = loop.time()
        patient = Timeouts(read_s=10**5)
        transport = httpx.MockTransport(react)
        async with DialerClient(Address(URL, LOGIN, patient), transport) as client:
            await client.send(BODY)
        return loop.time() - began_at

    assert run(main()) <= END_SESSION_S + 1


@pytest.mark.parametrize("requests", [1, 8])
def test_a_token_that_expires_is_renewed_once(requests: int) -> None:
    """The refused tasks were not taken, and are posted once more with the new token."""
    dialer = Dialer(lasts=3 * requests)

    async def main() -> list[Answer]:
        address = Address(URL, LOGIN)
        answers: list[Answer] = []
        async with DialerClient(address, dialer.transport) as client:
            for _ in range(5):
                answers += await asyncio.gather(*(client.send(BODY) for _ in range(requests)))
        return answers

    assert run(main()) == [Answer(Status.ACCEPTED)] * 5 * requests
    assert dialer.logins == 2
    assert dialer.paths.count(TASK) == 5 * requests + requests


def test_a_token_alone_cannot_be_renewed() -> None:
    """The run is to stop, and nothing is posted again."""
    server = always(403, b"")
    with pytest.raises(DialerRefusedError) as caught:
        send(server.transport)
    assert caught.value.http_status == 403
    assert len(server.requests) == 1


def test_a_new_token_that_is_refused_too_ends_it() -> None:
    """One new login, one more try, and no more."""
    dialer = Dialer(lasts=0)
    with pytest.raises(DialerRefusedError):
        send(dialer.transport, LOGIN)
    assert dialer.logins == 2


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ReadTimeout("slow")])
def test_a_login_that_got_lost_did_no_harm(error: Exception) -> None:
    """No task was posted, so the lead may be tried again."""
    with pytest.raises(NotSentError, match=str(error)):
        send(raising(error).transport, LOGIN)


def test_a_login_that_is_refused_ends_it() -> None:
    """No task is posted without a token."""
    dialer = Dialer(body=b"0")
    with pytest.raises(StoppedError):
        send(dialer.transport, LOGIN)
    assert TASK not in dialer.paths


def test_a_login_that_never_ends_does_no_harm() -> None:
    """A page of any length is no token."""
    server = Server(lambda _: httpx.Response(200, stream=Stream()))
    with pytest.raises(StoppedError):
        send(server.transport, LOGIN)


FAILING = [
    *(raising(error) for error in (*NOT_WRITTEN, httpx.LocalProtocolError(f"bad {SECRET}"))),
    always(401, b"pass-secret tok-secret"),
    always(404, b"tok-secret"),
    always(429, b"tok-secret"),
    always(200, b"<html>pass-secret tok-secret"),
]


@pytest.mark.parametrize("credentials", [TOKEN, LOGIN], ids=["token", "login"])
@pytest.mark.parametrize("server", FAILING)
def test_no_error_tells_a_secret(server: Server, credentials: Credentials) -> None:
    """Neither in its words, nor in its `repr`, nor in an answer that is kept."""
    try:
        said = repr(send(server.transport, credentials))
    except Exception as error:  # noqa: BLE001 - whatever comes
        said = f"{error!r} {vars(error)} {traceback.format_exc()}"
    assert SECRET not in said
    assert "pass-secret" not in said
    assert SECRET not in repr(Address(URL, credentials))
