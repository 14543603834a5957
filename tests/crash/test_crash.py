from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crash.experiments import (
    KINDS,
    Ended,
    Kind,
    carry_out,
    edit_between,
    interrupt_twice,
    kill_both,
    limit_files,
)
from tests.crash.judge import Figures
from tests.crash.table import table

if TYPE_CHECKING:
    from pathlib import Path


# One of each cause, disturbed once; `python -m tests.crash` makes all kinds, as often as one likes.
SHORT = [
    kind
    for kind in KINDS
    if kind.disturb in (kill_both, limit_files, interrupt_twice, edit_between)
    or kind.concurrency == 8
    or kind.repeats
]


@pytest.mark.parametrize("kind", SHORT, ids=lambda kind: kind.name)
def test_no_lead_is_sent_twice_or_lost(kind: Kind, tmp_path: Path) -> None:
    """Whatever dies in the middle, the same command brings every lead to its one true status."""
    ended = carry_out(kind, KINDS.index(kind), tmp_path, disturbances=1)
    assert ended.violations == []
    assert (ended.figures.twice, ended.figures.lost) == (0, 0)
    assert ended.figures.recorded > 0


def test_the_table_adds_up_what_happened(tmp_path: Path) -> None:
    """A line for each kind that ran, a line for all, and the worst doubt instead of a sum."""
    figures = [
        Figures(2, 100, 90, 85, 10, doubt=1.5),
        Figures(1, 1000, 990, 985, 10, twice=1, lost=2, doubt=0.5),
    ]
    ended = [Ended(KINDS[0], seed, shown, [], tmp_path) for seed, shown in enumerate(figures)]
    shown = table(KINDS, ended).splitlines()
    assert shown[1].count("|") == shown[0].count("|")
    cells = [cell.strip() for cell in shown[-3].split("|")[1:-1]]
    assert cells == ["all", "2", "3", "1,100", "1,080", "1,070", "20", "1.50", "1", "2"]
    assert len(shown) == 6
