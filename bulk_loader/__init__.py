"""Puts every row of a spreadsheet of leads into a uContact dialer, once.

The names below are imported when they are first used, so that `bulk-loader --help` need not wait
for pandas:

    from bulk_loader import Settings, upload
    summary = upload("leads.csv", Settings(url="https://...", token="...", campaign="POWER<-"))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bulk_loader.errors import LoaderError
    from bulk_loader.model import Ending, Status, Summary
    from bulk_loader.settings import Settings, load_settings
    from bulk_loader.workflows.check import check
    from bulk_loader.workflows.check_report import CheckReport
    from bulk_loader.workflows.retry import retry
    from bulk_loader.workflows.upload import upload

__all__ = [
    "CheckReport",
    "Ending",
    "LoaderError",
    "Settings",
    "Status",
    "Summary",
    "check",
    "load_settings",
    "retry",
    "upload",
]

_HOMES = {
    "LoaderError": "errors",
    "Ending": "model",
    "Status": "model",
    "Summary": "model",
    "Settings": "settings",
    "load_settings": "settings",
    "CheckReport": "workflows.check_report",
    "check": "workflows.check",
    "retry": "workflows.retry",
    "upload": "workflows.upload",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
