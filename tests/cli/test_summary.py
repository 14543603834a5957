from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bulk_loader.cli.paint import painted, plain
from bulk_loader.cli.summary import COLOURS, summary_lines
from bulk_loader.codes import OutcomeCode, ProblemCode
from bulk_loader.model import FrequentProblem, Status
from tests.cli.fakes import NONE, SUMMARY

RETRY = "bulk-loader retry /lists/leads.results.csv"
PROBLEMS = (
    FrequentProblem(
        Status.INVALID, ProblemCode.PHONE_TEXT, "The phone number is text.", 40, 17, "… is text."
    ),
    FrequentProblem(
        Status.REJECTED, OutcomeCode.ANSWERED_0, "The dialer refused the record.", 2, 5
    ),
)
MIXED = replace(
    SUMMARY,
    counts={**NONE, Status.ACCEPTED: 958, Status.REJECTED: 2, Status.INVALID: 40},
    problems=PROBLEMS,
    report=Path("/lists/leads.report.html"),
)


def test_the_problems_of_most_leads_are_named_with_a_row() -> None:
    """So that a person sees what to look for before any file is opened."""
    text = plain(summary_lines(MIXED, "bulk-loader upload leads.csv"))
    assert text.splitlines()[-8:] == [
        "Most frequent:",
        "  40 invalid: The phone number is text.",
        "    Row 17: … is text.",
        "  2 rejected: The dialer refused the record.",
        "    Row 5",
        "Results: /lists/leads.results.csv",
        "Report: /lists/leads.report.html",
        f"Next: correct the marked rows in the results file, save it, and run: {RETRY}",
    ]


def test_on_a_terminal_each_status_has_its_colour_and_its_share() -> None:
    """A bar is there for each, however few its leads are."""
    lines = painted(summary_lines(MIXED, "bulk-loader upload leads.csv")).splitlines()
    accepted, rejected = (line for line in lines if "%" in line and "invalid" not in line)
    assert "95.8 %" in accepted
    assert accepted.count("▇") == 29
    assert "0.2 %" in rejected
    assert rejected.count("▇") == 1
    assert set(COLOURS) == set(Status)
