"""Memory of a long run: what is not to be looked at again, and what the system gets back."""

from __future__ import annotations

import ctypes
import gc
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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


def give_memory_back() -> None:
    """What a batch took lies in pieces between others, which glibc keeps, ever more of them.

    To look for free pages takes a hundredth of the time that a batch takes.
    """
    if (trim := _malloc_trim()) is not None:
        trim(0)


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    """Of glibc; other C libraries have none, and Windows has no such library at all."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
