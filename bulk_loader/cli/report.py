"""What a command found, in words and in JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bulk_loader.cli.again import options_again
from bulk_loader.cli.campaigns import campaign_lines, campaigns_json
from bulk_loader.cli.documents import Document, head
from bulk_loader.cli.summary import figure
from bulk_loader.exit_codes import check_code, exit_code
from bulk_loader.masking import masked_label
from bulk_loader.model import Status, leads_text
from bulk_loader.shell import typed
from bulk_loader.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bulk_loader.errors import LoaderError
    from bulk_loader.model import FrequentProblem, Problem, Summary
    from bulk_loader.preparation.kinds import ProblemKind
    from bulk_loader.workflows.check_report import CheckReport


def summary_json(summary: Summary) -> str:
    """One run as one line."""
    return json.dumps(
        {
            **head(Document.RUN),
            "kind": summary.kind.value,
            "run_id": summary.run_id,
            "file": str(summary.file),
            "digest": summary.digest,
            "profile": summary.profile,
            "target": summary.target,
            "started_at": summary.started_at.isoformat(),
            "ended_at": summary.ended_at.isoformat(),
            "leads": summary.leads,
            "counts": _plain(summary.counts),
            "sent": summary.sent,
            "seconds": round(summary.seconds, 3),
            "rows_per_second": round(summary.rows_per_second, 1),
            "results": None if summary.results is None else str(summary.results),
            "report": None if summary.report is None else str(summary.report),
            "problems": list(map(_frequent_json, summary.problems)),
            "exit_code": int(exit_code(summary)),
            "ended": summary.ending.value,
            "stopped_why": summary.stopped_why,
            "notes": list(summary.notes),
            **campaigns_json(summary.campaigns),
        },
        ensure_ascii=False,
    )


def _frequent_json(problem: FrequentProblem) -> dict[str, object]:
    return {
        "status": problem.status.value,
        "code": problem.code,
        "sentence": problem.sentence,
        "leads": problem.leads,
        "first_row": problem.row,
    }


def counts_text(counts: Mapping[Status, int]) -> str:
    """The statuses that some lead has, on one line."""
    return ", ".join(f"{number:,} {status.value}" for status, number in counts.items() if number)


def error_json(error: LoaderError, attempt: Mapping[str, str | None]) -> str:
    """What kept a command from doing its work, as one line; `attempt` tells what was given when."""
    return json.dumps(
        {
            **head(Document.ERROR),
            **attempt,
            "exit_code": int(error.exit_code),
            "code": error.code.value,
            "what": error.what,
            "why": error.why,
            "remedy": error.remedy,
        },
        ensure_ascii=False,
    )


def check_json(report: CheckReport) -> str:
    """One check as one line; problems show no value of a cell, the first tasks are whole.

    It is bounded: each kind with its first rows, and no more problems than the report holds.
    """
    problems = [
        {"row": p.row, "column": p.column, "code": p.code, "sentence": p.masked_sentence}
        for p in report.problems
    ]
    return json.dumps(
        {
            **head(Document.CHECK),
            "file": str(report.source.path),
            "digest": report.source.digest,
            "profile": report.profile,
            "started_at": report.started_at.isoformat(),
            "ended_at": report.ended_at.isoformat(),
            "leads": report.source.leads,
            "columns": {
                name.value: list(map(masked_label, labels))
                for name, labels in report.columns.columns.items()
            },
            "not_sent": [
                {"column": masked_label(label), "may_be": field and field.value}
                for label, field in report.left_out.columns.items()
            ],
            "resends": None if report.resends is None else sorted(report.resends),
            "counts": _plain(report.counts),
            "kinds": list(map(_kind_json, report.kinds)),
            "problems": problems,
            "first_tasks": list(report.first_tasks),
            "results": None if report.results is None else str(report.results),
            "report": None if report.report is None else str(report.report),
            "exit_code": int(check_code(report.counts)),
            "notes": list(report.notes),
            **campaigns_json(report.campaigns),
        },
        ensure_ascii=False,
    )


def _kind_json(kind: ProblemKind) -> dict[str, object]:
    return {
        "code": kind.code,
        "column": kind.column,
        "leads": kind.leads,
        "first_rows": [problem.row for problem in kind.first],
        "remedy": kind.remedy,
    }


def check_text(report: CheckReport, flags: Mapping[str, object] | None = None) -> Iterator[str]:
    """One check for a person, line by line: columns, kinds of problems, figures, first tasks.

    Args:
        flags: the settings that were given as options.
    """
    return map(on_one_line, _check_lines(report, flags or {}))


def problem_text(problem: Problem) -> str:
    """One problem for a person, where all of them are listed."""
    return on_one_line(problem.masked_sentence)


def _check_lines(report: CheckReport, flags: Mapping[str, object]) -> Iterator[str]:
    yield "Columns:"
    for name, labels in report.columns.columns.items():
        yield f"  {name.value:<12} <- {', '.join(map(masked_label, labels))}"
    if template := report.columns.template_columns:
        yield f"  {'data':<12} <- its template uses {', '.join(map(masked_label, template))}"
    yield from report.left_out.sentences
    yield from campaign_lines(report.campaigns)
    if report.kinds:
        yield "Problems:"
        for kind in report.kinds:
            yield from _kind_lines(kind)
    yield "Leads:"
    yield figure("valid" if report.resends is None else "to send", report.counts[Status.UNSENT])
    yield from _table({**report.counts, Status.UNSENT: 0})
    yield from report.notes
    if report.results is not None:
        yield f"Marked: {report.results}"
    if report.report is not None:
        yield f"Report: {report.report}"
    if report.first_tasks:
        yield "The first tasks, as they would be sent:"
        yield from report.first_tasks
    yield _after_check(report, flags)


def _kind_lines(kind: ProblemKind) -> Iterator[str]:
    place = "whole rows" if kind.column is None else f'column "{masked_label(kind.column)}"'
    yield f"  {leads_text(kind.leads)}, {place} ({kind.code}):"
    yield from (f"    {problem.masked_fault}" for problem in kind.first)
    if more := kind.leads - len(kind.first):
        yield f"    … and {more:,} more; --all lists them"
    if kind.remedy:
        yield f"    {kind.remedy}"


def _after_results(report: CheckReport, flags: Mapping[str, object]) -> str:
    """What to do with a results file that was checked."""
    assert report.resends is not None
    included = [
        word
        for status in (Status.UNKNOWN, Status.DUPLICATE, Status.SUPPRESSED)
        if status in report.resends
        for word in ("--include", status.value)
    ]
    retry = typed("bulk-loader", "retry", str(report.source.path), *included, *options_again(flags))
    if wrong := report.counts[Status.INVALID]:
        return f"Next: correct the {leads_text(wrong)} named above, save the file, and run: {retry}"
    if report.counts[Status.UNSENT]:
        return f"Next: {retry}"
    return "Next: nothing is left to do; a retry would send none of these leads"


def _after_check(report: CheckReport, flags: Mapping[str, object]) -> str:
    if report.resends is not None:
        return _after_results(report, flags)
    wrong = leads_text(report.counts[Status.INVALID])
    if report.results is not None and report.counts[Status.INVALID]:
        with_header = {name: flag for name, flag in flags.items() if name != "header_row"}
        # The marked file has a header in any case.
        kept = options_again(flags if report.source.header_row else with_header)
        return (
            f"Next: correct the {wrong} marked invalid in {report.results.name}, save it, and run: "
            f"{_to_upload(report, report.results, kept)}"
        )
    if report.source.is_piped:
        return "Next: save the list as a file, with what is named above corrected, and upload that"
    file, kept = report.source.path, options_again(flags)
    if report.counts[Status.INVALID]:
        again = typed("bulk-loader", "check", str(file), *kept)
        return f"Next: correct the {wrong} named above, and run: {again}"
    return f"Next: {_to_upload(report, file, kept)}"


def _to_upload(report: CheckReport, file: Path, kept: Sequence[str]) -> str:
    upload = typed("bulk-loader", "upload", str(file), *kept)
    named = ", with the dialer: --url, --instance, --profile, or --sandbox for a trial"
    return upload if report.has_dialer else f"{upload}{named}"


def _table(counts: Mapping[Status, int]) -> Iterator[str]:
    """The statuses that any lead has."""
    return (figure(status.value, count) for status, count in counts.items() if count)


def _plain(counts: Mapping[Status, int]) -> dict[str, int]:
    return {status.value: counts.get(status, 0) for status in Status}
