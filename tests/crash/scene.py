"""The scene of one experiment: a file, a dialer, a ledger, and the uploads that come and go."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from tests.crash.leads import LeadFile
from tests.crash.processes import DialerProcess, Upload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

# A whole upload of these sizes takes about so long on a busy machine, start-up included.
WHOLE_UPLOAD_S = 3.0

# How often each kind of moment is met, in percent: any at all, in the sending, at its end, and
# when the results file is being written.
MOMENTS = {"any": 20, "sending": 60, "end": 10, "results": 10}


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the dice of one seed give.

    Attributes:
        size: leads of the file, without repeated and bad rows.
        faults: share of the requests that something befalls.
        latency_ms: of each answer, such that the sending takes some tenths of a second.
    """

    size: int
    concurrency: int
    faults: float
    latency_ms: float

    @classmethod
    def drawn(cls, dice: random.Random, concurrency: int | None) -> Self:
        """Other conditions for every state of the dice.

        Args:
            concurrency: None for any.
        """
        size = dice.randint(60, 400)
        concurrency = concurrency or dice.choice((1, 8, 32))
        sending_ms = dice.uniform(300, 900)
        return cls(size, concurrency, dice.uniform(0.02, 0.15), sending_ms * concurrency / size)


class Scene:
    """What is there before the first upload; a context manager, whose dialer ends with it.

    Args:
        repeats: the file has many equal rows, and all of them are to be sent.

    Attributes:
        recorded_before: tasks in the dialer's record when the newest upload began.
    """

    def __init__(
        self, directory: Path, seed: int, *, concurrency: int | None, repeats: bool
    ) -> None:
        self.dice = random.Random(seed)
        self.conditions = Conditions.drawn(self.dice, concurrency)
        self.directory = directory
        self.home = directory / "home"
        self.home.mkdir()
        self.repeats = repeats
        path = directory / "leads.csv"
        self.file = LeadFile(path, self.dice, self.conditions.size, repeats=repeats)
        self.uploads = 0
        self.recorded_before = 0
        self.dialer = DialerProcess(
            record=directory / "record.jsonl",
            token=f"token-{seed}",
            seed=seed,
            faults=self.conditions.faults,
            latency_ms=self.conditions.latency_ms,
        )

    @property
    def results(self) -> Path:
        return self.directory / "leads.results.csv"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.dialer.kill()

    def upload(self) -> Upload:
        """Give the command, always the same."""
        self.uploads += 1
        self.recorded_before = self.dialer.recorded
        return Upload(
            [
                *("leads.csv", "--url", self.dialer.url, "--json"),
                *("--concurrency", str(self.conditions.concurrency)),
                *("--duplicates", "send" if self.repeats else "skip"),
            ],
            self.directory / f"upload-{self.uploads}",
            BULK_LOADER_HOME=str(self.home),
            BULK_LOADER_TOKEN=self.dialer.token,
        )

    def await_moment(self, upload: Upload) -> None:
        """Wait for a random moment of an upload."""
        dice = self.dice
        match dice.choices(list(MOMENTS), list(MOMENTS.values()))[0]:
            case "any":
                self._pause(upload, dice.uniform(0, WHOLE_UPLOAD_S))
            case "sending":
                self._await_share(upload, dice.uniform(0, 0.8))
                self._pause(upload, dice.uniform(0, 0.03))
            case "end":
                self._await_share(upload, 0.8)
                self._pause(upload, dice.uniform(0, 0.4))
            case "results":
                earlier = self._unfinished_results()
                self._wait(upload, lambda: self._unfinished_results() not in (earlier, 0))

    def _unfinished_results(self) -> int:
        """A mark of the results file that is being written; 0 where there is none."""
        with suppress(FileNotFoundError):
            return sum(path.stat().st_ctime_ns for path in self.directory.glob(".results-*"))
        return 0

    def _await_share(self, upload: Upload, share: float) -> None:
        """Wait until that share of what is left of the file is recorded."""
        left = max(1, self.conditions.size - self.recorded_before)
        wanted = self.recorded_before + 1 + int(left * share)
        self._wait(upload, lambda: self.dialer.recorded >= wanted)

    def _pause(self, upload: Upload, seconds: float) -> None:
        until = time.monotonic() + seconds
        self._wait(upload, lambda: time.monotonic() >= until)

    def _wait(self, upload: Upload, until: Callable[[], bool]) -> None:
        while not upload.is_over and not until():
            time.sleep(0.001)
