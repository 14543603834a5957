"""What a retry would do is told before it does, in its own settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.cli.app import run
from bulk_loader.cli.context import App
from bulk_loader.errors import SettingsError
from bulk_loader.model import Status
from bulk_loader.workflows.check import check, foresee_retry
from bulk_loader.workflows.upload import upload
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.settings import Settings
    from tests.support.faulty_dialer import FaultyDialer


@pytest.fixture
def sent(leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]) -> Leads:
    """A results file: two leads accepted, a bad one, and a repetition."""
    leads.write(*numbered(2), ("no", "Luz"), numbered(1)[0])
    upload(leads.path, settings(dialer, data="name={name}"))
    return leads


def _correct(leads: Leads, number: str) -> None:
    text = leads.results.read_text("utf-8")
    leads.results.write_text(text.replace("no,Luz", f"{number},Luz"), "utf-8")


def test_a_check_tells_what_a_retry_would_send(
    sent: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """What was accepted stays as it is, and the settings of the upload are remembered."""
    _correct(sent, "0991000007")

    report = check(sent.results, settings(dialer, campaign="SALES"))

    assert {status: count for status, count in report.counts.items() if count} == {
        Status.ACCEPTED: 2,
        Status.UNSENT: 1,
        Status.DUPLICATE: 1,
    }
    assert report.problems == ()
    assert ['"data": "name=Luz"' in task for task in report.first_tasks] == [True]
    assert len(dialer.recorded) == 2


def test_a_corrected_number_that_was_accepted_already_is_a_repetition(
    sent: Leads, settings: Callable[..., Settings]
) -> None:
    """As it is for the retry itself."""
    _correct(sent, "0991000001")

    assert check(sent.results, settings()).counts[Status.DUPLICATE] == 2


def test_statuses_can_be_included(sent: Leads, settings: Callable[..., Settings]) -> None:
    """As for the retry that is meant; what is still wrong is named."""
    report = foresee_retry(sent.results, settings(), include=frozenset({Status.DUPLICATE}))

    assert report.counts[Status.UNSENT] == 1
    assert [(problem.row, problem.code) for problem in report.problems] == [(4, "phone_text")]


def test_a_list_is_no_results_file(leads: Leads, settings: Callable[..., Settings]) -> None:
    """There is nothing to retry in it."""
    leads.write(*numbered(1))
    with pytest.raises(SettingsError, match="is not a results file"):
        foresee_retry(leads.path, settings(), include=frozenset())


def test_a_results_file_is_checked_where_there_is_no_ledger(
    sent: Leads, settings: Callable[..., Settings]
) -> None:
    """Nor is one begun by that."""
    home = sent.path.parent / "elsewhere"

    assert check(sent.results, settings(home=home)).counts[Status.ACCEPTED] == 2
    assert not home.exists()


def test_a_dry_run_sends_nothing_and_ends_with_the_retry(
    sent: Leads,
    dialer: FaultyDialer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It needs no token, and repeats what was included."""
    monkeypatch.setenv("BULK_LOADER_HOME", str(sent.path.parent / "home"))
    before = sent.results.read_bytes()
    _correct(sent, "0991000007")
    changed = sent.results.read_bytes()

    code = run(App(("retry", str(sent.results), "--dry-run", "--include", "duplicate")))

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert "  to send            2" in lines
    assert lines[-1] == f"Next: bulk-loader retry {sent.results} --include duplicate"
    assert sent.results.read_bytes() == changed != before
    assert len(dialer.recorded) == 2
