from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import ExitCode
from bulk_loader.jobs.night import FileReport, Night, NightOutcome
from bulk_loader.jobs.records import Earlier, last_run, night_values, note_begun, note_ended
from bulk_loader.model import Status
from tests.jobs.fakes import TWO, job

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Job, Settings

FILE = FileReport("leads.csv", NightOutcome.LOADED, ExitCode.OK, counts={Status.ACCEPTED: 3})
NIGHT = Night("night", NightOutcome.LOADED, ExitCode.OK, TWO, TWO, files=(FILE, FILE))


@pytest.fixture
def night(settings: Callable[..., Settings], tmp_path: Path) -> Job:
    """A job without a dialer."""
    return job(settings(), tmp_path / "inbox" / "*.csv")


def test_what_was_written_is_read_back(night: Job) -> None:
    """For this user alone, and each settings file has jobs of its own."""
    note_ended(night, NIGHT, Earlier())
    home, config = night.settings.home, night.config
    kept = last_run(home, config, "night")
    assert kept is not None
    assert (kept.began_at, kept.ended_at) == (TWO, TWO)
    assert kept.counts == NIGHT.counts
    assert last_run(home, config.parent / "other.toml", "night") is None
    assert last_run(home, config, "day") is None
    (file,) = (home / "jobs").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"started_at": 3}', b'{"started_at": "x"}', b"\xff", b"null"]
)
def test_a_damaged_record_is_none(night: Job, content: bytes) -> None:
    """It is for showing only, so nothing depends on it."""
    note_begun(night, TWO, Earlier())
    (file,) = (night.settings.home / "jobs").iterdir()
    file.write_bytes(content)
    assert last_run(night.settings.home, night.config, "night") is None


def test_a_night_is_json_with_all_statuses() -> None:
    """Counts of the files add up to those of the night."""
    values = json.loads(json.dumps(night_values(NIGHT)))
    assert values["counts"] == {**dict.fromkeys(map(str, Status), 0), "accepted": 6}
    assert values["files"][0]["file"] == "leads.csv"
    assert (values["outcome"], values["exit_code"]) == ("loaded", 0)
