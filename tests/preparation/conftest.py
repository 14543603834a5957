from __future__ import annotations

from tests.support.uploads import dialer, leads, ledger_url, settings

__all__ = ["dialer", "leads", "ledger_url", "settings"]
