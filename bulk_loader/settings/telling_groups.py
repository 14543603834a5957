"""Whom a job tells how a night went; of a file or a profile for all of its jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.choices import AlertOn
from bulk_loader.settings.paths import path_from
from bulk_loader.settings.statements import NEUTRAL, Group, HelpSection, Setting

if TYPE_CHECKING:
    # Known when `Settings` is built.
    from bulk_loader.settings import values

_ONLY_OF_JOBS = "only a job tells others; a command tells who gave it"


class TellingSettings(Group, section=HelpSection.OUTPUT):
    """Alerts, a heartbeat and metrics."""

    # An address mostly holds a password or a key.
    alerts: Setting[values.AlertUrls, values.LikeNames] = Setting(
        NEUTRAL,
        "Addresses that are told how a job went, as apprise writes them",
        "URL",
        default=(),
        is_secret=True,
        is_remembered=False,
        separator=" ",
        without_option=_ONLY_OF_JOBS,
    )
    alerts_file: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "File with further such addresses, one a line",
        "FILE",
        seen_from=path_from,
        is_remembered=False,
        without_option=_ONLY_OF_JOBS,
    )
    alert_on: Setting[AlertOn, str] = Setting(
        NEUTRAL,
        "Which nights they are told of",
        default=AlertOn.FAILURE,
        is_remembered=False,
        without_option=_ONLY_OF_JOBS,
    )
    heartbeat: Setting[values.HeartbeatUrl | None, values.LikeSecret | None] = Setting(
        NEUTRAL,
        "Address that is called when a job begins (/start), ends well, and fails (/fail)",
        "URL",
        is_secret=True,
        is_remembered=False,
        without_option=_ONLY_OF_JOBS,
    )
    metrics_folder: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "Folder of Prometheus' textfile collector",
        "FOLDER",
        seen_from=path_from,
        is_remembered=False,
        without_option=_ONLY_OF_JOBS,
    )
