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
MAX_AGENTS = 500  # more than any room has
MAX_SPEED = 3600  # a day in 24 s; faster, and a look at the page would miss most of it
FIRST_EXTENSION = 1001  # of agents that are only counted
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """How the sandbox behaves.

    Attributes:
        port: on 127.0.0.1; 0 takes a free one.
        db: SQLite file that keeps the queue; None keeps it in memory until the end.
        fail_percent: share of good tasks that are answered with `0` on purpose. This and the
            other shares are chosen by `seed`, so that two equal runs fail at the same places.
        latency_s: every task is answered this much later; it is queued at once.
        token: always valid, beside those that a login gives out.
        accepts_bearer: `Authorization: Bearer TOKEN` is taken as well as `Basic TOKEN`.
        user: name for a login.
        password: password for a login.
        login_shape: how a login is answered.
        campaigns: those that it knows.
        session_end: where the token of a session that is to end is looked for.
        takes_others: a task of a campaign that it does not know is taken all the same, and not
            answered with `0`.
        agents: extensions of those who call; without any, nobody is called.
        speed: how many seconds of the dialer's day pass in one.
        seed: of answers, talks and failures.
        error_percent: share of good tasks that are answered with 500; of these, and of those that
            are cut off, every other one or so is queued all the same.
        drop_percent: share of good tasks whose connection is cut without any answer.
        token_life_s: the token of a login is good for this long; 0 for as long as its session.
        rate_limit: tasks a second above which 429 is answered; 0 for no limit.

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
    takes_others: bool = True
    agents: tuple[str, ...] = ()
    speed: float = 1.0
    seed: int = 1
    error_percent: float = 0.0
    drop_percent: float = 0.0
    token_life_s: float = 0.0
    rate_limit: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.port <= MAX_PORT:
            raise _out_of_range("port", self.port, f"between 0 and {MAX_PORT}; 0 takes a free one")
        if not 0 < self.speed <= MAX_SPEED:
            raise _out_of_range("speed", self.speed, f"above 0, and {MAX_SPEED} at the most")
        for name, percent in self._shares().items():
            if not 0 <= percent <= MAX_PERCENT:
                raise _out_of_range(f"share of {name}", percent, "a percentage, 0 to 100")
        for name, figure in self._amounts().items():
            if not (math.isfinite(figure) and figure >= 0):
                raise _out_of_range(name, figure, "0 or more")

    def _shares(self) -> dict[str, float]:
        return {
            "failures": self.fail_percent,
            "errors": self.error_percent,
            "cut connections": self.drop_percent,
            "all faults together": self.fail_percent + self.error_percent + self.drop_percent,
        }

    def _amounts(self) -> dict[str, float]:
        return {
            "latency": self.latency_s,
            "token life": self.token_life_s,
            "rate limit": self.rate_limit,
        }


def read_agents(written: str) -> tuple[str, ...]:
    """Extensions: so many as a number says, or those that are named, with commas.

    One name alone has a comma behind it: `1001,`.

    Raises:
        SettingsError: it is neither, or too many.
    """
    if written.isascii() and written.isdigit():
        count = int(written[:9])
        names = [str(FIRST_EXTENSION + at) for at in range(min(count, MAX_AGENTS + 1))]
    else:
        names = [name.strip() for name in written.split(",") if name.strip()]
    if not names and written.strip("0"):
        raise _no_agents(written, "They name nobody")
    if len(set(names)) < len(names):
        raise _no_agents(written, "A name stands in them twice")
    if any(len(name) > _LONGEST_NAME for name in names):
        raise _no_agents(written, f"A name has more than {_LONGEST_NAME} characters")
    if len(names) > MAX_AGENTS:
        raise _no_agents(written, f"There can be {MAX_AGENTS} at the most")
    return tuple(names)


def _no_agents(written: str, why: str) -> SettingsError:
    return SettingsError(
        f'The sandbox can\'t start with the agents "{written}".',
        f"{why}.",
        "Give a number, such as 5, or extensions with commas, such as 1001,1002 or 1001,",
    )


def _out_of_range(name: str, value: float, allowed: str) -> SettingsError:
    return SettingsError(
        f"The sandbox can't start with a {name} of {value}.",
        f"The {name} must be {allowed}.",
        "Correct it and start the sandbox again.",
    )
