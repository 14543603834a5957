"""What pages of runs that never were would tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.codes import OutcomeCode, ProblemCode
from bulk_loader.model import Outcome, Problem, Status
from bulk_loader.preparation.kinds import Kinds
from bulk_loader.reports.content import Content, Mood, NextStep
from bulk_loader.reports.groups import OutcomeGroups, groups_of_kinds, with_kinds
from tests.reports.courses import course

if TYPE_CHECKING:
    from bulk_loader.reports.timeline import Timeline

NOTHING_LEFT = NextStep("Nothing is left to do.")


def phone_problem(row: int, value: str = "12345", column: str = "phone") -> Problem:
    """A number that is too short."""
    fault = "is too short for a phone number: it needs 6 digits or more."
    code, remedy = ProblemCode.PHONE_TOO_SHORT, "Enter the whole number."
    return Problem(code, row, column, value, fault, remedy, is_personal=True)


def empty_content() -> Content:
    """Of a list without a lead."""
    return Content(
        title="Upload of empty.csv",
        mood=Mood.GOOD,
        verdict="Finished. The list has no leads.",
        facts=[("List", "empty.csv"), ("Run", "20260302-0830-0a1b2c")],
        counts=dict.fromkeys(Status, 0),
        next_step=NOTHING_LEFT,
    )


def run_content(leads: int, *, sessions: int = 1, timeline: Timeline | None = None) -> Content:
    """Of a list of which one lead in ten has some problem."""
    bad, refused, unclear, twice = leads // 20, leads // 25, leads // 100, leads // 50
    kinds, outcomes = Kinds(), OutcomeGroups()
    for row in range(2, 2 + min(bad, 100)):
        kinds.add(phone_problem(row, "0991 23" if row % 2 else "telefono"))
    for row in range(2, 2 + refused):
        outcomes.add(Outcome(row, Status.REJECTED, OutcomeCode.ANSWERED_0))
    for row in range(2, 2 + unclear):
        outcomes.add(Outcome(row, Status.UNKNOWN, OutcomeCode.HTTP_FAILED, "500"))
    for row in range(2, 2 + twice):
        outcomes.add(Outcome(row, Status.DUPLICATE, OutcomeCode.DUPLICATE_ROW, str(row // 2)))
    accepted = leads - bad - refused - unclear - twice
    counts = dict.fromkeys(Status, 0) | {
        Status.ACCEPTED: accepted,
        Status.REJECTED: refused,
        Status.INVALID: bad,
        Status.UNKNOWN: unclear,
        Status.DUPLICATE: twice,
    }
    told = timeline or course(accepted, per_second=38.0, sessions=sessions)
    return Content(
        title="Upload of leads-march.xlsx",
        mood=Mood.OPEN,
        verdict=f"Finished: {accepted:,} of {leads:,} leads were accepted.",
        facts=[
            ("List", "leads-march.xlsx"),
            ("Dialer", "https://acme.ucontactcloud.com"),
            ("Run", "20260302-0830-0a1b2c"),
            ("Begun", "2026-03-02 08:30 (UTC-03:00)"),
            ("Ended", "2026-03-02 09:14 (UTC-03:00)"),
            ("Results", "leads-march.results.xlsx"),
        ],
        counts=counts,
        next_step=NextStep(
            "Correct the marked rows in the results file, save it, and run:",
            "bulk-loader retry /home/ana/lists/leads-march.results.xlsx",
        ),
        groups=with_kinds(outcomes.listed(), groups_of_kinds(kinds.listed())),
        notes=["4,120 leads had separators taken out of a phone number."],
        settings=[
            ("campaign", "SALES<-"),
            ("concurrency", "auto"),
            ("data", "name={Name}:id={ID}"),
        ],
        timeline=told,
        session_starts=[f"2026-03-0{day} 08:30" for day in range(2, 2 + sessions)] * (sessions > 1),
    )
