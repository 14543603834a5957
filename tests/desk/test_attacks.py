"""Requests that no browser makes, byte by byte."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from bulk_loader.serving.protocol import MAX_HEAD_BYTES
from tests.desk.browsing import Browser, Page
from tests.desk.team import client, log_in, team_desk
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.desk import Desk
    from bulk_loader.sandbox import Sandbox


QUIET_S = 5
"""After that nothing more is expected; on a busy machine less may be found, and nothing else."""


def raw(port: int, sent: bytes) -> bytes:
    """All that is answered, until the connection ends or nothing more comes for a while."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=QUIET_S) as connection:
        with suppress(ConnectionError, TimeoutError):
            connection.sendall(sent)
        with suppress(ConnectionError, TimeoutError):
            while part := connection.recv(65536):
                answer += part
    return answer


def statuses(answer: bytes) -> list[int]:
    """Of each answer that came."""
    parts = answer.split(b"HTTP/1.1 ")[1:]
    return [int(part[:3]) for part in parts]


LAST = "Connection: close\r\n\r\n"


class Wire:
    """Somebody who is at the desk, and writes requests by hand."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.port = browser.home.answer.url.port or 80
        self.path = browser.home.answer.url.path.rstrip("/")
        (self.cookie,) = [f"{name}={value}" for name, value in browser.client.cookies.items()]

    def get(self, *headers: str, path: str = "/") -> list[int]:
        """The statuses that are answered to a request with just these headers and the cookie."""
        lines = [f"GET {self.path}{path} HTTP/1.1", *headers, f"Cookie: {self.cookie}", LAST]
        return statuses(raw(self.port, "\r\n".join(lines).encode("latin-1")))


@pytest.fixture
def wire(browser: Browser) -> Wire:
    """At a desk as it comes."""
    return Wire(browser)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1.evil.example",
        "localhost:80@evil.example",
        "evil.example@127.0.0.1",
        "127.0.0.1@evil.example:80",
        "127.0.0.1:80:80",
        "127.0.0.1:",
        "127.0.0.1:evil",
        "127.0.0.1/",
        "127.0.0.1 evil.example",
        "127.0.0.1,evil.example",
        "127.0.0.1#evil.example",
        "evil.example:127.0.0.1",
        "127.1",
        "0x7f.0.0.1",
        "2130706433",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[127.0.0.1]",
        "localhost.",
        "xlocalhost",
        "127.0.0.1\x0bevil",
        "",
    ],
)
def test_a_host_that_only_looks_like_ours_is_refused(wire: Wire, host: str) -> None:
    """A browser at a rebound name sends it; the cookie does not help."""
    assert wire.get(f"Host: {host}") == [400]


def test_one_host_is_given(wire: Wire) -> None:
    """Of two a proxy may have looked at the other one."""
    ours = f"Host: 127.0.0.1:{wire.port}"
    assert wire.get(ours) == [200]
    assert wire.get() == [400]
    assert wire.get(ours, "Host: evil.example") == [400]
    assert wire.get("Host: evil.example", ours) == [400]
    assert wire.get("X-Forwarded-Host: 127.0.0.1", "Host: evil.example") == [400]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LocalHost:80", "127.0.0.1:65535"])
def test_our_own_names_are_taken_with_any_port(wire: Wire, host: str) -> None:
    """A tunnel has another port than the desk; so the tests above fail for their reason."""
    assert wire.get(f"Host: {host}") == [200]


def test_a_program_of_this_machine_passes_for_no_proxy(wire: Wire) -> None:
    """Its word for HTTPS would make another Origin ours."""
    said = ("Host: 127.0.0.1", "Origin: https://127.0.0.1", "X-Forwarded-Proto: https")
    assert wire.get(*said) == [403]


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Content-Length: 4\r\nContent-Length: 40",
        "Content-Length: +4",
        "Content-Length: 0x4",
        "Content-Length : 4",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked",
        "X: y\nContent-Length: 4",
        "X: y\r\n folded: z",
        "X: y\x00z",
    ],
)
def test_nothing_is_smuggled_behind_a_request(
    wire: Wire, sandbox: Sandbox, leads: Leads, headers: str
) -> None:
    """Where two could disagree on where a request ends, there is none, and no second one."""
    assert sandbox.queued == 0
    leads.write(*numbered(1))
    list_id = wire.browser.drop(leads.path).list_id
    inner = (
        f"GET {wire.path}/lists/{list_id}/remove HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: {wire.cookie}\r\n{LAST}"
    )
    assert statuses(raw(wire.port, inner.encode())) == [200]  # by itself it is a good one
    sent = (
        f"POST {wire.path}/lists HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n\r\n0\r\n\r\n{inner}"
    )
    answered = statuses(raw(wire.port, sent.encode("latin-1")))
    assert 200 not in answered
    assert len(answered) <= 1


def test_a_head_without_end_is_refused(wire: Wire) -> None:
    """With 431, or the end of the connection; and the desk goes on."""
    lines = [f"X-{number}: {'x' * 8000}" for number in range(2 * MAX_HEAD_BYTES // 8000)]
    assert wire.get("Host: 127.0.0.1", *lines) in ([], [431])
    assert wire.get("Host: 127.0.0.1") == [200]


def test_a_socket_of_the_web_is_not_opened(wire: Wire) -> None:
    """There is none; and a page elsewhere is told no more than by any other request."""
    asked = (
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
    )
    assert wire.get("Host: 127.0.0.1", "Origin: http://evil.example", *asked) == [403]
    assert 101 not in wire.get("Host: 127.0.0.1", *asked)


@pytest.mark.parametrize(
    "path",
    [
        "/lists/../../../../etc/passwd",
        "/lists/..%2f..%2fetc%2fpasswd/results/file",
        "/lists/%2e%2e/results/file",
        "/lists/0123456789ab%2f../results/file",
        "/lists/%00/results/file",
        "/lists/....//results/file",
        "/runs/..%2f..%2fledger.key",
        "/desk.css/../../x",
        "//evil.example/",
        "/\\evil.example",
        "/lists/\\..\\..",
    ],
)
def test_no_address_leads_out_of_the_desk(wire: Wire, path: str) -> None:
    """Neither to a file elsewhere nor to another host."""
    sent = f"GET {wire.path}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {wire.cookie}\r\n{LAST}"
    answer = raw(wire.port, sent.encode())
    assert statuses(answer) in ([404], [400])
    assert b"location: " not in answer.lower()
    assert b"root:" not in answer


@pytest.mark.parametrize("start", ["//evil.example", "/\\evil.example", "/desk//evil.example/"])
def test_no_address_before_the_login_leads_elsewhere(
    place: Path, tmp_path: Path, start: str
) -> None:
    """A stroke too many makes a host of a path, in browsers."""
    assert place.is_dir()
    with team_desk(tmp_path) as desk:
        port = int(desk.url.split(":")[2].split("/")[0])
        answer = raw(port, f"GET {start} HTTP/1.1\r\nHost: 127.0.0.1\r\n{LAST}".encode())
        places = [line for line in answer.lower().split(b"\r\n") if line.startswith(b"location:")]
        assert places in ([], [b"location: /desk/login"])


def test_a_session_of_one_desk_opens_no_other(
    browser: Browser, desk: Desk, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one that was made by the key open what a password keeps."""
    assert place.is_dir()
    monkeypatch.setenv("BULK_LOADER_HOME", str(tmp_path / "other"))
    session = browser.client.cookies["bulk_loader_desk"]
    with team_desk(tmp_path) as other, client() as stranger:
        stranger.cookies.set("bulk_loader_desk", session)
        assert stranger.get(other.url).headers["location"] == "/desk/login"
        log_in(stranger, other.url)
        theirs = {cookie.value for cookie in stranger.cookies.jar} - {session}
        for value in theirs:
            assert desk.office.door.form_token(value or "") is None


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.csv",
        "/etc/evil.csv",
        "C:\\evil.csv",
        "..\\..\\evil.csv",
        "evil\r\nX: y.csv",
        "ev\x00il.csv",
        "\u202evsc.live.csv",
        "list.json",
        "con.csv",
        ".",
        "x" * 3000 + ".csv",
        '"><script>.csv',
    ],
)
def test_the_name_of_an_upload_is_only_a_name(browser: Browser, desk: Desk, name: str) -> None:
    """It stays in the folder of its list, beside the record that is ours."""
    form = browser.home.form("/lists")
    answer = browser.client.post(
        f"{browser.at}/lists", data=form.fields, files={"file": (name, b"phone\n0991234567\n")}
    )
    page = browser.wait(Page(answer))
    assert page.step == "columns"
    (folder,) = desk.office.shelf.folder.iterdir()
    record = desk.office.shelf.find(folder.name)
    assert record is not None
    assert {path.name for path in folder.iterdir()} == {record.name, "list.json"}
    assert record.name.isprintable()
    assert not {"/", "\\", "\r", "\n", "\u202e", "<", '"'} & set(record.name)
