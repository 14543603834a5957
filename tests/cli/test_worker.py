"""`bulk-loader worker`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import ExitCode
from bulk_loader.ledger import Shares
from tests.runs.machines import Machines, machines, phones
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, leads, numbered, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.ledger import Lease
    from bulk_loader.settings import Settings
    from tests.cli.conftest import Ended

    Command = Callable[..., Ended]

__all__ = ["leads", "machines", "settings"]


@pytest.fixture
def ledger_url(database: str) -> str:
    """A ledger that machines share, in which nothing is yet."""
    return database


@pytest.fixture
def awaited(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    """No list is released before the command has joined."""
    there, join = machines.expect(), Shares.join

    def joined(shares: Shares, run: int, lease: Lease) -> None:
        join(shares, run, lease)
        there.set()

    monkeypatch.setattr(Shares, "join", joined)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ledger_url: str) -> None:
    """What the machine of the command is told besides the options, with the key of the others."""
    monkeypatch.setenv("BULK_LOADER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BULK_LOADER_LEDGER", ledger_url)
    monkeypatch.setenv("BULK_LOADER_TOKEN", "secret-token")


@pytest.mark.usefixtures("awaited", "told")
def test_a_worker_says_what_it_sent_and_where_the_results_are(
    leads: Leads,
    settings: Callable[..., Settings],
    machines: Machines,
    real_command: Command,
    tmp_path: Path,
) -> None:
    """It keeps to what the other machine was told, with a copy of the list at another place."""
    leads.write(*numbered(300))
    copy = tmp_path / "copy.csv"
    copy.write_bytes(leads.path.read_bytes())
    with FaultyDialer(otherwise=Fault.ACCEPT) as dialer:
        asked = settings(dialer, spread=True, concurrency=1, data="name={name}")
        sent = machines.upload(leads, asked)
        ended = real_command("worker", str(copy), "--wait", "60s", "--url", dialer.url)
        run = sent.result().run_id
        tasks = dialer.recorded_tasks
    assert ended.code == ExitCode.OK
    assert f"of run {run} sent from here: " in ended.out
    assert "What became of the whole list is told on " in ended.out
    assert sorted(task["destination"] for task in tasks) == phones(300)
    assert {task["data"].partition("=")[0] for task in tasks} == {"name"}


@pytest.mark.usefixtures("told")
def test_without_a_list_a_worker_ends_with_what_to_do(real_command: Command) -> None:
    """No traceback, and no success."""
    ended = real_command("worker")
    assert ended.code == ExitCode.USAGE
    assert "There is no list to help with." in ended.err
    assert "bulk-loader upload FILE --spread" in ended.err


def test_a_time_to_wait_needs_a_unit(command: Command) -> None:
    """It is told before anything is looked for."""
    ended = command("worker", "--wait", "10")
    assert ended.code == ExitCode.USAGE
    assert "--wait: 10" in ended.err
