"""How fast to send, how long to try, and when to stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class ErrorLimit:
    """How many leads may fail before the run stops.

    Attributes:
        count: leads, or percent of the leads looked at so far, sent or not. Leads that fail the
            screening are known a batch ahead of the others, so leads accounted for would be the
            wrong measure.
        is_percent: a share is judged once MIN_SAMPLE leads are looked at.
    """

    count: float
    is_percent: bool = False

    # With fewer leads one bad row would weigh more than the limit means.
    MIN_SAMPLE = 100

    def is_passed(self, failed: int, looked_at: int) -> bool:
        """More leads failed than allowed."""
        if not self.is_percent:
            return failed > self.count
        return looked_at >= self.MIN_SAMPLE and failed * 100 > self.count * looked_at

    def __str__(self) -> str:
        return f"{self.count:g}%" if self.is_percent else f"{self.count:g}"


def _never() -> str:
    """Nothing forbids to go on."""
    return ""


def _nobody(*_: object) -> None:
    """Nobody else sends to the dialer."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the delivery keeps to.

    Attributes:
        concurrency: requests under way at once, at the most.
        is_tuned: a good number below `concurrency` is found out while sending.
        rate: leads started per second, at the most; None for no limit.
        retry_for_s: how long a lead that was certainly not taken is tried, in seconds.
        max_doubts: unknown outcomes or connection failures in a row that stop the run.
        max_errors: leads that may be invalid, rejected or unknown; None for no limit.
        canary: the first leads go one at a time, and the run stops if none of them is accepted.
        grace_s: how long an interrupt waits for the requests under way, in seconds.
        throttled: told for how many seconds the dialer asked to pause, for others that send to it.
        stopped: told why the run was stopped, and whether by its rules, so that it is a reason for all
            who send the same list, or by what happened here alone.
        proved: told when the canary leads are answered, and one of them was accepted.
        closed: asked when a pause is over: why nothing may be sent any more; "" where it may.
    """

    concurrency: int = 8
    is_tuned: bool = False
    rate: float | None = None
    retry_for_s: float = 300.0
    max_doubts: int = 20
    max_errors: ErrorLimit | None = None
    canary: int = 0
    grace_s: float = 10.0
    closed: Callable[[], str] = _never
    throttled: Callable[[float], None] = _nobody
    stopped: Callable[[str, bool], None] = _nobody
    proved: Callable[[], None] = _nobody
