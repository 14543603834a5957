"""What is wrong with a job, all at once, and what it would do now; nothing is sent or moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError
from bulk_loader.jobs.history import begun_with, was_loaded
from bulk_loader.jobs.inbox import look
from bulk_loader.jobs.night import Fate, fate, outcome_of_error
from bulk_loader.jobs.open_files import written_now
from bulk_loader.jobs.pages import without_page
from bulk_loader.jobs.places import Places, came_as
from bulk_loader.jobs.rules import require_valid, require_whole, stale
from bulk_loader.jobs.telling.channel import NotToldError
from bulk_loader.jobs.telling.telling import send_trial, telling_faults
from bulk_loader.model import RESULT_COLUMNS
from bulk_loader.runs.spreading import require_spreadable
from bulk_loader.settings import dialer_identity
from bulk_loader.settings.faults import SettingFault
from bulk_loader.workflows.check import check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from bulk_loader.jobs.inbox import Candidate
    from bulk_loader.model import Status
    from bulk_loader.settings import Job, Settings
    from bulk_loader.settings.jobs import JobReading

MAX_CHECKED = 20
"""Files of which every lead is looked at; who has more of them waits for no check."""


class Would(StrEnum):
    """What a run would do with a file."""

    LOAD = "load"
    GO_ON = "go_on"
    PUT_AWAY = "put_away"
    REPEAT = "repeat"
    FAIL = "fail"
    WAIT = "wait"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Step:
    """What a run would do with one file.

    Attributes:
        why: one sentence; may be empty.
        counts: leads by status where they were looked at; those that would be sent are `unsent`.
    """

    name: str
    would: Would
    why: str = ""
    counts: Mapping[Status, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobCheck:
    """What was found about a job.

    Attributes:
        faults: what keeps it from running, all of it.
        steps: files in the order in which they would be loaded.
        unchecked: further files that would be taken.
    """

    name: str
    faults: tuple[SettingFault, ...]
    steps: tuple[Step, ...] = ()
    unchecked: int = 0


def check_job(
    name: str, reading: JobReading, now: datetime, *, sends_trial: bool = False
) -> JobCheck:
    """Look at settings, credentials and folders, and at the files that are there.

    Args:
        sends_trial: see also whether alerts arrive, by sending one that says that it is a test.

    Raises:
        LedgerError: the ledger can't be used.
    """
    faults = job_faults(name, reading)
    if sends_trial:
        faults = (*faults, *_of_trial(name, reading.settings))
    if reading.job is None or faults:
        return JobCheck(name, faults)
    steps, unchecked = _Prospect(reading.job, now).steps()
    return JobCheck(name, (), steps, unchecked)


def job_faults(name: str, reading: JobReading) -> tuple[SettingFault, ...]:
    """What keeps a job from running or from telling of it, without a look at its files."""
    return (*reading.faults, *_of_settings(name, reading.settings), *_of_folders(reading))


def _of_settings(name: str, settings: Settings | None) -> Iterator[SettingFault]:
    if settings is None:
        return
    yield from _told("the dialer", settings.require_target)
    if not settings.sandbox:
        yield from _told("the credentials", settings.require_credentials)
    yield from _told("spread", partial(require_spreadable, settings))
    yield from telling_faults(name, settings)


def _of_trial(name: str, settings: Settings | None) -> Iterator[SettingFault]:
    if settings is None:
        return
    try:
        send_trial(name, settings)
    except NotToldError as error:
        yield SettingFault("the alerts", str(error))


def _of_folders(reading: JobReading) -> Iterator[SettingFault]:
    source, rules = reading.source, reading.rules
    if source is None or rules is None:
        return
    found = list(_told("the folder", lambda: look(source)))
    yield from found
    if not found and (why := Places(rules.workspace or source.parent).obstacle(source.parent)):
        yield SettingFault("the folders of the job", why)


def _told(place: str, require: Callable[[], object]) -> Iterator[SettingFault]:
    try:
        require()
    except LoaderError as error:
        yield SettingFault(place, error.one_line)


@dataclass(frozen=True, slots=True)
class _Prospect:
    job: Job
    now: datetime

    def steps(self) -> tuple[tuple[Step, ...], int]:
        """Of the first files, and how many more there are."""
        places = Places(self.job.workspace)
        inbox = look(self.job.source, (*places.all, self.job.config))
        steps = list(map(self._of_leftover, places.leftovers()))
        written = written_now() if inbox.candidates else frozenset()
        still = [each for each in inbox.candidates if each.inode not in written]
        old = stale(still, self.now, self.job.rules.max_age)
        steps += [
            Step(each.path.name, Would.LEAVE, old) if old else self._of_new(each)
            for each in still[:MAX_CHECKED]
        ]
        steps += [
            Step(each.path.name, Would.WAIT, "A program has it open for writing.")
            for each in inbox.candidates
            if each.inode in written
        ]
        steps += [Step(over.path.name, Would.LEAVE, over.sentence) for over in inbox.passed_over]
        return tuple(steps), len(still[MAX_CHECKED:])

    def _of_leftover(self, path: Path) -> Step:
        begun = begun_with(self.job.settings, path)
        if begun is None:
            return Step(came_as(path), Would.GO_ON, "An earlier run took it and sent nothing.")
        would = Would.PUT_AWAY if begun.is_finished else Would.GO_ON
        return Step(came_as(path), would, f"It is of run {begun.run_id}.", begun.counts)

    def _of_new(self, found: Candidate) -> Step:
        path, settings, rules = found.path, self.job.settings, self.job.rules
        try:
            report = check(path, without_page(settings))
            require_whole(report.source, rules)
            if rules.max_invalid is not None:
                require_valid(path.name, report.counts, rules.max_invalid)
        except LoaderError as error:
            is_failed = fate(outcome_of_error(error)) is Fate.FAILED
            return Step(path.name, Would.FAIL if is_failed else Would.LEAVE, error.one_line)
        if set(RESULT_COLUMNS) <= set(report.source.columns):
            why = "It is a results file, which is for: bulk-loader retry"
            return Step(path.name, Would.FAIL, why)
        if self._was_loaded(report.source.digest):
            return Step(path.name, Would.REPEAT, "Its content was loaded before.")
        return Step(path.name, Would.LOAD, "", report.counts)

    def _was_loaded(self, digest: str) -> bool:
        url = self.job.settings.base_url
        return url is not None and was_loaded(self.job.settings, dialer_identity(url), digest)
