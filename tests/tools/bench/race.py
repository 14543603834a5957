"""This program and its contenders in turn, round after round."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from tests.tools.bench.commands import run
from tests.tools.bench.contenders import CONTENDERS, Errand, write_bodies
from tests.tools.bench.uploads import upload

if TYPE_CHECKING:
    from tests.tools.bench.contenders import Contender
    from tests.tools.bench.dialer import MeasuredDialer
    from tests.tools.bench.scale import Bench

OURS = "bulk-loader upload"


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of one of them.

    Attributes:
        rows: that it was to deliver; 0 where it posted for a time.
        delivered: what the dialer got.
        pace: rows a second.
        cpu_s: of the whole process.
        own_pace: what it says of itself; 0 where it says nothing.
    """

    rows: int
    delivered: int
    pace: float
    cpu_s: float
    own_pace: float = 0.0


@dataclass(slots=True)
class Tally:
    """All turns of one of them."""

    turns: list[Turn] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """That it was to deliver each time; 0 where it posted for a time."""
        return self.turns[0].rows

    @property
    def paces(self) -> list[float]:
        """Rows a second, slowest first."""
        return sorted(turn.pace for turn in self.turns)

    @property
    def pace(self) -> float:
        """The median."""
        return median(self.paces)

    @property
    def cpu_us(self) -> float:
        """CPU time a row in microseconds, the median."""
        return median(turn.cpu_s * 1e6 / turn.delivered for turn in self.turns)

    @property
    def own_pace(self) -> float:
        """What it says of itself, the median."""
        return median(turn.own_pace for turn in self.turns)

    @property
    def delivered(self) -> str:
        """Whether each time exactly those rows arrived that should."""
        if not self.rows:
            return ""
        wrong = sorted({turn.delivered for turn in self.turns} - {self.rows})
        return ", ".join(f"{count:,}" for count in wrong) or "all, once"


@dataclass(slots=True)
class Race:
    """All rounds; `tallies` are by name and connections."""

    bench: Bench
    dialer: MeasuredDialer
    tallies: defaultdict[tuple[str, int], Tally] = field(default_factory=lambda: defaultdict(Tally))

    def run(self) -> None:
        """Everyone in turn, as often as there are rounds."""
        present = [contender for contender in CONTENDERS if contender.is_here]
        for _ in range(self.bench.scale.rounds):
            for connections in self.bench.scale.connections:
                self._note(OURS, connections, self._upload(connections))
                for contender in present:
                    if contender.is_parallel:
                        self._note(contender.name, connections, self._send(contender, connections))
            for contender in present:
                if not contender.is_parallel:
                    self._note(contender.name, 1, self._send(contender, 1))

    def _upload(self, connections: int) -> Turn:
        rows = self.bench.scale.rows
        leads = self.bench.workshop.leads(rows)
        uploaded = upload(self.bench.workshop, self.dialer, leads, connections)
        ended = uploaded.ended
        delivered, own = uploaded.figures.accepted, uploaded.rows_per_second
        return Turn(rows, delivered, rows / ended.seconds, ended.cpu_s, own)

    def _send(self, contender: Contender, connections: int) -> Turn:
        workshop, rows = self.bench.workshop, min(self.bench.scale.rows, contender.most_rows)
        with workshop.scratch() as place:
            bodies = place / "bodies.txt"
            write_bodies(workshop.leads(self.bench.scale.rows), bodies, rows)
            errand = Errand(self.dialer.url, bodies, connections, place)
            command = contender.command(workshop, errand)
            self.dialer.figures()
            ended = run(command)
        figures = self.dialer.figures()
        if contender.is_timed:
            return Turn(0, figures.accepted, figures.pace(), ended.cpu_s)
        return Turn(rows, figures.accepted, rows / ended.seconds, ended.cpu_s)

    def _note(self, name: str, connections: int, turn: Turn) -> None:
        self.tallies[name, connections].turns.append(turn)
        self.bench.say(f"{name}, {connections} connections: {turn.pace:,.0f} rows/s")
