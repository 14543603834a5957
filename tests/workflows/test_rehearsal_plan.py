from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.workflows.rehearsal_plan import read_plan

GIVEN: dict[str, Any] = {
    "agents": "10",
    "talk": "180s",
    "wrap_up": "20s",
    "reached": "35%",
    "busy": "10%",
    "invalid": "4%",
    "seeds": "1",
    "starts_at": None,
    "shift": None,
}


def test_what_is_written_is_read() -> None:
    """Shares with or without their sign, extensions or a number, a moment and a shift."""
    written = {
        **GIVEN,
        "agents": "1001, ana",
        "talk": "2m",
        "reached": "40",
        "seeds": "20",
        "starts_at": "2026-12-01 09:00",
        "shift": "09:00-18:30",
    }
    plan = read_plan(written)
    assert (plan.agents, plan.seeds) == (("1001", "ana"), 20)
    assert (plan.model.talk_s, plan.model.reached) == (120, 0.4)
    assert plan.starts_at == datetime.fromisoformat("2026-12-01T09:00")
    assert str(plan.shift) == "09:00-18:30"
    assert read_plan(GIVEN).agents == 10


def test_who_answers_always_is_never_busy() -> None:
    """The share of busy lines is of those who do not answer, and can't be more than they are."""
    assert read_plan({**GIVEN, "reached": "100%"}).model.busy == 0


@pytest.mark.parametrize(
    ("key", "text", "told"),
    [
        ("agents", "0", "--agents: 0 must be from 1 to 10,000."),
        ("agents", "1001,,", "different extensions"),
        ("agents", "ana,ana", "different extensions"),
        ("talk", "0s", "--talk: 0s must be longer than nothing."),
        ("talk", "soon", "--talk: soon"),
        ("reached", "110%", "--reached: 110% is not a share"),
        ("busy", "nan", "--busy: nan is not a share"),
        ("seeds", "0", "--seeds: 0"),
        ("starts_at", "tomorrow", "--from: tomorrow is not a moment"),
        ("shift", "18:00-09:00", "--shift: 18:00-09:00 ends before it begins"),
    ],
)
def test_what_is_wrong_is_told_with_its_option(key: str, text: str, told: str) -> None:
    """In the words of every other setting."""
    with pytest.raises(SettingsError) as caught:
        read_plan({**GIVEN, key: text})
    assert told in str(caught.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Nobody corrects one option after the other."""
    with pytest.raises(SettingsError) as caught:
        read_plan({**GIVEN, "agents": "", "invalid": "many"})
    assert "--agents" in str(caught.value)
    assert "--invalid" in str(caught.value)
