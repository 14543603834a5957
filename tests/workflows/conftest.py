from __future__ import annotations

from tests.support.uploads import dialer, leads, settings

__all__ = ["dialer", "leads", "settings"]
