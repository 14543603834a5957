from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from bulk_loader.sandbox import Sandbox, SandboxOptions
from tests.sandbox.asking import FORM, ask, send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.asking import Reply

FORM_GET = "/Integra/resources/forms/FormGet"
MEMBERS = "/Integra/resources/queues/getqueuemembersofqueue?queue=any"
TOKEN = {"Content-Type": FORM, "Authorization": "Basic sandbox"}
COUNTED = "SELECT campaign, COUNT(*) AS waiting FROM ccdata.{} GROUP BY campaign"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that knows two campaigns."""
    with Sandbox(SandboxOptions(campaigns=("B->", "A<-"))) as started:
        yield started


def query(sandbox: Sandbox, text: str) -> Reply:
    """What FormGet answers."""
    return ask(sandbox, FORM_GET, urlencode({"query": text, "dsn": "Repo"}).encode(), TOKEN)


def test_the_campaigns_are_those_that_were_named(sandbox: Sandbox) -> None:
    """A task of another is taken all the same, as by a dialer that nobody asked."""
    assert send(sandbox, campaign="C<-").body == "1"
    known = query(sandbox, "select campaign  from ccdata.dialer").json
    assert known == [{"campaign": "B->"}, {"campaign": "A<-"}]


def test_a_sandbox_that_takes_no_others_answers_0_to_them() -> None:
    """It says why in its log; those that it knows are taken."""
    with Sandbox(SandboxOptions(campaigns=("B->", "A<-"), takes_others=False)) as sandbox:
        assert [send(sandbox, campaign=name).body for name in ("A<-", "C<-", "a<-", "B->")] == [
            *("1", "0", "0", "1")
        ]
        reason = ask(sandbox, "/api/refused").json["refusals"][0]["reason"]
    assert reason == "the campaign is none of those that the sandbox takes"


def test_what_waits_is_counted_by_campaign(sandbox: Sandbox) -> None:
    """Calls for a date apart from those for as soon as possible; an empty date is none."""
    for campaign, calldate in (("A<-", None), ("A<-", ""), ("A<-", "2099-01-01 10:00:00")):
        send(sandbox, campaign=campaign, calldate=calldate)
    send(sandbox, campaign="B->")
    assert query(sandbox, COUNTED.format("calls_spool")).json == [
        {"campaign": "A<-", "waiting": 2},
        {"campaign": "B->", "waiting": 1},
    ]
    assert query(sandbox, COUNTED.format("calls_scheduler")).json == [
        {"campaign": "A<-", "waiting": 1}
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SELECT * FROM queue",
        "SELECT campaign FROM ccdata.dialer; DELETE FROM queue",
        COUNTED.format("queue"),
    ],
)
def test_no_other_question_is_answered(sandbox: Sandbox, text: str) -> None:
    """There is no database behind it that a query could reach."""
    assert query(sandbox, text)[:2] == (200, "0")


@pytest.mark.parametrize(
    ("path", "body"), [(FORM_GET, b""), (MEMBERS, b""), ("/api/interactions", None)]
)
def test_a_look_wants_a_token(sandbox: Sandbox, path: str, body: bytes | None) -> None:
    """So that it tells a good one from a bad one."""
    assert ask(sandbox, path, body).status == 401
    assert ask(sandbox, path, body, {**TOKEN, "Authorization": "Basic x"}).status == 401
    assert ask(sandbox, path, body, TOKEN).status == 200
