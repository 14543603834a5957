"""No number is loaded more often than the user allows, whatever campaign, list or run it stands in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import ExitCode
from bulk_loader.exit_codes import exit_code
from bulk_loader.model import Ending, Status
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.runs.test_at_once import SLOW, together
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, Witness, change_ledger, numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Settings

    MakeSettings = Callable[..., Settings]

HEADER = ("phone", "campaign")
ONE, TWO = "0991000001", "0991000002"


@pytest.fixture
def today(tmp_path: Path) -> Leads:
    """Another list, still to be written."""
    return Leads(tmp_path / "today.csv")


def test_two_campaigns_of_one_list_load_a_number_once(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings
) -> None:
    """The second is told why, and the run has done all it should."""
    leads.write((ONE, "SALES"), (TWO, "SALES"), (ONE, "SUPPORT"), (TWO, "CARE"), header=HEADER)
    summary = upload(leads.path, settings(dialer, max_loads="1 per 1d"))
    assert sorted(dialer.recorded) == [ONE, TWO]
    assert leads.statuses() == ["accepted", "accepted", "duplicate", "duplicate"]
    assert leads.rows()[2]["dialer_error"] == (
        "Not sent: this number was loaded into this dialer as often as --max-loads allows, "
        "1 per 1d, in whatever campaign."
    )
    assert exit_code(summary) is ExitCode.OK


def test_equal_rows_count_where_duplicates_are_sent(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings
) -> None:
    """As many of them go out as the limit allows, also with one request at a time."""
    leads.write(*[(ONE, "SALES")] * 5, header=HEADER)
    given = {"max_loads": ["9 per 1d", "3 per 7d"], "duplicates": "send"}
    upload(leads.path, settings(dialer, concurrency=1, **given))
    assert leads.statuses() == [*["accepted"] * 3, *["duplicate"] * 2]
    assert len(dialer.recorded) == 3


def test_another_list_knows_what_was_loaded(
    leads: Leads, today: Leads, settings: MakeSettings
) -> None:
    """What has no clear answer counts; what was refused does not."""
    leads.write(*numbered(3))
    with FaultyDialer({2: Fault.SERVER_ERROR, 3: Fault.ZERO}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1))
        today.write(*numbered(4))
        told = settings(dialer, campaign="SUPPORT", max_loads="1 per 1d")
        upload(today.path, told)
        assert today.statuses() == ["duplicate", "duplicate", "accepted", "accepted"]
        upload(today.path, told.model_copy(update={"again": True}))
        assert today.statuses() == ["duplicate"] * 4, "to ask for a list again lifts no limit"
        assert len(dialer.received) == 5


def test_two_lists_at_once_load_a_number_once(settings: MakeSettings, tmp_path: Path) -> None:
    """In two campaigns, whoever comes first."""
    lists = [Leads(tmp_path / f"{name}.csv") for name in "ab"]
    for which in lists:
        which.write(*[(phone, which.path.name) for phone, _ in numbered(200)])
    with FaultyDialer(otherwise=SLOW) as dialer:
        together(
            *[
                lambda which=which: upload(
                    which.path,
                    settings(dialer, campaign=which.path.stem, max_loads="1 per 1d"),
                )
                for which in lists
            ]
        )
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(200)]
    for pair in zip(*[which.statuses() for which in lists], strict=True):
        assert sorted(pair) == ["accepted", "duplicate"]


def test_a_refusal_lets_the_next_campaign_have_its_turn(
    leads: Leads, settings: MakeSettings
) -> None:
    """It waits for the answer of the first, and is not told away before."""
    leads.write((ONE, "SALES"), (ONE, "SUPPORT"), (ONE, "CARE"), header=HEADER)
    with FaultyDialer({1: replace(Fault.ZERO, wait_s=0.2)}) as dialer:
        upload(leads.path, settings(dialer, max_loads="1 per 1d"))
        assert leads.statuses() == ["rejected", "accepted", "duplicate"]
        retry(leads.results, settings(dialer))
        assert leads.statuses() == ["duplicate", "accepted", "duplicate"]
        assert len(dialer.received) == 2, "a retry remembers the limit"


def test_a_retry_sends_a_doubt_that_was_looked_up(leads: Leads, settings: MakeSettings) -> None:
    """The lead is not counted against itself, and still against the others of its number."""
    leads.write((ONE, "SALES"), (ONE, "SUPPORT"), header=HEADER)
    with FaultyDialer({1: Fault.SERVER_ERROR}) as dialer:
        upload(leads.path, settings(dialer, max_loads="1 per 1d"))
        assert leads.statuses() == ["unknown", "duplicate"]
        include = frozenset({Status.UNKNOWN, Status.DUPLICATE})
        retry(leads.results, settings(dialer), include=include)
        assert leads.statuses() == ["accepted", "duplicate"]
        assert dialer.recorded == [ONE]


def test_a_run_that_stopped_goes_on_within_its_limit(leads: Leads, settings: MakeSettings) -> None:
    """Its own leads are sent once, and count for those that come after."""
    leads.write((ONE, "SALES"), (TWO, "SALES"), (ONE, "SUPPORT"), (TWO, "CARE"), header=HEADER)
    with FaultyDialer({2: Fault.UNAUTHORIZED}) as dialer:
        told = settings(dialer, concurrency=1, max_loads="1 per 1d")
        assert upload(leads.path, told).ending is Ending.STOPPED
        assert leads.statuses()[:2] == ["accepted", "unsent"]
        upload(leads.path, told)
        assert leads.statuses() == ["accepted", "accepted", "duplicate", "duplicate"]
        assert len(dialer.recorded) == 2


def test_what_a_crash_left_under_way_counts_once(leads: Leads, settings: MakeSettings) -> None:
    """The lead is in doubt and not sent again; another one of its number is one too many."""
    leads.write((ONE, "SALES"), (TWO, "SALES"), (ONE, "SUPPORT"), (TWO, "CARE"), header=HEADER)
    with FaultyDialer({2: Fault.UNAUTHORIZED}) as dialer:
        told = settings(dialer, concurrency=1, max_loads="2 per 1d")
        upload(leads.path, told)
        change_ledger(told, "UPDATE lead SET status = 'sending' WHERE status = 'accepted'")
        upload(leads.path, told)
        assert leads.statuses() == ["unknown", "accepted", "accepted", "accepted"]
        again = told.model_copy(update={"campaign": "HELP"})
        leads.path.with_name("more.csv").write_text(f"phone\n{ONE}\n{TWO}\n", "utf-8")
        summary = upload(leads.path.with_name("more.csv"), again)
        assert summary.counts[Status.DUPLICATE] == 2


def test_a_trial_counts_what_it_loads_itself(leads: Leads, settings: MakeSettings) -> None:
    """And nothing of the trials before, whose dialer is gone."""
    leads.write((ONE, "SALES"), (ONE, "SUPPORT"), header=HEADER)
    for _ in range(2):
        upload(leads.path, settings(sandbox=True, max_loads="1 per 1d"))
        assert leads.statuses() == ["accepted", "duplicate"]


def test_what_counts_is_said(
    leads: Leads, today: Leads, dialer: FaultyDialer, settings: MakeSettings
) -> None:
    """And what can't be counted, since an older release noted no number."""
    leads.write(*numbered(1))
    told = settings(dialer, max_loads=["1 per 1d", "3 per 7d"])
    witness = Witness()
    upload(leads.path, told, witness)
    (said,) = [note for note in witness.notes if "--max-loads" in note]
    assert said.startswith("A number is loaded at most 1 per 1d and 3 per 7d (--max-loads)")
    assert "Only destinations count" in said
    assert not [note for note in witness.notes if "older release" in note]
    change_ledger(told, "UPDATE lead SET number = NULL")
    change_ledger(told, "UPDATE ledger SET numbered_since = 1 + (SELECT max(settled_at) FROM lead)")
    today.write((ONE, "today"))
    upload(today.path, told.model_copy(update={"campaign": "SUPPORT"}), witness)
    assert len([note for note in witness.notes if "is not counted: an older release" in note]) == 1
    assert today.statuses() == ["accepted"]
