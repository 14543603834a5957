"""Secrets that a service manager or a container hands to the program, as files with known names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.settings.credentials import MAX_SECRET_BYTES
from bulk_loader.settings.faults import SettingFault
from bulk_loader.settings.sources import Layer
from bulk_loader.small_files import read_small

if TYPE_CHECKING:
    from collections.abc import Mapping

CREDENTIALS_DIRECTORY = "CREDENTIALS_DIRECTORY"
"""Names the directory of what systemd's `LoadCredential` loads (systemd.exec, "Credentials")."""

SECRETS = Path("/run/secrets")
"""Where Docker and Podman put the secrets of a container."""

FILES = {
    "token_file": "bulk_loader_token",
    "user": "bulk_loader_user",
    "password_file": "bulk_loader_password",
    "alerts_file": "bulk_loader_alerts",
}


def handed_layer(environ: Mapping[str, str], directory: Path, secrets: Path = SECRETS) -> Layer:
    """What is handed over; for each setting the service manager's word before the container's."""
    named = environ.get(CREDENTIALS_DIRECTORY)
    places = [*([Path(named)] if named else []), secrets]
    found: dict[str, Path] = {}
    for key, name in FILES.items():
        file = next((place / name for place in places if _is_there(place / name)), None)
        if file is not None:
            found[key] = file
    layer = Layer(
        {key: file for key, file in found.items() if key != "user"},
        lambda key: str(found.get(key, key)),
        directory,
    )
    if "user" in found:
        _take_user(layer, found["user"])
    return layer


def _take_user(layer: Layer, file: Path) -> None:
    try:
        layer.values["user"] = (
            read_small(file, MAX_SECRET_BYTES).content.decode("utf-8-sig").strip()
        )
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text file"
        layer.faults.append(SettingFault(str(file), f"it can't be read: {reason}."))


def _is_there(file: Path) -> bool:
    return os.path.isfile(file)  # noqa: PTH113 - pathlib's own fails at closed folders
