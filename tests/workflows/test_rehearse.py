from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from bulk_loader.errors import SettingsError, SourceError
from bulk_loader.settings import Settings
from bulk_loader.settings.hours import HoursTable
from bulk_loader.simulation import AnswerModel
from bulk_loader.workflows import rehearsal_words as words
from bulk_loader.workflows.rehearsal_plan import RehearsalPlan
from bulk_loader.workflows.rehearse import rehearse, shifts
from tests.reports.reading import read

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.workflows.rehearsed import Rehearsal

MONDAY = datetime(2026, 11, 30, 9, 0)  # noqa: DTZ001 - in the zone of the dialer
PLAIN = AnswerModel(reached=1, busy=0, invalid=0, talk_spread=0, wrap_s=0, most_ring_s=4)
CALL_S = 184.0


def played(tmp_path: Path, text: str, plan: RehearsalPlan, **told: Any) -> Rehearsal:
    """What is said of a list."""
    file = tmp_path / "leads.csv"
    file.write_text(text, "utf-8")
    settings = Settings(**{"timezone": "America/Montevideo", "campaign": "A<-", **told})
    return rehearse(file, settings, plan)


def plan(agents: int | tuple[str, ...] = 1, **others: Any) -> RehearsalPlan:
    """A day on which everybody answers after four seconds and talks for three minutes."""
    return RehearsalPlan(agents, PLAIN, starts_at=MONDAY, **others)


def test_leads_that_would_be_sent_are_played(tmp_path: Path) -> None:
    """Those that are invalid or double are told as left out; nothing is sent or kept."""
    found = played(tmp_path, "phone\n099111111\n099222222\n12\n099111111\n", plan())
    assert (found.days[0].leads, found.left_out) == (2, 2)
    assert found.days[0].ended_s == 2 * CALL_S
    assert found.starts_at == MONDAY.replace(tzinfo=ZoneInfo("America/Montevideo"))
    assert found.fewer is None
    assert found.more.ended_s == CALL_S
    assert [path.name for path in tmp_path.iterdir()] == ["leads.csv"]


def test_a_date_of_the_list_is_in_the_zone_of_the_dialer(tmp_path: Path) -> None:
    """Seconds that pass are counted, not those that a clock shows."""
    text = "phone,calldate\n099111111,2026-11-30 11:00:00\n099222222,\n"
    found = played(tmp_path, text, plan(), dialer_timezone="America/Sao_Paulo")
    assert found.days[0].last_lead_s == 2 * 3600


def test_calls_outside_of_calling_hours_are_counted(tmp_path: Path) -> None:
    """By the hours of the settings."""
    hours = HoursTable.model_validate({"monday": "08:00-09:05"})
    text = "phone\n" + "".join(f"09911111{n}\n" for n in range(5))
    found = played(tmp_path, text, plan(), calling_hours=hours)
    assert found.has_hours
    assert found.days[0].outside == 3
    assert not played(tmp_path, text, plan()).has_hours


def test_agents_who_are_asked_for_are_there(tmp_path: Path) -> None:
    """Where more are asked for than there are, that is said; of a list of names it is a fault."""
    text = "phone,agent\n099111111,1001\n099222222,1002\n099333333,\n"
    found = played(tmp_path, text, plan(1))
    assert found.days[0].agents == 2
    assert found.notes == ("The list asks for 2 agents by name: so many are there, and not 1.",)
    assert found.fewer is None
    assert played(tmp_path, text, plan(3)).fewer is not None
    with pytest.raises(SettingsError, match="1 leads ask for an agent who is not there") as caught:
        played(tmp_path, text, plan(("1001", "1003")))
    assert "1002" in caught.value.why


def test_every_seed_is_a_day_of_its_own(tmp_path: Path) -> None:
    """The first one is always the same."""
    text = "phone\n" + "".join(f"0991111{n:02}\n" for n in range(40))
    told = RehearsalPlan(2, seeds=3, starts_at=MONDAY)
    found, again = played(tmp_path, text, told), played(tmp_path, text, told)
    assert len({day.ended_s for day in found.days}) == 3
    assert found.days == again.days


def test_a_list_of_which_nothing_would_be_sent_is_told(tmp_path: Path) -> None:
    """There is nothing to rehearse."""
    with pytest.raises(SourceError, match="None of the leads"):
        played(tmp_path, "phone\n12\n", plan())


def test_shifts_go_by_the_clock_on_the_wall() -> None:
    """In the night in which it is set back, a shift of the small hours is an hour longer."""
    zone = ZoneInfo("Europe/Madrid")
    starts_at = datetime(2026, 10, 24, 12, 0, tzinfo=zone)
    windows = HoursTable.model_validate({"monday": "01:00-04:00"}).monday
    (begin, end), (following, _) = [
        pair for pair, _ in zip(shifts(windows[0], starts_at), range(2), strict=False)
    ]
    assert (begin, end - begin) == (13 * 3600, 4 * 3600)
    assert following - begin == 25 * 3600
    assert starts_at.astimezone(UTC).hour == 10


def test_the_page_tells_what_the_terminal_tells(tmp_path: Path) -> None:
    """Beside the list; another page of the same list takes its place, and an edited one is kept."""
    text = "phone,campaign\n" + "".join(f"0991111{n:02},<b>A</b>\n" for n in range(40))
    told = RehearsalPlan(3, seeds=2, starts_at=MONDAY)
    found = played(tmp_path, text, told, report=True)
    assert found.report == tmp_path / "leads.rehearsal.report.html"
    page = read(found.report.read_bytes())
    for sentence in (*words.assumptions(found), *words.others(found)):
        assert sentence in page.text
    assert all(told in page.text for _, told in words.figures(found))
    assert "<b>A</b>" in page.text
    assert not page.all("b")
    found.report.write_bytes(found.report.read_bytes() + b"mine")
    again = played(tmp_path, text, told, report=True)
    assert "is kept as" in again.notes[-1]
    assert len(list(tmp_path.glob("*.html"))) == 2


def test_a_page_that_can_not_be_written_is_only_a_note(tmp_path: Path) -> None:
    """The rehearsal is told all the same."""
    (tmp_path / "leads.rehearsal.report.html").mkdir()
    (tmp_path / "leads.rehearsal.report.html" / "x").touch()
    found = played(tmp_path, "phone\n099111111\n", plan(), report=True)
    assert found.days[0].leads == 1
    assert found.report is not None or "was not written" in found.notes[0]
