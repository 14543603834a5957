"""Python's search for unreachable objects, spared what lives as long as a run."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def spared_collector() -> Iterator[None]:
    """What exists by now, the modules above all, is not looked at again and again for each batch.

    Nothing is done where the program that calls has frozen objects of its own.
    """
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
