from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest

from bulk_loader.choices import NoFile
from bulk_loader.errors import SettingsError
from bulk_loader.settings import BadLeadLimit, read_job
from bulk_loader.settings.clock_times import EVERY_DAY, Weekday
from bulk_loader.settings.groups import SETTINGS
from bulk_loader.settings.home import FILE_NAME
from bulk_loader.settings.job_groups import JOB_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulk_loader.settings import Job

NIGHT = """\
campaign = "GENERAL"
rate = 5

[profile.acme]
instance = "acme"
campaign = "SALES"

[job.night]
profile = "acme"
file = "inbox/leads-*.xlsx"
"""


def written(directory: Path, text: str) -> Path:
    """A settings file of the user's own in the working directory."""
    path = directory / FILE_NAME
    path.write_text(text, "utf-8")
    path.chmod(0o644)
    directory.chmod(0o755)
    return path


def load(directory: Path, name: str = "night", environ: Mapping[str, str] | None = None) -> Job:
    """As a command in that directory does it."""
    return read_job(name, {}, environ=environ or {}, directory=directory).require_job()


def refusal(directory: Path, text: str, name: str = "night") -> str:
    """What is wrong with a job."""
    written(directory, text)
    with pytest.raises(SettingsError) as caught:
        load(directory, name)
    return str(caught.value)


def test_a_job_has_its_own_settings_then_those_of_its_profile_then_the_files(
    directory: Path,
) -> None:
    """A job is a table beside the profiles, and paths in it begin at the file."""
    path = written(directory, NIGHT + 'agent = 1001\nmin_rows = 10\nmax_invalid = "20%"\n')
    job = load(directory)
    assert (job.name, job.config) == ("night", path)
    assert (job.folder, job.pattern) == (directory / "inbox", "leads-*.xlsx")
    assert job.workspace == directory / "inbox"
    settings = job.settings
    assert (settings.instance, settings.campaign, settings.agent) == ("acme", "SALES", "1001")
    assert settings.rate == 5
    assert (job.rules.min_rows, job.rules.max_invalid) == (10, BadLeadLimit(20, is_percent=True))


def test_a_job_says_when_it_runs(directory: Path) -> None:
    """At one time or several, in the forms of TOML as well; every day where none is named."""
    written(directory, NIGHT + 'at = ["14:30", "02:00"]\ndays = "sat,sun"\n')
    rules = load(directory).rules
    assert (rules.at, rules.days) == ((time(2), time(14, 30)), (Weekday.SAT, Weekday.SUN))
    written(directory, NIGHT + "at = 02:00:00\n")
    rules = load(directory).rules
    assert (rules.at, rules.days) == ((time(2),), EVERY_DAY)


def test_what_a_job_does_not_say_is_strict(directory: Path) -> None:
    """A night without a file is a failure, and a file rests for a while before it is taken."""
    written(directory, NIGHT)
    rules = load(directory).rules
    assert (rules.no_file, rules.settle) == (NoFile.FAIL, timedelta(seconds=30))
    assert (rules.min_rows, rules.max_age, rules.max_invalid, rules.columns) == (0, None, None, ())


def test_variables_win_over_a_job(directory: Path) -> None:
    """As over a profile."""
    written(directory, NIGHT + 'agent = "one"\n')
    assert load(directory, environ={"BULK_LOADER_AGENT": "two"}).settings.agent == "two"


@pytest.mark.parametrize(
    ("line", "near"),
    [("min_row = 3", "min_rows"), ("campain = 'X'", "campaign"), ("colums = ['a']", "columns")],
)
def test_a_typo_names_the_nearest_right_key(directory: Path, line: str, near: str) -> None:
    """Whether it is a key of the job or of an upload."""
    assert f"Is {near} meant?" in refusal(directory, f"{NIGHT}{line}\n")


def test_a_key_of_a_job_is_unknown_to_profiles(directory: Path) -> None:
    """There it would do nothing."""
    text = NIGHT.replace("[job.night]", "min_rows = 3\n[job.night]")
    assert "there is no setting of that name" in refusal(directory, text)


def test_all_faults_are_told_at_once(directory: Path) -> None:
    """With the place of each: of the upload, of the job, of the profile and of the name."""
    text = """\
        [job."last night"]
        profile = "acne"
        file = "in*/leads.xlsx"
        rate = "fast"
        agian = true
        results = "out.xlsx"
        token = "secret"
        """
    told = refusal(directory, text, "last night")
    for part in (
        "letters without accents",
        "Profile acne was not found",
        "not the folders before it",
        '"rate" in [job.last night] of',
        "Is again meant?",
        '"results" in [job.last night]',
        "a token does not stand here",
    ):
        assert part in told
    assert "secret" not in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("min_rows = -1", "min_rows"),
        ('settle = "soon"', "is not a length of time"),
        ('max_age = "0s"', "must be longer than nothing"),
        ('max_invalid = "120%"', "is more than 100 %"),
        ('no_file = "maybe"', "is none of"),
        ("columns = [1]", "holds a name that is none"),
        ("file = 7", "is not a path"),
        ('at = "2am"', "is not a time of the day"),
        ('days = "noday"', "is not a list of days"),
    ],
)
def test_a_value_that_is_none_is_told_with_its_key(directory: Path, line: str, told: str) -> None:
    """In the words of every other setting."""
    assert told in refusal(directory, f"[job.night]\n{line}\n")


def test_a_job_without_a_list_says_so(directory: Path) -> None:
    """There is nothing to guess."""
    assert 'such as file = "inbox/leads-*.xlsx"' in refusal(directory, "[job.night]\n")


@pytest.mark.parametrize(
    "text", [f"again = true\n{NIGHT}", NIGHT.replace("instance =", "again = true\ninstance =")]
)
def test_to_send_again_can_not_be_said_for_every_night(directory: Path, text: str) -> None:
    """From wherever it comes, each file would be sent each time that it is seen."""
    assert "a job sends no list twice" in refusal(directory, text)


def test_two_jobs_can_not_work_in_one_folder(directory: Path) -> None:
    """One would send what the other left in working/, with its own settings."""
    text = f'{NIGHT}[job.day]\nfile = "./inbox/day.csv"\n'
    assert "in common with [job.day]" in refusal(directory, text)
    written(directory, text + 'workspace = "day"\n')
    assert load(directory).workspace == directory / "inbox"
    assert load(directory, "day").workspace == directory / "day"


def test_a_job_that_is_not_there_names_the_nearest(directory: Path) -> None:
    """And says which there are."""
    told = refusal(directory, NIGHT, "nigth")
    assert "has these jobs: night." in told
    assert "Is night meant?" in told


def test_without_a_file_there_is_no_job(directory: Path) -> None:
    """Where it was searched is said."""
    with pytest.raises(SettingsError, match="Job night was not found") as caught:
        load(directory)
    assert str(directory) in caught.value.why


def test_a_job_that_is_no_table_is_a_slip(directory: Path) -> None:
    """It would be ignored otherwise."""
    assert "has a key named job that is no table" in refusal(directory, 'job = "night"\n')


def test_no_key_of_a_job_is_one_of_an_upload() -> None:
    """Both stand in one table."""
    assert not JOB_SETTINGS.keys() & SETTINGS.keys()
