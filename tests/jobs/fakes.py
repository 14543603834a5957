"""A clock that a test moves, and the making of jobs."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from bulk_loader.jobs.running import run_job
from bulk_loader.runs.watch import Silent
from bulk_loader.settings import Job, JobRules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.jobs.night import Night
    from bulk_loader.settings import Settings

TWO = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """Time passes only where somebody sleeps.

    Attributes:
        meanwhile: is called at each sleep, with its number from 1.
    """

    time: datetime = TWO
    passed_s: float = 0.0
    sleeps: int = 0
    meanwhile: Callable[[int], None] = field(default=lambda _number: None)

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.passed_s

    def sleep(self, seconds: float) -> None:
        self.sleeps += 1
        self.passed_s += seconds
        self.time += timedelta(seconds=seconds)
        self.meanwhile(self.sleeps)


class PassingWatch(Silent):
    """A watch for one file that does what a test wants when sending begins."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act = act

    def started(self, leads: int) -> None:
        assert leads
        self._act()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def job(settings: Settings, source: Path, **rules: Any) -> Job:
    """A job for the files of a pattern."""
    source.parent.mkdir(parents=True, exist_ok=True)
    given = {"settle": "0s", **rules}
    made = JobRules.model_validate({"file": source, **given})
    return Job("night", source.parent / "bulk_loader.toml", settings, made, source)


def run(made: Job, **clock: Any) -> Night:
    """One run, at two in the night."""
    return run_job(made, clock=FakeClock(**clock))


def put(path: Path, text: str, at: datetime = TWO) -> Path:
    """A file that has come in at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def names(folder: Path) -> list[str]:
    """What stands in a folder, without hidden files and folders."""
    if not folder.exists():
        return []
    return sorted(
        path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")
    )
