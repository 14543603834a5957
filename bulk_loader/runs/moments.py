"""Moments as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def local(moment: datetime) -> str:
    """Day and minute as the clock on the wall showed them."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def local_in_full(moment: datetime) -> str:
    """The same with how far that clock is from UTC, for whoever compares it with another one."""
    offset = f"{moment.astimezone():%z}"
    return f"{local(moment)} (UTC{offset[:3]}:{offset[3:5]})"
