"""The leads of a table, as tests compare them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulk_loader.model import LeadTable


def leads(table: LeadTable, size: int = 1000) -> dict[int, list[str]]:
    """All leads by row number."""
    return {
        number: cells
        for batch in table.batches(size)
        for number, cells in zip(batch.frame.index, batch.frame.to_numpy().tolist(), strict=True)
    }
