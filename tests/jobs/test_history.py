from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.jobs.history import taken_lists
from bulk_loader.jobs.places import Places
from bulk_loader.model import Status
from bulk_loader.workflows.upload import upload
from tests.jobs.fakes import put, run

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.settings import Job
    from tests.support.uploads import Leads


def test_the_lists_of_a_job_are_known_by_its_folders(night: Job, inbox: Path, leads: Leads) -> None:
    """Newest first, so many at the most; what somebody has loaded by hand is none of them."""
    folders = Places(night.workspace).all
    assert taken_lists(night.settings, folders, 9) == []
    for number in range(3):
        put(inbox / f"{number}.csv", f"phone\n099123456{number}\n")
        run(night)
    leads.write(("0991234569", "x"))
    upload(leads.path, night.settings)
    found = taken_lists(night.settings, folders, 2)
    assert [taken.file.name[-5:] for taken in found] == ["2.csv", "1.csv"]
    assert [taken.counts[Status.ACCEPTED] for taken in found] == [1, 1]
    assert all(taken.results.is_file() for taken in found)
