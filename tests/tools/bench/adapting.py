"""With `--concurrency auto`: what it finds on dialers of which it knows nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.tools.bench.dialer import MeasuredDialer
from tests.tools.bench.report import Section
from tests.tools.bench.server import Limits
from tests.tools.bench.uploads import upload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.tools.bench.scale import Bench


@dataclass(frozen=True, slots=True)
class Unknown:
    """A dialer with limits that are not told.

    Attributes:
        possible: rows a second that it can take.
    """

    name: str
    limits: Limits
    possible: float
    flags: Sequence[str] = ()


DIALERS = (
    Unknown("4 at once, the others wait; 20 ms each", Limits(20, workers=4), 200),
    Unknown("16 at once, the others wait; 20 ms each", Limits(20, workers=16), 800),
    Unknown("64 at once, the others wait; 50 ms each", Limits(50, workers=64), 1280),
    Unknown("429 above 16 at once; 20 ms each", Limits(20, refuse_above=16), 800),
    Unknown("429 above 500 a second; 5 ms each", Limits(5, rate=500), 500),
    Unknown(
        "503 above 16 at once, with --retry-503; 20 ms each",
        Limits(20, refuse_above=16, refusal=503),
        800,
        ("--retry-503",),
    ),
)


def measure(bench: Bench) -> Section:
    """One upload for each of the dialers."""
    rows = []
    for unknown in DIALERS:
        leads = round(unknown.possible * bench.scale.slow_s)
        file = bench.workshop.leads(leads)
        with MeasuredDialer(unknown.limits) as dialer:
            uploaded = upload(bench.workshop, dialer, file, "auto", unknown.flags)
        pace = uploaded.figures.pace()
        found = _found(uploaded.notes)
        bench.say(f"{unknown.name}: {pace:,.0f} rows/s, {found} at once")
        rows.append(
            (
                unknown.name,
                f"{leads:,}",
                f"{pace:,.0f}",
                f"{unknown.possible:,.0f}",
                f"{pace / unknown.possible:.0%}",
                f"{uploaded.figures.refused:,}",
                found,
            )
        )
    return Section(
        "On dialers of which nothing is known",
        "`--concurrency auto`, its search from the beginning included, and how many requests at once "
        "it found to be good.",
        ("the dialer takes", "rows", "rows/s", "possible", "reached", "refused", "it found"),
        rows,
    )


def _found(notes: Sequence[str]) -> str:
    """The number in the note of the summary."""
    found = re.search(r"--concurrency auto found (\d+)", " ".join(notes))
    return found[1] if found else "?"
