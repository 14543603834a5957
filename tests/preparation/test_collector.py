"""The search for unreachable objects, and whose choice it is."""

from __future__ import annotations

import gc
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from bulk_loader.preparation.collector import spared_collector

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _unfrozen() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_what_exists_is_spared_for_as_long_as_asked() -> None:
    """Afterwards everything is looked at again, also where the body failed."""
    with suppress(KeyError), spared_collector():
        assert gc.get_freeze_count() > 0
        raise KeyError
    assert gc.get_freeze_count() == 0


def test_objects_that_the_caller_froze_stay_so() -> None:
    """A program that calls may have frozen its own for a fork of its own."""
    gc.freeze()
    with spared_collector():
        pass
    assert gc.get_freeze_count() > 0
