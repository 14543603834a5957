from __future__ import annotations

from datetime import timedelta

from bulk_loader.desk.door import Door, Lifetime
from tests.desk.test_guesses import Clock

IDLE = timedelta(hours=2)


def team(clock: Clock) -> Door:
    """A door for people who know the password."""
    return Door(lifetime=Lifetime.of_team(IDLE), clock=clock)


def test_a_quiet_browser_is_forgotten_and_a_busy_one_is_not() -> None:
    """Whoever comes to a machine that somebody has left finds it closed."""
    clock = Clock()
    door = team(clock)
    busy, quiet = door.let_in(), door.let_in()
    for _ in range(3):
        clock.now += IDLE.total_seconds() / 2
        assert door.form_token(busy) is not None
    assert door.form_token(quiet) is None
    assert not door.takes(quiet, "")


def test_no_session_is_longer_than_a_day() -> None:
    """However busy it is, as a page that follows a sending all night."""
    clock = Clock()
    door = team(clock)
    session = door.let_in()
    for _ in range(24):
        assert door.form_token(session) is not None
        clock.now += 3600
    assert door.form_token(session) is None


def test_who_leaves_is_forgotten_and_others_are_not() -> None:
    """A cookie that was kept from before opens nothing."""
    door = team(Clock())
    one, other = door.let_in(), door.let_in()
    door.leave(one)
    door.leave("nobody")
    assert door.form_token(one) is None
    assert door.form_token(other) is not None


def test_a_session_of_one_person_lasts_as_long_as_the_desk() -> None:
    """Who came in by the key could not come back without the terminal."""
    clock = Clock()
    door = Door(clock=clock)
    session = door.let_in()
    clock.now += 1e9
    assert door.form_token(session) is not None


def test_sessions_that_are_over_make_room() -> None:
    """So that nobody is put out for one that nobody uses."""
    clock = Clock()
    door = Door(lifetime=Lifetime(idle_s=10, most=2), clock=clock)
    door.let_in()
    clock.now = 9
    second = door.let_in()
    clock.now = 11
    door.let_in()
    assert door.form_token(second) is not None
    door.let_in()
    assert door.form_token(second) is None
