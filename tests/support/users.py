"""Two users in one test, which only the superuser can be."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534  # the user without rights on Linux
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only a superuser can be two users")


@contextmanager
def as_user(number: int) -> Iterator[None]:
    """As another user, whom the superuser becomes for a while."""
    os.seteuid(number)
    try:
        yield
    finally:
        os.seteuid(0)
