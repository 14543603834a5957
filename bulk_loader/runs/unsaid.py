"""What a run could not say is kept with it in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def note_unsaid(
    home: Path, run_id: str, texts: Sequence[str], key_file: Path | None = None
) -> None:
    """Keep with a run what could not be written to the terminal or log, in place of the like before.

    Args:
        texts: without phone numbers, names or secrets; each may have several lines.

    Raises:
        LedgerError: the ledger can't be used.
    """
    with Ledger.open(home, key_file) as ledger:
        ledger.runs.note_unsaid(run_id, "\n".join(texts))
