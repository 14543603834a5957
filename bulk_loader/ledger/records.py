"""What the ledger holds of a run as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bulk_loader.model import Ending

SENDING = "sending"
"""A lead's mark between intent and outcome; read as `unknown` once nobody is sending it."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run is about to do.

    Attributes:
        kind: the verb, `upload` or `retry`.
        path: absolute, of the file that is read.
        digest: SHA-256 of that file's bytes.
        target: the dialer's address without credentials.
        results: path of the results file.
        settings: JSON without any secret, for `retry`.
        shape: digest of the settings that decide what a task looks like.
        leads: leads of the file.
        continues: id of the unfinished run that this one goes on with; None for a new one.
    """

    kind: str
    path: str
    digest: str
    target: str
    results: str
    settings: str
    shape: str
    leads: int
    continues: int | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run as the ledger holds it."""

    id: int
    name: str
    plan: RunPlan
    ending: Ending
    stopped_why: str
    started_at: datetime
    ended_at: datetime | None
