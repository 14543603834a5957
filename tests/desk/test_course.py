from __future__ import annotations

from bulk_loader.desk.course import MAX_NOTES, Course
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
