from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.errors import AlreadyUploadedError, SettingsError
from bulk_loader.model import Status
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, Witness, change_ledger, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bulk_loader.settings import Settings

    MakeSettings = Callable[..., Settings]


@pytest.fixture
def stopping() -> Iterator[FaultyDialer]:
    """A dialer that lets nobody in after four leads, once."""
    with FaultyDialer({5: Fault.UNAUTHORIZED}) as dialer:
        yield dialer


def stopped(leads: Leads, dialer: FaultyDialer, settings: Settings) -> None:
    """Ten leads, of which four were sent."""
    leads.write(*numbered(10))
    upload(leads.path, settings)
    assert leads.statuses() == ["accepted"] * 4 + ["unsent"] * 6
    assert len(dialer.recorded) == 4


def age(settings: Settings, hours: float) -> None:
    """Let all that was done lie so long ago."""
    at = datetime.now(UTC) - timedelta(hours=hours)
    began = at.isoformat()
    change_ledger(settings, "UPDATE run SET started_at = ?, ended_at = ?", began, began)
    change_ledger(settings, "UPDATE lead SET settled_at = ?", int(at.timestamp()))


def copied(leads: Leads) -> Path:
    """With one more row, under another name."""
    path = leads.path.with_name("copy.csv")
    path.write_text(leads.path.read_text("utf-8") + "0991000011,Customer 11\n", "utf-8")
    return path


def packed(leads: Leads) -> Path:
    """As an archive."""
    path = leads.path.with_name("leads.csv.gz")
    path.write_bytes(gzip.compress(leads.path.read_bytes()))
    return path


def saved_as_workbook(leads: Leads) -> Path:
    """By a spreadsheet program."""
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    for row in [("phone", "name"), *numbered(10)]:
        workbook.active.append(row)
    path = leads.path.with_suffix(".xlsx")
    workbook.save(path)
    return path


def moved_and_edited(leads: Leads) -> Path:
    """Into another folder, with a cell changed."""
    folder = leads.path.parent / "moved"
    folder.mkdir()
    path = leads.path.rename(folder / "leads.csv")
    path.write_text(path.read_text("utf-8").replace("Customer 9", "Customer nine"), "utf-8")
    return path


@pytest.mark.parametrize("form", [copied, packed, saved_as_workbook, moved_and_edited])
def test_another_form_of_a_list_that_was_cut_short_goes_on_with_it(
    leads: Leads,
    stopping: FaultyDialer,
    settings: MakeSettings,
    form: Callable[[Leads], Path],
) -> None:
    """Its leads are recognised by their hashes, which is said, and nobody is called twice."""
    stopped(leads, stopping, settings(stopping, concurrency=1))
    path, witness = form(leads), Witness()
    summary = upload(path, settings(stopping), witness)
    assert any("its leads mostly stand in this list" in note for note in witness.notes)
    assert sorted(stopping.recorded) == [phone for phone, _ in numbered(len(stopping.recorded))]
    assert summary.counts[Status.ACCEPTED] == summary.leads == len(stopping.recorded)


def test_the_first_form_knows_what_the_other_one_sent(
    leads: Leads, stopping: FaultyDialer, settings: MakeSettings
) -> None:
    """Its run was gone on with and is finished: within hours nobody is called, later it is refused."""
    stopped(leads, stopping, settings(stopping, concurrency=1))
    upload(copied(leads), settings(stopping))
    summary = upload(leads.path, settings(stopping))
    assert summary.counts[Status.DUPLICATE] == 10
    assert len(stopping.recorded) == 11
    age(settings(), 13)
    with pytest.raises(AlreadyUploadedError):
        upload(leads.path, settings(stopping))


def test_a_list_of_others_is_a_list_of_its_own(
    leads: Leads, stopping: FaultyDialer, settings: MakeSettings, tmp_path: Path
) -> None:
    """One that shares a few customers with an unfinished one does not go on with it."""
    stopped(leads, stopping, settings(stopping, concurrency=1))
    other = Leads(tmp_path / "other.csv")
    other.write(*numbered(10, first=4))
    witness = Witness()
    upload(other.path, settings(stopping), witness)
    assert not any("Going on" in note for note in witness.notes)
    assert other.statuses() == ["accepted"] * 10


def test_the_same_numbers_with_other_data_are_not_certain_and_refused(
    leads: Leads, stopping: FaultyDialer, settings: MakeSettings, tmp_path: Path
) -> None:
    """Whether it is the same list only the user knows; --again says that it is not."""
    stopped(leads, stopping, settings(stopping, concurrency=1, data="name={name}"))
    other = Leads(tmp_path / "other.csv")
    other.write(*[(phone, "Ana") for phone, _ in numbered(8)])
    with pytest.raises(SettingsError, match="most of them stand in this list") as caught:
        upload(other.path, settings(stopping, data="name={name}"))
    assert "--again" in caught.value.remedy
    assert len(stopping.recorded) == 4
    upload(other.path, settings(stopping, data="name={name}", again=True))
    assert other.statuses() == ["accepted"] * 8


def test_an_unfinished_list_of_another_file_grows_old(
    leads: Leads, stopping: FaultyDialer, settings: MakeSettings
) -> None:
    """After twelve hours a list with the same people is tomorrow's, not the rest of today's."""
    stopped(leads, stopping, settings(stopping, concurrency=1))
    age(settings(), 13)
    summary = upload(copied(leads), settings(stopping))
    assert summary.sent == 11


def test_an_unfinished_run_under_the_same_name_grows_old_and_it_is_said(
    leads: Leads, stopping: FaultyDialer, settings: MakeSettings
) -> None:
    """January's stopped list does not keep February's people from being called."""
    stopped(leads, stopping, settings(stopping, concurrency=1))
    leads.write(*numbered(11))
    age(settings(), 13)
    witness = Witness()
    summary = upload(leads.path, settings(stopping), witness)
    assert any("counts as a new list" in note for note in witness.notes)
    assert (summary.sent, summary.counts[Status.ACCEPTED]) == (11, 11)


def test_the_very_same_content_is_gone_on_with_at_any_age(
    leads: Leads, stopping: FaultyDialer, settings: MakeSettings
) -> None:
    """As a finished file is refused at any age: the same list is never begun anew by itself."""
    stopped(leads, stopping, settings(stopping, concurrency=1))
    age(settings(), 24 * 90)
    assert upload(leads.path, settings(stopping)).sent == 6
    assert len(stopping.recorded) == 10


def test_a_finished_list_is_sent_again_though_an_old_one_of_its_name_was_cut_short(
    leads: Leads, settings: MakeSettings
) -> None:
    """What another list of the same name left over days ago does not keep `--again` from it."""
    first, second = numbered(5), numbered(10, first=101)
    with FaultyDialer({8: Fault.UNAUTHORIZED}) as dialer:
        told = settings(dialer, concurrency=1)
        leads.write(*first)
        upload(leads.path, told)
        leads.write(*second)
        assert upload(leads.path, told).counts[Status.UNSENT] == 8
        age(told, hours=13)
        leads.write(*first)
        with pytest.raises(AlreadyUploadedError):
            upload(leads.path, told)
        assert upload(leads.path, settings(dialer, again=True)).counts[Status.ACCEPTED] == 5


def digest(leads: Leads) -> str:
    """Of the list as it is."""
    return sha256(leads.path.read_bytes()).hexdigest()


def test_a_list_is_known_by_what_it_was_made_from_at_any_age(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings
) -> None:
    """Where cells were corrected after weeks, these leads alone are sent: nobody twice."""
    leads.write(*numbered(3), ("no tiene", "Eva"))
    before = digest(leads)
    upload(leads.path, settings(dialer))
    age(settings(), 24 * 30)
    leads.write(*numbered(3), ("0990000004", "Eva"))
    summary = upload(leads.path, settings(dialer), made_from=frozenset({before}))
    assert leads.statuses() == ["duplicate"] * 3 + ["accepted"]
    assert (summary.sent, len(dialer.recorded)) == (1, 4)


def test_retries_of_what_a_list_was_made_from_are_known_as_well(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings
) -> None:
    """Who was corrected in the results first, and then in the list, is called once."""
    leads.write(*numbered(2), ("no tiene", "Eva"), ("12", "Ida"))
    before = digest(leads)
    upload(leads.path, settings(dialer))
    text = leads.results.read_text("utf-8").replace("no tiene", "0990000003")
    leads.results.write_text(text, "utf-8")
    retry(leads.results, settings(dialer))
    age(settings(), 24 * 30)
    leads.write(*numbered(2), ("0990000003", "Eva"), ("0990000004", "Ida"))
    upload(leads.path, settings(dialer), made_from=frozenset({before}))
    assert leads.statuses() == ["duplicate"] * 3 + ["accepted"]
    assert dialer.recorded[2:] == ["0990000003", "0990000004"]


def test_the_rest_of_a_list_is_gone_on_with_in_its_corrected_form(
    leads: Leads, stopping: FaultyDialer, settings: MakeSettings
) -> None:
    """An unfinished run of what it was made from is never too old for it."""
    stopped(leads, stopping, settings(stopping, concurrency=1))
    before = digest(leads)
    age(settings(), 24 * 30)
    leads.write(*numbered(9), ("0990000010", "Ida"))
    witness = Witness()
    upload(leads.path, settings(stopping), witness, made_from=frozenset({before}))
    assert leads.statuses() == ["accepted"] * 10
    assert len(stopping.recorded) == 10


def test_a_list_that_was_made_from_another_one_is_still_refused_once_it_was_sent(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings
) -> None:
    """As any list of which a run is finished."""
    leads.write(*numbered(3))
    upload(leads.path, settings(dialer))
    with pytest.raises(AlreadyUploadedError):
        upload(leads.path, settings(dialer), made_from=frozenset({"d" * 64}))
