from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.jobs.inbox import look
from tests.jobs.fakes import TWO, put
from tests.support.users import NOBODY, as_user, needs_root

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "name",
    [
        "~$leads.xlsx",
        ".leads.xlsx",
        ".~lock.leads.xlsx#",
        "leads.xlsx.part",
        "leads.xlsx.partial",
        "leads.xlsx.filepart",
        "leads.xlsx.crdownload",
        "leads.tmp",
        "~WRL0001.TMP",
        "leads.xlsx~",
        "leads.results.xlsx",
        "leads.results.before-20260101-0200-abcdef.xlsx",
    ],
)
def test_a_name_tells_that_a_file_is_no_list_yet(tmp_path: Path, name: str) -> None:
    """Copying programs, browsers and spreadsheet programs have names for what is not there yet."""
    put(tmp_path / name, "x")
    found = look(tmp_path / "*")
    assert not found.candidates
    assert [over.path.name for over in found.passed_over] == [name]
    assert found.passed_over[0].sentence.startswith(f"{name} was not taken: by its name")


@pytest.mark.parametrize("name", ["leads.xlsx", "my.results", "party.csv", "temp.csv", "a~b.csv"])
def test_other_names_are_lists(tmp_path: Path, name: str) -> None:
    """Whatever they only look like."""
    put(tmp_path / name, "x")
    is_results = name == "my.results"
    assert [each.path.name for each in look(tmp_path / "*").candidates] == [name] * (not is_results)


def test_a_file_that_is_asked_for_by_its_name_is_taken_whatever_it_is_called(
    tmp_path: Path,
) -> None:
    """The user knows what it is."""
    put(tmp_path / "export.tmp", "x")
    put(tmp_path / "export.tmp2", "x")
    (found,) = look(tmp_path / "export.tmp").candidates
    assert found.path == tmp_path / "export.tmp"


def test_files_come_in_the_order_of_their_time_then_of_their_name(tmp_path: Path) -> None:
    """So that of two lists the one that was written first is called first."""
    for name, minutes in (("c.csv", 0), ("b.csv", 5), ("a.csv", 5), ("d.csv", -5)):
        put(tmp_path / name, "x", TWO + timedelta(minutes=minutes))
    found = look(tmp_path / "*.csv")
    assert [each.path.name for each in found.candidates] == ["d.csv", "c.csv", "a.csv", "b.csv"]


def test_folders_of_the_job_itself_need_no_word(tmp_path: Path) -> None:
    """Any other folder does, and so does a pipe."""
    for name in ("done", "other"):
        (tmp_path / name).mkdir()
    os.mkfifo(tmp_path / "pipe")
    found = look(tmp_path / "*", [tmp_path / "done"])
    assert [over.sentence for over in found.passed_over] == [
        "other was not taken: it is a folder.",
        "pipe was not taken: it is no file, but a pipe, a socket or the like.",
    ]


def test_a_folder_that_is_not_there_is_no_empty_one(tmp_path: Path) -> None:
    """A share that is not mounted must not look like a night without a file."""
    with pytest.raises(SettingsError, match="can't be looked at") as refused:
        look(tmp_path / "gone" / "*.csv")
    assert refused.value.why == "The system says: No such file or directory."


@needs_root
def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    """In the words of the system."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    with as_user(NOBODY), pytest.raises(SettingsError, match="can't be looked at"):
        look(folder / "*.csv")
