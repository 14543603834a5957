"""Preparing what is only looked at: nothing of it is remembered, and no run before matters."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from bulk_loader.choices import Duplicates
from bulk_loader.ledger import Keys
from bulk_loader.preparation.history import History
from bulk_loader.preparation.preparing import Preparation
from bulk_loader.screening.duplicates import SeenLeads

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.model import Problem
    from bulk_loader.preparation.pipeline import Pipeline
    from bulk_loader.preparation.sentences import Sentences
    from bulk_loader.settings import Settings


def unremembered(
    pipeline: Pipeline,
    settings: Settings,
    sentences: Sentences,
    refused: Callable[[Problem], None] | None = None,
) -> Preparation:
    """Prepares a file as an upload would that nothing went before, and needs no ledger.

    Args:
        refused: is told every problem of every lead.
    """
    return Preparation(
        pipeline=pipeline,
        keys=Keys(secrets.token_bytes(32)),
        history=History(),
        sentences=sentences,
        batch_size=settings.batch_size,
        seen=SeenLeads(pipeline.table.source.leads),
        skips_duplicates=settings.duplicates is Duplicates.SKIP,
        refused=refused,
    )
