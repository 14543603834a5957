"""What a run is told, from all sources, checked.

The names below are imported when they are first used: the command line makes its options from
`groups`, and must not wait for pydantic.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bulk_loader.settings.credentials import GivenCredentials
    from bulk_loader.settings.durations import parse_age, parse_duration
    from bulk_loader.settings.hours import HoursTable
    from bulk_loader.settings.jobs import Job, JobRules, load_job_file, read_job
    from bulk_loader.settings.loading import load_settings
    from bulk_loader.settings.settings import Settings
    from bulk_loader.settings.sources import TARGETS
    from bulk_loader.settings.target import dialer_identity
    from bulk_loader.settings.values import BadLeadLimit
    from bulk_loader.settings.windows import Window

__all__ = [
    "TARGETS",
    "BadLeadLimit",
    "GivenCredentials",
    "HoursTable",
    "Job",
    "JobRules",
    "Settings",
    "Window",
    "dialer_identity",
    "load_job_file",
    "load_settings",
    "parse_age",
    "parse_duration",
    "read_job",
]

_HOMES = {
    "TARGETS": "sources",
    "BadLeadLimit": "values",
    "GivenCredentials": "credentials",
    "HoursTable": "hours",
    "Job": "jobs",
    "JobRules": "jobs",
    "Settings": "settings",
    "Window": "windows",
    "dialer_identity": "target",
    "load_job_file": "jobs",
    "load_settings": "loading",
    "parse_age": "durations",
    "parse_duration": "durations",
    "read_job": "jobs",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
