"""What a sandbox is told before it starts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.choices import LoginShape, SessionEnd
from bulk_loader.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

MAX_PORT = 65_535  # TCP has 16 bits for it
MAX_PERCENT = 100


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """How the sandbox behaves.

    Attributes:
        port: on 127.0.0.1; 0 takes a free one.
        db: SQLite file that keeps the queue; None keeps it in memory until the end.
        fail_percent: share of good tasks that are answered with `0` on purpose, chosen by
            a fixed seed, so that two equal runs fail at the same places.
        latency_s: every task is answered this much later; it is queued at once.
        token: always valid, beside those that a login gives out.
        accepts_bearer: `Authorization: Bearer TOKEN` is taken as well as `Basic TOKEN`.
        user: name for a login.
        password: password for a login.
        login_shape: how a login is answered.
        campaigns: those that it knows; it takes tasks of any other all the same.
        session_end: where the token of a session that is to end is looked for.

    Raises:
        SettingsError: a figure is out of its range.
    """

    port: int = 0
    db: Path | None = None
    fail_percent: float = 0.0
    latency_s: float = 0.0
    token: str = "sandbox"  # noqa: S105 - not a secret: it opens nothing but the sandbox
    accepts_bearer: bool = False
    user: str = "sandbox"
    password: str = "sandbox"  # noqa: S105 - as above
    login_shape: LoginShape = LoginShape.BARE
    session_end: SessionEnd = SessionEnd.ANY
    campaigns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.port <= MAX_PORT:
            raise _out_of_range("port", self.port, f"between 0 and {MAX_PORT}; 0 takes a free one")
        if not 0 <= self.fail_percent <= MAX_PERCENT:
            raise _out_of_range("share of failures", self.fail_percent, "a percentage, 0 to 100")
        if not (math.isfinite(self.latency_s) and self.latency_s >= 0):
            raise _out_of_range("latency", self.latency_s, "0 or more")


def _out_of_range(name: str, value: float, allowed: str) -> SettingsError:
    return SettingsError(
        f"The sandbox can't start with a {name} of {value}.",
        f"The {name} must be {allowed}.",
        "Correct it and start the sandbox again.",
    )
