from __future__ import annotations

from dataclasses import replace

from bulk_loader.codes import ProblemCode
from bulk_loader.model import Problem
from bulk_loader.preparation.kinds import FIRST_ROWS, Kinds

PROBLEM = Problem(
    code=ProblemCode.CALLDATE_AMBIGUOUS,
    row=2,
    column="Fecha",
    value="03/04/2026",
    fault="may be March or April.",
    remedy="Say how with --date-format.",
)


def test_thousands_of_one_cause_are_one_kind() -> None:
    """However many rows share a cause, it is counted once, and its first rows are kept."""
    kinds = Kinds()
    for row in range(2, 20_002):
        kinds.add(replace(PROBLEM, row=row))
    (kind,) = kinds.listed()
    assert (kind.code, kind.column, kind.leads) == (PROBLEM.code, "Fecha", 20_000)
    assert [problem.row for problem in kind.first] == list(range(2, 2 + FIRST_ROWS))
    assert kind.remedy == PROBLEM.remedy


def test_columns_and_codes_are_told_apart_and_the_most_frequent_comes_first() -> None:
    """The same fault in two columns asks two questions."""
    kinds = Kinds()
    kinds.add(PROBLEM)
    for row in (3, 4):
        kinds.add(replace(PROBLEM, row=row, column="Vence"))
    kinds.add(replace(PROBLEM, row=3, code=ProblemCode.CALLDATE_PAST))
    assert [(kind.code, kind.column, kind.leads) for kind in kinds.listed()] == [
        (ProblemCode.CALLDATE_AMBIGUOUS, "Vence", 2),
        (ProblemCode.CALLDATE_AMBIGUOUS, "Fecha", 1),
        (ProblemCode.CALLDATE_PAST, "Fecha", 1),
    ]


def test_two_faults_in_one_cell_are_one_lead() -> None:
    """Two bad numbers among the alternatives of one row do not count it twice."""
    kinds = Kinds()
    kinds.add(PROBLEM)
    kinds.add(replace(PROBLEM, value="04/05/2026"))
    assert [kind.leads for kind in kinds.listed()] == [1]
