from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.model import Status
from bulk_loader.reports.charts import (
    FEWEST,
    NARROW,
    WIDE,
    Spec,
    is_worth_a_curve,
    pace_chart,
    queue_chart,
    times_chart,
)
from bulk_loader.reports.timeline import ANSWERED, Timeline
from tests.reports.courses import BEGAN, course


def rows_of(spec: Spec) -> list[dict[str, Any]]:
    """What a chart shows."""
    layers: Any = spec["layer"]
    rows: list[dict[str, Any]] = layers[0]["data"]["values"]
    return rows


@given(st.integers(1, 3000), st.floats(0.05, 500))
def test_no_chart_grows_with_the_run(answers: int, per_second: float) -> None:
    """A point at each end of a stretch, and no more stretches than a page can show."""
    timeline = course(answers, per_second=per_second)
    for size in (WIDE, NARROW):
        for chart in (pace_chart, times_chart):
            assert len(rows_of(chart(timeline, size))) <= 2 * 3 * size.stretches


def test_the_areas_of_the_pace_are_the_answers() -> None:
    """What an area covers is how many answers it stands for."""
    timeline = course(2000, per_second=40.0)
    rows = rows_of(pace_chart(timeline, WIDE))
    for status in ANSWERED:
        ends = [row for row in rows if row["name"] == status.value]
        area = sum(
            (end["at"] - begin["at"]) * (begin["high"] - begin["low"])
            for begin, end in zip(ends[::2], ends[1::2], strict=True)
        )
        assert area == pytest.approx(timeline.total.counts[status], rel=0.01)


def test_no_line_leads_over_a_pause() -> None:
    """Where nothing was answered, there is no answer time."""
    timeline = Timeline()
    timeline.begin(BEGAN)
    for at in (0.5, 1.5, 9.5):
        timeline.add(at, Status.ACCEPTED, 0.1)
    pieces = {(row["at"], row["piece"]) for row in rows_of(times_chart(timeline, WIDE))}
    first, *_, last = sorted(pieces)
    assert first[1] != last[1]
    assert len({piece for _, piece in pieces}) == 2


@pytest.mark.parametrize(("slowest_s", "scale"), [(0.5, {"zero": True}), (60.0, {"type": "log"})])
def test_a_few_very_slow_answers_do_not_flatten_the_others(
    slowest_s: float, scale: dict[str, object]
) -> None:
    """Then the axis is such that both can be read."""
    timeline = course(1000)
    timeline.add(3.0, Status.UNKNOWN, slowest_s)
    for _ in range(10):
        timeline.add(3.0, Status.UNKNOWN, slowest_s)
    layers: Any = times_chart(timeline, WIDE)["layer"]
    assert layers[0]["encoding"]["y"]["scale"] == scale


@pytest.mark.parametrize(
    ("length_s", "title"),
    [(20, "seconds of sending"), (600, "minutes of sending"), (9000, "hours of sending")],
)
def test_time_has_a_unit_that_fits(length_s: int, title: str) -> None:
    """Nobody counts a night in seconds."""
    layers: Any = pace_chart(course(length_s, per_second=1.0), NARROW)["layer"]
    assert layers[0]["encoding"]["x"]["axis"]["title"] == title


def test_a_short_run_has_no_curve() -> None:
    """Of a few seconds the table says as much."""
    assert not is_worth_a_curve(course(FEWEST - 1, per_second=1.0))
    assert is_worth_a_curve(course(FEWEST, per_second=1.0))


def test_each_session_begins_at_a_line() -> None:
    """But the first, which begins where the chart does."""
    layers: Any = pace_chart(course(900, sessions=3), WIDE)["layer"]
    assert len(layers[1]["data"]["values"]) == 2


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=600), st.floats(0.1, 1e6))
def test_the_curve_of_a_queue_begins_and_ends_as_the_queue_does(
    waiting: list[int], step_s: float
) -> None:
    """And shows no more points than a page can show."""
    queue = [(number * step_s, count) for number, count in enumerate(waiting)]
    for size in (WIDE, NARROW):
        rows = rows_of(queue_chart(queue, size))
        assert (rows[0]["waiting"], rows[-1]["waiting"]) == (waiting[0], waiting[-1])
        assert len(rows) <= size.stretches + 2
