from __future__ import annotations

from itertools import combinations

from bulk_loader.codes import ProblemCode
from bulk_loader.model import Status
from bulk_loader.screening.registry import RULES
from bulk_loader.spreadsheets import cells

OF_ROWS = {
    ProblemCode.TOO_FEW_CELLS,
    ProblemCode.TOO_MANY_CELLS,
    ProblemCode.NUL_CHARACTER,
    ProblemCode.TEXT_AFTER_QUOTE,
}


def test_every_problem_is_found_in_one_place() -> None:
    """By one rule of the registry, or while the file is read."""
    of_cells = {damage.code for damage in vars(cells).values() if isinstance(damage, cells.Damage)}
    owners = [of_cells, OF_ROWS, *(rule.codes for rule in RULES)]
    assert set().union(*owners) == set(ProblemCode)
    assert not any(one & other for one, other in combinations(owners, 2))


def test_a_rule_refuses_or_leaves_out() -> None:
    """There is no third thing that screening could make of a lead."""
    assert {rule.status for rule in RULES} == {Status.INVALID, Status.SUPPRESSED}
