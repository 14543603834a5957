from __future__ import annotations

from pathlib import Path

import pytest

from bulk_loader.jobs.health import examine_jobs
from bulk_loader.workflows.doctor import State


@pytest.fixture(autouse=True)
def _settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o755)
    Path("inbox").mkdir()
    file = Path("bulk_loader.toml")
    file.write_text(
        '[job.good]\nsandbox = true\nfile = "inbox/*.csv"\n'
        '[job.bad]\nfile = "none/*.csv"\nmin_row = 3\nalerts = "nonsense://x"\n'
    )
    file.chmod(0o644)


def test_each_job_is_judged() -> None:
    """The first fault is told, how many more there are, and where to see them."""
    bad, good = examine_jobs({"profile": "of another command"})
    assert (good.state, good.told) == (State.OK, "good can run, as far as its settings go.")
    assert bad.state is State.FAULT
    assert bad.told.startswith("bad: ")
    assert bad.told.endswith("And 4 more.")
    assert bad.remedy == "See: bulk-loader job check bad"


def test_a_file_that_can_not_be_read_is_told_by_others() -> None:
    """Its fault is one of the settings, and said there."""
    Path("bulk_loader.toml").write_text("[")
    assert list(examine_jobs({})) == []
