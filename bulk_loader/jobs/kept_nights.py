"""The last night of a job, made again of its record."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulk_loader.errors import ErrorCode, ExitCode, LoaderError
from bulk_loader.jobs.night import FileReport, Night, NightOutcome
from bulk_loader.jobs.records import kept_values
from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Mapping


def last_night(home: Path, config: Path, name: str) -> Night | None:
    """How the last run of a job ended, file by file.

    Its errors have their three parts and no class of their own.

    Returns:
        None where it never ran, has not come to its end, or its record can't be read.
    """
    found = kept_values(home, config, name)
    try:
        return _night(name, found)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _night(name: str, found: Mapping[str, Any]) -> Night:
    files = found["files"]
    errors = found.get("file_errors") or [None] * len(files)  # none in the records of earlier times
    return Night(
        name,
        NightOutcome(found["outcome"]),
        ExitCode(found["exit_code"]),
        datetime.fromisoformat(found["started_at"]),
        datetime.fromisoformat(found["ended_at"]),
        str(found["why"]),
        tuple(_file(values, parts) for values, parts in zip(files, errors, strict=True)),
        _error(found.get("error"), found["code"]),
        tuple(map(str, found["notes"])),
    )


def _file(found: Mapping[str, Any], parts: list[str] | None) -> FileReport:
    return FileReport(
        str(found["file"]),
        NightOutcome(found["outcome"]),
        ExitCode(found["exit_code"]),
        str(found["why"]),
        {Status(status): int(count) for status, count in found["counts"].items()},
        found["run_id"] or "",
        _path(found["results"]),
        _path(found["place"]),
        _error(parts, found["code"]),
        notes=tuple(map(str, found["notes"])),
        report=_path(found["report"]),
    )


def _path(written: str | None) -> Path | None:
    return None if written is None else Path(written)


def _error(parts: list[str] | None, code: str | None) -> LoaderError | None:
    if parts is None or code is None:
        return None
    what, why, remedy = map(str, parts)
    return LoaderError(what, why, remedy, code=ErrorCode(code))
