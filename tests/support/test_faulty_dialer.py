"""The misbehaving dialer does what its script says: other tests believe its record."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.support.dialer_door import LOGIN_PATH, LOGOUT_PATH, OLD_LOGIN_PATH, TASK_PATH
from tests.support.faults import COMMON_FAULTS, Turns
from tests.support.faulty_dialer import (
    Cut,
    Fault,
    FaultyDialer,
    RandomFaults,
    Reaction,
    Request,
    read_record,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
# What a client sees of a connection that ended before a whole answer.
BROKEN = (ConnectionError, http.client.HTTPException)


class Client:
    """One kept-alive connection that never reconnects by itself."""

    def __init__(self, url: str, timeout: float = 10) -> None:
        self.connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=timeout)
        self.connection.connect()
        self.connection.auto_open = 0
        self.token = "token-0"

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Status and body of the answer."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": f"Basic {self.token}",
        }
        self.connection.request("POST", path, urlencode(fields), headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()

    def call(self, destination: str) -> tuple[int, str]:
        """Send one task."""
        return self.post(TASK_PATH, call=json.dumps({"destination": destination}))

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def call(dialer: FaultyDialer, destination: str) -> tuple[int, str]:
    """Send one task on a connection of its own."""
    with closing(Client(dialer.url)) as client:
        return client.call(destination)


@pytest.fixture
def dialer() -> Iterator[FaultyDialer]:
    """A dialer that behaves."""
    with FaultyDialer() as started:
        yield started


def test_a_good_dialer_records_and_answers_1(dialer: FaultyDialer) -> None:
    """Without a script, every task is recorded in order, and the connection is kept."""
    with closing(Client(dialer.url)) as client:
        assert [client.call(n) for n in ("1", "2", "1")] == [(200, "1")] * 3
    assert dialer.recorded == ["1", "2", "1"]
    assert dialer.connections == 1
    assert dialer.most_at_once == 1
    assert [(each.ordinal, each.connection) for each in dialer.received] == [(1, 1), (2, 1), (3, 1)]
    times = [each.arrived_at for each in dialer.received]
    assert times == sorted(times)


@pytest.mark.parametrize(
    ("reaction", "seen"),
    [
        (Fault.ZERO, (200, "0")),
        (Fault.SPACED_ONE, (200, " \r\n1\n")),
        (Fault.CHUNKED_ONE, (200, "1")),
        (Fault.EMPTY_BODY, (200, "")),
        (Fault.OTHER_BODY, (200, "10")),
        (Fault.SERVER_ERROR, (500, "")),
        (Fault.status(418, "tea"), (418, "tea")),
        (Fault.dripping(0.0001), (200, "1")),
        (Fault.ACCEPT.after(0.001), (200, "1")),
    ],
)
@pytest.mark.parametrize("is_recorded", [False, True])
def test_an_answer_is_sent_as_told(
    reaction: Reaction, seen: tuple[int, str], is_recorded: bool
) -> None:
    """Status and body are the script's, recorded or not; other leads are not touched."""
    told = reaction.recording() if is_recorded else reaction
    with FaultyDialer({"2": told}) as dialer, closing(Client(dialer.url)) as client:
        assert client.call("1") == (200, "1")
        assert client.call("2") == seen
        assert client.call("3") == (200, "1")
        assert ("2" in dialer.recorded) is told.records
        assert dialer.recorded[-1] == "3"
        assert dialer.connections == 1


@pytest.mark.parametrize(
    ("reaction", "is_recorded"),
    [
        (Fault.CLOSE_AFTER_READING, False),
        (Fault.RESET_AFTER_READING, False),
        (Fault.CLOSE_AFTER_RECORDING, True),
        (Fault.RESET_AFTER_RECORDING, True),
        (Fault.HALF_BODY.recording(), True),
        (Fault.HALF_CHUNKS, False),
        (Fault.NOT_HTTP, False),
    ],
)
def test_a_connection_breaks_as_told(reaction: Reaction, is_recorded: bool) -> None:
    """The client sees no whole answer, and the record alone says whether the task was taken."""
    with FaultyDialer({"1": reaction}) as dialer:
        with pytest.raises(BROKEN):
            call(dialer, "1")
        assert dialer.recorded == (["1"] if is_recorded else [])


def test_half_a_head_is_all_that_comes() -> None:
    """The answer ends within a header, which some clients take for a whole one."""
    with FaultyDialer({"1": Fault.HALF_HEAD}) as dialer, closing(Client(dialer.url)) as client:
        assert client.connection.sock is not None
        body = urlencode({"call": '{"destination": "1"}'})
        head = f"POST {TASK_PATH} HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n"
        client.connection.sock.sendall((head + body).encode())
        with client.connection.sock.makefile("rb") as wire:
            assert wire.read() == b"HTTP/1.1 200 OK\r\nCon"


@pytest.mark.parametrize(
    ("cut", "error"),
    [(Cut.RESET, ConnectionResetError), (Cut.CLOSE, http.client.RemoteDisconnected)],
)
def test_reset_and_close_differ(cut: Cut, error: type[Exception]) -> None:
    """A reset is a reset on the wire, and a close an orderly end."""
    with FaultyDialer({1: Reaction(cut=cut)}) as dialer, pytest.raises(error) as caught:
        call(dialer, "1")
    assert caught.type is error


@pytest.mark.parametrize("cut", [Cut.CLOSE, Cut.RESET])
def test_a_connection_is_cut_before_anything_is_read(cut: Cut) -> None:
    """The chosen connection brings nothing through; the next one does."""
    with FaultyDialer(on_connect={1: cut}) as dialer:
        with pytest.raises(BROKEN):
            call(dialer, "1")
        assert dialer.received == []
        assert call(dialer, "1") == (200, "1")
        assert dialer.connections == 2


@pytest.mark.parametrize("reaction", [Fault.ACCEPT_THEN_CLOSE, Fault.ACCEPT_SAYING_CLOSE])
def test_an_idle_connection_is_closed_after_its_answer(reaction: Reaction) -> None:
    """The answer arrives whole, then the connection is dead, announced or not."""
    with FaultyDialer({"1": reaction}) as dialer, closing(Client(dialer.url)) as client:
        assert client.call("1") == (200, "1")
        with pytest.raises(BROKEN):
            client.call("2")
        assert dialer.recorded == ["1"]
    assert (b"Connection: close" in reaction.reply) is (reaction is Fault.ACCEPT_SAYING_CLOSE)


@pytest.mark.parametrize("reaction", [Fault.NEVER, Fault.NEVER_AFTER_RECORDING])
def test_an_answer_that_never_comes(reaction: Reaction) -> None:
    """The client's patience ends first; a client that has gone is not under way any more."""
    with FaultyDialer({"1": reaction}) as dialer:
        for _ in range(2):
            with closing(Client(dialer.url, timeout=0.05)) as client, pytest.raises(TimeoutError):
                client.call("1")
        assert call(dialer, "2") == (200, "1")
        assert dialer.recorded == ["1", "1"] * reaction.records + ["2"]


def test_reactions_come_in_turns() -> None:
    """First this, then that, and the last one stays; each lead counts for itself."""
    turns = Fault.throttled(0).then(Fault.ZERO).then(Fault.ACCEPT)
    assert isinstance(turns, Turns)
    with FaultyDialer({"1": turns, "2": turns}) as dialer:
        assert [call(dialer, "1")[0], call(dialer, "2")[0]] == [429, 429]
        assert [call(dialer, "1")[1] for _ in range(3)] == ["0", "1", "1"]
        assert dialer.recorded == ["1", "1"]


def test_a_script_may_go_by_order_or_by_a_rule() -> None:
    """A number names a request by its place; a callable decides by the whole request."""
    with FaultyDialer({2: Fault.ZERO}, otherwise=Fault.EMPTY_BODY) as dialer:
        assert [call(dialer, "x")[1] for _ in range(3)] == ["", "0", ""]

    def rule(request: Request) -> Reaction | None:
        return Fault.ZERO if request.destination.endswith("7") else None

    with FaultyDialer(rule) as dialer:
        assert [call(dialer, n)[1] for n in ("17", "18")] == ["0", "1"]


def test_retry_after_is_seconds_or_a_date() -> None:
    """Both forms of the header are written as HTTP wants them."""
    date = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert b"Retry-After: 3\r\n" in Fault.throttled(3).reply
    assert b"Retry-After: Mon, 23 Nov 2026 12:00:00 GMT\r\n" in Fault.throttled(date, 503).reply
    assert Fault.throttled(date, 503).reply.startswith(b"HTTP/1.1 503 ")


def test_who_follows_a_redirect_is_seen() -> None:
    """A request for another address is a stray, and recorded nowhere."""
    with (
        FaultyDialer(otherwise=Fault.redirect(307)) as dialer,
        closing(Client(dialer.url)) as client,
    ):
        assert client.call("1")[0] == 307
        assert client.post("/elsewhere")[0] == 404
        assert [each.path for each in dialer.strays] == ["/elsewhere"]
        assert dialer.recorded == []


def test_a_request_without_a_task_is_bad(dialer: FaultyDialer) -> None:
    """What holds no JSON object in `call` is answered 400, and recorded nowhere."""
    with closing(Client(dialer.url)) as client:
        assert [client.post(TASK_PATH)[0], client.post(TASK_PATH, call="[")[0]] == [400, 400]
    assert dialer.received[0].destination == ""
    assert dialer.recorded == []


def test_a_token_expires_until_the_next_login() -> None:
    """After its tasks a token gets 401, an old one too; a login of either kind gives a new one."""
    with FaultyDialer(token_lasts=2) as dialer, closing(Client(dialer.url)) as client:
        assert [client.call(n)[0] for n in ("1", "2", "3")] == [200, 200, 401]
        client.token = client.post(LOGIN_PATH, user="u", password="p")[1]
        assert client.call("3")[0] == 200
        client.token = json.loads(client.post(OLD_LOGIN_PATH, user="u", password="p")[1])[2]
        assert client.call("4")[0] == 200
        client.token = "token-1"
        assert client.call("5")[0] == 401
        assert client.post(LOGOUT_PATH, user="u", token="token-2") == (200, "1")
        assert dialer.logins == 2
        assert dialer.recorded == ["1", "2", "3", "4"]


def test_connections_are_refused_for_a_while(dialer: FaultyDialer) -> None:
    """Nobody gets in, those who were in are cut, and afterwards the same port answers."""
    with closing(Client(dialer.url)) as client:
        client.call("1")
        with dialer.refusing_connections():
            with pytest.raises(BROKEN):
                client.call("2")
            with pytest.raises(ConnectionRefusedError):
                call(dialer, "3")
    assert call(dialer, "4") == (200, "1")
    assert dialer.recorded == ["1", "4"]


@pytest.mark.parametrize("reaction", [Fault.GO_DOWN, Fault.ACCEPT_THEN_GO_DOWN])
def test_a_dialer_goes_down_in_the_middle(reaction: Reaction) -> None:
    """One request takes the dialer down, answered or not; from then on it refuses connections."""
    with FaultyDialer({"1": reaction}) as dialer:
        with closing(Client(dialer.url)) as client:
            if reaction.records:
                assert client.call("1") == (200, "1")
            else:
                with pytest.raises(BROKEN):
                    client.call("1")
        with pytest.raises(BROKEN):
            call(dialer, "2")
        dialer.listen_again()
        assert call(dialer, "2") == (200, "1")


def test_requests_at_once_are_counted() -> None:
    """The most that were under way together is known."""
    meeting = threading.Barrier(3, timeout=200)
    with FaultyDialer(otherwise=Fault.ACCEPT.after(0.2)) as dialer:

        def call_together() -> None:
            meeting.wait()
            call(dialer, "1")

        threads = [threading.Thread(target=call_together) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert dialer.most_at_once == 3


def test_random_faults_are_the_same_for_the_same_seed() -> None:
    """A failing experiment can be run again; a share of 0 means none, of 1 always."""
    request = Request(1, 1, "POST", TASK_PATH, {}, b"", 0.0)

    def reactions(seed: int, share: float) -> list[Reaction]:
        script = RandomFaults(seed, share)
        return [script(request) for _ in range(100)]

    assert reactions(1, 0.5) == reactions(1, 0.5)
    assert reactions(1, 0.5) != reactions(2, 0.5)
    assert set(reactions(1, 0)) == {Fault.ACCEPT}
    assert set(reactions(1, 1)) <= set(COMMON_FAULTS)


def test_a_taken_port_is_an_error_and_not_a_thread_for_ever(dialer: FaultyDialer) -> None:
    """Who starts a dialer as a process on a taken port gets its end instead of waiting."""
    before = threading.active_count()
    with (
        pytest.raises(OSError, match="in use"),
        FaultyDialer(port=int(dialer.url.rpartition(":")[2])),
    ):
        pass
    assert threading.active_count() == before


def test_the_record_outlives_a_kill(tmp_path: Path) -> None:
    """Killed with no chance to tidy up, the process leaves every answered task in its file."""
    record = tmp_path / "record.jsonl"
    assert read_record(record) == []
    for start in ("1", "2"):
        command = [sys.executable, "-m", "tests.support.faulty_dialer", "--record", str(record)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        with closing(Client(process.stdout.readline().strip())) as client:
            assert [client.call(start + n)[1] for n in "abc"] == ["1"] * 3
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=200)
    recorded = [task["destination"] for task in read_record(record)]
    assert recorded == ["1a", "1b", "1c", "2a", "2b", "2c"]


def test_a_record_is_written_in_this_process_too(tmp_path: Path) -> None:
    """The file and the list tell the same."""
    record = tmp_path / "record.jsonl"
    with FaultyDialer({"2": Fault.ZERO}, record=record) as dialer:
        for number in "123":
            call(dialer, number)
        assert read_record(record) == dialer.recorded_tasks
        assert dialer.recorded == ["1", "3"]
