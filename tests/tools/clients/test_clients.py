"""The vendor's page shows how to send a task in six languages: each of them works on the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from bulk_loader.sandbox import Sandbox
from tests.tools.clients.cases import CASES, OPTIONS
from tests.tools.clients.programs import CLIENTS, CURL, FETCH, PYTHON, Client, Need
from tests.tools.clients.recordings import load, replay
from tests.tools.clients.relay import Relay
from tests.tools.clients.restsharp import DERIVED
from tests.tools.clients.rows import replay_recording, run, run_or_replay
from tests.tools.clients.table import Row, notes, table
from tests.tools.clients.trial import try_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tools.clients.cases import Case
    from tests.tools.clients.trial import Outcome, Reply

ANSWERED = """\
                           plain  accents  emoji  escapes  signs  lines  dated  wrong token  other campaign
curl                       1      1        1      1        1      1      1      401          0
Python, urllib             1      1        1      1        1      1      1      401          0
Python, requests           1      1        1      1        1      1      1      401          0
Python, httpx              1      1        1      1        1      1      1      401          0
JavaScript, fetch          1      1        1      1        1      1      1      401          0
jQuery                     1      1        1      1        1      1      1      401          0
Java, OkHttp, FormBody     1      1        1      1        1      1      1      401          0
Java, OkHttp, RequestBody  1      1        1      1        1      1      1      401          0
C#, HttpWebRequest         1      1        1      1        1      1      1      401          0
C#, RestSharp 106          1      1        1      1        1      1      1      401          0
C#, RestSharp 112          1      1        1      1        1      1      1      401          0"""

# What the clients write in different ways, and what has another answer; `make clients` runs all.
TOLD_APART = ("emoji", "signs", "lines", "wrong token")
SOME_CASES = [case for case in CASES if case.name in TOLD_APART]

RAW = """\
POST /Integra/resources/Dialers/DialerTask HTTP/1.1\r
Host: 127.0.0.1:8080\r
Authorization: Basic sandbox\r
Content-Type: application/x-www-form-urlencoded\r
Content-Length: {length}\r
\r
{body}"""


def test_what_the_clients_send_is_answered_and_queued_as_meant() -> None:
    """The bytes of every client are answered as the table says, and all queue the same tasks."""
    rows = [replay_recording(client.name, load(client.key), "") for client in CLIENTS]
    rows += [replay_recording(name, recording, "") for name, recording in DERIVED.items()]
    # A `(!)` would stand behind a task that is not queued as it was meant.
    assert table(rows) == ANSWERED


@pytest.mark.parametrize("client", [CURL, *PYTHON, FETCH], ids=lambda client: client.key)
def test_clients_that_are_at_hand_are_answered_so_today(client: Client) -> None:
    """What is installed here sends tasks that are taken, whichever version it is."""
    if client.lack:
        pytest.skip(f"{client.lack}; its recording is replayed instead")
    row = run(client, SOME_CASES)
    assert [outcome.fault for outcome in row.outcomes] == [""] * len(TOLD_APART)


def test_recordings_are_of_different_programs() -> None:
    """No two recordings are the same, as they would be where one was made with a wrong program."""
    sent = [load(client.key) for client in CLIENTS] + list(DERIVED.values())
    assert len({recording.requests["signs"] for recording in sent}) == len(sent)
    for recording in sent:
        assert list(recording.requests) == [case.name for case in CASES]
        assert recording.made_with


def test_a_client_that_is_not_here_is_replayed_and_told() -> None:
    """The row of a client that can't run says why, and has the answers to its recording."""
    needs = (Need("no-such-command", "Debian: none"), Need(Path("no.jar"), "Debian: nothing"))
    row = run_or_replay(Client("curl", "curl", ("no-such-command",), needs))
    assert row.origin == (
        f"replayed, the bytes of {load('curl').made_with}: "
        "there is no command no-such-command (Debian: none), there is no no.jar (Debian: nothing)"
    )
    assert [outcome.answer for outcome in row.outcomes] == [case.answer for case in CASES]


def test_a_task_that_is_queued_as_another_is_told() -> None:
    """A client that leaves out the percent-encoding is found out, though the answer is `1`."""
    outcome = outcome_by_hand("dated", lambda call: call.replace('"+', '"0+'))
    assert outcome.reply == (200, "1")
    assert [task.destination for task in outcome.queued] == ["0 59899123456"]
    row = Row("by hand", "made up", (outcome,) * len(CASES))
    assert "by hand  1 (!)" in table([row])
    origin, told, *_ = notes([row])
    assert origin == "by hand: made up."
    assert told.startswith("(!) by hand, dated: queued as (DialerTask(")


def test_an_unexpected_answer_is_told() -> None:
    """A task whose `&` ends the field is refused, and that this was not expected is said."""
    outcome = outcome_by_hand("signs", lambda call: call)
    assert outcome.fault == "signs: answered '0', not '1'"
    assert outcome.queued == ()


def test_recording_keeps_the_very_bytes() -> None:
    """What passes the relay arrives as it is, is answered, and is kept until it is taken."""
    plain = load("okhttp-written").requests["plain"]
    with Sandbox(OPTIONS) as sandbox, Relay(urlsplit(sandbox.url).port or 0) as relay:
        assert replay(plain, relay.port) == (200, "1")
        assert relay.take() == plain
        assert relay.take() == b""
        assert [queued.task for queued in sandbox.queue()] == [CASES[0].task]


def outcome_by_hand(name: str, written: Callable[[str], str]) -> Outcome:
    """A task of the cases, its form put together without any percent-encoding."""
    (chosen,) = (case for case in CASES if case.name == name)
    with Sandbox(OPTIONS) as sandbox:

        def send(case: Case) -> Reply:
            body = f"call={written(case.call)}"
            request = RAW.format(length=len(body), body=body)
            return replay(request.encode("ascii"), urlsplit(sandbox.url).port or 0)

        return try_case(sandbox, chosen, send)
