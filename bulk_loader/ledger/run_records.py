"""What the ledger holds of a run as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    from bulk_loader.model import Ending, RunKind

Int64Array: TypeAlias = "NDArray[np.int64]"
"""Keyed hashes of contacts or tasks."""

SENDING = "sending"
"""A lead's mark between intent and outcome; read as `unknown` once nobody is sending it."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run is about to do.

    Attributes:
        path: absolute, of the file that is read.
        digest: SHA-256 of that file's bytes.
        target: the dialer, by an address without credentials that is the same for all spellings.
        results: path of the results file.
        settings: JSON without any secret, for `retry`.
        shape: digest of the settings that decide what a task looks like.
        leads: leads of the file.
        continues: id of the unfinished run that this one goes on with; None for a new one.
        origin: name of the run whose results the file is; "" for a list, or where it is unknown.
    """

    kind: RunKind
    path: str
    digest: str
    target: str
    results: str
    settings: str
    shape: str
    leads: int
    continues: int | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run as the ledger holds it.

    Attributes:
        sessions: how often it was begun or gone on with.
        unsaid: what neither the terminal nor a log could be told.
        machine: name of the host that carries it out, or did last; "" where it is not known.
    """

    id: int
    name: str
    plan: RunPlan
    ending: Ending
    stopped_why: str
    started_at: datetime
    ended_at: datetime | None
    sessions: int = 1
    unsaid: str = ""
    machine: str = ""
