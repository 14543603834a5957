from __future__ import annotations

import pytest

from tests.support.uploads import dialer, leads, settings

__all__ = ["dialer", "leads", "settings"]


@pytest.fixture(params=["sqlite", "postgres"])
def ledger_url(request: pytest.FixtureRequest) -> str | None:
    """None for a ledger of this machine, the address of one that machines share."""
    if request.param == "sqlite":
        return None
    url: str = request.getfixturevalue("database")
    return url


only_sqlite = pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
