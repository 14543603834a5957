"""Against a fast dialer: this program beside what people would use instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tools.bench.chart import Bar, bar_chart
from tests.tools.bench.contenders import CONTENDERS
from tests.tools.bench.dialer import MeasuredDialer
from tests.tools.bench.race import OURS, Race
from tests.tools.bench.report import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tools.bench.scale import Bench

_BEFORE = """\
Rows per second of wall time of the whole process, its start included: the medians of {rounds} \
rounds, in each of which all of them ran in turn. The dialer is one process on loopback that \
answers `1` at once and counts; "delivered" is what it got of the rows that it should get. This \
program reads, screens, keeps its ledger and writes its results file meanwhile; the others post \
bodies that were prepared for them. Where a list of {rows:,} rows would only take longer, fewer \
are sent. wrk posts one body again and again for three seconds: no client is faster here. curl is measured \
twice: with a body for each row, and bare, with one body for all rows."""


def measure(bench: Bench) -> Section:
    """The race and its chart."""
    with MeasuredDialer() as dialer:
        race = Race(bench, dialer)
        race.run()
    scale = bench.scale
    return Section(
        "Against a fast dialer",
        _BEFORE.format(rounds=scale.rounds, rows=scale.rows),
        (
            "", "connections", "rows", "delivered", "rows/s", "lowest to highest", "CPU µs a row",
            "this program is",
        ),
        list(_rows(race)),
        "\n".join(_remarks(race)),
        _chart(race),
    )  # fmt: skip


def _rows(race: Race) -> Iterator[tuple[str, ...]]:
    connections = race.bench.scale.connections
    for (name, used), tally in sorted(race.tallies.items(), key=lambda item: -item[1].pace):
        ours = race.tallies[OURS, used if used in connections else connections[0]]
        yield (
            name,
            str(used),
            f"{tally.rows:,}" if tally.rows else "for 3 s",
            tally.delivered,
            f"{tally.pace:,.0f}",
            f"{tally.paces[0]:,.0f} to {tally.paces[-1]:,.0f}",
            f"{tally.cpu_us:,.0f}",
            "" if name == OURS else _times(ours.pace / tally.pace),
        )


def _times(ratio: float) -> str:
    """As a multiple where it is one, else as a share."""
    return f"{ratio:,.1f} times as fast" if ratio >= 1 else f"{ratio:.0%} as fast"


def _remarks(race: Race) -> Iterator[str]:
    for connections in race.bench.scale.connections:
        own = race.tallies[OURS, connections].own_pace
        yield (
            f"- Without its start, this program counts {own:,.0f} rows/s with {connections} "
            "connections, its results file included."
        )
    for contender in CONTENDERS:
        if not contender.is_here:
            yield f"- {contender.name} is missing: there is no `{contender.tool}` on this machine."


def _chart(race: Race) -> str:
    scale = race.bench.scale
    most = scale.connections[0]
    bars = [
        Bar(name, tally.pace, is_ours=name == OURS)
        for (name, used), tally in race.tallies.items()
        if used in {most, 1}
    ]
    bars.sort(key=lambda bar: -bar.value)
    title = f"Rows per second over {most} connections (loop and Newman: 1), logarithmic scale"
    return bar_chart(title, bars)
