"""What becomes of a call: who answers, after how long, and how long they talk.

Chance hangs on the seed and the call alone, never on what happened before. So the same list has
the same answers in every order of arrival, with any number of agents, and after any restart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from hashlib import blake2b
from statistics import NormalDist

from bulk_loader.simulation.values import Answer, Call, Turn

_NORMAL = NormalDist()
_STEPS = 2**53  # as many as a float tells apart between 0 and 1


@dataclass(frozen=True, slots=True)
class AnswerModel:
    """How people answer: plausible for calls to consumers by day, and measured nowhere.

    Shares are of 1. Lengths are in seconds.

    Attributes:
        invalid: share of numbers that nobody has; such a number is invalid every time.
        reached: share of calls to all other numbers that are answered.
        busy: share of them that find the line busy; the rest is not answered.
        talk_s: mean of a talk. Talks are log-normal: most are shorter, some much longer.
        talk_spread: standard deviation of a talk's logarithm.
        least_ring_s: who answers, answers between this and `most_ring_s`.
        most_ring_s: who has not answered then is given up.
        tone_s: until a busy line, or a number that nobody has, is told.
        wrap_s: what an agent needs after a talk.
        pause_s: before the same number is called again.

    Raises:
        ValueError: a share or a length that can't be one.
    """

    invalid: float = 0.04
    reached: float = 0.35
    busy: float = 0.10
    talk_s: float = 180.0
    talk_spread: float = 0.8
    least_ring_s: float = 4.0
    most_ring_s: float = 25.0
    tone_s: float = 4.0
    wrap_s: float = 20.0
    pause_s: float = 600.0

    def __post_init__(self) -> None:
        shares = (self.invalid, self.reached, self.busy, self.reached + self.busy)
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError("shares must be between 0 and 1, reached and busy together too")
        lengths = (self.talk_spread, self.least_ring_s, self.tone_s, self.wrap_s, self.pause_s)
        if not all(math.isfinite(length) and length >= 0 for length in lengths):
            raise ValueError("lengths must be 0 or more")
        # A call that takes no time would let an agent make endlessly many in one moment.
        if not (0 < self.talk_s < math.inf and self.least_ring_s <= self.most_ring_s < math.inf):
            raise ValueError("a talk must take some time, and ringing must end after it begins")


class Answers:
    """The answers of one seed."""

    def __init__(self, seed: int, model: AnswerModel) -> None:
        self._seed = seed
        self._model = model

    def call(self, turn: Turn, number: str, agent: str, began_at: float) -> Call:
        """The whole of a call that begins now."""
        answer, ring_s, talk_s = self._fate(turn, number)
        is_reached = answer is Answer.REACHED
        rung_at = began_at + ring_s
        ended_at = rung_at + talk_s
        return Call(
            turn=turn,
            agent=agent,
            number=number,
            answer=answer,
            began_at=began_at,
            answered_at=rung_at if is_reached else None,
            ended_at=ended_at,
            free_at=ended_at + self._model.wrap_s if is_reached else ended_at,
        )

    def _fate(self, turn: Turn, number: str) -> tuple[Answer, float, float]:
        """The answer, and the lengths of ringing and talk."""
        model = self._model
        (is_known,) = self._chances(1, number)
        if is_known < model.invalid:
            return Answer.INVALID, model.tone_s, 0.0
        record = turn.record
        who, ring, talk = self._chances(
            3, record.campaign, record.destination, number, str(turn.position)
        )
        if who < model.reached:
            length = ring * (model.most_ring_s - model.least_ring_s)
            return Answer.REACHED, model.least_ring_s + length, self._talk_s(talk)
        if who < model.reached + model.busy:
            return Answer.BUSY, model.tone_s, 0.0
        return Answer.NO_ANSWER, model.most_ring_s, 0.0

    def _talk_s(self, chance: float) -> float:
        spread = self._model.talk_spread
        # The mean of a log-normal length lies above its median by this factor.
        median = self._model.talk_s / math.exp(spread * spread / 2)
        return median * math.exp(spread * _NORMAL.inv_cdf(chance))

    def _chances(self, count: int, *about: str) -> list[float]:
        """So many numbers between 0 and 1, both excluded, that hang on the texts and the seed."""
        told = "\0".join((str(self._seed), *about)).encode("utf-8", "surrogatepass")
        digest = blake2b(told, digest_size=8 * count).digest()
        whole = (int.from_bytes(digest[at : at + 8]) for at in range(0, 8 * count, 8))
        return [((number >> 11) + 0.5) / _STEPS for number in whole]
