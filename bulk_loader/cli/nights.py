"""Jobs in words and in JSON: how a night ended, what a job would do, and when it last ran."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

from bulk_loader.cli.documents import Document, head
from bulk_loader.errors import ExitCode
from bulk_loader.jobs.checking import Would
from bulk_loader.jobs.records import night_values
from bulk_loader.jobs.words import counted, outcome_words
from bulk_loader.model import Status
from bulk_loader.shell import typed
from bulk_loader.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from bulk_loader.jobs.checking import JobCheck
    from bulk_loader.jobs.listing import ListedJob
    from bulk_loader.jobs.night import Night
    from bulk_loader.jobs.schedules.lookup import JobSchedule


def night_json(night: Night) -> str:
    """One night as one line."""
    return json.dumps({**head(Document.NIGHT), **night_values(night)}, ensure_ascii=False)


def check_json(check: JobCheck) -> str:
    """One look at a job as one line."""
    return json.dumps(
        {
            **head(Document.JOB_CHECK),
            "job": check.name,
            "exit_code": int(check_code(check)),
            "faults": list(map(str, check.faults)),
            "files": [
                {
                    "file": step.name,
                    "would": step.would.value,
                    "why": step.why,
                    "counts": _plain(step.counts),
                }
                for step in check.steps
            ],
            "unchecked": check.unchecked,
        },
        ensure_ascii=False,
    )


def check_code(check: JobCheck) -> ExitCode:
    """Whether the job could run; what the files of now are like is not a fault of the job."""
    return ExitCode.USAGE if check.faults else ExitCode.OK


def check_lines(check: JobCheck) -> Iterator[str]:
    """One look at a job for a person, line by line."""
    return map(on_one_line, _check_lines(check))


def _check_lines(check: JobCheck) -> Iterator[str]:
    if check.faults:
        yield f"Job {check.name} is not ready:"
        yield from (f"  {fault}" for fault in check.faults)
        yield f"Next: correct them, then: {typed('bulk-loader', 'job', 'check', check.name)}"
        return
    yield f"Job {check.name} can run. Now it would:"
    for step in check.steps:
        why = f". {step.why}" if step.why else ""
        yield f"  {_STEPS[step.would]} {step.name}{_sendable(step.counts)}{why}"
    if check.unchecked:
        yield f"  load {check.unchecked:,} more files, which were not looked at"
    if not check.steps:
        yield "  find no file"
    yield f"Next: to do it: {typed('bulk-loader', 'job', 'run', check.name)}"


_STEPS = {
    Would.LOAD: "load",
    Would.GO_ON: "go on with",
    Would.PUT_AWAY: "put away",
    Would.REPEAT: "put into repeated:",
    Would.FAIL: "put into failed:",
    Would.WAIT: "wait for",
    Would.LEAVE: "leave",
}


def _sendable(counts: Mapping[Status, int]) -> str:
    """As `counted`, where what is unsent is what would be sent."""
    told = [
        f"{count:,} {'to be sent' if status is Status.UNSENT else status.value}"
        for status, count in counts.items()
        if count
    ]
    return f" ({', '.join(told)})" if told else ""


def jobs_json(jobs: Sequence[ListedJob]) -> str:
    """All jobs as one line."""
    values = {**head(Document.JOBS), "jobs": [_job_values(job) for job in jobs]}
    return json.dumps(values, ensure_ascii=False)


def _job_values(job: ListedJob) -> dict[str, object]:
    last = job.last
    return {
        "job": job.name,
        "file": None if job.source is None else str(job.source),
        "faults": job.faults,
        "is_under_way": job.is_under_way,
        "schedule": _schedule_values(job.schedule),
        "last_run": last
        and {
            "machine": last.machine or socket.gethostname(),
            "started_at": last.began_at.isoformat(),
            "ended_at": last.ended_at and last.ended_at.isoformat(),
            "outcome": last.outcome and last.outcome.value,
            "exit_code": last.exit_code,
            "why": last.why,
            "counts": _plain(last.counts or {}),
        },
    }


def _schedule_values(schedule: JobSchedule) -> dict[str, object] | None:
    """Null for a job of which neither its settings nor the machine say when it runs."""
    if schedule.scheduler is None and schedule.wanted is None:
        return None
    table, following = schedule.timetable, schedule.next_run
    return {
        "installed": schedule.scheduler and schedule.scheduler.value,
        "at": table and [f"{each:%H:%M}" for each in table.times],
        "days": table and [day.word for day in table.days],
        "is_outdated": schedule.is_outdated,
        "next_run": following and following.isoformat(),
    }


def _plain(counts: Mapping[Status, int]) -> dict[str, int] | None:
    return {status.value: counts.get(status, 0) for status in Status} if counts else None


def job_line(job: ListedJob) -> str:
    """One job in one line."""
    faults = f"  {job.faults} of its settings are wrong: see job check" if job.faults else ""
    note = f"  {job.note}" if job.note else ""
    return on_one_line(
        f"{job.name}  {job.source or '(no file)'}  {_scheduled(job.schedule)}{_last(job)}{faults}{note}"
    )


def _scheduled(schedule: JobSchedule) -> str:
    """When it runs, and two spaces; "" for a job of which nobody has said it."""
    note = f" ({schedule.note})" if schedule.note else ""
    if schedule.scheduler is None:
        return f"{schedule.wanted}: not installed{note}  " if schedule.wanted else ""
    by = f"with {schedule.scheduler.value}"
    if schedule.timetable is None:
        return f"installed {by}, and edited by hand{note}  "
    old = f", but the settings say {schedule.wanted}" if schedule.is_outdated else ""
    following = f", next {schedule.next_run:%Y-%m-%d %H:%M}" if schedule.next_run else ""
    return f"{schedule.timetable} {by}{old}{following}{note}  "


def _last(job: ListedJob) -> str:
    last = job.last
    on = f" on {last.machine}" if last is not None and last.machine else ""
    if job.is_under_way:
        return f"under way{on}" + (f" since {_local(last.began_at)}" if last is not None else "")
    if last is None:
        return "never ran"
    if last.outcome is None:
        return f"{_local(last.began_at)}{on}  broke off; its next run goes on"
    why = f": {last.why}" if last.why else ""
    return (
        f"{_local(last.began_at)}{on}  {outcome_words(last.outcome)} (exit code {last.exit_code})"
        f"{counted(last.counts or {})}{why}"
    )


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
