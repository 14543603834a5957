"""Keyrings that misbehave as they are told, in the place of the system's.

As a backend of the library it keeps its entries in the file that KEYRING_OF_TESTS names, so that a
process of its own can use it:

    PYTHON_KEYRING_BACKEND=tests.support.keyrings.FileKeyring
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from keyring.backend import KeyringBackend

from bulk_loader.settings.system_keyring import KeyringTroubleError, Trouble

PLACE = "KEYRING_OF_TESTS"


@dataclass
class FakeStore:
    """The seam's other side: entries in memory, or a trouble instead of each answer."""

    entries: dict[str, str] = field(default_factory=dict)
    trouble: Trouble | None = None

    @property
    def name(self) -> str:
        self._trouble()
        return "Tests"

    def read(self, entry: str) -> str | None:
        self._trouble()
        return self.entries.get(entry)

    def write(self, entry: str, secret: str) -> None:
        self._trouble()
        self.entries[entry] = secret

    def remove(self, entry: str) -> bool:
        self._trouble()
        return self.entries.pop(entry, None) is not None

    def _trouble(self) -> None:
        if self.trouble is not None:
            raise KeyringTroubleError(self.trouble)


class FileKeyring(KeyringBackend):
    """A backend of the library."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def get_password(self, service: str, username: str) -> str | None:
        return self._entries().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._keep({**self._entries(), f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        entries = self._entries()
        del entries[f"{service}/{username}"]
        self._keep(entries)

    def _entries(self) -> dict[str, str]:
        place = Path(os.environ[PLACE])
        return dict(json.loads(place.read_text("utf-8"))) if place.exists() else {}

    def _keep(self, entries: dict[str, str]) -> None:
        Path(os.environ[PLACE]).write_text(json.dumps(entries), "utf-8")
