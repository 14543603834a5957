"""Columns, templates and defaults become a task; pure, and total after screening."""

from __future__ import annotations

from bulk_loader.mapping.columns import match_columns
from bulk_loader.mapping.hints import LeftOut, left_out
from bulk_loader.mapping.layout import Defaults, LaidOut, lay_out
from bulk_loader.mapping.tasks import to_tasks

__all__ = [
    "Defaults",
    "LaidOut",
    "LeftOut",
    "lay_out",
    "left_out",
    "match_columns",
    "to_tasks",
]
