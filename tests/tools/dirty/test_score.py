from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.tools.dirty.corpus import Case, Seen, Verdict, count_cells, judge, load_cases
from tests.tools.dirty.score import Column, our_column, report, table

CASE = Case(Path("a.csv"), {}, [["0991", "Ana"], ["#N/A", ""]], frozenset({(1, 0)}), True)
BAD = Case(Path("b.csv"), {}, [], frozenset(), False)


def test_this_program_reads_every_odd_file_right() -> None:
    """Every cell of the corpus is exact or named as damaged, and what must be refused is."""
    column = our_column(load_cases())
    pairs = list(zip(column.cases, column.seen, strict=True))
    assert [case.path.name for case, seen in pairs if judge(case, seen) is not Verdict.RIGHT] == []
    cells = sum((count_cells(case, seen) for case, seen in pairs), Counter[str]())
    assert set(cells) == {"exact", "named"}
    assert cells.total() > 800


def test_a_wrong_cell_is_silently_wrong() -> None:
    """A number that lost its zero is found, and so is a lead that is not there."""
    assert judge(CASE, Seen([["0991", "Ana"], ["#N/A", ""]])) is Verdict.RIGHT
    assert judge(CASE, Seen([["991", "Ana"], ["#N/A", ""]])) is Verdict.SILENTLY_WRONG
    assert judge(CASE, Seen([["0991", "Ana"]])) is Verdict.SILENTLY_WRONG
    assert count_cells(CASE, Seen([["991", "Ana"]])) == {"wrong": 3, "exact": 1}


def test_a_named_damage_is_right() -> None:
    """Whatever the cell reads; but a sound cell must not be called damaged to hide its text."""
    assert judge(CASE, Seen([["0991", "Ana"], ["?", ""]], frozenset({(1, 0)}))) is Verdict.RIGHT
    named = frozenset({(0, 0)})
    assert judge(CASE, Seen([["991", "Ana"], ["#N/A", ""]], named)) is Verdict.SILENTLY_WRONG


def test_errors_are_refusals_or_crashes() -> None:
    """To refuse a bad file is right, a readable one is not; a fault of the program is a crash."""
    refused = Seen(error=frozenset({"ParserError", "ValueError"}))
    assert judge(BAD, refused) is Verdict.RIGHT
    assert judge(CASE, refused) is Verdict.REFUSED
    assert judge(BAD, Seen(error=frozenset({"KeyError", "LookupError"}))) is Verdict.CRASHED
    assert judge(BAD, Seen([])) is Verdict.SILENTLY_WRONG


def test_the_report_names_what_is_wrong() -> None:
    """The table has a row a reader, and the files behind its figures are listed."""
    column = Column("x", "x 1.0", [CASE, BAD], [Seen([["991", "Ana"]]), Seen(error=frozenset())])
    assert "| x | 2 | 1 | 1 | 0 | 0 | 1 | 0 | 3 | 0 |" in table([column])
    assert "- x: a.csv" in report([column])
