from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bulk_loader.model import Ending, Status
from bulk_loader.settings import Settings
from bulk_loader.workflows.upload import upload
from bulk_loader.workflows.work import find_list, work
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.runs.helping import Help

    MakeSettings = Callable[..., Settings]

SLOW = replace(Fault.ACCEPT, wait_s=0.02)


@pytest.fixture
def ledger_url(database: str) -> str:
    """A ledger that machines share, in which nothing is yet."""
    return database


def test_two_machines_send_one_list(leads: Leads, settings: MakeSettings) -> None:
    leads.write(*numbered(400))
    helped: list[Help] = []
    with FaultyDialer(otherwise=SLOW) as dialer:
        asked = settings(dialer, concurrency=2, spread=True)

        def help_too() -> None:
            mine = settings(dialer, concurrency=2)
            helped.append(work(find_list(mine, wait_s=30), mine))

        thread = threading.Thread(target=help_too)
        thread.start()
        summary = upload(leads.path, asked)
        thread.join()
        assert len(dialer.recorded) == 400
        assert summary.counts[Status.ACCEPTED] == 400
        assert summary.ending is Ending.FINISHED
        assert 0 < helped[0].counts[Status.ACCEPTED] < 400
        assert summary.sent == 400
