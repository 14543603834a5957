"""What one run of a job does, in its order: what an earlier one left, then what has come in."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError
from bulk_loader.jobs.course import Course, incomplete, left
from bulk_loader.jobs.inbox import look
from bulk_loader.jobs.loading import Loading, of_error
from bulk_loader.jobs.night import Fate, NightOutcome, is_cut_short
from bulk_loader.jobs.places import Places
from bulk_loader.jobs.records import note_begun, note_ended
from bulk_loader.jobs.resting import Resting, wait_for_rest
from bulk_loader.jobs.rules import stale
from bulk_loader.runs.locks import held_in
from bulk_loader.runs.spreading import require_spreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from bulk_loader.jobs.clock import Clock
    from bulk_loader.jobs.hold import Hold
    from bulk_loader.jobs.inbox import Candidate
    from bulk_loader.jobs.loading import Watches
    from bulk_loader.jobs.night import Night
    from bulk_loader.jobs.resting import Rested
    from bulk_loader.settings import Job

AFTER_STOP_S = 60.0
"""Seconds after which a job that watches goes on where it was stopped, as by a dialer that is down,
or by another run of the same list; each time it tries for as long as `retry_for` says."""


class Shift:
    """The work of one process for one job, whose lock it holds.

    Args:
        watches: gives a watch for each file.
        hold: what it has of its night.
    """

    def __init__(self, job: Job, watches: Watches, clock: Clock, hold: Hold) -> None:
        self._job, self._clock, self._hold = job, clock, hold
        self._earlier = hold.earlier
        self._places = Places(job.workspace)
        self._loading = Loading(job, self._places, watches)
        self._resting = Resting(job.rules.settle.total_seconds())
        self._look = partial(look, job.source, (*self._places.all, job.config))
        self._goes_on_at = -math.inf
        self._held: set[Path | None] = set()
        self._last_told = ""

    def once(self) -> Night:
        """Load all that there is now; files that are still being written are waited for."""
        course = Course(self._clock.now())
        self._begin(course)
        self._do(self._all_of_now, course)
        return self._end(course)

    def next(self) -> Night | None:
        """Load what has come to rest; None where nothing has, or nothing new is to be told."""
        if self._clock.monotonic() < self._goes_on_at:
            return None
        course = Course(self._clock.now())
        self._do(self._whatever_rests, course)
        reports = course.reports
        self._held |= {each.place for each in reports if each.outcome is NightOutcome.HELD}
        if is_cut_short(reports) or any(each.outcome is NightOutcome.BUSY for each in reports):
            self._goes_on_at = self._clock.monotonic() + AFTER_STOP_S
        return self._end(course) if self._is_news(course) else None

    def _do(self, work: Callable[[Course], None], course: Course) -> None:
        try:
            self._prepare()
            # The lock of the job is this machine's; of several, one may work in these folders.
            otherwise = f"The folders of the job {self._job.name} are in use."
            with held_in(self._places.of(Fate.WORKING), otherwise):
                work(course)
        except LoaderError as error:
            course.error = error
        except KeyboardInterrupt:
            course.is_interrupted = True

    def _prepare(self) -> None:
        """Find out what would keep every file from being loaded, before one is taken.

        Raises:
            SettingsError: there is such a thing.
        """
        settings = self._job.settings
        settings.require_target()
        if not settings.sandbox:
            settings.require_credentials()
        require_spreadable(settings)
        self._look()  # before folders are made where the list's own is only mistyped
        self._places.make(self._job.folder)

    def _all_of_now(self, course: Course) -> None:
        self._go_on(self._places.leftovers(), course)
        if is_cut_short(course.reports):
            return
        rested, inbox = wait_for_rest(self._look, self._resting, self._clock)
        if course.reports and not inbox.candidates:
            course.notes.append("No new file has come.")
        self._take(rested, course)
        course.reports += map(incomplete, rested.restless)
        course.notes += [over.sentence for over in inbox.passed_over]

    def _whatever_rests(self, course: Course) -> None:
        left_over = [path for path in self._places.leftovers() if path not in self._held]
        self._go_on(left_over, course)
        if not is_cut_short(course.reports):
            self._take(self._resting.sort(self._look(), self._clock.monotonic()), course)

    def _go_on(self, paths: Iterable[Path], course: Course) -> None:
        """Load what an earlier run has taken and not finished."""
        for path in paths:
            if is_cut_short(course.reports):
                return
            self._hold.require()
            course.reports.append(self._loading.load(path))

    def _take(self, rested: Rested, course: Course) -> None:
        """Load what has come in, in the order of its time."""
        ready = [each for each in rested.ready if each.path not in self._held]
        if why := stale(ready, self._clock.now(), self._job.rules.max_age):
            course.reports.append(left(ready[-1], NightOutcome.STALE, why))
            return
        for found in ready:
            if is_cut_short(course.reports):
                return
            self._hold.require()
            self._take_one(found, course)

    def _take_one(self, found: Candidate, course: Course) -> None:
        try:
            path = self._places.take(found, self._clock.now())
        except LoaderError as error:
            course.reports.append(replace(of_error(found.path.name, error), place=found.path))
            return
        if path is None:
            course.notes.append(f"{found.path.name} was gone before it could be taken.")
        else:
            course.reports.append(self._loading.load(path))

    def _is_news(self, course: Course) -> bool:
        """Whether anything came of it that was not told a moment ago."""
        told = "" if course.error is None else str(course.error)
        is_stale = [each.why for each in course.reports if each.outcome is NightOutcome.STALE]
        if course.is_interrupted or len(is_stale) < len(course.reports):
            return True
        before, self._last_told = self._last_told, told or "".join(is_stale)
        return self._last_told not in {"", before}

    def _begin(self, course: Course) -> None:
        if (at := self._earlier.broke_off_at) is not None:
            began, on = f"{at.astimezone():%Y-%m-%d %H:%M}", self._earlier.broke_off_on
            where = f" on {on}" if on else ""
            course.notes.append(
                f"The run of {began}{where} broke off: it was killed, or the machine went down."
            )
        course.notes += self._hold.notes
        try:
            note_begun(self._job, course.began_at, self._earlier)
        except OSError as error:
            course.notes.append(f"That the job runs can't be kept for job list: {error.strerror}.")

    def _end(self, course: Course) -> Night:
        night = course.night(self._job, self._clock.now())
        earlier, self._earlier = self._earlier, self._earlier.after(night)
        try:
            note_ended(self._job, night, earlier)
        except OSError as error:
            note = f"How the job ended can't be kept for job list: {error.strerror}."
            return replace(night, notes=(*night.notes, note))
        return night
