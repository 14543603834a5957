from __future__ import annotations

import ssl
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from bulk_loader.errors import LockedError
from bulk_loader.jobs.records import Earlier
from bulk_loader.jobs.telling.channel import NotToldError
from bulk_loader.jobs.telling.heartbeat import Heartbeat
from tests.jobs.telling.conftest import FAILED, GOOD

if TYPE_CHECKING:
    from tests.support.web_ear import WebEar


def heartbeat(url: str) -> Heartbeat:
    """One at this address."""
    return Heartbeat(SecretStr(url), ssl.create_default_context())


def test_begin_good_end_and_failure_have_addresses_of_their_own(ear: WebEar) -> None:
    """As healthchecks has them; what stands behind a question mark stays where it was."""
    beat = heartbeat(f"http://{ear.host}/key/?secret=1")
    beat.began()
    beat.ended(GOOD, Earlier())
    beat.ended(FAILED, Earlier())
    assert ear.calls == ["GET /key/start?secret=1", "GET /key?secret=1", "GET /key/fail?secret=1"]


@pytest.mark.parametrize(
    ("machine", "client"),
    [
        ("", "bulk-loader"),
        ("db-7.example", "bulk-loader (db-7.example)"),
        ("niño)\r\n", "bulk-loader (ni?o???)"),
    ],
)
def test_whoever_lists_the_calls_sees_the_machine(ear: WebEar, machine: str, client: str) -> None:
    """Also where its name has signs that can't stand there."""
    beat = Heartbeat(SecretStr(f"http://{ear.host}"), ssl.create_default_context(), machine)
    beat.began()
    assert ear.clients == [client]


def test_a_run_that_was_turned_away_says_nothing_of_the_one_under_way(ear: WebEar) -> None:
    """Whoever watches would take its failure for that of the other."""
    heartbeat(f"http://{ear.host}").ended(
        replace(FAILED, files=(), error=LockedError("Under way.")), Earlier()
    )
    assert ear.calls == []


def test_it_is_called_once_more_where_it_was_not_taken(ear: WebEar) -> None:
    """Then the reason is told, and no part of the address."""
    ear.status = 503
    with pytest.raises(NotToldError) as caught:
        heartbeat(f"http://{ear.host}/secret").began()
    assert str(caught.value) == "The heartbeat/start was not taken: the answer was 503."
    assert len(ear.calls) == 2


def test_nobody_there_is_told(unused_tcp_port: int) -> None:
    """In the system's own words."""
    with pytest.raises(NotToldError, match="was not taken: Connection refused"):
        heartbeat(f"http://127.0.0.1:{unused_tcp_port}/secret").ended(GOOD, Earlier())
