"""How a run of a job is getting on, file by file, as its page shows it; and the way to end it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TYPE_CHECKING

from bulk_loader.desk.course import Course
from bulk_loader.jobs.clock import SystemClock
from bulk_loader.jobs.places import came_as
from bulk_loader.runs.watch import Silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.desk.course import Moment
    from bulk_loader.model import Source
    from bulk_loader.runs.watch import Watch


@dataclass(slots=True)
class FileCourse(Course):
    """How one file is getting on.

    Attributes:
        name: as it came in; "" until it was opened.
    """

    name: str = ""

    def opened(self, source: Source) -> None:
        """Keep its name, and what was found out about it."""
        self.name = came_as(source.path)
        Course.opened(self, source)


class NightCourse(SystemClock):
    """The files so far; and the clock of the run, whose pauses end when somebody wants that.

    A run that nobody can send a signal is ended as by one: with a `KeyboardInterrupt`, raised where
    nothing is being sent. What is being sent ends gently by itself.
    """

    def __init__(self) -> None:
        self._files: list[FileCourse] = []
        self._stopped = Event()
        self._lock = Lock()
        self._other: Watch = Silent()

    def heard_by(self, other: Watch) -> None:
        """Pass on what is said of each file from now on, such as to a log."""
        self._other = other

    @contextmanager
    def watch(self) -> Iterator[FileCourse]:
        """A watch for the next file.

        Raises:
            KeyboardInterrupt: no further file is to be begun.
        """
        course = FileCourse()
        course.heard_by(self._other)
        with self._lock:
            if self._stopped.is_set():
                raise KeyboardInterrupt
            self._files.append(course)
        yield course

    def stop(self) -> None:
        """End the run gently: begin no further file, and no further lead of the one under way."""
        with self._lock:
            self._stopped.set()
            files = list(self._files)
        for course in files:
            course.stop()

    def sleep(self, seconds: float) -> None:
        """Wait.

        Raises:
            KeyboardInterrupt: the run is to end.
        """
        if self._stopped.wait(seconds):
            raise KeyboardInterrupt

    def moments(self) -> NightMoment:
        """How far it is now."""
        with self._lock:
            files = [(course.name, course.moment()) for course in self._files]
        return NightMoment(tuple(files), self._stopped.is_set())


@dataclass(frozen=True, slots=True)
class NightMoment:
    """How far a run of a job is.

    Attributes:
        files: in their order, with their names.
    """

    files: tuple[tuple[str, Moment], ...] = field(default=())
    is_stopping: bool = False
