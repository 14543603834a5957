"""What is kept of the last run of each job, beside the ledger, and a night in JSON values."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

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
    """

    began_at: datetime
    ended_at: datetime | None = None
    outcome: NightOutcome | None = None
    exit_code: int | None = None
    why: str = ""
    counts: Mapping[Status, int] | None = None


def note_begun(job: Job, now: datetime) -> None:
    """Keep that a run has begun, so that one that breaks off is not taken for the one before.

    Raises:
        OSError: as the system says it.
    """
    _write(job, {"job": job.name, "started_at": now.isoformat()})


def note_ended(job: Job, night: Night) -> None:
    """Keep how a run has ended.

    Raises:
        OSError: as the system says it.
    """
    _write(job, night_values(night))


def last_run(home: Path, config: Path, name: str) -> LastRun | None:
    """What is kept of a job; None where it never ran, or what is kept can't be read."""
    try:
        found = json.loads(read_small(_path(home, config, name), MAX_BYTES).content)
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
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _path(home: Path, config: Path, name: str) -> Path:
    """Files of several projects may have jobs of one name, and one ledger."""
    mark = sha256(os.fsencode(f"{os.path.realpath(config)}\0{name}")).hexdigest()[:16]
    return home / "jobs" / f"{mark}.json"


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
