from __future__ import annotations

import asyncio
import json
import socket
import sys
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr

from bulk_loader.choices import AlertOn
from bulk_loader.jobs.records import Earlier
from bulk_loader.jobs.telling.alerts import Alerts, is_wanted
from bulk_loader.jobs.telling.channel import NotToldError
from bulk_loader.jobs.telling.message import trial_message
from tests.jobs.telling.conftest import FAILED, GOOD

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator

    from aiosmtpd.smtp import Envelope

    from bulk_loader.jobs.night import Night
    from tests.support.web_ear import WebEar

TRIAL = trial_message("night", "pc")
AFTER_GOOD = Earlier().after(GOOD)


class Postbox:
    """Keeps the mails that come in."""

    def __init__(self) -> None:
        self.mails: list[str] = []

    async def handle_DATA(self, _server: object, _session: object, mail: Envelope) -> str:  # noqa: N802
        assert isinstance(mail.content, bytes)
        self.mails.append(mail.content.decode())
        return "250 OK"


@pytest.fixture
def postbox(unused_tcp_port: int) -> Iterator[tuple[Postbox, int]]:
    """A mail server on loopback."""
    box = Postbox()
    controller = Controller(box, "127.0.0.1", unused_tcp_port)
    controller.start()
    yield box, unused_tcp_port
    controller.stop()
    controller.loop.close()
    asyncio.set_event_loop(None)


def alerts(*urls: str, on: AlertOn = AlertOn.ALWAYS, patience_s: float = 60) -> Alerts:
    """Of this machine, for these addresses."""
    return Alerts(tuple(map(SecretStr, urls)), on, "pc", patience_s)


def test_a_webhook_is_told(ear: WebEar) -> None:
    """It gets title, message and whether it was a failure."""
    alerts(f"json://{ear.host}/hook").ended(FAILED, Earlier())
    told = json.loads(ear.bodies[0])
    assert ear.calls == ["POST /hook"]
    assert told["title"] == "bulk-loader, job night: FAILED (unreadable)"
    assert told["type"] == "failure"
    assert "leads.csv is no list." in told["message"]


def test_a_mail_is_sent(postbox: tuple[Postbox, int]) -> None:
    """The title is its subject, and its text is the message."""
    box, port = postbox
    alerts(f"mailto://127.0.0.1:{port}?from=dialer@example.org&to=boss@example.org").send(TRIAL)
    (mail,) = box.mails
    assert "Subject: bulk-loader, job night: a test" in mail
    assert "boss@example.org" in mail
    assert "Nothing has happened." in mail


def test_one_that_fails_does_not_keep_the_others_from_being_told(
    ear: WebEar, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is named by its place and kind; no secret of an address is shown anywhere."""
    ear.status = 500
    with pytest.raises(NotToldError) as caught:
        alerts(f"json://user:secret@{ear.host}/key", "nonsense://secret/key").send(TRIAL)
    assert str(caught.value) == (
        "No alert went to alert 1 of 2 (json://…) and alert 2 of 2 (nonsense://…)."
    )
    ear.status = 200
    with pytest.raises(NotToldError, match=r"alert 1 of 2 \(nonsense://…\)\.$"):
        alerts("nonsense://secret/key", f"json://{ear.host}/key").send(TRIAL)
    assert len(ear.calls) == 2
    assert capfd.readouterr() == ("", "")
    records: list[logging.LogRecord] = caplog.records
    assert not any("secret" in record.getMessage() for record in records)


def test_one_that_never_answers_is_not_waited_for() -> None:
    """A server that takes the call and says nothing can't hold up the end of a night."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        slow = alerts(f"json://127.0.0.1:{server.getsockname()[1]}/?rto=1", patience_s=0.2)
        with pytest.raises(NotToldError, match="No alert went"):
            slow.send(TRIAL)


def test_what_apprise_can_not_use_is_known_before_the_night() -> None:
    """`job check` names it by its place, without the secret."""
    faults = list(alerts("json://127.0.0.1", "mailto://x", "nonsense://secret").faults())
    assert faults == [
        "apprise can't make anything of alert 2 of 3 (mailto://…).",
        "apprise can't make anything of alert 3 of 3 (nonsense://…).",
    ]


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the night, and after it."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    (fault,) = alerts("json://127.0.0.1").faults()
    assert 'pip install "bulk-loader[alerts]"' in fault
    with pytest.raises(NotToldError, match=r"bulk-loader\[alerts\]"):
        alerts("json://127.0.0.1").send(TRIAL)


@pytest.mark.parametrize(
    ("on", "night", "earlier", "wanted"),
    [
        (AlertOn.ALWAYS, GOOD, AFTER_GOOD, True),
        (AlertOn.FAILURE, GOOD, Earlier(), False),
        (AlertOn.FAILURE, FAILED, Earlier().after(FAILED), True),
        (AlertOn.CHANGE, GOOD, AFTER_GOOD, False),
        (AlertOn.CHANGE, FAILED, Earlier().after(FAILED), False),
        (AlertOn.CHANGE, FAILED, AFTER_GOOD, True),
        (AlertOn.CHANGE, GOOD, Earlier().after(FAILED), True),
        (AlertOn.CHANGE, GOOD, Earlier(), True),
    ],
)
def test_people_are_told_of_the_nights_that_they_want(
    on: AlertOn, night: Night, earlier: Earlier, *, wanted: bool
) -> None:
    """A change is also the first night, and the one after a night that broke off."""
    assert is_wanted(on, night, earlier) is wanted
