from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.model import Status
from bulk_loader.reports.timeline import (
    ANSWERED,
    MAX_SESSIONS,
    MAX_STRETCHES,
    Timeline,
    merged,
)
from bulk_loader.reports.timeline_bytes import from_bytes, to_bytes
from tests.reports.courses import BEGAN, course

ANSWERS = st.lists(
    st.tuples(st.floats(0, 1e7), st.sampled_from(ANSWERED), st.floats(0, 100)), max_size=200
)


def timeline_of(answers: list[tuple[float, Status, float]]) -> Timeline:
    """The course of one session."""
    timeline = Timeline()
    timeline.begin(BEGAN)
    for answer in answers:
        timeline.add(*answer)
    return timeline


@given(ANSWERS)
def test_a_course_is_bounded_and_complete(answers: list[tuple[float, Status, float]]) -> None:
    """However long a run goes on, there are at most 600 stretches, and each answer is in one."""
    timeline = timeline_of(answers)
    assert len(timeline.stretches) <= MAX_STRETCHES
    total = timeline.total
    assert total.times.count == len(answers)
    for status in ANSWERED:
        assert total.counts[status] == sum(status is said for _, said, _ in answers)


def test_an_answer_stands_where_it_came() -> None:
    """Also after stretches have become one, twice."""
    timeline = timeline_of([(0.5, Status.ACCEPTED, 0.1), (599.5, Status.REJECTED, 0.1)])
    timeline.add(1300.0, Status.UNKNOWN, 60.0)
    assert timeline.width_s == 4.0
    where = {
        status: index for index, each in enumerate(timeline.stretches) for status in each.counts
    }
    assert where == {Status.ACCEPTED: 0, Status.REJECTED: 149, Status.UNKNOWN: 325}


@given(ANSWERS, ANSWERS)
def test_a_session_follows_the_one_before(
    first: list[tuple[float, Status, float]], second: list[tuple[float, Status, float]]
) -> None:
    """A run that is gone on with days later has all of its course, without the days between."""
    timeline = timeline_of(first)
    before = timeline.total
    length_s = timeline.length_s
    timeline.begin(BEGAN + timedelta(days=3))
    for answer in second:
        timeline.add(*answer)
    assert timeline.sessions[1].at_s == length_s
    assert timeline.total == merged([before, timeline_of(second).total])


def test_a_run_may_be_gone_on_with_any_number_of_times() -> None:
    """The first session is kept, and the newest ones."""
    timeline = Timeline()
    for number in range(MAX_SESSIONS + 50):
        timeline.begin(BEGAN + timedelta(hours=number))
    assert len(timeline.sessions) == MAX_SESSIONS
    assert timeline.sessions[0].began_at == BEGAN
    assert timeline.sessions[-1].began_at == BEGAN + timedelta(hours=MAX_SESSIONS + 49)


@given(ANSWERS)
def test_what_is_kept_is_read_back(answers: list[tuple[float, Status, float]]) -> None:
    """To the last answer, and with the sessions."""
    timeline = timeline_of(answers)
    assert from_bytes(to_bytes(timeline)) == timeline


def test_what_is_kept_of_a_million_answers_is_small() -> None:
    """Some kilobytes for each run, whose size does not grow with the list."""
    timeline = course(1_000_000, per_second=40.0, sessions=3)
    assert len(to_bytes(timeline)) < 150_000


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"no bytes of ours",
        to_bytes(course())[:-40],
        to_bytes(Timeline(width_s=float("inf"))),
        to_bytes(Timeline(width_s=-1.0)),
    ],
)
def test_a_course_that_can_not_be_read_is_none(content: bytes | None) -> None:
    """Nothing depends on it, so a page without it is better than no page."""
    assert from_bytes(content) == Timeline()


@given(ANSWERS, st.integers(1, 40))
def test_a_coarser_course_has_the_same_answers(
    answers: list[tuple[float, Status, float]], most: int
) -> None:
    """A table of twelve rows tells the whole run, and ends where the run does."""
    timeline = timeline_of(answers)
    spans = timeline.spans(most)
    assert len(spans) <= most
    assert merged(span.stretch for span in spans) == timeline.total
    assert sum(span.end_s - span.begin_s for span in spans) == timeline.length_s
