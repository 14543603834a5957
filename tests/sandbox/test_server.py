"""The sandbox over a real socket, asked by clients that know only the vendor's page."""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from bulk_loader.choices import LoginShape, SessionEnd
from bulk_loader.dialer.answers import ACCEPTED
from bulk_loader.dialer.client import Address, DialerClient
from bulk_loader.dialer.route import Route
from bulk_loader.dialer.sessions import Credentials
from bulk_loader.errors import LoaderError, MissingExtraError, SettingsError
from bulk_loader.sandbox import Sandbox, SandboxOptions
from bulk_loader.sandbox.server import _who_calls
from tests.sandbox.asking import AUTH, CALL, FORM, TASK, ask, post_form, send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.dialer.answers import Answer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox as it comes."""
    with Sandbox() as started:
        yield started


def test_a_good_task_is_answered_1_and_queued(sandbox: Sandbox) -> None:
    """The answer's body is exactly `1`, and the task stands in the queue as it was sent."""
    assert send(sandbox)[:2] == (200, "1")
    (shown,) = ask(sandbox, "/api/queue").json["tasks"]
    assert {key: shown[key] for key in CALL} == CALL
    assert shown["id"] == 1
    assert shown["received_at"].endswith("+00:00")
    (queued,) = sandbox.queue()
    assert queued.task.data == "idcustomer=7:name=Muñoz"
    assert sandbox.queued == 1


def test_a_bad_task_is_answered_0_and_its_reason_logged() -> None:
    """The answer's body is exactly `0`; the reason is told to the log and shown by the API."""
    lines: list[str] = []
    with Sandbox(announce=lines.append) as sandbox:
        assert send(sandbox, campaign="")[:2] == (200, "0")
        shown = ask(sandbox, "/api/refused").json
        assert shown["refused"] == 1
        assert shown["refusals"][0]["reason"] == '"campaign" is empty'
        assert sandbox.queue() == []
    assert lines == ['Refused (1): "campaign" is empty']


@pytest.mark.parametrize(
    ("authorization", "reason"),
    [
        ("", "there is no Authorization header"),
        ("Basic wrong", "the token in the Authorization header is not valid here"),
        ("Bearer sandbox", "the Authorization header does not begin with Basic"),
    ],
)
def test_a_bad_token_is_answered_401(sandbox: Sandbox, authorization: str, reason: str) -> None:
    """Refused credentials have a status of their own, and the log never shows the token."""
    reply = send(sandbox, authorization)
    assert reply.status == 401
    assert reply.headers["WWW-Authenticate"] == "Basic"
    assert ask(sandbox, "/api/refused").json["refusals"][0]["reason"] == reason


def test_bearer_is_taken_where_it_is_switched_on() -> None:
    """Both schemes open the dialer then."""
    with Sandbox(SandboxOptions(accepts_bearer=True, token="portal")) as sandbox:
        assert send(sandbox, "Bearer portal").body == "1"
        assert send(sandbox, "basic portal").body == "1"
        send(sandbox, "Digest portal")
        (refusal,) = ask(sandbox, "/api/refused").json["refusals"]
        assert refusal["reason"] == "the Authorization header does not begin with Basic or Bearer"


def test_a_login_gives_a_token_until_its_session_ends(sandbox: Sandbox) -> None:
    """The token is the base64 of `user:session`, opens the dialer, and closes with EndSession."""
    token = post_form(sandbox, f"{AUTH}/getUserToken", user="sandbox", password="sandbox").body
    assert base64.b64decode(token).startswith(b"sandbox:")
    assert send(sandbox, f"Basic {token}").body == "1"
    assert post_form(sandbox, f"{AUTH}/EndSession", user="sandbox", token=token).body == "1"
    assert send(sandbox, f"Basic {token}").status == 401


def test_the_older_login_has_the_token_as_third_element(sandbox: Sandbox) -> None:
    """`auth/UserLogin` answers a JSON array."""
    array = post_form(sandbox, f"{AUTH}/UserLogin", user="sandbox", password="sandbox").json
    assert send(sandbox, f"Basic {array[2]}").body == "1"


@pytest.mark.parametrize("shape", LoginShape)
def test_a_login_has_the_shape_that_was_asked_for(shape: LoginShape) -> None:
    """Our own client gets a token from each, sends with it, and ends the session."""

    async def upload(url: str) -> Answer:
        address = Address(url, Credentials(user="sandbox", password="sandbox"), route=Route())
        async with DialerClient(address) as client:
            return await client.send(urlencode({"call": json.dumps(CALL)}).encode())

    with Sandbox(SandboxOptions(login_shape=shape)) as sandbox:
        assert asyncio.run(upload(sandbox.url)) == ACCEPTED
        assert sandbox.open_sessions == 0
        fields = {"user": "sandbox", "password": "sandbox"}
        is_old = post_form(sandbox, f"{AUTH}/getUserToken", **fields).status == 404
        assert is_old is shape.startswith("userlogin")
        wrong = post_form(sandbox, f"{AUTH}/UserLogin", user="sandbox", password="no")
        assert wrong[:2] == (200, "0")


@pytest.mark.parametrize("end", SessionEnd)
def test_a_session_is_ended_where_the_sandbox_looks(end: SessionEnd) -> None:
    """By a form, by the query, or by either."""
    with Sandbox(SandboxOptions(session_end=end)) as sandbox:

        def token() -> str:
            return post_form(
                sandbox, f"{AUTH}/getUserToken", user="sandbox", password="sandbox"
            ).body

        in_query = urlencode({"user": "sandbox", "token": token()})
        by_form = post_form(sandbox, f"{AUTH}/EndSession", user="sandbox", token=token()).body
        by_query = ask(sandbox, f"{AUTH}/EndSession?{in_query}", b"").body
        assert (by_form, by_query) == {
            SessionEnd.ANY: ("1", "1"),
            SessionEnd.FORM: ("1", "0"),
            SessionEnd.QUERY: ("0", "1"),
        }[end]


@pytest.mark.parametrize("address", ["getUserToken", "UserLogin"])
def test_a_wrong_login_is_answered_0(sandbox: Sandbox, address: str) -> None:
    """As real dialers do, with 200, for a wrong password and for something that is no form."""
    wrong = post_form(sandbox, f"{AUTH}/{address}", user="sandbox", password="no")
    assert wrong[:2] == (200, "0")
    assert ask(sandbox, f"{AUTH}/{address}", b"{}")[:2] == (200, "0")


def test_a_session_is_ended_by_its_own_token_only(sandbox: Sandbox) -> None:
    """No other token, none at all, and not the one that is always valid; the address may hold it."""
    token = post_form(sandbox, f"{AUTH}/getUserToken", user="sandbox", password="sandbox").body
    for wrong in ({}, {"token": "x"}, {"token": "sandbox"}, {"user": "sandbox"}):
        assert post_form(sandbox, f"{AUTH}/EndSession", **wrong)[:2] == (200, "0")
    assert send(sandbox, f"Basic {token}").body == "1"
    assert send(sandbox).body == "1"
    in_address = urlencode({"user": "sandbox", "token": token})
    assert ask(sandbox, f"{AUTH}/EndSession?{in_address}", b"").body == "1"
    assert send(sandbox, f"Basic {token}").status == 401


def test_the_queue_is_read_in_parts(sandbox: Sandbox) -> None:
    """Following `next` shows every task once, in the order of arrival, and then ends."""
    for number in range(5):
        send(sandbox, destination=f"09912345{number}")
    path, seen = "/api/queue?limit=2", []
    while path:
        part = ask(sandbox, path).json
        assert part["queued"] == 5
        seen += [task["destination"][-1] for task in part["tasks"]]
        path = part["next"]
    assert seen == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    "query", ["after=x", "limit=-1", "after=%C2%B2", "after=9999999999999999999"]
)
def test_a_bad_question_is_answered_400(sandbox: Sandbox, query: str) -> None:
    """What is no number is said to be none."""
    reply = ask(sandbox, f"/api/queue?{query}")
    assert reply.status == 400
    assert "whole number" in reply.json["error"]


def test_the_overview_counts_campaigns(sandbox: Sandbox) -> None:
    """The page gets counts by campaign, the fullest first, and the newest task first."""
    for campaign in ("A", "B", "B"):
        send(sandbox, campaign=campaign)
    send(sandbox, bulk="no")
    look = ask(sandbox, "/api/overview").json
    assert look["campaigns"] == [{"campaign": "B", "tasks": 2}, {"campaign": "A", "tasks": 1}]
    assert [task["id"] for task in look["tasks"]] == [3, 2, 1]
    assert (look["queued"], look["refused"]) == (3, 1)


def test_the_page_needs_nothing_from_elsewhere(sandbox: Sandbox) -> None:
    """The page and its two files come from the sandbox, and nothing else may be loaded."""
    for path, start in {"/": "<!doctype html>", "/watch.css": ":root", "/watch.js": "//"}.items():
        reply = ask(sandbox, path)
        assert reply.status == 200
        assert reply.body.startswith(start)
        assert "default-src 'self'" in reply.headers["Content-Security-Policy"]
        assert "http://" not in reply.body.replace(sandbox.url, "")
        assert "https://" not in reply.body
    assert ask(sandbox, "/health").json == {"status": "ok"}


def test_a_foreign_name_does_not_open_the_queue(sandbox: Sandbox) -> None:
    """A web page elsewhere can't read phone numbers through a name that points here."""
    assert ask(sandbox, "/api/queue", headers={"Host": "example.com"}).status == 400


def test_only_post_adds_a_task(sandbox: Sandbox) -> None:
    """Another method is answered 405, another address 404."""
    assert ask(sandbox, TASK).status == 405
    assert ask(sandbox, "/Integra").status == 404


def test_failures_on_purpose_are_the_same_in_every_run() -> None:
    """The share of failures is about what was asked for, and at the same places each time."""

    def answers() -> str:
        with Sandbox(SandboxOptions(fail_percent=25)) as sandbox:
            return "".join(send(sandbox).body for _ in range(200))

    first = answers()
    assert first == answers()
    assert 30 <= first.count("0") <= 70


def test_a_task_is_queued_before_its_late_answer() -> None:
    """Whoever gives up waiting has been queued all the same, as with a slow dialer."""
    with Sandbox(SandboxOptions(latency_s=0.05)) as sandbox:
        assert send(sandbox).body == "1"
        host, port = sandbox.url.removeprefix("http://").split(":")
        body = urlencode({"call": json.dumps(CALL)})
        head = (
            f"POST {TASK} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic sandbox\r\n"
            f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection((host, int(port))) as impatient:
            impatient.sendall((head + body).encode())
        assert send(sandbox).body == "1"
        assert sandbox.queued == 3


def test_half_a_request_is_no_task(sandbox: Sandbox) -> None:
    """A body that breaks off is neither queued nor judged."""
    host, port = sandbox.url.removeprefix("http://").split(":")
    head = f"POST {TASK} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n\r\ncall="
    with socket.create_connection((host, int(port))) as broken:
        broken.sendall(head.encode())
    assert send(sandbox).body == "1"
    look = ask(sandbox, "/api/overview").json
    assert (look["queued"], look["refused"]) == (1, 0)


def test_many_clients_at_once_are_all_queued(tmp_path: Path) -> None:
    """Tasks that arrive together are committed together, each once, and are in the file."""
    db = tmp_path / "queue.db"
    with Sandbox(SandboxOptions(db=db)) as sandbox:

        def send_some(client: int) -> None:
            for number in range(25):
                assert send(sandbox, destination=f"{client}-{number}").body == "1"

        clients = [threading.Thread(target=send_some, args=(n,)) for n in range(4)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    with Sandbox(SandboxOptions(db=db)) as sandbox:
        queued = sandbox.queue()
    assert {each.task.destination for each in queued} == {
        f"{client}-{number}" for client in range(4) for number in range(25)
    }
    assert [each.id for each in queued] == list(range(1, 101))


def test_a_full_disk_is_answered_0(tmp_path: Path) -> None:
    """A task that can't be written is refused with the reason, never said to be queued."""
    db = tmp_path / "queue.db"
    with Sandbox(SandboxOptions(db=db)) as sandbox:
        sandbox._store.database.connection.execute("PRAGMA max_page_count = 4")
        sandbox._store.database.connection.execute("PRAGMA wal_checkpoint")
        assert send(sandbox, data="x" * 100_000).body == "0"
        reason = ask(sandbox, "/api/refused").json["refusals"][0]["reason"]
        assert reason == "the queue can't be written: database or disk is full"
        assert send(sandbox).body == "1"


def test_a_taken_port_is_named() -> None:
    """The message has the port, the cause and what to do."""
    with Sandbox() as first:
        port = int(first.url.rpartition(":")[2])
        with pytest.raises(LoaderError) as caught, Sandbox(SandboxOptions(port=port)):
            pass
    assert str(port) in caught.value.what
    assert "in use" in caught.value.why
    assert "--port" in caught.value.remedy


@pytest.mark.parametrize(
    ("figure", "name"),
    [
        ({"port": 65_536}, "port"),
        ({"port": -1}, "port"),
        ({"fail_percent": 101}, "share of failures"),
        ({"fail_percent": float("nan")}, "share of failures"),
        ({"latency_s": -0.1}, "latency"),
        ({"latency_s": float("inf")}, "latency"),
    ],
)
def test_a_figure_out_of_range_is_refused(figure: dict[str, float], name: str) -> None:
    """Nothing starts with a figure that means nothing."""
    with pytest.raises(SettingsError, match=name):
        SandboxOptions(**figure)  # type: ignore[arg-type]


@pytest.mark.parametrize("library", ["uvicorn", "starlette"])
def test_the_missing_extra_is_named(library: str) -> None:
    """Without the extra, the sandbox can be imported, and starting it says what to install."""
    program = (
        f"import sys; sys.modules['{library}'] = None\n"
        "from bulk_loader.errors import MissingExtraError\n"
        "from bulk_loader.sandbox import Sandbox\n"
        "try: Sandbox().__enter__()\n"
        "except MissingExtraError as error: print(error)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{library} is not installed" in ran.stdout
    assert 'pip install "bulk-loader[sandbox]"' in ran.stdout
    assert ran.stderr == ""


def test_a_missing_library_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue's file is closed again where the server can't be made."""
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(MissingExtraError), Sandbox():
        pass


def test_importing_the_sandbox_is_cheap() -> None:
    """Neither Starlette nor uvicorn is imported before a sandbox is started."""
    program = (
        "import sys, bulk_loader.sandbox\n"
        "print([n for n in ('starlette', 'uvicorn', 'anyio') if n in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_an_answered_task_outlives_a_kill(tmp_path: Path) -> None:
    """Whatever was answered with `1` is in the file, though the sandbox had no chance to close."""
    db = tmp_path / "queue.db"
    program = (
        "import threading\n"
        "from pathlib import Path\n"
        "from bulk_loader.sandbox import Sandbox, SandboxOptions\n"
        f"with Sandbox(SandboxOptions(db=Path({str(db)!r}))) as sandbox:\n"
        "    print(sandbox.url, flush=True)\n"
        "    threading.Event().wait()\n"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    address = started.stdout.readline().strip().removeprefix("http://")
    headers = {"Content-Type": FORM, "Authorization": "Basic sandbox"}
    connection = http.client.HTTPConnection(address, timeout=200)
    for number in range(20):
        call = json.dumps(CALL | {"destination": str(number)})
        connection.request("POST", TASK, urlencode({"call": call}), headers)
        assert connection.getresponse().read() == b"1"
    started.kill()
    started.communicate(timeout=200)
    connection.close()
    with Sandbox(SandboxOptions(db=db)) as sandbox:
        assert [each.task.destination for each in sandbox.queue()] == list(map(str, range(20)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_runs_until_it_is_stopped(number: signal.Signals) -> None:
    """`serve` says where it listens, and either signal ends it with a count and in peace."""
    program = (
        "from bulk_loader.sandbox import SandboxOptions, serve\n"
        "serve(SandboxOptions(), lambda line: print(line, flush=True))"
    )
    started = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    first = started.stdout.readline()
    url = first.split()[4]
    assert first == f"The sandbox listens on {url} with the token sandbox\n"
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))):
        os.kill(started.pid, number)
    rest, errors = started.communicate(timeout=200)
    assert "The sandbox ends with 0 tasks in its queue" in rest
    assert errors == ""
    assert started.returncode == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (SandboxOptions(agents=("7",)), "Agent 7 calls who is in its queue; nobody's phone rings"),
        (
            SandboxOptions(agents=("7", "8"), speed=60),
            "2 agents call who is in its queue, 60 times as fast as the day; nobody's phone rings",
        ),
    ],
)
def test_it_says_who_calls(options: SandboxOptions, said: str) -> None:
    """And that nobody is called in truth."""
    assert _who_calls(options) == said


def test_curl_can_use_it(sandbox: Sandbox) -> None:
    """The vendor page's own request, made with curl, is taken."""
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    command = [
        curl,
        "--silent",
        "--request",
        "POST",
        sandbox.url + TASK,
        "--header",
        f"Authorization: Basic {sandbox.token}",
        "--header",
        f"Content-Type: {FORM}",
        "--data-urlencode",
        "call=" + json.dumps(CALL, ensure_ascii=False),
    ]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"1"
    assert sandbox.queue()[0].task.data == CALL["data"]


def test_node_can_use_it(sandbox: Sandbox) -> None:
    """The vendor page's own request, made with Node's fetch, is taken."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    program = """
        const [url, token, call] = process.argv.slice(1);
        const headers = { Authorization: `Basic ${token}` };
        fetch(url, { method: "POST", headers, body: new URLSearchParams({ call }) })
          .then((answer) => answer.text()).then((body) => process.stdout.write(body));
    """
    command = [node, "-e", program, sandbox.url + TASK, sandbox.token, json.dumps(CALL)]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"1"
    assert sandbox.queue()[0].task.data == CALL["data"]


def test_answers_are_not_held_back(sandbox: Sandbox) -> None:
    """The socket says that it is TCP; asyncio leaves Nagle's delay on for one that does not."""
    assert sandbox._socket.proto == socket.IPPROTO_TCP
