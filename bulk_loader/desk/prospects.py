"""Looks at what a job would do now, in threads: to look through long lists takes a while."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bulk_loader.desk.works import Works
from bulk_loader.jobs.checking import check_job
from bulk_loader.settings import read_job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bulk_loader.desk.works import Done
    from bulk_loader.errors import LoaderError
    from bulk_loader.jobs.checking import JobCheck


class Prospects:
    """One look at a time for each job; each is shown once, since files come and go.

    Args:
        flags: as the command line takes them.
        crashed: makes a message of a fault of the program itself.
    """

    def __init__(self, flags: Mapping[str, object], crashed: Callable[..., LoaderError]) -> None:
        self._flags = flags
        self._works: Works[JobCheck] = Works(crashed, "looking at a job")
        self._shown: Counter[str] = Counter()

    def look(self, name: str) -> Done[JobCheck] | None:
        """What a job would do; None as long as its lists are being looked through."""
        number = self._shown[name]
        done = self._works.get((name, number), lambda _course: self._check(name)).wait()
        if done is not None:
            self._shown[name] = number + 1
        return done

    def _check(self, name: str) -> JobCheck:
        return check_job(name, read_job(name, self._flags), datetime.now(UTC))
