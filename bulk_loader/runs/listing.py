"""The hashes of all leads of a list, where it must be known before which list it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bulk_loader.mapping import to_tasks
from bulk_loader.runs.lineage import ListKeys

if TYPE_CHECKING:
    from bulk_loader.ledger import Keys
    from bulk_loader.preparation.pipeline import Pipeline


def list_keys(pipeline: Pipeline, keys: Keys, batch_size: int) -> ListKeys:
    """Read, screen and map the whole list; 16 bytes a lead.

    Raises:
        SourceError: the file can't be read any more.
    """
    hashes: list[np.ndarray] = []
    for batch in pipeline.table.batches(batch_size):
        tasks = to_tasks(pipeline.screen(batch)[0].fields)
        pairs = [(keys.task(t), keys.contact(t.campaign, t.destination)) for t in tasks]
        hashes.append(np.array(pairs, np.int64).reshape(len(pairs), 2))
    both = np.concatenate(hashes) if hashes else np.empty((0, 2), np.int64)
    return ListKeys(np.unique(both[:, 0]), np.unique(both[:, 1]))
