"""A run with a user and a password: its session is opened, renewed and ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.model import Ending, Status
from bulk_loader.sandbox import Sandbox, SandboxOptions
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.settings import Settings

LEADS = 40
LOGIN = {"user": "ana", "password": "pass-secret"}


@pytest.mark.parametrize("concurrency", [1, 8])
def test_no_lead_is_lost_or_sent_twice_when_a_session_expires(
    leads: Leads, settings: Callable[..., Settings], concurrency: int
) -> None:
    """Each that was answered 401 is sent after the one new login."""
    leads.write(*numbered(LEADS))
    with FaultyDialer(token_lasts=LEADS // 2) as dialer:
        told = settings(url=dialer.url, concurrency=concurrency, **LOGIN)
        summary = upload(leads.path, told)
        assert summary.counts[Status.ACCEPTED] == LEADS
        assert sorted(dialer.recorded) == sorted(number for number, _ in numbered(LEADS))
        assert dialer.logins == 2


def test_a_session_is_ended_after_the_run(leads: Leads, settings: Callable[..., Settings]) -> None:
    """The dialer has no more open ones than before."""
    leads.write(*numbered(3))
    with Sandbox(SandboxOptions(user="ana", password="pass-secret")) as sandbox:
        summary = upload(leads.path, settings(url=sandbox.url, **LOGIN))
        assert (summary.ending, sandbox.queued) == (Ending.FINISHED, 3)
        assert sandbox.open_sessions == 0


def test_a_password_that_is_refused_leaves_all_leads_unsent(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """It is tried once, so that the account is not locked, and the same command goes on."""
    leads.write(*numbered(LEADS))
    with Sandbox(SandboxOptions(user="ana", password="another")) as sandbox:
        summary = upload(leads.path, settings(url=sandbox.url, **LOGIN))
        assert (summary.ending, sandbox.queued) == (Ending.STOPPED, 0)
        assert summary.counts[Status.UNSENT] == LEADS
        assert "did not log in the user ana" in summary.stopped_why
        assert "pass-secret" not in summary.stopped_why
