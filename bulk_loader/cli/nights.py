"""Jobs in words and in JSON: how a night ended, what a job would do, and when it last ran."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bulk_loader.cli.documents import Document, head
from bulk_loader.errors import ExitCode
from bulk_loader.jobs.checking import Would
from bulk_loader.jobs.night import NightOutcome
from bulk_loader.jobs.records import night_values
from bulk_loader.model import Status, leads_text
from bulk_loader.shell import typed
from bulk_loader.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from bulk_loader.jobs.checking import JobCheck
    from bulk_loader.jobs.listing import ListedJob
    from bulk_loader.jobs.night import Night


def night_json(night: Night) -> str:
    """One night as one line."""
    return json.dumps({**head(Document.NIGHT), **night_values(night)}, ensure_ascii=False)


def night_text(night: Night) -> str:
    """One night for a person, ending with what to do next."""
    return "\n".join(map(on_one_line, _night_lines(night)))


def _night_lines(night: Night) -> Iterator[str]:
    for report in night.files:
        yield f"{report.name}: {_words(report.outcome)}{_counted(report.counts)}"
        yield from (f"  {note}" for note in report.notes)
        if report.why and report.error is None:  # an error was told in full already
            yield f"  {report.why}"
        if report.results is not None:
            yield f"  Results: {report.results}"
        elif report.place is not None:
            yield f"  It is in: {report.place}"
    yield from night.notes
    if not night.files and night.why and night.error is None:
        yield night.why
    yield f"Job {night.job}: {_words(night.outcome)}{_counted(night.counts)}"
    yield f"Next: {_next(night)}"


def _next(night: Night) -> str:
    """What a person does about the file that went worst."""
    if night.outcome is NightOutcome.LOADED:
        return _after_loading(night)
    if night.exit_code is ExitCode.OK:
        return _NOTHING
    return _NEXT[night.outcome].format(name=typed(night.job))


_NOTHING = "nothing is left to do"
_GOES_ON = "the next run of the job goes on where this one stopped: bulk-loader job run {name}"
_CORRECT = "correct the list, and put it where the job finds it"
_LACKS = "find out why no list has come as it should, then: bulk-loader job run {name}"
_NEXT = {
    NightOutcome.STOPPED: _GOES_ON,
    NightOutcome.INTERRUPTED: _GOES_ON,
    NightOutcome.BUSY: _GOES_ON,
    NightOutcome.HELD: "mend what is named above, then: bulk-loader job check {name}",
    NightOutcome.UNREADABLE: _CORRECT,
    NightOutcome.REFUSED: _CORRECT,
    NightOutcome.REPEATED: "nothing is to be sent; find out why the same list came twice",
    NightOutcome.NO_FILE: _LACKS,
    NightOutcome.INCOMPLETE: _LACKS,
    NightOutcome.STALE: _LACKS,
}


def _after_loading(night: Night) -> str:
    for report in night.files:
        if report.exit_code is night.exit_code and report.results is not None:
            retry = typed("bulk-loader", "retry", str(report.results))
            if report.exit_code is ExitCode.IN_DOUBT:
                doubts = leads_text(report.counts.get(Status.UNKNOWN, 0))
                return (
                    f"look in the dialer for the {doubts} in doubt; those that are not there: "
                    f"{retry} --include unknown"
                )
            if report.exit_code is ExitCode.BAD_LEADS:
                return f"correct the marked rows in the results file, save it, and run: {retry}"
    return _NOTHING


def _words(outcome: NightOutcome) -> str:
    return outcome.value.replace("_", " ")


def _counted(counts: Mapping[Status, int]) -> str:
    told = [f"{counts[status]:,} {status.value}" for status in Status if counts.get(status)]
    return f", {', '.join(told)}" if told else ""


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
        yield f"Job {check.name} can't run:"
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
    """As `_counted`, where what is unsent is what would be sent."""
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
        "last_run": last
        and {
            "started_at": last.began_at.isoformat(),
            "ended_at": last.ended_at and last.ended_at.isoformat(),
            "outcome": last.outcome and last.outcome.value,
            "exit_code": last.exit_code,
            "why": last.why,
            "counts": _plain(last.counts or {}),
        },
    }


def _plain(counts: Mapping[Status, int]) -> dict[str, int] | None:
    return {status.value: counts.get(status, 0) for status in Status} if counts else None


def job_line(job: ListedJob) -> str:
    """One job in one line."""
    faults = f"  {job.faults} of its settings are wrong: see job check" if job.faults else ""
    return on_one_line(f"{job.name}  {job.source or '(no file)'}  {_last(job)}{faults}")


def _last(job: ListedJob) -> str:
    last = job.last
    if job.is_under_way:
        return "under way" + (f" since {_local(last.began_at)}" if last is not None else "")
    if last is None:
        return "never ran"
    if last.outcome is None:
        return f"{_local(last.began_at)}  broke off; its next run goes on"
    why = f": {last.why}" if last.why else ""
    return (
        f"{_local(last.began_at)}  {_words(last.outcome)} (exit code {last.exit_code})"
        f"{_counted(last.counts or {})}{why}"
    )


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
