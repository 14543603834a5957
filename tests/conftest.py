from __future__ import annotations

import os

import hypothesis
import pytest

from tests.support.databases import database, server

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
