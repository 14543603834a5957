"""How a job is known to the rest of this machine: by its name and its settings file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class JobId:
    """One job; files of several projects may have jobs of one name.

    Attributes:
        config: its settings file, which need not be there any more.
    """

    name: str
    config: Path

    @property
    def mark(self) -> str:
        """Sixteen digits and letters that no other job has, whatever link leads to its file."""
        told = os.fsencode(f"{os.path.realpath(self.config)}\0{self.name}")
        return sha256(told).hexdigest()[:16]

    @property
    def label(self) -> str:
        """What its timer or task is called."""
        return f"bulk-loader-{self.name}-{self.mark}"
