"""How a night ended: one value for exit code, summary, alerts and metrics; and two pure tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from bulk_loader.errors import (
    AlreadyUploadedError,
    ExitCode,
    LoaderError,
    LockedError,
    ResultsFileError,
    RuleError,
    SourceError,
)
from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from bulk_loader.model import FrequentProblem


class NightOutcome(StrEnum):
    """What became of a file, or of a whole night; words may be added, none changes."""

    LOADED = "loaded"
    """The run is finished; its counts say whether all leads were accepted."""
    REPEATED = "repeated"
    """Its content was loaded before, so nothing was sent."""
    REFUSED = "refused"
    """It breaks a rule of the job, so nothing was sent."""
    UNREADABLE = "unreadable"
    """It can't be read as a list, so nothing was sent."""
    HELD = "held"
    """A setting, or a person's decision, is lacking, so nothing was sent."""
    BUSY = "busy"
    """Another run sends this very list."""
    STOPPED = "stopped"
    """The next night goes on where it stopped."""
    INTERRUPTED = "interrupted"
    """Somebody ended it; the next night goes on where it stopped."""
    NO_FILE = "no_file"
    """None has come."""
    INCOMPLETE = "incomplete"
    """One has come and was still being written."""
    STALE = "stale"
    """The newest that has come is too old."""


class Fate(Enum):
    """Where a file goes; the value is the name of its folder."""

    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    REPEATED = "repeated"


_FATES = {
    NightOutcome.LOADED: Fate.DONE,
    NightOutcome.REPEATED: Fate.REPEATED,
    NightOutcome.REFUSED: Fate.FAILED,
    NightOutcome.UNREADABLE: Fate.FAILED,
    NightOutcome.HELD: Fate.WORKING,
    NightOutcome.BUSY: Fate.WORKING,
    NightOutcome.STOPPED: Fate.WORKING,
    NightOutcome.INTERRUPTED: Fate.WORKING,
}


def fate(outcome: NightOutcome) -> Fate:
    """Where a file goes that ended so: what can go on stays in working for the next night."""
    return _FATES[outcome]


def outcome_of(code: ExitCode) -> NightOutcome:
    """What an upload became that ended with this code."""
    match code:
        case ExitCode.OK | ExitCode.BAD_LEADS | ExitCode.IN_DOUBT:
            return NightOutcome.LOADED
        case ExitCode.INTERRUPTED:
            return NightOutcome.INTERRUPTED
        case ExitCode.STOPPED:
            return NightOutcome.STOPPED
        case _:
            raise AssertionError(code)  # those of errors, which are told apart by their kind


def outcome_of_error(error: LoaderError) -> NightOutcome:
    """What an upload became that ended with this error."""
    match error:
        case AlreadyUploadedError():
            return NightOutcome.REPEATED
        case RuleError():
            return NightOutcome.REFUSED
        case SourceError() | ResultsFileError():
            return NightOutcome.UNREADABLE
        case LockedError():
            return NightOutcome.BUSY
        case LoaderError(exit_code=ExitCode.STOPPED):
            return NightOutcome.STOPPED
        case _:
            return NightOutcome.HELD


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.

    Attributes:
        name: as it came in.
        why: one sentence; "" where all of it was sent.
        counts: leads by status; empty where the file did not come so far.
        run_id: of the ledger; "" where no run began.
        results: path of the results file, where it stands now.
        place: where the file stands now; None where somebody has taken it away.
        error: what kept it from being loaded, in three parts.
        fault: what stopped the run where that was a fault of the program itself.
        notes: what else the user should know, one sentence each.
        report: path of the page that tells of it, where it stands now.
        problems: the three kinds that most leads have, without anything of the list.
    """

    name: str
    outcome: NightOutcome
    exit_code: ExitCode
    why: str = ""
    counts: Mapping[Status, int] = field(default_factory=dict)
    run_id: str = ""
    results: Path | None = None
    place: Path | None = None
    error: LoaderError | None = None
    fault: Exception | None = None
    notes: tuple[str, ...] = ()
    report: Path | None = None
    problems: tuple[FrequentProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Night:
    """How one run of a job ended.

    Attributes:
        outcome: that of the file which went worst, or what kept the job from taking any.
        why: one sentence, of the same.
        files: in the order in which they were loaded.
        error: what kept the job from taking any, in three parts.
        notes: what was seen in the folder and not taken, one sentence each.
        machine: that which ran it, where another run had brought it to its end; else "".
    """

    job: str
    outcome: NightOutcome
    exit_code: ExitCode
    began_at: datetime
    ended_at: datetime
    why: str = ""
    files: tuple[FileReport, ...] = ()
    error: LoaderError | None = None
    notes: tuple[str, ...] = ()
    machine: str = ""

    @property
    def is_turned_away(self) -> bool:
        """Another run of the job was under way, and tells of itself."""
        return isinstance(self.error, LockedError) and not self.files

    @property
    def counts(self) -> dict[Status, int]:
        """Leads of all files by status."""
        return {
            status: sum(report.counts.get(status, 0) for report in self.files) for status in Status
        }


def is_cut_short(reports: Sequence[FileReport]) -> bool:
    """The last file was cut short, as every other would be now."""
    return bool(reports) and reports[-1].outcome in {
        NightOutcome.STOPPED,
        NightOutcome.INTERRUPTED,
    }


def worst(reports: Sequence[FileReport]) -> FileReport:
    """The file that decides how the night ended; of several as bad the first."""
    return min(reports, key=_rank)


def _rank(report: FileReport) -> int:
    if report.outcome is NightOutcome.LOADED:
        return len(_WORST_FIRST) + _LEADS_WORST_FIRST.index(report.exit_code)
    if report.outcome is NightOutcome.REPEATED:
        return len(_WORST_FIRST) + 1  # less than a doubt, and more than leads that need correcting
    return _WORST_FIRST.index(report.outcome)


_WORST_FIRST = (
    NightOutcome.INTERRUPTED,
    NightOutcome.STOPPED,
    NightOutcome.HELD,
    NightOutcome.BUSY,
    NightOutcome.UNREADABLE,
    NightOutcome.REFUSED,
    NightOutcome.STALE,
    NightOutcome.INCOMPLETE,
)
_LEADS_WORST_FIRST = (ExitCode.IN_DOUBT, None, ExitCode.BAD_LEADS, ExitCode.OK)
