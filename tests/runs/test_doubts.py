from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.model import Status
from bulk_loader.workflows.past_runs import past_runs, rewrite_results, settle_doubts
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bulk_loader.model import Summary
    from bulk_loader.settings import Settings

    MakeSettings = Callable[..., Settings]

UNKNOWN = frozenset({Status.UNKNOWN})


@pytest.fixture
def doubtful() -> Iterator[FaultyDialer]:
    """A dialer that gives no clear answer to the second request."""
    with FaultyDialer({2: Fault.SERVER_ERROR}) as dialer:
        yield dialer


@pytest.fixture
def today(tmp_path: Path) -> Leads:
    """Another list, still to be written."""
    return Leads(tmp_path / "today.csv")


def yesterday(leads: Leads, dialer: FaultyDialer, settings: Settings) -> Summary:
    """Three leads, the second of which is in doubt."""
    leads.write(*numbered(3))
    summary = upload(leads.path, settings)
    assert leads.statuses() == ["accepted", "unknown", "accepted"]
    assert len(dialer.received) == 3
    return summary


def test_yesterdays_doubt_is_not_called_from_todays_list(
    leads: Leads, today: Leads, doubtful: FaultyDialer, settings: MakeSettings
) -> None:
    """It is in doubt there too, with the run since when; everybody else of the list is called."""
    first = yesterday(leads, doubtful, settings(doubtful, concurrency=1))
    today.write(*numbered(4))
    summary = upload(today.path, settings(doubtful))
    assert today.statuses() == ["accepted", "unknown", "accepted", "accepted"]
    assert first.run_id in today.rows()[1]["dialer_error"]
    assert "--include unknown" in today.rows()[1]["dialer_error"]
    assert (summary.counts[Status.UNKNOWN], summary.sent) == (1, 3)
    assert len(doubtful.received) == 6


def test_the_time_of_a_doubt_is_a_setting(
    leads: Leads, today: Leads, doubtful: FaultyDialer, settings: MakeSettings
) -> None:
    """Where doubts are not held at all, today's list calls everybody in it."""
    yesterday(leads, doubtful, settings(doubtful, concurrency=1))
    today.write(*numbered(4))
    upload(today.path, settings(doubtful, hold_doubts=timedelta(0)))
    assert today.statuses() == ["accepted"] * 4


@pytest.mark.parametrize("duplicates", ["skip", "send"])
def test_a_doubt_of_the_list_itself_is_never_told_away(
    leads: Leads, doubtful: FaultyDialer, settings: MakeSettings, duplicates: str
) -> None:
    """A list with a row more, within its twelve hours: who was called is a duplicate, a doubt is not."""
    told = settings(doubtful, concurrency=1, duplicates=duplicates)
    yesterday(leads, doubtful, told)
    leads.write(*numbered(4))
    upload(leads.path, told)
    assert leads.statuses() == ["duplicate", "unknown", "duplicate", "accepted"]
    assert len(doubtful.received) == 4


def test_an_emptied_status_does_not_end_a_doubt(
    leads: Leads, doubtful: FaultyDialer, settings: MakeSettings
) -> None:
    """A retry holds it against the ledger, and writes it back into the file."""
    yesterday(leads, doubtful, settings(doubtful, concurrency=1))
    text = leads.results.read_text("utf-8").replace("unknown", "")
    leads.results.write_text(text, "utf-8")
    summary = retry(leads.results, settings(doubtful))
    assert leads.statuses() == ["accepted", "unknown", "accepted"]
    assert (summary.sent, len(doubtful.received)) == (0, 3)


def test_a_lead_sent_again_on_request_is_no_doubt_any_more(
    leads: Leads, today: Leads, doubtful: FaultyDialer, settings: MakeSettings
) -> None:
    """The user looked in the dialer: from then on the new answer counts, for every list."""
    yesterday(leads, doubtful, settings(doubtful, concurrency=1))
    retry(leads.results, settings(doubtful), include=UNKNOWN)
    assert leads.statuses() == ["accepted"] * 3
    today.write(*numbered(4))
    upload(today.path, settings(doubtful))
    assert today.statuses() == ["accepted"] * 4


def test_a_doubt_of_another_list_can_be_sent_on_request(
    leads: Leads, today: Leads, doubtful: FaultyDialer, settings: MakeSettings
) -> None:
    """From whichever list: the other one does not send it once more."""
    yesterday(leads, doubtful, settings(doubtful, concurrency=1))
    today.write(*numbered(4))
    upload(today.path, settings(doubtful))
    retry(today.results, settings(doubtful), include=UNKNOWN)
    assert today.statuses() == ["accepted"] * 4
    retry(leads.results, settings(doubtful), include=UNKNOWN)
    assert leads.statuses() == ["accepted", "duplicate", "accepted"]


def test_including_doubts_of_one_list_leaves_those_of_others(
    leads: Leads, today: Leads, settings: MakeSettings
) -> None:
    """A row that is not in doubt in the results was not looked up, whatever stands elsewhere."""
    today.write(("0991000002", "Customer 2"), ("0991000009", "Customer 9"))
    leads.write(*numbered(2))
    with FaultyDialer({2: Fault.ZERO, 3: Fault.SERVER_ERROR, 4: Fault.SERVER_ERROR}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1))
        assert leads.statuses() == ["accepted", "rejected"]
        upload(today.path, settings(dialer, concurrency=1))
        assert today.statuses() == ["unknown", "unknown"]
        retry(leads.results, settings(dialer), include=UNKNOWN)
        assert leads.statuses() == ["accepted", "unknown"]
        assert len(dialer.received) == 4


def test_a_doubt_settled_as_accepted_is_told_by_the_next_retry(
    leads: Leads, today: Leads, doubtful: FaultyDialer, settings: MakeSettings
) -> None:
    """Both lists learn of it, nothing is sent, and the run's own results can be written anew."""
    first = yesterday(leads, doubtful, settings(doubtful, concurrency=1))
    today.write(*numbered(4))
    upload(today.path, settings(doubtful))
    assert settle_doubts(settings().ledger_place, first.run_id, [3], Status.ACCEPTED) == 1
    assert past_runs(settings().ledger_place)[1].counts[Status.UNKNOWN] == 0
    summary = retry(today.results, settings(doubtful))
    assert today.statuses() == ["accepted"] * 4
    assert today.rows()[1]["dialer_error"] == ""
    rewrite_results(settings().ledger_place, first.run_id)
    assert leads.statuses() == ["accepted"] * 3
    assert (summary.sent, len(doubtful.received)) == (0, 6)


def test_a_doubt_settled_as_unsent_is_sent_once(
    leads: Leads, today: Leads, doubtful: FaultyDialer, settings: MakeSettings
) -> None:
    """By the retry of whichever list comes first; the other one then knows that it was called."""
    first = yesterday(leads, doubtful, settings(doubtful, concurrency=1))
    today.write(*numbered(4))
    upload(today.path, settings(doubtful))
    assert settle_doubts(settings().ledger_place, first.run_id, None, Status.UNSENT) == 1
    assert retry(today.results, settings(doubtful)).sent == 1
    assert today.statuses() == ["accepted"] * 4
    retry(leads.results, settings(doubtful))
    assert leads.statuses() == ["accepted", "duplicate", "accepted"]
    assert len(doubtful.received) == 7


def test_a_new_doubt_outweighs_what_was_said_of_the_old_one(
    leads: Leads, settings: MakeSettings
) -> None:
    """Settled as unsent, sent once more without a clear answer: it is in doubt again, and stays."""
    with FaultyDialer({2: Fault.SERVER_ERROR, 4: Fault.SERVER_ERROR}) as dialer:
        first = yesterday(leads, dialer, settings(dialer, concurrency=1))
        settle_doubts(settings().ledger_place, first.run_id, [3], Status.UNSENT)
        assert retry(leads.results, settings(dialer)).sent == 1
        assert leads.statuses() == ["accepted", "unknown", "accepted"]
        assert retry(leads.results, settings(dialer)).sent == 0
        assert leads.statuses() == ["accepted", "unknown", "accepted"]


def test_only_what_is_in_doubt_can_be_settled(
    leads: Leads, doubtful: FaultyDialer, settings: MakeSettings
) -> None:
    """A slip in a row's number decides nothing, and the rows in doubt are named."""
    first = yesterday(leads, doubtful, settings(doubtful, concurrency=1))
    home = settings().ledger_place
    with pytest.raises(SettingsError, match="row 4 is not in doubt") as caught:
        settle_doubts(home, first.run_id, [3, 4], Status.ACCEPTED)
    assert caught.value.why == "In doubt are the rows 3."
    settle_doubts(home, first.run_id, [3], Status.ACCEPTED)
    with pytest.raises(SettingsError, match=r"no lead of run .* is in doubt"):
        settle_doubts(home, first.run_id, None, Status.UNSENT)
