"""A night in words, for a terminal and for whoever is told of it elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from bulk_loader.jobs.night import NightOutcome
from bulk_loader.model import Status, leads_text
from bulk_loader.shell import typed
from bulk_loader.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bulk_loader.jobs.night import FileReport, Night


def night_text(night: Night) -> str:
    """One night for a person, ending with what to do next; errors were told in full before."""
    return "\n".join(map(on_one_line, _night_lines(night)))


def _night_lines(night: Night) -> Iterator[str]:
    for report in night.files:
        yield from file_lines(report, with_error=False)
    yield from night.notes
    if not night.files and night.why and night.error is None:
        yield night.why
    yield f"Job {night.job}: {outcome_words(night.outcome)}{counted(night.counts)}"
    yield f"Next: {next_step(night)}"


def file_lines(report: FileReport, *, with_error: bool) -> Iterator[str]:
    """What became of one file.

    Args:
        with_error: an error was not told in full already.
    """
    yield f"{report.name}: {outcome_words(report.outcome)}{counted(report.counts)}"
    yield from (f"  {note}" for note in report.notes)
    if report.why and (with_error or report.error is None):
        yield f"  {report.why}"
    for problem in report.problems:
        yield f"  {leads_text(problem.leads)}: {problem.sentence}"
    if report.results is not None:
        yield f"  Results: {report.results}"
    elif report.place is not None:
        yield f"  It is in: {report.place}"
    if report.report is not None:
        yield f"  Report: {report.report}"


def next_step(night: Night) -> str:
    """What a person does about the file that went worst."""
    if night.machine and night.exit_code is not ExitCode.OK:
        return f"look on {night.machine} what became of it: {_LOOK}"
    if night.outcome is NightOutcome.LOADED:
        return _after_loading(night)
    if night.exit_code is ExitCode.OK:
        return _NOTHING
    return _NEXT[night.outcome].format(name=typed(night.job))


_LOOK = typed("bulk-loader", "job", "list")
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


def outcome_words(outcome: NightOutcome) -> str:
    """As it stands in a sentence."""
    return outcome.value.replace("_", " ")


def counted(counts: Mapping[Status, int]) -> str:
    """How many leads have each status, as the rest of a sentence; "" for none."""
    told = [f"{counts[status]:,} {status.value}" for status in Status if counts.get(status)]
    return f", {', '.join(told)}" if told else ""
