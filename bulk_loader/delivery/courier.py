"""One lead's way to the dialer: wait for a turn, post it once, try again only where that is safe."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.codes import OutcomeCode
from bulk_loader.delivery.retries import FIRST_DELAY_S, SHORTEST_DELAY_S, backoff_s
from bulk_loader.delivery.tuning import ConcurrencyTuner
from bulk_loader.dialer.answers import (
    DialerRefusedError,
    NotSentError,
    ThrottledError,
    UnreachableError,
    WrongAddressError,
)
from bulk_loader.errors import StoppedError
from bulk_loader.model import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.delivery.gate import Gate
    from bulk_loader.delivery.leads import ReadyLead
    from bulk_loader.delivery.policy import Policy
    from bulk_loader.delivery.ports import Sender
    from bulk_loader.delivery.stopping import StopRules
    from bulk_loader.dialer.answers import Answer


@dataclass(frozen=True, slots=True)
class Voice:
    """What a courier has to say, each a function that takes a sentence.

    Attributes:
        stop: why the run must stop.
        tell: that sending falters, or goes on.
        tell_again: that it falters still.
        aim: how many requests the run should have under way at once.
        take_back: which row has no longer the status that its answer gave it.
    """

    stop: Callable[[str], None]
    tell: Callable[[str], None]
    tell_again: Callable[[str], None]
    aim: Callable[[int], None]
    take_back: Callable[[int, Status], None]


class _Asked:
    """A lead whose answer may turn out to be another's."""

    __slots__ = ("_row", "_take_back", "status")

    def __init__(self, row: int, take_back: Callable[[int, Status], None]) -> None:
        self._row = row
        self._take_back = take_back
        self.status = Status.UNKNOWN

    def doubt(self) -> None:
        """Take back what the answer said, where it said something."""
        if self.status is not Status.UNKNOWN:
            self._take_back(self._row, self.status)
            self.status = Status.UNKNOWN


class Courier:
    """Delivers one lead at a time for each worker; knows how the dialer has been doing.

    Args:
        voice: how it speaks to the run.

    Attributes:
        longest_s: so long the slowest answer took.
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
        self._tell_again = voice.tell_again
        self._aim = voice.aim
        self._take_back = voice.take_back
        self._tuner = ConcurrencyTuner(policy.concurrency) if policy.is_tuned else None
        self._loop = asyncio.get_running_loop()
        self.longest_s = 0.0
        self._failures = 0
        self._was_reached = False
        self._trouble_began: float | None = None
        self._is_trouble_told = False
        self._was_refusal_told = False

    async def deliver(self, lead: ReadyLead) -> Outcome:
        """Send one lead and say what became of it.

        A cancellation ends the attempt and not the accounting: the lead is `unknown` where its
        request may have been written, `unsent` where it was not.
        """
        may_be_taken = False
        try:
            while self._gate.try_enter() or await self._gate.enter(lead.row):
                may_be_taken = True
                asked = _Asked(lead.row, self._take_back)
                began_at = self._loop.time()
                try:
                    answer = await self._sender.send(lead.body, asked.doubt)
                except NotSentError as error:
                    self._not_reached(error)
                except ThrottledError as error:
                    self._throttled(error, began_at)
                except DialerRefusedError as error:
                    return self._refused(lead, error)
                except WrongAddressError as error:
                    return self._wrong_address(lead, error)
                except StoppedError as error:
                    self._stop(error.one_line)
                else:
                    asked.status = answer.status
                    self.longest_s = max(self.longest_s, self._loop.time() - began_at)
                    self._answered(answer, began_at)
                    return Outcome(lead.row, answer.status, answer.code, answer.detail)
                finally:
                    self._gate.leave()
                may_be_taken = False
        except asyncio.CancelledError:
            if may_be_taken:
                return Outcome(lead.row, Status.UNKNOWN, OutcomeCode.INTERRUPTED)
        return Outcome(lead.row, Status.UNSENT, OutcomeCode.RUN_STOPPED)

    def rested(self) -> None:
        """A pause is over, which is no part of the time for which a lead is tried."""
        self._trouble_began = None

    def _answered(self, answer: Answer, began_at: float) -> None:
        """Judge the answer, before the next request may take the place of this one."""
        self._was_reached = True
        self._failures = 0
        self._trouble_began = None
        if self._is_trouble_told:
            self._is_trouble_told = False
            self._tell("The dialer answers again.")
        self._gate.quicken()
        was_canary = self._rules.is_canary
        if why := self._rules.answered(answer.status):
            self._stop(why)
        elif was_canary and not self._rules.is_canary:
            self._gate.widen(self.first_concurrency)
            self._policy.proved()
        elif not was_canary:
            self._tune(answer, began_at)

    @property
    def first_concurrency(self) -> int:
        """Requests that may be under way at once before anything is known of the dialer."""
        return self._policy.concurrency if self._tuner is None else self._tuner.limit

    @property
    def good_concurrency(self) -> int:
        """Requests that may be under way at once by all that is known of the dialer by now."""
        return self._policy.concurrency if self._tuner is None else self._tuner.found

    def _tune(self, answer: Answer, began_at: float) -> None:
        if self._tuner is None:
            return
        now = self._loop.time()
        if answer.code == OutcomeCode.HTTP_FAILED:
            is_moved = self._tuner.failed(began_at, now)
        else:
            is_moved = self._tuner.answered(began_at, now, self._gate.inside)
        if is_moved:
            self._aim(self._tuner.limit)

    def _not_reached(self, error: NotSentError) -> None:
        if isinstance(error, UnreachableError) and not self._was_reached:
            # Only a dialer that was there before may be waited for against all appearances.
            self._stop(
                f"The dialer can't be reached: {error}. Nothing has answered in this run yet, so "
                f"it was not tried again. {error.advice}"
            )
            return
        # Requests that failed together count as one failure, else a wide run would give up at
        # the first short outage.
        if self._gate.is_paused:
            return
        self._failures += 1
        delay_s = backoff_s(self._failures)
        self._gate.probe(delay_s)
        self._tell_of_trouble(
            f"The dialer can't be reached ({error}). Trying again for up to "
            f"{self._policy.retry_for_s:g} seconds; nothing is lost."
        )
        why = self._rules.failed_to_connect()
        if not why and self._is_too_long(delay_s):
            why = f"The dialer could not be reached for {self._policy.retry_for_s:g} seconds."
        if why:
            self._stop(f"{why} The last reason: {error}.")

    def _throttled(self, error: ThrottledError, began_at: float) -> None:
        self._was_reached = True
        if self._tuner is None or self._rules.is_canary:
            delay_s = self._slow_down(error)
        else:
            delay_s = self._refine(self._tuner, error, began_at)
        self._policy.throttled(delay_s)
        if self._is_too_long(delay_s):
            self._stop(
                f"The dialer answered HTTP {error.http_status} and asks to wait longer than "
                f"--retry-for allows ({self._policy.retry_for_s:g} seconds)."
            )

    def _slow_down(self, error: ThrottledError) -> float:
        """Wait, then go on with half as many; the seconds of the pause."""
        is_new = not self._gate.is_paused
        if is_new:
            self._failures += 1
        delay_s = _wait_s(error, backoff_s(self._failures))
        self._gate.slow_down(delay_s)
        # Requests that were refused together make one pause.
        if is_new:
            self._tell_of_trouble(
                f"The dialer asks to slow down (HTTP {error.http_status}): waiting "
                f"{delay_s:.1f} seconds, then going on more slowly."
            )
        return delay_s

    def _refine(self, tuner: ConcurrencyTuner, error: ThrottledError, began_at: float) -> float:
        """Learn from a refusal and wait; the seconds of the pause.

        Without `Retry-After` the first pause is about one answer long, and never longer than that
        of a run that is not tuned: what is under way is finished meanwhile, and fewer requests at
        once are what helps. It doubles with each refusal that follows without an answer in
        between, so a dialer that takes nothing is soon left alone.
        """
        if tuner.refused(began_at, self._loop.time(), self._gate.inside):
            self._failures += 1
            self._aim(tuner.limit)
        first_s = min(FIRST_DELAY_S, tuner.typical_s or FIRST_DELAY_S)
        delay_s = _wait_s(error, backoff_s(max(1, self._failures), first_s))
        self._gate.pause(delay_s)
        # Refusals belong to the search; one is told, and besides it pauses that are felt.
        if not self._was_refusal_told or delay_s >= FIRST_DELAY_S:
            self._was_refusal_told = True
            self._tell_of_trouble(
                f"The dialer asks to slow down (HTTP {error.http_status}): waiting "
                f"{delay_s:.2f} seconds, then going on with fewer requests at once."
            )
        return delay_s

    def _tell_of_trouble(self, sentence: str) -> None:
        tell = self._tell_again if self._is_trouble_told else self._tell
        self._is_trouble_told = True
        tell(sentence)

    def _is_too_long(self, delay_s: float) -> bool:
        now = asyncio.get_running_loop().time()
        if self._trouble_began is None:
            self._trouble_began = now
        return now + delay_s - self._trouble_began > self._policy.retry_for_s

    def _refused(self, lead: ReadyLead, error: DialerRefusedError) -> Outcome:
        self._stop(
            f"The dialer refused the credentials (HTTP {error.http_status}). Give it a fresh token."
        )
        return Outcome(
            lead.row, Status.UNSENT, OutcomeCode.REFUSED_CREDENTIALS, str(error.http_status)
        )

    def _wrong_address(self, lead: ReadyLead, error: WrongAddressError) -> Outcome:
        to = f" and points to {error.location}" if error.location else ""
        self._stop(
            f"No dialer answers at this address: it answered HTTP {error.http_status}{to}. "
            "Check --url or --instance."
        )
        return Outcome(lead.row, Status.UNSENT, OutcomeCode.WRONG_ADDRESS, str(error.http_status))


def _wait_s(error: ThrottledError, otherwise_s: float) -> float:
    """As long as the dialer says, where it says something."""
    if error.retry_after_s is None:
        return otherwise_s
    return max(SHORTEST_DELAY_S, error.retry_after_s)
