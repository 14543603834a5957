from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.spreadsheets.limits import Limits, OverBudgetError, Spender, over_budget_error

if TYPE_CHECKING:
    from collections.abc import Callable

LIMITS = Limits(
    free_cells=10, cells_per_byte=2, free_kept_bytes=10, kept_per_byte=2, free_copies=10,
    copies_per_byte=2, ratio_applies_above_bytes=10, max_compression_ratio=2,
)  # fmt: skip


@pytest.mark.parametrize("spend", [Spender.cells, Spender.keep, Spender.copy])
def test_what_is_free_is_for_all_and_the_rest_by_weight(
    spend: Callable[[Spender, int], None],
) -> None:
    """A file of 5 bytes may cost 10 and 2 for each of its bytes, in as many steps as it likes."""
    spender = Spender(LIMITS, 5)
    spend(spender, 12)
    spend(spender, 8)
    with pytest.raises(OverBudgetError, match="more than 20 "):
        spend(spender, 1)


def test_what_unpacks_too_well_is_refused() -> None:
    """Beyond what is free, each byte of the file stands for so many at most."""
    Spender(LIMITS, 3).unpack(10)
    Spender(LIMITS, 7).unpack(14)
    with pytest.raises(OverBudgetError, match="more than 2 times"):
        Spender(LIMITS, 7).unpack(15)


def test_a_user_allows_a_file_more() -> None:
    """All that a machine pays for grows; what a format can hold does not."""
    limits = LIMITS.times(3)
    Spender(limits, 0).cells(30)
    Spender(limits, 7).unpack(42)
    assert limits.max_columns == LIMITS.max_columns
    assert limits.times(2).factor == 6


def test_what_is_unpacked_weighs_as_much_as_what_it_was_packed_in(tmp_path: Path) -> None:
    """Else a small archive would pay with what comes out of it."""
    path = tmp_path / "leads.csv"
    path.write_bytes(bytes(100))
    LIMITS.spender(path).cells(210)
    with pytest.raises(OverBudgetError):
        replace(LIMITS, weight=5).spender(path).cells(210)


def test_real_lists_fit() -> None:
    """A million rows of 40 columns in .xlsx, and as many phone numbers among the shared texts."""
    spender = Spender(Limits(), 40_000_000)
    spender.unpack(2_000_000_000)
    spender.cells(40_000_000)
    spender.keep(5_000_000 * 66)


def test_says_what_to_do() -> None:
    """Three parts, with the option."""
    error = over_budget_error(Path("leads.csv"), OverBudgetError("it has more than 3 cells"))
    assert error.what.startswith("leads.csv asks for more")
    assert error.why == "It has more than 3 cells."
    assert error.remedy.endswith("--file-limit 10")
