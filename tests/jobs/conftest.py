from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.jobs.fakes import job
from tests.support.uploads import dialer, leads, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Job, Settings
    from tests.support.faulty_dialer import FaultyDialer

__all__ = ["dialer", "leads", "settings"]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder into which lists come."""
    place = tmp_path / "inbox"
    place.mkdir()
    return place


@pytest.fixture
def night(
    settings: Callable[..., Settings],
    dialer: FaultyDialer,
    inbox: Path,
) -> Job:
    """A job for all lists of the inbox."""
    return job(settings(dialer), inbox / "*.csv")
