from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bulk_loader.errors import LockedError
from bulk_loader.jobs.records import Earlier
from bulk_loader.jobs.telling.channel import NotToldError
from bulk_loader.jobs.telling.metrics import Metrics
from tests.jobs.fakes import TWO
from tests.jobs.telling.conftest import FAILED, GOOD

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.jobs.night import Night


def samples(folder: Path, night: Night, earlier: Earlier | None = None) -> dict[str, float]:
    """What Prometheus reads of a night, by name and last label."""
    Metrics(folder, "night").ended(night, earlier or Earlier())
    text = (folder / "bulk_loader_night.prom").read_text()
    found = [each for family in text_string_to_metric_families(text) for each in family.samples]
    assert all(each.labels["job"] == "night" for each in found)
    return {
        " ".join((each.name.removeprefix("bulk_loader_"), *[*each.labels.values()][1:])): each.value
        for each in found
    }


def test_a_good_night_in_figures(tmp_path: Path) -> None:
    """Leads by status, with those of which there are none, times in seconds, and success."""
    night = replace(GOOD, ended_at=TWO + timedelta(minutes=7))
    found = samples(tmp_path, night)
    assert found["leads accepted"] == 1200
    assert found["leads unknown"] == 0
    assert found["outcome loaded"] == 1
    assert (found["success"], found["exit_code"], found["files"]) == (1, 0, 1)
    assert found["duration_seconds"] == 420
    assert found["last_run_timestamp_seconds"] == night.ended_at.timestamp()
    assert found["last_success_timestamp_seconds"] == night.ended_at.timestamp()


def test_a_failed_night_keeps_the_time_of_the_last_good_one(tmp_path: Path) -> None:
    """Where there never was one, there is no such time, not a wrong one."""
    found = samples(tmp_path, FAILED, Earlier().after(GOOD))
    assert (found["success"], found["exit_code"]) == (0, 3)
    assert found["last_success_timestamp_seconds"] == GOOD.ended_at.timestamp()
    assert "last_success_timestamp_seconds" not in samples(tmp_path, FAILED)


def test_the_collector_may_read_the_file_and_finds_no_other(tmp_path: Path) -> None:
    """It is another user; a half-written file is never seen."""
    samples(tmp_path, GOOD)
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_a_run_that_was_turned_away_leaves_them_to_the_one_under_way(tmp_path: Path) -> None:
    """The other one writes them when it ends."""
    night = replace(FAILED, files=(), error=LockedError("Under way."))
    Metrics(tmp_path, "night").ended(night, Earlier())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_known_before_the_night(tmp_path: Path) -> None:
    """And told after it, without ending anything."""
    metrics = Metrics(tmp_path / "none", "night")
    assert list(metrics.faults()) == [f"there is no folder {tmp_path / 'none'}."]
    with pytest.raises(NotToldError, match="No such file or directory"):
        metrics.ended(GOOD, Earlier())


def test_without_the_library_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the night, and after it."""
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    (fault,) = Metrics(tmp_path, "night").faults()
    assert 'pip install "bulk-loader[metrics]"' in fault
    with pytest.raises(NotToldError, match=r"bulk-loader\[metrics\]"):
        Metrics(tmp_path, "night").ended(GOOD, Earlier())


@pytest.mark.skipif(shutil.which("promtool") is None, reason="there is no promtool here")
def test_prometheus_itself_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    """`promtool check metrics` lints names, units and help texts."""
    samples(tmp_path, GOOD)
    content = (tmp_path / "bulk_loader_night.prom").read_bytes()
    subprocess.run(["promtool", "check", "metrics"], input=content, check=True)
