"""Against slow dialers, and at a rate: as much as can be had, and no more than was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tools.bench.awake import wakeful_processors
from tests.tools.bench.dialer import MeasuredDialer
from tests.tools.bench.report import Section
from tests.tools.bench.server import Limits
from tests.tools.bench.uploads import upload
from tests.tools.bench.wire import BURST_WINDOW_S

if TYPE_CHECKING:
    from tests.tools.bench.scale import Bench

LATENCIES_MS = (20, 100)
RATES = (200, 1000)

# Enough for the highest rate where an answer comes at once.
_RATE_CONNECTIONS = 8


def measure(bench: Bench) -> Section:
    """Two uploads for each latency and number of connections: processors awake, and as they are."""
    rows = []
    for latency_ms in LATENCIES_MS:
        with MeasuredDialer(Limits(latency_ms)) as dialer:
            rows += [
                _row(bench, dialer, latency_ms, connections)
                for connections in bench.scale.slow_connections
            ]
    return Section(
        "Against slow dialers",
        "Rows per second while the upload sends, as the dialer sees it, beside the connections "
        "divided by the latency; and how long an answer of the dialer really took. A virtual "
        "processor that has gone to sleep may be woken up to 4 ms late, whoever waits on it, so "
        "loops of the lowest priority (SCHED_IDLE) keep the processors awake; the last column is "
        "the same without them.",
        (
            "an answer takes", "connections", "rows", "possible", "rows/s", "reached",
            "it really took", "reached when they sleep",
        ),
        rows,
    )  # fmt: skip


def _row(
    bench: Bench, dialer: MeasuredDialer, latency_ms: int, connections: int
) -> tuple[str, ...]:
    possible = connections * 1000 / latency_ms
    leads = max(4 * connections, round(possible * bench.scale.slow_s))
    file = bench.workshop.leads(leads)
    with wakeful_processors():
        awake = upload(bench.workshop, dialer, file, connections).figures
    sleepy = upload(bench.workshop, dialer, file, connections).figures
    pace, otherwise = awake.pace(connections), sleepy.pace(connections)
    bench.say(
        f"{latency_ms} ms, {connections} connections: {pace / possible:.1%}, "
        f"{otherwise / possible:.1%} with processors that sleep"
    )
    return (
        f"{latency_ms} ms",
        str(connections),
        f"{leads:,}",
        f"{possible:,.0f}",
        f"{pace:,.1f}",
        f"{pace / possible:.1%}",
        f"{awake.latency_s * 1000:.2f} ms",
        f"{otherwise / possible:.1%}",
    )


def measure_rate(bench: Bench) -> Section:
    """One upload for each rate."""
    rows = []
    with MeasuredDialer() as dialer:
        for rate in RATES:
            leads = round(rate * bench.scale.rate_s)
            file = bench.workshop.leads(leads)
            flags = ["--rate", str(rate)]
            figures = upload(bench.workshop, dialer, file, _RATE_CONNECTIONS, flags).figures
            pace = figures.pace()
            bench.say(f"--rate {rate}: {pace:,.2f} rows/s")
            rows.append(
                (
                    f"--rate {rate}",
                    f"{figures.seconds:.1f} s",
                    f"{pace:,.2f}",
                    f"{pace / rate - 1:+.2%}",
                    f"{rate * BURST_WINDOW_S:.0f}",
                    str(figures.burst),
                )
            )
    return Section(
        "At a rate",
        "Rows per second from the first arrival to the last, as the dialer sees it, and the most "
        f"arrivals in any {BURST_WINDOW_S} s beside those of an even pace.",
        ("", "for", "rows/s", "error", "even pace", "largest burst"),
        rows,
    )
