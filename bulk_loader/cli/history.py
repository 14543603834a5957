"""Runs of the past, in words and in JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from bulk_loader.cli.documents import Document, head
from bulk_loader.model import Ending, Status
from bulk_loader.runs.moments import local, local_in_full
from bulk_loader.shell import typed
from bulk_loader.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bulk_loader.workflows.old_results import OldResults
    from bulk_loader.workflows.past_runs import Forgetting, PastRun

T = TypeVar("T")


def run_line(run: PastRun) -> str:
    """One run in one line: what it sent, and which leads of its own it did not send."""
    when = local(run.started_at)
    file = f"{run.file.name} on {run.machine}" if run.machine else run.file.name
    return on_one_line(
        f"{run.run_id}  {when}  {file} to {run.target}  {run.ending.value}: {_figures(run)}"
    )


def run_text(run: PastRun) -> str:
    """One run in full, ending with what to run next."""
    return "\n".join(map(on_one_line, _lines(run)))


def _lines(run: PastRun) -> Iterator[str]:
    yield f"Run:     {run.run_id} ({run.kind})"
    yield f"File:    {run.file}"
    if run.machine:
        yield f"Machine: {run.machine}"
    yield f"Dialer:  {run.target}"
    yield f"Began:   {local_in_full(run.started_at)}"
    ended = "" if run.ended_at is None else f" {local_in_full(run.ended_at)}"
    yield f"Ended:   {run.ending.value}{ended}"
    if run.stopped_why:
        yield f"Stopped: {run.stopped_why}"
    yield f"Sent:    {sum(run.sent.values()):,}{_in_brackets(run.sent)}"
    yield f"Leads:   {run.leads:,}{_in_brackets(run.counts)}"
    yield f"Results: {run.results}"
    if run.unsaid:
        first, *others = run.unsaid.splitlines()
        yield f"Unsaid:  {first}"
        yield from (f"         {line}" for line in others)
    if run.counts[Status.UNKNOWN] and run.ending is not Ending.UNFINISHED:
        settle = typed("bulk-loader", "runs", "settle", run.run_id)
        yield f"Doubts:  look in the dialer, then: {settle} --row N --as accepted, or --as unsent"
    if run.ending is Ending.UNFINISHED:
        write = typed("bulk-loader", "runs", "results", run.run_id)
        yield f"Next: to see what was sent so far: {write}"
    elif any(run.counts[status] for status in Status if status is not Status.ACCEPTED):
        retry = typed("bulk-loader", "retry", str(run.results))
        yield f"Next: to send what was not accepted: {retry}"


MAX_LISTED = 20
"""Runs that are named before they are forgotten."""


def _first(found: Sequence[T], line: Callable[[T], str]) -> Iterator[str]:
    yield from map(line, found[:MAX_LISTED])
    if len(found) > MAX_LISTED:
        yield f"… and {len(found) - MAX_LISTED:,} more"


def forgetting_lines(planned: Forgetting) -> Iterator[str]:
    """What would be forgotten, what that means, and what stays."""
    yield from _first(planned.runs, run_line)
    if planned.runs:
        count = len(planned.runs)
        them = "This run" if count == 1 else f"These {count:,} runs"
        yield (
            f"{them} would be forgotten: the files could be sent again without --again, and their "
            "people are not recognised in other lists any more."
        )
    else:
        yield "There is no run to forget."
    if planned.kept:
        count = len(planned.kept)
        them = "1 run stays" if count == 1 else f"{count:,} runs stay"
        yield f"{them} although as old: unfinished, or with a lead in doubt since lately."


def removal_lines(planned: OldResults) -> Iterator[str]:
    """Which results files would be removed, and which stay and why."""
    yield from _first(planned.files, lambda path: on_one_line(str(path)))
    if planned.files:
        count = len(planned.files)
        them = "This file" if count == 1 else f"These {count:,} files"
        yield (
            f"{them} would be removed. What they say stays in the ledger: as long as its list is "
            "there, bulk-loader runs results ID writes one anew."
        )
    else:
        yield "There is no results file to remove."
    yield from _first(planned.kept, lambda kept: on_one_line(f"{kept[0]} stays: {kept[1].value}."))


def run_json(run: PastRun) -> str:
    """One run as one line of JSON."""
    return json.dumps(_plain(run), ensure_ascii=False)


def runs_json(runs: Iterable[PastRun]) -> str:
    """Several runs as one line of JSON."""
    listed = {**head(Document.PAST_RUNS), "runs": [_plain(run) for run in runs]}
    return json.dumps(listed, ensure_ascii=False)


def _plain(run: PastRun) -> dict[str, object]:
    return {
        **head(Document.PAST_RUN),
        "run_id": run.run_id,
        "kind": run.kind.value,
        "file": str(run.file),
        "digest": run.digest,
        "target": run.target,
        "leads": run.leads,
        "counts": {status.value: run.counts[status] for status in Status},
        "sent": sum(run.sent.values()),
        "sent_counts": {status.value: run.sent[status] for status in Status},
        "results": str(run.results),
        "ended": run.ending.value,
        "stopped_why": run.stopped_why,
        "unsaid": run.unsaid,
        "machine": run.machine,
        "started_at": run.started_at.isoformat(),
        "ended_at": None if run.ended_at is None else run.ended_at.isoformat(),
    }


def _figures(run: PastRun) -> str:
    left = Counter(run.counts) - Counter(run.sent)
    # Those of an earlier run: they stand in its line.
    kept = left.pop(Status.ACCEPTED, 0) + left.pop(Status.REJECTED, 0)
    told = [_sent(run), _counts(left), f"{kept:,} sent before" if kept else ""]
    return "; ".join(part for part in told if part)


def _sent(run: PastRun) -> str:
    count = sum(run.sent.values())
    return f"{count:,} sent{_in_brackets(run.sent)}" if count else "nothing sent"


def _in_brackets(counts: Mapping[Status, int]) -> str:
    told = _counts(counts)
    return f" ({told})" if told else ""


def _counts(counts: Mapping[Status, int]) -> str:
    return ", ".join(f"{counts[status]:,} {status.value}" for status in Status if counts[status])
