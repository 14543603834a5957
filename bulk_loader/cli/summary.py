"""What became of a run, in short: a table, what most leads have, and what to run next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulk_loader.cli.paint import BLOCK, Painted
from bulk_loader.model import Ending, Status, leads_text
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bulk_loader.cli.paint import Line
    from bulk_loader.model import FrequentProblem, Summary

COLOURS: Final = {
    Status.ACCEPTED: "green",
    Status.REJECTED: "yellow",
    Status.INVALID: "red",
    Status.UNSENT: "bright_black",
    Status.UNKNOWN: "magenta",
    Status.DUPLICATE: "blue",
    Status.SUPPRESSED: "cyan",
}

_BAR_LENGTH = 30


def summary_lines(summary: Summary, command: str, kept: Sequence[str] = ()) -> Iterator[Line]:
    """One run for a person, ending with what to run next.

    Args:
        command: the one just given.
        kept: its options that a retry of this run needs, too.
    """
    yield from ([note] for note in summary.notes)
    yield [f"Run {summary.run_id}: {summary.file.name} to {summary.target}"]
    yield from _table(summary.counts)
    pace = f"{summary.rows_per_second:,.0f} a second"
    yield [f"{summary.sent:,} sent in {summary.seconds:.1f} s ({pace})"]
    if summary.stopped_why:
        yield [Painted(f"Stopped: {summary.stopped_why}", "red")]
    if summary.problems:
        yield ["Most frequent:"]
        for problem in summary.problems:
            yield from _problem(problem)
    if summary.results is not None:
        yield [f"Results: {summary.results}"]
    if summary.report is not None:
        yield [f"Report: {summary.report}"]
    yield from ([Painted(step, is_bold=True)] for step in _next_steps(summary, command, kept))


def figure(name: str, count: int) -> str:
    """A name and a number in their columns."""
    return f"  {name:<10} {count:>9,}"


def _table(counts: Mapping[Status, int]) -> Iterator[Line]:
    """The statuses that any lead has."""
    leads = sum(counts.values())
    for status, count in counts.items():
        if count:
            share, colour = count / leads, COLOURS[status]
            yield [
                Painted(figure(status.value, count), colour),
                Painted(f" {100 * share:>5.1f} % ", only_there=True),
                Painted(BLOCK * max(1, round(_BAR_LENGTH * share)), colour, only_there=True),
            ]


def _problem(problem: FrequentProblem) -> Iterator[Line]:
    yield [
        Painted(f"  {problem.leads:,} {problem.status.value}", COLOURS[problem.status]),
        f": {problem.sentence}",
    ]
    yield [f"    Row {problem.row}: {problem.told}" if problem.told else f"    Row {problem.row}"]


def _next_steps(summary: Summary, command: str, kept: Sequence[str]) -> Iterator[str]:
    counts = summary.counts
    if summary.ending is not Ending.FINISHED or counts[Status.UNSENT]:
        mended = "when that is mended, " if summary.ending is Ending.STOPPED else ""
        yield f"Next: {mended}the same command goes on where it stopped: {command}"
        return
    retry = typed("bulk-loader", "retry", str(summary.results or summary.file), *kept)
    if counts[Status.UNKNOWN]:
        yield (
            f"Next: look in the dialer for the {leads_text(counts[Status.UNKNOWN])} in doubt; "
            f"those that are not there: {retry} --include unknown"
        )
    if counts[Status.INVALID] or counts[Status.REJECTED]:
        yield f"Next: correct the marked rows in the results file, save it, and run: {retry}"
    elif not counts[Status.UNKNOWN]:
        yield (
            "Next: nothing is left to do; to see this run again: "
            f"bulk-loader runs show {summary.run_id}"
        )
