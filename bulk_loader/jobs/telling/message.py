"""A night as a message to a supervisor: no phone number, and no secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from bulk_loader.jobs.night import NightOutcome
from bulk_loader.jobs.words import counted, file_lines, next_step, outcome_words
from bulk_loader.model import Status, leads_text
from bulk_loader.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.jobs.night import Night

# Mail and chats show less; the results files hold the rest.
MAX_FILES = 10


@dataclass(frozen=True, slots=True)
class Message:
    """What is told.

    Attributes:
        title: one line that tells the whole.
        body: lines, for whoever wants to know more.
    """

    title: str
    body: str
    is_failure: bool


def message_of(night: Night, machine: str) -> Message:
    """How a night went.

    Args:
        machine: name of the machine that ran the job.
    """
    is_failure = night.exit_code is not ExitCode.OK
    title = f"bulk-loader, job {night.job}: {_verdict(night)}"
    body = "\n".join(map(on_one_line, _lines(night, machine)))
    return Message(on_one_line(title), body, is_failure)


def trial_message(job: str, machine: str) -> Message:
    """What is told to see whether it arrives."""
    body = f"Nothing has happened. Somebody on {machine} looks whether alerts of this job arrive."
    return Message(f"bulk-loader, job {job}: a test", body, is_failure=False)


def _verdict(night: Night) -> str:
    if night.outcome is not NightOutcome.LOADED:
        words = outcome_words(night.outcome)
        return words if night.exit_code is ExitCode.OK else f"FAILED ({words})"
    accepted, leads = night.counts[Status.ACCEPTED], sum(night.counts.values())
    if night.exit_code is ExitCode.OK:
        return f"loaded {leads_text(accepted)}"
    what = "some in doubt" if night.exit_code is ExitCode.IN_DOUBT else "some to be corrected"
    return f"loaded {accepted:,} of {leads_text(leads)}, {what}"


def _lines(night: Night, machine: str) -> Iterator[str]:
    began, ended = night.began_at.astimezone(), night.ended_at.astimezone()
    yield f"On {machine}, {began:%Y-%m-%d %H:%M} to {ended:%H:%M} ({began:%Z})."
    if night.why and not night.files:
        yield night.why
    for report in night.files[:MAX_FILES]:
        yield from file_lines(report, with_error=True)
    if len(night.files) > MAX_FILES:
        yield f"And {len(night.files) - MAX_FILES:,} files more{counted(night.counts)} in all."
    yield from night.notes
    if night.error is not None and night.error.remedy:
        yield from night.error.remedy.splitlines()
    yield f"Exit code: {int(night.exit_code)}"
    yield f"Next: {next_step(night)}"
