"""What a run could not say is kept with it in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.ledger_place import LikePlace


def note_unsaid(place: LikePlace, run_id: str, texts: Sequence[str]) -> None:
    """Keep with a run what could not be written to the terminal or log, in place of the like before.

    Args:
        texts: without phone numbers, names or secrets; each may have several lines.

    Raises:
        LedgerError: the ledger can't be used.
    """
    with Ledger.open(place) as ledger:
        ledger.runs.note_unsaid(run_id, "\n".join(texts))
