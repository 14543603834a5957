from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from bulk_loader.sandbox.charts import answers_chart, queue_chart
from bulk_loader.sandbox.views import MOST_POINTS, Point, Timeline
from bulk_loader.simulation import Answer


def timeline(*stretches: tuple[int, int], minutes: int = 1) -> Timeline:
    """Stretches with so many who wait, and so many who were reached and as many busy lines."""
    points = (
        Point(at * 60.0 * minutes, waiting, dict(zip(Answer, (calls, calls, 0, 0), strict=True)))
        for at, (waiting, calls) in enumerate(stretches)
    )
    return Timeline(minutes, tuple(points))


def drawn(chart: str) -> ET.Element:
    """The drawing alone."""
    found = re.search(r"<svg.*</svg>", chart)
    assert found is not None
    return ET.fromstring(found[0])  # noqa: S314 - our own


def test_nothing_is_drawn_of_nothing() -> None:
    """Neither of no time at all, nor of a time without calls."""
    assert queue_chart(timeline()) == answers_chart(timeline()) == ""
    assert answers_chart(timeline((5, 0), (4, 0))) == ""


def test_the_queue_is_a_line_of_steps() -> None:
    """The highest at the top, none at the bottom, each stretch with its level."""
    line = drawn(queue_chart(timeline((10, 0), (5, 0), (0, 0)))).find("polyline")
    assert line is not None
    assert line.attrib["points"].split() == [
        *("0.0,0.0", "200.0,0.0"),
        *("200.0,80.0", "400.0,80.0"),
        *("400.0,160.0", "600.0,160.0"),
    ]


def test_an_empty_queue_lies_at_the_bottom() -> None:
    """Nothing is divided by nothing."""
    line = drawn(queue_chart(timeline((0, 0)))).find("polyline")
    assert line is not None
    assert line.attrib["points"] == "0.0,160.0 600.0,160.0"


def test_answers_stand_on_each_other() -> None:
    """The tallest bar fills the chart; what has none has no part in it."""
    bars = drawn(answers_chart(timeline((0, 2), (0, 1)))).findall("rect")
    assert [(bar.attrib["class"], bar.attrib["y"], bar.attrib["height"]) for bar in bars] == [
        ("reached", "80.0", "80.0"),
        ("busy", "0.0", "80.0"),
        ("reached", "120.0", "40.0"),
        ("busy", "80.0", "40.0"),
    ]


def test_a_chart_says_in_words_what_it_shows() -> None:
    """For whoever can't see it; the words are those that its name refers to."""
    chart = queue_chart(timeline((1200, 0), (7, 0)))
    assert "Tasks that wait: 7 now, 1,200 at the most." in chart
    assert 'id="queue-words"' in chart
    assert drawn(chart).attrib["aria-labelledby"] == "queue-words"
    assert "a minute a bar, 4 at the most" in answers_chart(timeline((0, 2)))
    assert "3 minutes a bar" in answers_chart(timeline((0, 2), minutes=3))


def test_a_chart_is_small() -> None:
    """It is sent every second."""
    full = timeline(*((10**6, 10**6) for _ in range(MOST_POINTS)))
    assert len(queue_chart(full)) + len(answers_chart(full)) < 30_000
