from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tools.crash.experiments import Ended, Kind, carry_out
from tests.tools.crash.judge import Figures
from tests.tools.crash.kinds import KINDS
from tests.tools.crash.servers import OneServer, OwnServers
from tests.tools.crash.table import table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.databases import Server


# One of each cause, disturbed once; `python -m tests.tools.crash` makes all kinds, as often as one likes.
LONG_ONLY = {
    "uploader killed, 1 at a time",
    "uploader killed, 32 at a time",
    "dialer killed",
    "disk full (small disk)",
    "SIGTERM",
    "shared: database away for long",
    "shared: three lists on all at once",
    "shared: lists, with all troubles",
}
ALONE = [kind for kind in KINDS if kind.name not in LONG_ONLY and not kind.is_shared]
SHARED = [kind for kind in KINDS if kind.name not in LONG_ONLY and kind.is_shared]


@pytest.mark.parametrize("kind", ALONE, ids=lambda kind: kind.name)
def test_no_lead_is_sent_twice_or_lost(kind: Kind, tmp_path: Path) -> None:
    """Whatever dies in the middle, the same command brings every lead to its one true status."""
    ended = carry_out(kind, KINDS.index(kind), tmp_path, OwnServers(), disturbances=1)
    assert ended.violations == []
    assert (ended.figures.twice, ended.figures.lost) == (0, 0)
    assert ended.figures.recorded > 0


@pytest.mark.parametrize("kind", SHARED, ids=lambda kind: kind.name)
def test_no_lead_is_sent_twice_or_lost_by_machines_that_share_a_ledger(
    kind: Kind, tmp_path: Path, server: Server
) -> None:
    """Whatever befalls them, their connections or the database, the promise is the same."""
    ended = carry_out(kind, KINDS.index(kind), tmp_path, OneServer(server), disturbances=1)
    assert ended.violations == []
    assert (ended.figures.twice, ended.figures.lost) == (0, 0)
    assert ended.figures.recorded > 0


def test_a_name_chooses_one_kind() -> None:
    """What the program prints after a violation, `--kind NAME`, makes that experiment again."""
    assert all(sum(kind.name in other.name for other in KINDS) == 1 for kind in KINDS)


def test_the_table_adds_up_what_happened(tmp_path: Path) -> None:
    """A line for each kind that ran, a line for all, and the worst doubt instead of a sum."""
    figures = [
        Figures(2, 3, 40, 0, 100, 90, 85, 10, doubt=1.5),
        Figures(1, 1, 0, 1, 1000, 990, 985, 10, twice=1, lost=2, doubt=0.5),
    ]
    ended = [Ended(KINDS[0], seed, shown, [], tmp_path) for seed, shown in enumerate(figures)]
    shown = table(KINDS, ended).splitlines()
    assert shown[1].count("|") == shown[0].count("|")
    cells = [cell.strip() for cell in shown[-3].split("|")[1:-1]]
    assert cells == [
        "all",
        "2",
        "3",
        "4",
        "40",
        "1",
        "1,100",
        "1,080",
        "1,070",
        "20",
        "1.50",
        "1",
        "2",
    ]
    assert len(shown) == 6
