from __future__ import annotations

import pytest

from bulk_loader.desk.course import MAX_NOTES, Course, Moment
from bulk_loader.desk.curve import FEWEST, curve_of
from bulk_loader.desk.pace import MOST_PIECES, Pace
from bulk_loader.desk.stopwatch import Stopwatch
from bulk_loader.desk.words import duration
from bulk_loader.model import Status


def test_a_run_is_stopped_once_however_often_that_is_wanted() -> None:
    """A second wish would break off what is under way, and leave it in doubt."""
    stops: list[str] = []
    course = Course()
    course.stoppable(lambda: stops.append("stop"))
    course.stop()
    course.stop()
    assert stops == ["stop"]
    assert course.moment().is_stopping


def test_a_wish_that_comes_before_the_sending_is_kept() -> None:
    """Who presses while the file is being read is not forgotten."""
    stops: list[str] = []
    course = Course()
    course.stop()
    course.stoppable(lambda: stops.append("stop"))
    assert stops == ["stop"]


def test_a_moment_tells_how_far_a_run_is() -> None:
    """Counts by status, what is left, and no more sentences than a page can hold."""
    course = Course()
    assert course.moment().left_s is None
    course.started(10)
    course.settled(Status.ACCEPTED, 4)
    course.settled(Status.UNKNOWN)
    for number in range(MAX_NOTES + 10):
        course.noted(f"Note {number}.")
    moment = course.moment()
    assert (moment.settled, moment.counts[Status.ACCEPTED]) == (5, 4)
    assert moment.left_s is not None
    assert moment.left_s > 0
    assert len(moment.notes) == MAX_NOTES


def test_a_length_of_time_has_its_two_largest_units() -> None:
    """Nobody needs the seconds of hours."""
    told = [duration(seconds) for seconds in (0.2, 59, 60, 3599, 3600, 90_000)]
    assert told == ["0 s", "59 s", "1 min 0 s", "59 min 59 s", "1 h 0 min", "25 h 0 min"]


class Pausing:
    """Who is asked to pause and to go on."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def pause(self) -> None:
        self.asked.append("pause")

    def go_on(self) -> None:
        self.asked.append("go on")


def test_a_pause_is_asked_for_once_and_ended_once() -> None:
    """However often somebody presses, in however many windows."""
    run, course = Pausing(), Course()
    course.pausable(run.pause, run.go_on)
    course.go_on()
    course.pause()
    course.pause()
    assert course.moment().is_paused
    course.go_on()
    course.go_on()
    assert run.asked == ["pause", "go on"]
    assert not course.moment().is_paused


def test_a_pause_that_is_wanted_before_the_sending_is_kept() -> None:
    """Unless it was ended before, too."""
    run, course = Pausing(), Course()
    course.pause()
    course.pausable(run.pause, run.go_on)
    assert run.asked == ["pause"]
    run, course = Pausing(), Course()
    course.pause()
    course.go_on()
    course.pausable(run.pause, run.go_on)
    assert run.asked == []


def test_who_has_stopped_a_run_can_not_pause_it_any_more() -> None:
    """It ends, and that is what is told."""
    run, course = Pausing(), Course()
    course.pausable(run.pause, run.go_on)
    course.pause()
    course.stop()
    course.go_on()
    assert run.asked == ["pause"]
    assert course.moment().is_stopping
    assert not course.moment().is_paused


def test_a_watch_stands_still_in_a_pause() -> None:
    """Also in one that began before the work did."""
    now = 100.0
    watch = Stopwatch(lambda: now)
    watch.pause()
    watch.begin()
    now += 10
    assert watch.seconds == 0
    watch.go_on()
    now += 5
    watch.pause()
    now += 1000
    assert watch.seconds == 5
    watch.go_on()
    watch.go_on()
    now += 2
    assert watch.seconds == 7


def test_only_answers_make_the_pace() -> None:
    """Leads of an earlier day, and bad rows, are settled in no time and say nothing of it."""
    course = Course()
    course.started(100)
    course.settled(Status.INVALID, 50)
    course.settled(Status.SUPPRESSED, 10)
    moment = course.moment()
    assert (moment.settled, moment.per_second, moment.left_s) == (60, 0, None)


@pytest.mark.parametrize("seconds", [1, 119, 120, 121, 7_200, 1_000_000])
def test_a_pace_has_so_many_pieces_however_long_it_takes(seconds: int) -> None:
    """All answers stand in it, each where it came."""
    pace = Pace()
    step = max(1, seconds // 1000)
    for second in range(0, seconds, step):
        pace.add(second + 0.5, 3)
    pieces = pace.per_second(seconds + 10 * pace.width_s)
    assert len(pieces) <= MOST_PIECES
    assert sum(pieces) * pace.width_s == 3 * len(range(0, seconds, step))


def test_a_pace_without_answers_goes_on() -> None:
    """A dialer that says nothing for long is seen as a line on the ground."""
    pace = Pace()
    pace.add(0.5, 8)
    pieces = pace.per_second(100_000)
    assert MOST_PIECES / 2 <= len(pieces) <= MOST_PIECES
    assert set(pieces[1:]) == {0}


def test_an_answer_that_is_taken_back_makes_no_hole() -> None:
    """It may be counted in a later piece than it was in."""
    pace = Pace()
    pace.add(0.5, 1)
    pace.add(1.5, -1)
    assert pace.per_second(2) == (1, 0)


def moment_of(*pieces: float) -> Moment:
    """A moment with such a curve."""
    return Moment("", 10, {}, (), 1.0, False, False, pieces, 2.0)


def test_a_curve_is_told_in_words_and_stays_in_its_drawing() -> None:
    """Whoever does not see it hears it."""
    curve = curve_of(moment_of(0, 5.25, 1000, 20, 0.5))
    assert curve is not None
    assert (curve.seconds, curve.last, curve.most) == (10, "0.5", "1,000")
    points = [tuple(map(float, point.split(","))) for point in curve.line.split()]
    assert len(points) == 10
    assert all(0 <= x <= curve.width and 0 <= y <= curve.height for x, y in points)
    assert curve_of(moment_of(*[1] * (FEWEST - 1))) is None
    level = curve_of(moment_of(*[0] * FEWEST))
    assert level is not None
    assert level.most == "0"
