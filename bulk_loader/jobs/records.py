"""What is kept of the last run of each job, beside the ledger, and a night in JSON values."""

from __future__ import annotations

import json
import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bulk_loader.errors import ExitCode
from bulk_loader.jobs.marks import JobId
from bulk_loader.jobs.night import NightOutcome
from bulk_loader.model import Status
from bulk_loader.owners import make_private
from bulk_loader.small_files import read_small

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulk_loader.errors import LoaderError
    from bulk_loader.jobs.night import FileReport, Night
    from bulk_loader.settings import Job

MAX_BYTES = 10_000_000  # a night of ten thousand files


def night_values(night: Night) -> dict[str, object]:
    """A night as JSON values; no phone number is in it."""
    return {
        "job": night.job,
        "machine": night.machine or socket.gethostname(),
        "outcome": night.outcome.value,
        "exit_code": int(night.exit_code),
        "code": _code(night.error),
        "why": night.why,
        "counts": _plain(night.counts),
        "files": [_file_values(report) for report in night.files],
        "notes": list(night.notes),
        "started_at": night.began_at.isoformat(),
        "ended_at": night.ended_at.isoformat(),
    }


def _file_values(report: FileReport) -> dict[str, object]:
    return {
        "file": report.name,
        "outcome": report.outcome.value,
        "exit_code": int(report.exit_code),
        "code": _code(report.error),
        "why": report.why,
        "counts": _plain(report.counts),
        "run_id": report.run_id or None,
        "results": None if report.results is None else str(report.results),
        "report": None if report.report is None else str(report.report),
        "place": None if report.place is None else str(report.place),
        "notes": list(report.notes),
    }


def _code(error: LoaderError | None) -> str | None:
    return None if error is None else error.code.value


def _plain(counts: Mapping[Status, int]) -> dict[str, int]:
    return {status.value: counts.get(status, 0) for status in Status}


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run of a job.

    Attributes:
        outcome: None where it has begun and not ended: it is under way, or broke off.
        counts: leads of all files by status.
        machine: that which ran it; "" for this one.
        is_under_way: on that machine.
    """

    began_at: datetime
    ended_at: datetime | None = None
    outcome: NightOutcome | None = None
    exit_code: int | None = None
    why: str = ""
    counts: Mapping[Status, int] | None = None
    machine: str = ""
    is_under_way: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a night is held against.

    Attributes:
        outcome: of the run before; None where there was none, or where it broke off.
        last_success_at: when a run last ended with 0; None where none did, or nothing is known.
        broke_off_at: when the run before began, where it never came to its end; None where it did.
        broke_off_on: the machine on which it did; "" for this one.
    """

    outcome: NightOutcome | None = None
    exit_code: int | None = None
    last_success_at: datetime | None = None
    broke_off_at: datetime | None = None
    broke_off_on: str = ""

    def after(self, night: Night) -> Earlier:
        """What the night after this one is held against."""
        is_success = night.exit_code is ExitCode.OK
        succeeded_at = night.ended_at if is_success else self.last_success_at
        return Earlier(night.outcome, int(night.exit_code), succeeded_at)


def note_begun(job: Job, now: datetime, earlier: Earlier) -> None:
    """Keep that a run has begun, so that one that breaks off is not taken for the one before.

    Raises:
        OSError: as the system says it.
    """
    begun = {"job": job.name, "started_at": now.isoformat()}
    _write(job, {**begun, **_success_values(earlier)})


def note_ended(job: Job, night: Night, earlier: Earlier) -> None:
    """Keep how a run has ended, with the words of its errors.

    Raises:
        OSError: as the system says it.
    """
    told = {
        "error": _parts(night.error),
        "file_errors": [_parts(report.error) for report in night.files],
    }
    _write(job, {**night_values(night), **told, **_success_values(earlier.after(night))})


def _parts(error: LoaderError | None) -> list[str] | None:
    return None if error is None else [error.what, error.why, error.remedy]


def _success_values(earlier: Earlier) -> dict[str, object]:
    at = earlier.last_success_at
    return {"last_success_at": at and at.isoformat()}


def earlier_runs(home: Path, config: Path, name: str) -> Earlier:
    """What is kept for the next night of a job; nothing where it never ran, or can't be read."""
    found = kept_values(home, config, name)
    last = last_run(home, config, name)
    if last is None:
        return Earlier()
    try:
        succeeded_at = datetime.fromisoformat(found["last_success_at"])
    except (KeyError, TypeError, ValueError):
        succeeded_at = None
    broke_off_at = last.began_at if last.outcome is None else None
    return Earlier(last.outcome, last.exit_code, succeeded_at, broke_off_at)


def last_run(home: Path, config: Path, name: str) -> LastRun | None:
    """What is kept of a job; None where it never ran, or what is kept can't be read."""
    found = kept_values(home, config, name)
    try:
        began_at = datetime.fromisoformat(found["started_at"])
        if "outcome" not in found:
            return LastRun(began_at)
        return LastRun(
            began_at,
            datetime.fromisoformat(found["ended_at"]),
            NightOutcome(found["outcome"]),
            int(found["exit_code"]),
            str(found["why"]),
            {Status(status): int(count) for status, count in found["counts"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def kept_values(home: Path, config: Path, name: str) -> dict[str, Any]:
    """The record of a job as it stands in its file; empty where there is none that can be read."""
    try:
        found = json.loads(read_small(_path(home, config, name), MAX_BYTES).content)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _path(home: Path, config: Path, name: str) -> Path:
    """Files of several projects may have jobs of one name, and one ledger."""
    return home / "jobs" / f"{JobId(name, config).mark}.json"


def _write(job: Job, values: Mapping[str, object]) -> None:
    path = _path(job.settings.home, job.config, job.name)
    make_private(job.settings.home)
    make_private(path.parent)
    unfinished = path.with_suffix(f".{secrets.token_hex(8)}.part")
    try:
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(values), "utf-8")
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
