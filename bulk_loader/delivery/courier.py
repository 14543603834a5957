"""One lead's way to the dialer: wait for a turn, post it once, try again only where that is safe."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bulk_loader.delivery.retries import SHORTEST_DELAY_S, backoff_s
from bulk_loader.delivery.tuning import ConcurrencyTuner
from bulk_loader.dialer.answers import (
    DialerRefusedError,
    NotSentError,
    ThrottledError,
    WrongAddressError,
)
from bulk_loader.errors import StoppedError
from bulk_loader.model import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.delivery.gate import Gate
    from bulk_loader.delivery.leads import ReadyLead
    from bulk_loader.delivery.policy import Policy
    from bulk_loader.delivery.stopping import StopRules
    from bulk_loader.dialer.answers import Answer


class Sender(Protocol):
    """The dialer's client, or what stands for it."""

    async def send(self, body: bytes) -> Answer:
        """Post one task, once; see `DialerClient.send`."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What a courier has to say, each a function that takes a sentence.

    Attributes:
        stop: why the run must stop.
        tell: that sending falters, or goes on.
        aim: how many requests the run should have under way at once.
    """

    stop: Callable[[str], None]
    tell: Callable[[str], None]
    aim: Callable[[int], None]


class Courier:
    """Delivers one lead at a time for each worker; knows how the dialer has been doing.

    Args:
        voice: how it speaks to the run.
    """

    def __init__(
        self,
        sender: Sender,
        gate: Gate,
        policy: Policy,
        rules: StopRules,
        voice: Voice,
    ) -> None:
        self._sender = sender
        self._gate = gate
        self._policy = policy
        self._rules = rules
        self._stop = voice.stop
        self._tell = voice.tell
        self._aim = voice.aim
        self._tuner = ConcurrencyTuner(policy.concurrency) if policy.is_tuned else None
        self._loop = asyncio.get_running_loop()
        self._failures = 0
        self._trouble_began: float | None = None

    async def deliver(self, lead: ReadyLead) -> Outcome:
        """Send one lead and say what became of it.

        A cancellation ends the attempt and not the accounting: the lead is `unknown` where its
        request may have been written, `unsent` where it was not.
        """
        may_be_taken = False
        try:
            while self._gate.try_enter() or await self._gate.enter(lead.row):
                may_be_taken = True
                began_at = self._loop.time()
                try:
                    answer = await self._sender.send(lead.body)
                except NotSentError as error:
                    self._not_reached(error)
                except ThrottledError as error:
                    self._throttled(error)
                except DialerRefusedError as error:
                    return self._refused(lead, error)
                except WrongAddressError as error:
                    return self._wrong_address(lead, error)
                except StoppedError as error:
                    self._stop(error.one_line)
                else:
                    self._answered(answer, self._loop.time() - began_at)
                    return Outcome(lead.row, answer.status, answer.code, answer.detail)
                finally:
                    self._gate.leave()
                may_be_taken = False
        except asyncio.CancelledError:
            if may_be_taken:
                return Outcome(lead.row, Status.UNKNOWN, "interrupted")
        return Outcome(lead.row, Status.UNSENT, "run_stopped")

    def _answered(self, answer: Answer, seconds: float) -> None:
        """Judge the answer, before the next request may take the place of this one."""
        self._failures = 0
        if self._trouble_began is not None:
            self._trouble_began = None
            self._tell("The dialer answers again.")
        self._gate.quicken()
        was_canary = self._rules.is_canary
        if why := self._rules.answered(answer.status):
            self._stop(why)
        elif was_canary and not self._rules.is_canary:
            self._gate.widen(self.first_concurrency)
        elif not was_canary:
            self._tune(answer, seconds)

    @property
    def first_concurrency(self) -> int:
        """Requests that may be under way at once before anything is known of the dialer."""
        return self._policy.concurrency if self._tuner is None else self._tuner.limit

    def _tune(self, answer: Answer, seconds: float) -> None:
        if self._tuner is None:
            return
        if answer.code == "http_failed":  # a 5xx says that it is too much, as often as not
            self._tuner.pushed_back()
        elif not self._tuner.answered(seconds, self._gate.inside):
            return
        self._aim(self._tuner.limit)

    def _not_reached(self, error: NotSentError) -> None:
        # Requests that failed together count as one failure, else a wide run would give up at
        # the first short outage.
        if self._gate.is_paused:
            return
        self._failures += 1
        delay_s = backoff_s(self._failures)
        self._gate.probe(delay_s)
        if self._trouble_began is None:
            self._tell(
                f"The dialer can't be reached ({error}). Trying again for up to "
                f"{self._policy.retry_for_s:g} seconds; nothing is lost."
            )
        why = self._rules.failed_to_connect()
        if not why and self._is_too_long(delay_s):
            why = f"The dialer could not be reached for {self._policy.retry_for_s:g} seconds."
        if why:
            self._stop(f"{why} The last reason: {error}.")

    def _throttled(self, error: ThrottledError) -> None:
        if not self._gate.is_paused:
            self._failures += 1
        if error.retry_after_s is None:
            delay_s = backoff_s(self._failures)
        else:
            delay_s = max(SHORTEST_DELAY_S, error.retry_after_s)
        self._gate.slow_down(delay_s)
        if self._tuner is not None:
            self._tuner.pushed_back()
            self._aim(self._tuner.limit)
        if self._trouble_began is None:
            self._tell(
                f"The dialer asks to slow down (HTTP {error.http_status}): waiting "
                f"{delay_s:.1f} seconds, then going on more slowly."
            )
        if self._is_too_long(delay_s):
            self._stop(
                f"The dialer answered HTTP {error.http_status} and asks to wait longer than "
                f"--retry-for allows ({self._policy.retry_for_s:g} seconds)."
            )

    def _is_too_long(self, delay_s: float) -> bool:
        now = asyncio.get_running_loop().time()
        if self._trouble_began is None:
            self._trouble_began = now
        return now + delay_s - self._trouble_began > self._policy.retry_for_s

    def _refused(self, lead: ReadyLead, error: DialerRefusedError) -> Outcome:
        self._stop(
            f"The dialer refused the credentials (HTTP {error.http_status}). Give it a fresh token."
        )
        return Outcome(lead.row, Status.UNSENT, "refused_credentials", str(error.http_status))

    def _wrong_address(self, lead: ReadyLead, error: WrongAddressError) -> Outcome:
        to = f" and points to {error.location}" if error.location else ""
        self._stop(
            f"No dialer answers at this address: it answered HTTP {error.http_status}{to}. "
            "Check --url or --instance."
        )
        return Outcome(lead.row, Status.UNSENT, "wrong_address", str(error.http_status))
