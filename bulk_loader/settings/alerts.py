"""The addresses that are told how a job went, from the settings and from a file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from bulk_loader.settings.faults import SettingFault
from bulk_loader.settings.values import parse_alert
from bulk_loader.small_files import read_small

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.settings.settings import Settings

MAX_BYTES = 65_536  # a hundred long addresses have a tenth


def read_alerts(settings: Settings) -> tuple[tuple[SecretStr, ...], list[SettingFault]]:
    """All addresses, and what is wrong with their file; no address stands in a fault."""
    urls, faults = list(settings.alerts), list[SettingFault]()
    if settings.alerts_file is not None:
        found, wrong = _in_file(settings.alerts_file)
        urls += found
        faults += [SettingFault(settings.origin("alerts_file"), each) for each in wrong]
    return tuple(urls), faults


def _in_file(file: Path) -> tuple[list[SecretStr], list[str]]:
    """Line by line; what is empty or begins with # says nothing."""
    try:
        lines = read_small(file, MAX_BYTES).content.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text file"
        return [], [f"{file} can't be read: {reason}."]
    urls, wrong = list[SecretStr](), list[str]()
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        try:
            urls.append(SecretStr(parse_alert(line)))
        except ValueError as error:
            wrong.append(f"line {number} of {file} {error}.")
    return urls, wrong
