from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import ErrorCode, ExitCode, LockedError, RuleError
from bulk_loader.jobs.kept_nights import last_night
from bulk_loader.jobs.night import FileReport, Night, NightOutcome
from bulk_loader.jobs.records import Earlier, note_begun, note_ended
from bulk_loader.model import Status
from tests.jobs.fakes import TWO, job

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.settings import Job, Settings


@pytest.fixture
def night(settings: Callable[..., Settings], tmp_path: Path) -> Job:
    """A job without a dialer."""
    return job(settings(), tmp_path / "inbox" / "*.csv")


def kept(made: Job) -> Night | None:
    """What its record has."""
    return last_night(made.settings.home, made.config, made.name)


def test_a_night_is_read_back_with_the_words_of_its_errors(night: Job, tmp_path: Path) -> None:
    """All three parts of each, by which a page says why it failed and what to do."""
    counts = dict.fromkeys(Status, 0) | {Status.ACCEPTED: 3}
    good = FileReport(
        "a.csv",
        NightOutcome.LOADED,
        ExitCode.OK,
        counts=counts,
        run_id="r",
        results=tmp_path / "a.results.csv",
        place=tmp_path / "a.csv",
        notes=("x",),
        report=tmp_path / "a.html",
    )
    wrong = RuleError("It has 1 lead.", "10 are wanted.", "Let it be made anew.")
    bad = FileReport("b.csv", NightOutcome.REFUSED, ExitCode.BAD_FILE, "why", error=wrong)
    made = Night(
        "night", NightOutcome.REFUSED, ExitCode.BAD_FILE, TWO, TWO, "why", (good, bad), None, ("n",)
    )
    note_ended(night, made, Earlier())
    found = kept(night)
    assert found is not None
    assert found.files[0] == good
    error = found.files[1].error
    assert error is not None
    assert (str(error), error.code) == (str(wrong), ErrorCode.RULE)
    assert replace(found, files=()) == replace(made, files=())


def test_what_kept_the_job_from_taking_any_file_is_read_back(night: Job) -> None:
    """It is of the night as a whole."""
    error = LockedError("It is under way.", "The process 7 holds it.", "Wait.")
    made = Night("night", NightOutcome.BUSY, ExitCode.LOCKED, TWO, TWO, "why", error=error)
    note_ended(night, made, Earlier())
    found = kept(night)
    assert found is not None
    assert str(found.error) == str(error)


def test_a_night_without_an_end_or_a_readable_record_is_none(night: Job) -> None:
    """It is for showing only, so nothing depends on it."""
    assert kept(night) is None
    note_begun(night, TWO, Earlier())
    assert kept(night) is None


def test_a_record_of_an_earlier_version_has_no_words(night: Job) -> None:
    """And is shown all the same."""
    made = Night("night", NightOutcome.NO_FILE, ExitCode.BAD_FILE, TWO, TWO, "None has come.")
    note_ended(night, made, Earlier())
    (file,) = (night.settings.home / "jobs").iterdir()
    values = json.loads(file.read_text("utf-8"))
    del values["error"], values["file_errors"]
    file.write_text(json.dumps(values), "utf-8")
    assert kept(night) == made


@pytest.mark.parametrize("wrong", [{"files": 3}, {"error": [1], "code": "rule"}, {"outcome": "?"}])
def test_a_damaged_record_is_none(night: Job, wrong: dict[str, object]) -> None:
    """Whoever has written it."""
    made = Night("night", NightOutcome.NO_FILE, ExitCode.BAD_FILE, TWO, TWO)
    note_ended(night, made, Earlier())
    (file,) = (night.settings.home / "jobs").iterdir()
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **wrong}), "utf-8")
    assert kept(night) is None
