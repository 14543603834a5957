from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bulk_loader.errors import SettingsError, SourceError
from bulk_loader.jobs.inbox import Candidate, look
from bulk_loader.jobs.night import Fate
from bulk_loader.jobs.places import Places, came_as
from tests.jobs.fakes import TWO, names, put
from tests.support.users import NOBODY, as_user, needs_root

# Where Linux keeps files in memory: another disk than that of the tests.
OTHER_DISK = Path("/dev/shm")  # noqa: S108


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """The folders of a job, which are there."""
    made = Places(tmp_path / "inbox")
    (tmp_path / "inbox").mkdir()
    made.make(tmp_path / "inbox")
    return made


def came(places: Places, name: str = "leads.csv", text: str = "x") -> Candidate:
    """A file that has come in."""
    path = put(places.workspace / name, text)
    (found,) = (each for each in look(places.workspace / "*").candidates if each.path == path)
    return found


def test_a_name_is_dated_and_told_without_its_date(places: Places) -> None:
    """The date is that of the taking, in the time of the machine."""
    path = places.take(came(places), TWO)
    assert path is not None
    assert path.name == f"{TWO.astimezone():%Y%m%d-%H%M%S}-leads.csv"
    assert came_as(path) == "leads.csv"
    assert came_as(Path("leads.csv")) == "leads.csv"


def test_nothing_is_ever_written_over(places: Places) -> None:
    """Neither in working nor where a list, its results or its page are put away."""
    moved = set()
    for number in range(3):
        path = places.take(came(places, text=f"list {number}"), TWO)
        assert path is not None
        results = put(path.with_suffix(".results.csv"), f"results {number}")
        put(path.with_suffix(".report.html"), f"page {number}")
        moved.add(places.put_away(path, results, Fate.DONE))
    texts = {path.read_text() for them in moved for path in them if path is not None}
    assert len(texts) == 9
    assert len(names(places.of(Fate.DONE))) == 9


def test_two_lists_in_working_have_two_names(places: Places) -> None:
    """Although they came under one name, and the clock stood still."""
    first = places.take(came(places, text="one"), TWO)
    second = places.take(came(places, text="two"), TWO)
    assert first != second
    assert {path.read_text() for path in places.leftovers()} == {"one", "two"}


def test_a_file_that_is_gone_is_nobodys_fault(places: Places) -> None:
    """Another program, or a person, was faster."""
    found = came(places)
    found.path.unlink()
    assert places.take(found, TWO) is None


def test_a_file_that_was_exchanged_for_a_link_is_not_read(places: Places, tmp_path: Path) -> None:
    """Whoever may write to the folder must not choose what this user reads."""
    found = came(places)
    found.path.unlink()
    found.path.symlink_to(put(tmp_path / "secret.csv", "x"))
    with pytest.raises(SourceError, match="is no file any more"):
        places.take(found, TWO)
    assert list(places.leftovers()) == []


@pytest.mark.skipif(
    not OTHER_DISK.is_dir() or OTHER_DISK.stat().st_dev == Path("/tmp").stat().st_dev,  # noqa: S108
    reason="there is one disk only",
)
def test_folders_on_another_disk_are_refused_before_anything_is_taken(tmp_path: Path) -> None:
    """A copy that a crash cuts in half could be taken for a list."""
    other = OTHER_DISK / f"bulk-loader-{os.getpid()}"
    try:
        with pytest.raises(SettingsError, match="can't be used") as refused:
            Places(other).make(tmp_path)
        assert "not all on one disk" in refused.value.why
        with pytest.raises(SettingsError, match="can't be moved") as refused:
            Places(other).take(Candidate(put(tmp_path / "a.csv", "x"), 1, 1, (1, 1)), TWO)
        assert "another disk" in refused.value.why
        assert names(tmp_path) == ["a.csv"]
    finally:
        for fate in Fate:
            (other / fate.value).rmdir()
        other.rmdir()


@needs_root
@pytest.mark.parametrize("closed", ["", "working", "done", "failed", "repeated"])
def test_a_folder_that_may_not_be_written_is_told_before_anything_is_taken(closed: str) -> None:
    """Else a list would be sent that can't be put away."""
    with TemporaryDirectory() as folder:  # those of pytest let no other user in
        inbox = Path(folder)
        places = Places(inbox)
        places.make(inbox)
        for place in (inbox, *places.all):
            place.chmod(0o755 if place == inbox / closed else 0o777)
        with as_user(NOBODY), pytest.raises(SettingsError, match="can't be used") as refused:
            places.make(inbox)
        assert refused.value.why == f"This user may not write to {inbox / closed}."


def test_what_is_left_in_working_comes_in_the_order_of_its_taking(places: Places) -> None:
    """And nothing else that stands there."""
    working = places.of(Fate.WORKING)
    for name in (
        "20260303-020000-b.csv",
        "20260301-020000-c.csv",
        "20260303-020000-b.results.csv",
        ".20260303-020000-b.results.csv.run",
        "notes.txt",
    ):
        put(working / name, "x")
    (working / "20260303-020000-folder.csv").mkdir()
    assert [came_as(path) for path in places.leftovers()] == ["c.csv", "b.csv"]
