from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bulk_loader.model import Status
from bulk_loader.results import stamps_in
from bulk_loader.runs.locks import held
from bulk_loader.workflows.old_results import Kept, plan_removal, remove_results
from bulk_loader.workflows.past_runs import past_runs, rewrite_results, settle_doubts
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.settings import Settings

    Make = Callable[..., Settings]

NOW, WEEK = timedelta(0), timedelta(days=7)


def test_what_is_old_goes_and_can_be_written_anew(
    leads: Leads, dialer: FaultyDialer, settings: Make
) -> None:
    """The run stays known, so that nobody is called twice, and so does the stamp beside the list."""
    leads.write(*numbered(2))
    run = upload(leads.path, settings(dialer))
    written = leads.results.read_bytes()
    assert plan_removal(settings().home, NOW).files == (leads.results,)
    assert leads.results.exists()
    assert remove_results(settings().home, NOW).files == (leads.results,)
    assert not leads.results.exists()
    assert [stamp.run for stamp in stamps_in(leads.path.parent)] == [run.run_id]
    assert len(past_runs(settings().home)) == 1
    rewrite_results(settings().home, run.run_id)
    assert leads.results.read_bytes() == written


def test_what_is_young_is_not_even_named(
    leads: Leads, dialer: FaultyDialer, settings: Make
) -> None:
    """Only what is old is a matter of this command."""
    leads.write(*numbered(2))
    upload(leads.path, settings(dialer))
    found = remove_results(settings().home, WEEK)
    assert (found.files, found.kept) == ((), ())
    assert leads.results.exists()


def test_an_open_doubt_keeps_its_file_however_old(leads: Leads, settings: Make) -> None:
    """Until a person has decided it, and the file says so."""
    leads.write(*numbered(3))
    with FaultyDialer({"0991000002": Fault.SERVER_ERROR}) as dialer:
        run = upload(leads.path, settings(dialer))
        assert run.counts[Status.UNKNOWN] == 1
        assert remove_results(settings().home, NOW).kept == ((leads.results, Kept.IN_DOUBT),)
        assert leads.results.exists()
        settle_doubts(settings().home, run.run_id, None, Status.ACCEPTED)
        assert remove_results(settings().home, NOW).files == (leads.results,)


def test_what_a_person_typed_is_not_removed(
    leads: Leads, dialer: FaultyDialer, settings: Make
) -> None:
    """A corrected cell is work that nobody has sent yet."""
    leads.write(*numbered(2), ("no tiene", "none"))
    upload(leads.path, settings(dialer))
    corrected = leads.results.read_text("utf-8").replace("no tiene", "0991999999")
    leads.results.write_text(corrected, "utf-8")
    assert remove_results(settings().home, NOW).kept == ((leads.results, Kept.CHANGED),)
    assert leads.results.read_text("utf-8") == corrected


def test_an_unfinished_run_keeps_its_file(leads: Leads, settings: Make) -> None:
    """The same command goes on with it."""
    leads.write(*numbered(3))
    with FaultyDialer() as gone:
        url = gone.url
    upload(leads.path, settings(url=url, token="t", retry_for="0s"))
    assert remove_results(settings().home, NOW).kept == ((leads.results, Kept.UNFINISHED),)


def test_a_file_that_a_retry_wrote_goes_with_all_its_runs(leads: Leads, settings: Make) -> None:
    """The newest of them says what stands in it."""
    leads.write(*numbered(3))
    with FaultyDialer({"0991000002": Fault.ZERO}) as dialer:
        upload(leads.path, settings(dialer))
        retry(leads.results, settings(dialer))
    assert remove_results(settings().home, NOW).files == (leads.results,)


def test_what_stands_there_and_is_not_ours_stays(
    leads: Leads, dialer: FaultyDialer, settings: Make
) -> None:
    """A link leads to another's file, and a folder is none."""
    leads.write(*numbered(2))
    upload(leads.path, settings(dialer))
    moved = leads.results.rename(leads.path.with_name("mine.csv"))
    leads.results.symlink_to(moved)
    found = remove_results(settings().home, NOW)
    assert (found.files, found.kept) == ((), ())
    assert moved.exists()


def test_a_file_that_was_uploaded_as_a_list_stays(
    leads: Leads, dialer: FaultyDialer, settings: Make
) -> None:
    """Lists are their owner's, whatever a run wrote over them once."""
    leads.write(*numbered(2))
    upload(leads.path, settings(dialer))
    header, *rows = leads.results.read_text("utf-8").splitlines()
    written = leads.results.read_bytes()
    plain = [",".join(line.split(",")[:2]) for line in (header, *rows)]
    leads.results.write_text("\n".join([*plain, "0991777777,New", ""]), "utf-8")
    upload(leads.results, settings(dialer, results=leads.path.with_name("second.csv")))
    leads.results.write_bytes(written)
    assert (leads.results, Kept.IS_LIST) in remove_results(settings().home, NOW).kept
    assert leads.results.read_bytes() == written


def test_a_file_whose_run_is_under_way_stays(
    leads: Leads, dialer: FaultyDialer, settings: Make
) -> None:
    """It may be about to be read or written."""
    leads.write(*numbered(2))
    upload(leads.path, settings(dialer))
    with held(settings().home, [str(leads.results.resolve())], "Under way."):
        found = remove_results(settings().home, NOW)
    assert found.kept == ((leads.results, Kept.UNDER_WAY),)
    assert leads.results.exists()


def test_no_ledger_has_no_results(settings: Make) -> None:
    """The command may be given on the first day."""
    assert plan_removal(settings().home, NOW).files == ()
