from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.cli.documents import Document, schema_text
from tests.cli.test_schema import Judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Ended

    Command = Callable[..., Ended]

FIRST = """\
Assumed, and not measured at your dialer:
  it begins Mon 2026-11-30 09:00, all leads are in the queue then, and agents work around the clock
  100% of calls are answered, 0% find the line busy, and 0% of numbers belong to nobody
"""


@pytest.fixture(autouse=True)
def _lists() -> None:
    Path("leads.csv").write_text("phone,campaign\n0991000001,A<-\n0991000002,B<-\n12,A<-\n")


@pytest.fixture
def command(real_command: Command) -> Command:
    """Here the program's own workflows run."""
    return real_command


ASSUMED = (
    *("--agents", "2", "--reached", "100%", "--invalid", "0%"),
    *("--from", "2026-11-30 09:00", "--timezone", "America/Montevideo"),
)


def test_a_rehearsal_says_what_is_assumed_and_what_comes_of_it(command: Command) -> None:
    """Assumptions come first, since all else hangs on them."""
    ended = command("rehearse", "leads.csv", *ASSUMED)
    assert ended.code == 0
    assert ended.out.startswith(FIRST)
    assert (
        "  1 lead would not be sent: see bulk-loader check\n2 leads with 2 agents:\n" in ended.out
    )
    assert "\n  last lead called  Mon 2026-11-30 09:00, after 0 s\n" in ended.out
    assert "\n  A<-  0 s, 0 s, 0 s  (1 lead)\n" in ended.out
    assert "\nWith 1 agent: over Mon 2026-11-30 09:" in ended.out


def test_several_days_give_a_range(command: Command) -> None:
    """Of every figure that differs between them."""
    rows = "".join(f"09910000{number:02},A<-\n" for number in range(50))
    Path("leads.csv").write_text(f"phone,campaign\n{rows}")
    ended = command("rehearse", "leads.csv", "--agents", "3", "--seeds", "4")
    assert "  4 days with different answers: the middle one (least to most)\n" in ended.out
    (over,) = [line for line in ended.out.splitlines() if line.startswith("  all is over")]
    assert " to " in over.partition("(")[2]


def test_a_program_reads_all_of_it(command: Command) -> None:
    """One line, as its schema says."""
    ended = command("rehearse", "leads.csv", *ASSUMED, "--json")
    told = Judge(json.loads(schema_text())).read(ended.out, Document.REHEARSAL)
    assert (told["leads"], told["left_out"]) == (2, 1)
    assert told["starts_at"] == "2026-11-30T09:00:00-03:00"
    assert len(told["days"]) == 1
    assert told["one_agent_more"]["agents"] == 3


def test_a_slip_is_told_before_the_list_is_read(command: Command) -> None:
    """With its option."""
    ended = command("rehearse", "none.csv", "--agents", "0")
    assert ended.code == 2
    assert "--agents: 0 must be from 1 to 10,000." in ended.err
