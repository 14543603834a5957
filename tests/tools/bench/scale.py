"""How much is measured: enough for figures that mean something, or only to see that it works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tools.bench.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Scale:
    """Amounts.

    Attributes:
        rounds: of which the median is taken.
        rows: of one upload against the fast dialer.
        connections: at once, for each contender that can.
        slow_s: how long each upload against a slow dialer should take.
        slow_connections: against a slow dialer.
        rate_s: how long each upload with a rate should take.
        lengths: of CSV files whose memory is measured.
        workbook_lengths: of workbooks whose memory is measured.
        starts: of every command whose start is measured.
        stage_rows: for the time of each stage.
        ledger_sizes: leads that a ledger knows already.
        ledger_rows: of the list that is committed to it.
        machines: that send one list together.
    """

    rounds: int = 5
    rows: int = 100_000
    connections: tuple[int, ...] = (32, 8)
    slow_s: float = 8.0
    slow_connections: tuple[int, ...] = (1, 8, 32, 128)
    rate_s: float = 60.0
    lengths: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    workbook_lengths: tuple[int, ...] = (100_000, 1_000_000)
    starts: int = 15
    stage_rows: int = 100_000
    ledger_sizes: tuple[int, ...] = (100_000, 1_000_000, 10_000_000)
    ledger_rows: int = 50_000
    machines: tuple[int, ...] = (1, 2, 4)


FULL = Scale()

QUICK = Scale(
    rounds=1,
    rows=300,
    connections=(4,),
    slow_s=0.3,
    slow_connections=(4,),
    rate_s=0.5,
    lengths=(300,),
    workbook_lengths=(300,),
    starts=1,
    stage_rows=300,
    ledger_sizes=(300,),
    ledger_rows=100,
    machines=(1, 2),
)

LONGEST = 3_000_000
"""One more CSV file, for those who have the time."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What every measurement is given.

    Attributes:
        say: tells how it goes on, a line at a time.
    """

    workshop: Workshop
    scale: Scale
    say: Callable[[str], None]
