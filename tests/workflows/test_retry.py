from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError, SourceError
from bulk_loader.model import Ending, Status
from bulk_loader.settings import Settings
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.faulty_dialer import Reaction


def correct(leads: Leads, old: str, new: str) -> None:
    """Edit the results file as an operator would."""
    text = leads.results.read_text("utf-8")
    assert old in text
    leads.results.write_text(text.replace(old, new, 1), "utf-8")


def test_what_was_rejected_or_invalid_is_sent_as_it_stands_now(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """A corrected cell goes out, accepted rows are left alone, and the file says so."""
    leads.write(*numbered(3), ("5.21551E+12", "shortened"))
    script = {"0991000002": Fault.ZERO.then(Fault.ACCEPT)}
    with FaultyDialer(script) as dialer:
        upload(leads.path, settings(dialer))
        assert leads.statuses() == ["accepted", "rejected", "accepted", "invalid"]
        correct(leads, "5.21551E+12", "5215512345678")
        summary = retry(leads.results, settings(dialer))
        assert sorted(dialer.recorded) == [
            "0991000001",
            "0991000002",
            "0991000003",
            "5215512345678",
        ]
    assert leads.statuses() == ["accepted"] * 4
    assert [row["dialer_error"] for row in leads.rows()] == [""] * 4
    assert summary.counts[Status.ACCEPTED] == 4
    assert summary.sent == 2


def test_settings_of_the_first_upload_are_remembered(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """`retry FILE` alone sends to the same dialer, with the same campaign and template."""
    leads.write(*numbered(2))
    with FaultyDialer({1: Fault.ZERO}) as dialer:
        upload(leads.path, settings(dialer, campaign="FIRST", data="n={name}", concurrency=1))
        bare = settings().model_copy()
        retry(leads.results, type(bare)(home=bare.home, token="secret-token"))
        last = dialer.recorded_tasks[-1]
    assert (last["campaign"], last["data"]) == ("FIRST", "n=Customer 1")


def test_settings_given_again_win(leads: Leads, settings: Callable[..., Settings]) -> None:
    """What the user says now counts more than what was said at the first upload."""
    leads.write(*numbered(2))
    with FaultyDialer({1: Fault.ZERO}) as dialer:
        upload(leads.path, settings(dialer, campaign="WRONG", concurrency=1))
        retry(leads.results, settings(dialer, campaign="RIGHT"))
        assert dialer.recorded_tasks[-1]["campaign"] == "RIGHT"


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.CLOSE_AFTER_RECORDING])
def test_leads_in_doubt_are_sent_only_on_request(
    leads: Leads, settings: Callable[..., Settings], fault: Reaction
) -> None:
    """`unknown` may stand in the queue already: a person decides."""
    leads.write(*numbered(2))
    with FaultyDialer({"0991000001": fault.then(Fault.ACCEPT)}) as dialer:
        upload(leads.path, settings(dialer))
        received = len(dialer.received)
        summary = retry(leads.results, settings(dialer))
        assert len(dialer.received) == received
        assert summary.counts[Status.UNKNOWN] == 1
        retry(leads.results, settings(dialer), include=frozenset({Status.UNKNOWN}))
        assert len(dialer.received) == received + 1
    assert leads.statuses() == ["accepted"] * 2


def test_a_number_corrected_into_an_accepted_one_is_a_duplicate(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """The correction of a row above must not call the person of a row below again."""
    leads.write(("no tiene", "first"), *numbered(2))
    with FaultyDialer() as dialer:
        upload(leads.path, settings(dialer))
        correct(leads, "no tiene", "0991000002")
        retry(leads.results, settings(dialer))
        assert dialer.recorded.count("0991000002") == 1
    assert leads.statuses() == ["duplicate", "accepted", "accepted"]


def test_an_old_copy_of_the_results_calls_nobody_again(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """The ledger knows what a restored results file does not."""
    leads.write(*numbered(3))
    with FaultyDialer({"0991000002": Fault.ZERO.then(Fault.ACCEPT)}) as dialer:
        upload(leads.path, settings(dialer))
        old = leads.results.with_suffix(".old")
        shutil.copy(leads.results, old)
        retry(leads.results, settings(dialer))
        shutil.copy(old, leads.results)
        retry(leads.results, settings(dialer))
        assert dialer.recorded.count("0991000002") == 1
    assert leads.statuses()[1] == "duplicate"


def test_a_stopped_retry_goes_on(leads: Leads, settings: Callable[..., Settings]) -> None:
    """A retry that was cut short sends the rest at the next call, and nothing twice."""
    leads.write(*numbered(20))
    script = dict.fromkeys(range(1, 21), Fault.ZERO)
    script[30] = Fault.UNAUTHORIZED
    with FaultyDialer(script) as dialer:
        upload(leads.path, settings(dialer, concurrency=2))
        first = retry(leads.results, settings(dialer, concurrency=2))
        assert first.ending is Ending.STOPPED
        second = retry(leads.results, settings(dialer, concurrency=2))
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(20)]
    assert second.counts[Status.ACCEPTED] == 20


def test_a_row_added_to_the_results_is_sent(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """A row without a status was never looked at."""
    leads.write(*numbered(2))
    upload(leads.path, settings(dialer))
    with leads.results.open("a", encoding="utf-8") as file:
        file.write("0991555555,Added,,,\n")
    retry(leads.results, settings(dialer))
    assert leads.statuses() == ["accepted"] * 3


def test_only_a_results_file_can_be_retried(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """A fresh list belongs to `upload`."""
    leads.write(*numbered(2))
    with pytest.raises(SettingsError, match="not a results file") as refused:
        retry(leads.path, settings(dialer))
    assert "bulk-loader upload" in refused.value.remedy


def test_accepted_leads_cannot_be_included(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """There is no flag that calls an accepted lead twice."""
    leads.write(*numbered(2))
    upload(leads.path, settings(dialer))
    with pytest.raises(SettingsError, match="--include can't take accepted"):
        retry(leads.results, settings(dialer), include=frozenset({Status.ACCEPTED}))


def test_a_number_among_the_settings_is_not_remembered_but_asked_for(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """The ledger keeps no phone number, and a retry does not silently go out without it."""
    leads.write(*numbered(2))
    with FaultyDialer({1: Fault.ZERO}) as dialer:
        upload(leads.path, settings(dialer, alternatives="0998765432", concurrency=1))
        for file in settings().home.glob("ledger.sqlite3*"):
            assert b"0998765432" not in file.read_bytes()
        with pytest.raises(SettingsError, match="--alternatives"):
            retry(leads.results, settings(dialer))
        retry(leads.results, settings(dialer, alternatives="0998765432"))
        assert dialer.recorded_tasks[-1]["alternatives"] == "0998765432"


def test_a_copy_of_results_that_were_retried_calls_nobody_again(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """Who saved the results under another name and corrects both calls the person once."""
    leads.write(("no tiene", "first"), *numbered(2))
    with FaultyDialer() as dialer:
        upload(leads.path, settings(dialer, data="n={name}"))
        copy = Leads(leads.path.with_name("copy.csv"))
        shutil.copy(leads.results, copy.results)
        correct(leads, "no tiene,first", "0991777777,first")
        retry(leads.results, settings(dialer, data="n={name}"))
        correct(copy, "no tiene,first", "0991777777,FIRST")
        retry(copy.results, settings(dialer, data="n={name}"))
        assert dialer.recorded.count("0991777777") == 1
    assert copy.statuses()[0] == "duplicate"


def test_a_rejected_repetition_is_sent_again_where_duplicates_are(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """Equal rows are told apart by their order, in the retry as in the upload."""
    leads.write(("0991000001", "A"), ("0991000002", "B"), ("0991000001", "A"))
    with FaultyDialer({1: Fault.ZERO}) as dialer:
        upload(leads.path, settings(dialer, duplicates="send", concurrency=1))
        assert leads.statuses() == ["rejected", "accepted", "accepted"]
        retry(leads.results, settings(dialer))
        assert dialer.recorded.count("0991000001") == 2
    assert leads.statuses() == ["accepted"] * 3


def test_results_are_known_by_their_place_however_it_is_written(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """A path with .. in it is the same place."""
    leads.write(*numbered(2))
    place = leads.path.parent / "there" / ".." / "r.csv"
    (leads.path.parent / "there").mkdir()
    with FaultyDialer({1: Fault.ZERO}) as dialer:
        upload(leads.path, settings(dialer, results=place, concurrency=1))
        summary = retry(place.resolve(), Settings(home=settings().home, token="secret-token"))
    assert summary.counts[Status.ACCEPTED] == 2


def test_what_a_retry_sent_is_known_after_its_results_were_moved_aside(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """However often a list is corrected and uploaded, a person that a retry called is left out."""
    leads.write(("no tiene", "first"), *numbered(2))
    with FaultyDialer() as dialer:
        upload(leads.path, settings(dialer))
        correct(leads, "no tiene", "0991777777")
        retry(leads.results, settings(dialer))
        for name in ("once", "twice", "thrice"):
            leads.write(("0991777777", name), *numbered(2))
            upload(leads.path, settings(dialer))
        assert dialer.recorded.count("0991777777") == 1


def test_the_results_of_a_retry_are_its_lists_own(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """An upload that goes on after a retry writes into the same file and leaves no other."""
    leads.write(*numbered(10))
    with FaultyDialer({6: Fault.UNAUTHORIZED}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1))
        retry(leads.results, settings(dialer))
        upload(leads.path, settings(dialer, concurrency=1))
    assert sorted(path.name for path in leads.path.parent.glob("leads*")) == [
        "leads.csv",
        "leads.results.csv",
    ]
    assert leads.statuses() == ["accepted"] * 10


@pytest.mark.skipif(os.geteuid() != 0, reason="only a superuser can be two users")
def test_answers_that_could_not_be_written_are_not_asked_for(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """The results file is tried before the first lead of it is sent again."""
    leads.write(*numbered(2))
    upload(leads.path, settings(dialer, canary=1))
    shared = leads.path.parent / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    link = shared / "leads.results.csv"
    link.symlink_to(leads.results)
    os.lchown(link, 1, 1)
    sent = len(dialer.received)
    with pytest.raises(SettingsError, match="can't be written into"):
        retry(link, settings(dialer), include=frozenset({Status.UNKNOWN}))
    assert len(dialer.received) == sent


@pytest.mark.parametrize("name", ["x" * 300, "loop.csv", "dangling.csv", "none.csv", "."])
def test_what_is_no_results_file_can_not_be_read(
    leads: Leads, settings: Callable[..., Settings], name: str
) -> None:
    """Whatever the name is, the reading says what is wrong with it."""
    folder = leads.path.parent
    (folder / "loop.csv").symlink_to("loop.csv")
    (folder / "dangling.csv").symlink_to("nowhere.csv")
    with pytest.raises(SourceError):
        retry(folder / name, settings(sandbox=True))
