from __future__ import annotations

from bulk_loader.codes import ForeignCode, OutcomeCode, ProblemCode
from bulk_loader.model import Outcome, Problem, Status
from bulk_loader.preparation.kinds import FIRST_ROWS, Kinds
from bulk_loader.reports.groups import (
    IN_ORDER,
    FirstRow,
    OutcomeGroups,
    groups_of_kinds,
    most_frequent,
    with_kinds,
)
from tests.reports.contents import phone_problem


def outcomes(*told: Outcome) -> OutcomeGroups:
    """All of them, counted."""
    groups = OutcomeGroups()
    for each in told:
        groups.add(each)
    return groups


def kinds(*problems: Problem) -> Kinds:
    """All of them, counted."""
    found = Kinds()
    for each in problems:
        found.add(each)
    return found


def test_outcomes_are_counted_by_kind() -> None:
    """With the first rows of each, however many there are, and what differs between them."""
    rejected = [Outcome(row, Status.REJECTED, OutcomeCode.ANSWERED_0) for row in range(2, 102)]
    twice = Outcome(200, Status.DUPLICATE, OutcomeCode.DUPLICATE_ROW, "17")
    first, second = outcomes(*rejected, twice, Outcome(201, Status.ACCEPTED)).listed()
    assert (first.status, first.leads, len(first.first)) == (Status.REJECTED, 100, FIRST_ROWS)
    assert first.first[0] == FirstRow(2)
    assert second.first == (FirstRow(200, "Not sent: row 17 has the same campaign and number."),)
    assert second.remedy


def test_what_must_be_done_comes_first() -> None:
    """Leads that were left out on purpose stand at the end, however many they are."""
    told = [
        *(Outcome(row, Status.SUPPRESSED, ProblemCode.DO_NOT_CALL) for row in range(2, 50)),
        Outcome(50, Status.UNSENT, OutcomeCode.RUN_STOPPED),
        Outcome(51, Status.INVALID, ProblemCode.PHONE_TEXT),
        Outcome(52, Status.UNKNOWN, OutcomeCode.READ_TIMEOUT),
    ]
    listed = [group.status for group in outcomes(*told).listed()]
    assert listed == [Status.INVALID, Status.UNKNOWN, Status.UNSENT, Status.SUPPRESSED]
    assert set(IN_ORDER) == set(Status) - {Status.ACCEPTED}


def test_numbers_are_masked_unless_asked_for() -> None:
    """Only the end of a phone number is shown, and of a column that reads like one."""
    found = kinds(phone_problem(2, "0991 234 567", column="099123456")).listed()
    (masked,), (whole,) = groups_of_kinds(found), groups_of_kinds(found, whole=True)
    assert masked.first[0].told.startswith("… 567 is too short")
    assert masked.column == "…3456"
    assert whole.first[0].told.startswith("0991 234 567 is too short")
    assert whole.column == "099123456"


def test_what_the_rows_say_stands_for_what_the_ledger_says() -> None:
    """A kind is told once: by its problems where the rows were judged, with column and remedy."""
    ledger = outcomes(
        Outcome(2, Status.INVALID, ProblemCode.PHONE_TOO_SHORT),
        Outcome(3, Status.REJECTED, OutcomeCode.ANSWERED_0),
    ).listed()
    told = with_kinds(ledger, groups_of_kinds(kinds(phone_problem(2)).listed()))
    assert [(group.code, group.column) for group in told] == [
        (ProblemCode.PHONE_TOO_SHORT, "phone"),
        (OutcomeCode.ANSWERED_0, None),
    ]
    assert told[0].remedy == "Enter the whole number."


def test_the_most_frequent_are_three_and_hold_nothing_of_the_list() -> None:
    """For whoever is told of a run and may not see its list."""
    ledger = outcomes(
        *(Outcome(row, Status.REJECTED, OutcomeCode.ANSWERED_0) for row in (2, 3)),
        *(Outcome(row, Status.UNKNOWN, OutcomeCode.READ_TIMEOUT) for row in (4, 5, 6)),
        Outcome(7, Status.UNKNOWN, OutcomeCode.WEB_PAGE),
        *(Outcome(row, Status.DUPLICATE, OutcomeCode.DUPLICATE_ROW) for row in range(8, 99)),
    ).listed()
    secret = kinds(*(phone_problem(row, "0991234567") for row in range(100, 104))).listed()
    problems = most_frequent(with_kinds(ledger, groups_of_kinds(secret)))
    assert [(each.leads, each.row) for each in problems] == [(4, 100), (3, 4), (2, 2)]
    assert problems[0].sentence == "The phone number has too few digits."
    assert "0991234567" not in repr(problems)


def test_a_kind_of_another_release_is_named() -> None:
    """A ledger that a newer release has written can be told of, too."""
    (group,) = outcomes(Outcome(2, Status.REJECTED, ForeignCode("new_thing"))).listed()
    assert "new_thing" in group.sentence
