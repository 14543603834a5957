"""What strangers can't do to a sandbox, over a real socket."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
import uvicorn
from uvicorn.server import ServerState

from bulk_loader.sandbox import Sandbox
from bulk_loader.sandbox.guard import ANSWER_HEADERS, MAX_BODY_BYTES
from bulk_loader.serving.protocol import MAX_HEAD_BYTES, PATIENCE_S, LimitedProtocol
from tests.sandbox.asking import AUTH, CALL, FORM, TASK, ask, post_form, send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BODY = urlencode({"call": json.dumps(CALL)}).encode()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox as it comes."""
    with Sandbox() as started:
        yield started


def raw(sandbox: Sandbox, *parts: bytes) -> bytes:
    """All that comes back for these bytes until the connection is closed; b"" where it is reset."""
    host, port = sandbox.url.removeprefix("http://").split(":")
    answer = b""
    with socket.create_connection((host, int(port)), timeout=200) as connection:
        try:
            for part in parts:
                connection.sendall(part)
            while more := connection.recv(65536):
                answer += more
        except ConnectionError:
            pass
    return answer


def head(*fields: str, path: str = TASK) -> bytes:
    """The beginning of a POST."""
    usual = ("Host: 127.0.0.1", f"Content-Type: {FORM}", "Authorization: Basic sandbox")
    return "\r\n".join((f"POST {path} HTTP/1.1", *usual, *fields, "", "")).encode()


FOREIGN = [
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://localhost"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "OWN", "Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_on_another_web_page_changes_nothing(
    sandbox: Sandbox, headers: dict[str, str]
) -> None:
    """Neither a task, nor a login, nor the end of a session, whatever it knows of tokens."""
    token = post_form(sandbox, f"{AUTH}/getUserToken", user="sandbox", password="sandbox").body
    told = {name: sandbox.url if value == "OWN" else value for name, value in headers.items()}
    told |= {"Content-Type": FORM, "Authorization": f"Basic {token}"}
    login = urlencode({"user": "sandbox", "password": "sandbox", "token": token}).encode()
    assert ask(sandbox, TASK, BODY, told).status == 403
    for path in ("getUserToken", "UserLogin", "EndSession"):
        assert ask(sandbox, f"{AUTH}/{path}", login, told).status == 403
    assert sandbox.queued == 0
    assert send(sandbox, f"Basic {token}").body == "1"


def test_its_own_pages_and_programs_may_send(sandbox: Sandbox) -> None:
    """A page of the sandbox, a person's own request in a browser, and whatever is no browser."""
    local = f"localhost:{sandbox.url.rpartition(':')[2]}"
    for headers in (
        {"Origin": sandbox.url, "Sec-Fetch-Site": "same-origin"},
        {"Origin": f"http://{local}", "Host": local},
        {"Sec-Fetch-Site": "none"},
        {},
    ):
        told = {**headers, "Content-Type": FORM, "Authorization": "Basic sandbox"}
        assert ask(sandbox, TASK, BODY, told)[:2] == (200, "1")


@pytest.mark.parametrize("path", [TASK, f"{AUTH}/getUserToken", f"{AUTH}/EndSession"])
def test_a_body_that_is_declared_too_long_is_not_read(sandbox: Sandbox, path: str) -> None:
    """413 comes before the first byte of it, and the connection is closed."""
    answer = raw(sandbox, head(f"Content-Length: {MAX_BODY_BYTES + 1}", path=path))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer.lower()


@pytest.mark.parametrize("path", [TASK, f"{AUTH}/getUserToken"])
def test_a_body_that_grows_too_long_is_not_kept(sandbox: Sandbox, path: str) -> None:
    """Its bytes are counted where their number was not told; an answer may be lost to a reset."""
    size = 64 * 1024
    chunk = b"%x\r\n%s\r\n" % (size, b"x" * size)
    answer = raw(
        sandbox,
        head("Transfer-Encoding: chunked", path=path),
        *[chunk] * (MAX_BODY_BYTES // size + 1),
    )
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")
    assert send(sandbox).body == "1"
    assert sandbox.queued == 1


def test_a_body_of_the_longest_kind_is_read(sandbox: Sandbox) -> None:
    """A task whose cells are as long as a spreadsheet's can be is taken."""
    assert (
        send(sandbox, data="ñ" * 32_767, alternatives="ñ" * 32_767, agent="ñ" * 32_767).body == "1"
    )


def test_a_head_without_end_is_refused(sandbox: Sandbox) -> None:
    """With 431, or with the end of the connection."""
    pieces = [b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"]
    pieces += [
        b"X-%d: %s\r\n" % (number, b"x" * 8000) for number in range(2 * MAX_HEAD_BYTES // 8000)
    ]
    answer = raw(sandbox, *pieces)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")
    assert send(sandbox).body == "1"


class Transport(asyncio.Transport):
    """Notes that it was closed."""

    is_closed = False
    written = b""

    def get_extra_info(self, name: str, default: object = None) -> object:
        return {"sockname": ("127.0.0.1", 1), "peername": ("127.0.0.1", 2)}.get(name, default)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True


class Loop:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[tuple[float, Callable[[], object]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, call: Callable[[], object]) -> SimpleNamespace:
        self.calls.append((self.now + delay, call))
        return SimpleNamespace(cancel=self.calls.clear)

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        due = [call for at, call in self.calls if at <= self.now]
        self.calls = [(at, call) for at, call in self.calls if at > self.now]
        for call in due:
            call()


@pytest.mark.parametrize("sent", [b"", b"POST /", head("Content-Length: 5") + b"abc"])
def test_a_slow_client_is_not_waited_for_without_end(sent: bytes) -> None:
    """Whoever says nothing, or only a part, holds a connection for so long and no longer."""

    async def app(_scope: object, _receive: object, _send: object) -> None:
        await asyncio.Event().wait()

    async def main() -> None:
        config = uvicorn.Config(app, log_config=None)
        config.load()
        protocol = LimitedProtocol(config, ServerState(), {})
        clock = Loop()
        real, protocol.loop = protocol.loop, clock  # type: ignore[assignment]
        transport = Transport()
        protocol.connection_made(transport)
        clock.create_task = real.create_task  # type: ignore[attr-defined]
        if sent:
            protocol.data_received(sent)
        clock.pass_time(PATIENCE_S - 1)
        assert not bool(transport.is_closed)
        clock.pass_time(1)
        assert bool(transport.is_closed)
        protocol.connection_lost(None)
        await asyncio.sleep(0)
        for task in list(protocol.tasks):
            task.cancel()
        await asyncio.gather(*protocol.tasks, return_exceptions=True)

    asyncio.run(main())


def test_every_answer_has_the_usual_headers(sandbox: Sandbox) -> None:
    """Pages, the queue, tasks, refusals, and what is not there."""
    form = {"Content-Type": FORM}
    answers = [
        ask(sandbox, "/"),
        ask(sandbox, "/watch.js"),
        ask(sandbox, "/api/queue"),
        ask(sandbox, "/api/queue?after=x"),
        ask(sandbox, "/health"),
        ask(sandbox, "/none"),
        ask(sandbox, TASK),
        ask(sandbox, "/", headers={"Host": "example.com"}),
        send(sandbox),
        send(sandbox, campaign=""),
        send(sandbox, "Basic wrong"),
        ask(sandbox, TASK, BODY, {"Origin": "null"}),
        post_form(sandbox, f"{AUTH}/getUserToken", user="sandbox", password="no"),
        ask(sandbox, f"{AUTH}/EndSession", b"", form),
    ]
    for answer in answers:
        for name, value in ANSWER_HEADERS:
            assert answer.headers.get_all(name) == [value]
        assert answer.headers["Server"] is None
    assert {answer.status for answer in answers} == {200, 400, 401, 403, 404, 405}


@pytest.mark.parametrize(
    "charset",
    [
        "undefined",
        "hex",
        "rot13",
        "idna",
        "utf-7",
        "utf-16",
        "punycode",
        "unicode_escape",
        "none",
        "a b",
        "cp037",
        "zip",
        "base64",
    ],
)
@pytest.mark.parametrize("name", ["Ana", "Muñoz"])
def test_an_encoding_that_is_none_for_a_form_is_refused_in_words(
    sandbox: Sandbox, charset: str, name: str
) -> None:
    """The reason is told, and no fault of the sandbox."""
    headers = {"Content-Type": f"{FORM}; charset={charset}", "Authorization": "Basic sandbox"}
    body = urlencode({"call": json.dumps(CALL | {"data": name}, ensure_ascii=False)}).encode()
    assert ask(sandbox, TASK, body, headers)[:2] == (200, "0")
    reason = ask(sandbox, "/api/refused").json["refusals"][0]["reason"]
    assert reason == f'the form can\'t be read in its charset "{charset}"'
    assert ask(sandbox, f"{AUTH}/getUserToken", body, headers)[:2] == (200, "0")


@pytest.mark.parametrize(
    "declared", ["; charset=UTF-8", ';Charset="utf-8"; x=y', "; charset=utf8", ""]
)
def test_the_usual_ways_to_name_an_encoding_are_taken(sandbox: Sandbox, declared: str) -> None:
    """With quotes, with other parameters after it, and in any case of letters."""
    headers = {"Content-Type": FORM + declared, "Authorization": "Basic sandbox"}
    body = urlencode({"call": json.dumps(CALL, ensure_ascii=False)}).encode()
    assert ask(sandbox, TASK, body, headers)[:2] == (200, "1")
    assert sandbox.queue()[0].task.data == CALL["data"]


def test_many_tasks_go_over_one_connection(sandbox: Sandbox) -> None:
    """What is counted of a head begins anew with every request."""
    connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=200)
    headers = {"Content-Type": FORM, "Authorization": "Basic sandbox", "X-Long": "x" * 30_000}
    for _ in range(20):
        connection.request("POST", TASK, BODY, headers)
        assert connection.getresponse().read() == b"1"
    connection.close()
