from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.support.databases import database, server

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["database", "server"]

# On a busy machine an example may take long, and so may its making; no test says anything of time.
SLOW = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile("any machine", deadline=None, suppress_health_check=SLOW)
# What lands or not must not depend on chance; new examples are looked for where people work.
hypothesis.settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=SLOW
)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "any machine")

# No test asks the keyring of whoever runs it; some bring one of their own.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"


@pytest.fixture
def ledger_url() -> str | None:
    """Where a ledger is that machines share; None for one of this machine."""
    return None


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    """A signal that a test leaves ignored would be ignored by every program of the tests after it."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    yield
    after = [signal.getsignal(number) for number in numbers]
    for number, action in zip(numbers, before, strict=True):
        signal.signal(number, action)
    assert after == before
