"""What a run is told, from all sources, checked."""

from bulk_loader.settings.credentials import Credentials
from bulk_loader.settings.durations import parse_duration
from bulk_loader.settings.hours import CallingHours, Window
from bulk_loader.settings.loading import load_settings
from bulk_loader.settings.settings import Settings
from bulk_loader.settings.sources import TARGETS
from bulk_loader.settings.target import dialer_identity
from bulk_loader.settings.values import ErrorLimit

__all__ = [
    "TARGETS",
    "CallingHours",
    "Credentials",
    "ErrorLimit",
    "Settings",
    "Window",
    "dialer_identity",
    "load_settings",
    "parse_duration",
]
