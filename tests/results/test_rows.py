from __future__ import annotations

import pytest

from bulk_loader.errors import ResultsError
from bulk_loader.model import Status
from bulk_loader.results.rows import Accounting
from tests.results.examples import result


def test_gives_each_row_its_own_result() -> None:
    """A row gets the result of its number, and a row that is no lead gets none."""
    accounting = Accounting([result(2), result(4, Status.UNSENT)], leads=2)

    given = [accounting.result_of(row) for row in (1, 2, 3, 4, 5)]
    accounting.close()

    assert given == [None, result(2), None, result(4, Status.UNSENT), None]


def test_refuses_a_result_without_a_row_in_between() -> None:
    """A result whose row is passed over stops the writing."""
    accounting = Accounting([result(3)], leads=1)

    with pytest.raises(ResultsError, match="do not fit") as caught:
        accounting.result_of(4)

    assert caught.value.why == "Row 3 has an outcome, but the file has no such row."


def test_refuses_a_result_behind_the_last_row() -> None:
    """A result that is left over stops the writing."""
    accounting = Accounting([result(9)], leads=1)

    with pytest.raises(ResultsError) as caught:
        accounting.close()

    assert caught.value.why == "Row 9 has an outcome, but the file ends before it."


def test_refuses_a_lead_without_a_result() -> None:
    """Fewer results than leads stop the writing."""
    accounting = Accounting([result(2)], leads=2)
    accounting.result_of(2)

    with pytest.raises(ResultsError) as caught:
        accounting.close()

    assert caught.value.why == "1 of 2 leads have an outcome."
