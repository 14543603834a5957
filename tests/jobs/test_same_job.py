from __future__ import annotations

import errno
import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from bulk_loader.jobs.same_job import MARK_FILE, make_mark, name_everywhere
from tests.jobs.fakes import job

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Job, Settings


def test_all_who_come_at_once_find_one_mark(night: Job, inbox: Path) -> None:
    """Whoever was a moment later reads that of the first, and leaves nothing behind."""

    def come(_: int) -> str | None:
        make_mark(night)
        return name_everywhere(night)

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(come, range(8)))
    (name,) = found
    assert name is not None
    assert [each.name for each in (inbox / "working").iterdir()] == [MARK_FILE]


def test_a_mark_is_made_where_files_can_not_have_a_second_name(
    night: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on some shares; one that is there already stays."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "not here")

    monkeypatch.setattr(os, "link", refuse)
    make_mark(night)
    name = name_everywhere(night)
    assert name is not None
    make_mark(night)
    assert name_everywhere(night) == name


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
def test_a_mark_can_be_read_by_the_users_of_other_machines(night: Job, inbox: Path) -> None:
    """It is a random number and no secret."""
    make_mark(night)
    mark = inbox / "working" / MARK_FILE
    assert stat.S_IMODE(mark.stat().st_mode) == 0o644
    assert re.fullmatch("[0-9a-f]{32}", mark.read_text("ascii"))


def test_no_path_is_in_the_name(night: Job, inbox: Path) -> None:
    """A machine may see the folder elsewhere."""
    make_mark(night)
    name = name_everywhere(night)
    assert name is not None
    assert str(inbox) not in name
    assert "night" in name


def test_where_no_dialer_or_no_mark_is_known_there_is_no_name(
    night: Job, settings: Callable[..., Settings]
) -> None:
    """A look alone makes nothing."""
    assert name_everywhere(night) is None
    assert not (night.workspace / "working").exists()
    make_mark(night)
    assert name_everywhere(job(settings(sandbox=True), night.source)) is None
