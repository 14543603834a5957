"""All that a run can be told: each setting is said once, in the group of what it concerns.

`Settings` is all of these. Nothing heavy is imported, since the help texts are made from it.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, Final

from bulk_loader.settings.dialer_groups import (
    CredentialSettings,
    FileSettings,
    ProfileSettings,
    TargetSettings,
)
from bulk_loader.settings.list_groups import FieldSettings, ReadingSettings, ScreeningSettings
from bulk_loader.settings.run_groups import (
    DeliverySettings,
    KeepingSettings,
    KeySettings,
    LogSettings,
    OutputSettings,
    ReportSettings,
)
from bulk_loader.settings.statements import Setting, statements
from bulk_loader.settings.telling_groups import TellingSettings

SETTINGS: Final[dict[str, Setting[Any, Any]]] = {
    setting.name: setting
    for setting in chain.from_iterable(
        map(
            statements,
            (
                TargetSettings,
                CredentialSettings,
                ProfileSettings,
                FileSettings,
                FieldSettings,
                ReadingSettings,
                ScreeningSettings,
                DeliverySettings,
                OutputSettings,
                ReportSettings,
                KeepingSettings,
                LogSettings,
                KeySettings,
                TellingSettings,
            ),
        )
    )
}
"""All of them by name, in the order of the help texts."""

CONFIG = "config"
"""Of `FileSettings`: it is none of `Settings`."""
